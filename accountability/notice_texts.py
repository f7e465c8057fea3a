"""What messages about complaints say: that something waits, never what, of whom or from whom."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from notices.registry import wording

Said = tuple[str, str]


@wording("accountability.received")
def received(params: Mapping[str, Any]) -> Said:
    """To who may read it."""
    return _("A complaint waits"), _("Take it up before its clock runs out.")


@wording("accountability.assigned")
def assigned(params: Mapping[str, Any]) -> Said:
    """To who was named."""
    return _("You look into a complaint"), _("Somebody named you. Answer it before its clock runs out.")


@wording("accountability.message")
def message(params: Mapping[str, Any]) -> Said:
    """To who handles it."""
    return _("Something new stands in a complaint"), _("Who complained wrote again.")


@wording("accountability.no_handler")
def no_handler(params: Mapping[str, Any]) -> Said:
    """To who appoints: restricted complaints have no reader."""
    return _("Nobody is there to read restricted complaints"), _(
        "One waits, and nobody who may read it holds the office of case handler. Appoint somebody."
    )
