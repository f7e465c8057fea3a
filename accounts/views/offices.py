"""Who holds which office; administrators appoint and end offices."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import selectors, services
from accounts.forms import AppointmentForm, ReasonForm
from accounts.http import person, posted
from accounts.roles import Role
from accounts.staff import staff_session_required
from audit.selectors import timeline
from kernel.permissions import Refused


def office_list(request: HttpRequest) -> HttpResponse:
    """Every office with who holds it now, and who held it before."""
    context = {
        "offices": selectors.offices_with_holders(request.user),
        "administers": selectors.has_role(request.user, Role.ADMINISTRATOR),
        "session": selectors.open_staff_session(request.user),
    }
    return render(request, "accounts/office_list.html", context)


def appointment_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One appointment and its record."""
    appointment = get_object_or_404(selectors.appointments_visible_to(request.user), pk=pk)
    administers = selectors.has_role(request.user, Role.ADMINISTRATOR)
    context = {"appointment": appointment, "entries": timeline(appointment), "administers": administers}
    return render(request, "accounts/appointment_detail.html", context)


@staff_session_required
def appoint(request: HttpRequest) -> HttpResponse:
    """Give an office to a person who has an account."""
    form = AppointmentForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.appoint(form.found(), actor=person(request), **form.terms())
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("The appointment is made and recorded."))
            return redirect("accounts:office_list")
    return render(request, "accounts/appointment_form.html", {"form": form})


@staff_session_required
def end_appointment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End an office at once."""
    appointment = get_object_or_404(selectors.appointments_visible_to(request.user), pk=pk)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.end_appointment(appointment, actor=person(request), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("The office has ended; it gives no rights from now on."))
            return redirect("accounts:appointment_detail", pk=pk)
    return render(request, "accounts/appointment_end.html", {"form": form, "appointment": appointment})
