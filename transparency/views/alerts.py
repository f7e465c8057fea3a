"""Of what a person of a donor is told: chosen on one page."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from kernel.permissions import require
from transparency.alert_rules import may_choose
from transparency.forms import AlertsForm
from transparency.selectors import alerts as selectors
from transparency.services import alerts as services
from transparency.views.giving import donor_of


def donor_alerts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose the messages; what the own role does not open is not offered."""
    donor = donor_of(request, pk)
    require(may_choose(donor, request.user))
    chosen = {"kinds": selectors.chosen_by(donor, request.user)}
    form = AlertsForm(request.POST or None, kinds=selectors.kinds_for(donor, request.user), initial=chosen)
    if request.method == "POST" and form.is_valid():
        services.choose(donor, kinds=form.cleaned_data["kinds"], actor=request.user)
        messages.success(request, _("Saved."))
        return redirect("transparency:donor_place", pk=donor.pk)
    return render(request, "transparency/donor_alerts.html", {"donor": donor, "form": form})
