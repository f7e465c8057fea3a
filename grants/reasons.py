"""Acts that the other side must understand carry a reason in words."""

from django.utils.translation import gettext as _

from kernel.permissions import Refused


def given(reason: str) -> str:
    """The reason without blanks at its ends; raises `Refused` for none."""
    said = reason.strip()
    if not said:
        raise Refused(_("Give the reason: it is recorded, and the other side reads it."))
    return said
