"""Accounts of people, for administrators: found, closed and opened again."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import selectors, services
from accounts.forms import ReasonForm
from accounts.http import person, posted
from accounts.staff import staff_session_required
from audit.selectors import timeline
from kernel.permissions import Refused

PAGE = 50


def person_list(request: HttpRequest) -> HttpResponse:
    """All accounts, or those that match ``q``."""
    found = selectors.find_people(request.user, request.GET.get("q", ""))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/person_list.html", {"page": page, "q": request.GET.get("q", "")})


def person_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One account: offices, record, and whether it is open."""
    account = get_object_or_404(selectors.people_visible_to(request.user), pk=pk)
    appointments = selectors.appointments_of(account)
    context = {"account": account, "appointments": appointments, "entries": timeline(account, *appointments)}
    return render(request, "accounts/person_detail.html", context)


@staff_session_required
def switch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close an account that is open, or open one that is closed."""
    account = get_object_or_404(selectors.people_visible_to(request.user), pk=pk)
    act = services.deactivate if account.is_active else services.reactivate
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            act(account, actor=person(request), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Done and recorded."))
            return redirect("accounts:person_detail", pk=pk)
    return render(request, "accounts/person_switch.html", {"form": form, "account": account})
