"""How the statement of a waqf speaks: its parts and its figures."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from disbursements.selectors.crossings import Line
from disbursements.selectors.waqf import CLOSING, OPENING, Part

PARTS: Final[dict[Part, Any]] = {Part.CAPITAL: _("Capital"), Part.YIELD: _("Yield")}
FIGURES: Final[dict[str, Any]] = {
    OPENING: _("At the beginning"),
    Line.RECEIVED: _("Received"),
    Line.REFUNDED: _("Given back by partners"),
    Line.PAID: _("Paid to grants"),
    Line.RETURNED: _("Returned to donors"),
    CLOSING: _("At the end"),
}
"""Words by the name of a figure; a `Line` is the same text as its value."""
