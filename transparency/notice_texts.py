"""What messages to people of donors say: that something happened, never of whom or how much. Mail is read by others."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from notices.registry import wording
from transparency.services.alerts import ALERT
from transparency.states import AlertKind

Said = tuple[str, str]


@wording(ALERT)
def donor_alert(params: Mapping[str, Any]) -> Said:
    """To a person of a donor who chose to be told."""
    said = {
        AlertKind.MONEY_RECEIVED: _("Your money arrived"),
        AlertKind.TRANCHE_PAID: _("A partner was paid with your money"),
        AlertKind.REPORT_CLEARED: _("A partner's report can be read"),
        AlertKind.REPORT_LATE: _("A partner's report is late"),
        AlertKind.GRANT_SUSPENDED: _("A grant with your money is suspended or ended early"),
        AlertKind.GRANT_CLOSED: _("A grant with your money is closed"),
        AlertKind.CONCENTRATION: _("The fund depends on one donor"),
    }[AlertKind(params["kind"])]
    if "percent" in params:
        more = _("One donor gave more than %(percent)s %% of what the fund received this year.") % params
        return said, f"{more} {_('The figures are public.')}"
    return said, _("Your donor's place shows it. What you are told of is chosen there.")
