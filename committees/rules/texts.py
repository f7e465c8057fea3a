"""The checks of `committees.quorum` as sentences for people."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.inclusion import TargetName
from committees.quorum import Check, CheckName
from committees.states import Constituency

NAMES: dict[CheckName, str | Promise] = {
    CheckName.SEATS_ALLOWED: gettext_lazy("Number of seats with a vote"),
    CheckName.CONSTITUENCY: gettext_lazy("Seats of the constituency"),
    CheckName.MAJORITY_OF_SEATS: gettext_lazy("Majority of civil society among the seats"),
    CheckName.MAJORITY_ELIGIBLE: gettext_lazy("Majority of civil society among eligible voters after recusals"),
    CheckName.MAJORITY_PRESENT: gettext_lazy("Majority of civil society among those present"),
    CheckName.QUORUM: gettext_lazy("Quorum"),
}


TARGETS: dict[TargetName, str | Promise] = {
    TargetName.WOMEN: gettext_lazy("Women"),
    TargetName.YOUNG: gettext_lazy("Members under 30"),
    TargetName.DISPLACED: gettext_lazy("Displaced people or returnees"),
    TargetName.GOVERNORATES: gettext_lazy("Governorates"),
    TargetName.NORTH_EAST: gettext_lazy("Members from the north-east"),
    TargetName.DISABILITY: gettext_lazy("Persons with a disability"),
}


def check_name(check: Check) -> str:
    """What is checked."""
    if check.name is CheckName.CONSTITUENCY:
        return f"{NAMES[check.name]}: {_label(check.constituency)}"
    return str(NAMES[check.name])


def check_numbers(check: Check) -> str:
    """The numbers behind a check."""
    numbers = {"count": check.count, "of": check.of, "needed": check.needed, "most": check.most}
    match check.name:
        case CheckName.SEATS_ALLOWED:
            return _("%(count)s seats; the charter asks for %(needed)s or %(most)s") % numbers
        case CheckName.CONSTITUENCY:
            return _("%(count)s seats; the charter asks for %(needed)s to %(most)s") % numbers
        case CheckName.QUORUM:
            return _("%(count)s of %(of)s eligible voters are present; %(needed)s are needed") % numbers
        case _:
            return _("%(count)s of %(of)s are of civil society; %(needed)s are needed") % numbers


def check_failed(check: Check) -> str:
    """Why a check does not hold: its name and its numbers."""
    return _("Not fulfilled: %(name)s (%(numbers)s).") % {"name": check_name(check), "numbers": check_numbers(check)}


def _label(key: str) -> str:
    return str(Constituency(key).label) if key in Constituency.values else key
