"""Networks, the people who vote for them, and the table of holidays."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import person, posted
from accounts.roles import Role
from accounts.selectors import has_role, is_officer
from accounts.staff import staff_session_required
from audit.selectors import timeline
from charter import selectors, services
from charter.forms import HolidayForm, LeaveForm, MandateForm, NetworkForm
from kernel.permissions import Refused


def network_list(request: HttpRequest) -> HttpResponse:
    """The networks that adopt the charter."""
    context = {
        "networks": selectors.networks(),
        "administers": has_role(request.user, Role.ADMINISTRATOR),
        "sees_people": is_officer(request.user),
    }
    return render(request, "charter/network_list.html", context)


def network_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One network: its mandates and its record."""
    network = get_object_or_404(selectors.networks(), pk=pk)
    mandates = list(network.representatives.all())
    context = {
        "network": network,
        "mandates": mandates,
        "entries": timeline(network, *mandates),
        "administers": has_role(request.user, Role.ADMINISTRATOR),
    }
    return render(request, "charter/network_detail.html", context)


def _administer(request: HttpRequest, form: Any, act: Any, *, done: str, title: str, back: str) -> HttpResponse:
    """Show ``form``; when it is valid do ``act`` and say ``done``; a refusal stands over the form."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, done)
            return redirect(back)
    return render(request, "charter/administer.html", {"form": form, "title": title, "back": back})


def _networks_url(pk: UUID | None = None) -> str:
    return reverse("charter:network_detail", args=[pk]) if pk else reverse("charter:network_list")


@staff_session_required
def network_add(request: HttpRequest) -> HttpResponse:
    """Enter a network."""
    form = NetworkForm(posted(request))
    return _administer(
        request,
        form,
        lambda: services.add_network(
            form.name(),
            joined_on=form.cleaned_data["joined_on"],
            actor=person(request),
            reason=form.cleaned_data["reason"],
        ),
        done=_("The network is entered."),
        title=_("Enter a network"),
        back=_networks_url(),
    )


@staff_session_required
def network_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a network's vote."""
    network = get_object_or_404(selectors.networks(), pk=pk)
    form = LeaveForm(posted(request))
    return _administer(
        request,
        form,
        lambda: services.end_network(
            network, left_on=form.cleaned_data["day"], actor=person(request), reason=form.cleaned_data["reason"]
        ),
        done=_("The network's vote ends on this day."),
        title=_("End the vote of %(network)s") % {"network": network.name},
        back=_networks_url(pk),
    )


@staff_session_required
def mandate_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a person the network's vote."""
    network = get_object_or_404(selectors.networks(), pk=pk)
    form = MandateForm(posted(request))
    return _administer(
        request,
        form,
        lambda: services.give_mandate(
            network,
            form.found(),
            starts_on=form.cleaned_data["starts_on"],
            actor=person(request),
            reason=form.cleaned_data["reason"],
        ),
        done=_("The person votes for the network from this day."),
        title=_("Who votes for %(network)s") % {"network": network.name},
        back=_networks_url(pk),
    )


@staff_session_required
def mandate_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a person's mandate."""
    mandate = get_object_or_404(selectors.mandates(), pk=pk)
    form = LeaveForm(posted(request))
    return _administer(
        request,
        form,
        lambda: services.end_mandate(
            mandate, ends_on=form.cleaned_data["day"], actor=person(request), reason=form.cleaned_data["reason"]
        ),
        done=_("The mandate has its last day."),
        title=_("End the mandate of %(person)s") % {"person": mandate.user},
        back=_networks_url(mandate.network_id),
    )


def holiday_list(request: HttpRequest) -> HttpResponse:
    """The days on which the fund's clocks stand still."""
    context = {"holidays": selectors.coming_holidays(), "administers": has_role(request.user, Role.ADMINISTRATOR)}
    return render(request, "charter/holiday_list.html", context)


@staff_session_required
def holiday_add(request: HttpRequest) -> HttpResponse:
    """Add a holiday."""
    form = HolidayForm(posted(request))
    return _administer(
        request,
        form,
        lambda: services.add_holiday(form.cleaned_data["day"], form.name(), actor=person(request)),
        done=_("The holiday is added; deadlines that are already set stay as they are."),
        title=_("Add a holiday"),
        back=_holidays_url(),
    )


def _holidays_url() -> str:
    return reverse("charter:holiday_list")


@staff_session_required
def holiday_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a holiday off the calendar."""
    holiday = get_object_or_404(selectors.coming_holidays(), pk=pk)
    if request.method == "POST":
        services.remove_holiday(holiday, actor=person(request))
        messages.success(request, _("The day is a working day again."))
        return redirect("charter:holiday_list")
    return render(request, "charter/holiday_remove.html", {"holiday": holiday})
