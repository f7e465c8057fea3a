"""Staff sessions: opened with a reason and a fresh second factor, closed by hand or by time."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import selectors, services
from accounts.forms import StaffSessionForm
from accounts.http import person, posted
from accounts.views.me import safe_next


def staff_session(request: HttpRequest) -> HttpResponse:
    """Open a staff session, or see the one that is open."""
    user = person(request)
    form = StaffSessionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.open_staff_session(user, reason=form.cleaned_data["reason"])
        return redirect(safe_next(request, reverse("accounts:office_list")))
    context = {
        "form": form,
        "session": selectors.open_staff_session(user),
        "earlier": selectors.recent_staff_sessions(user),
        "next": safe_next(request, ""),
    }
    return render(request, "accounts/staff_session.html", context)


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close the session that is open."""
    session = selectors.open_staff_session(request.user)
    if session is not None:
        services.close_staff_session(session, actor=person(request))
        messages.success(request, _("The staff session is closed."))
    return redirect("accounts:office_list")
