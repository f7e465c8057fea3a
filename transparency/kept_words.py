"""How promised and reached days are told."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from grants.promises import Kept, StageName

STAGES: dict[StageName, str | Promise] = {
    StageName.CONCEPT: _("From the last day for concept notes to their answer with reasons"),
    StageName.DECISION: _("From the closing to the decision and its reasons"),
    StageName.SIGNATURE: _("From the decision to the fund's signature"),
    StageName.PAYMENT: _("From the signature to the first payment"),
    StageName.TOTAL: pgettext_lazy("time", "The whole: from the closing to the first payment"),
}
OWNERS: dict[StageName, str | Promise] = {
    StageName.CONCEPT: _("Secretariat and committee"),
    StageName.DECISION: _("Secretariat and committee"),
    StageName.SIGNATURE: _("Organisation and fund"),
    StageName.PAYMENT: _("Finance officers"),
    StageName.TOTAL: _("The fund"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A stage as it is shown."""

    name: str | Promise
    owner: str | Promise
    kept: Kept


def lines(rows: Iterable[Kept]) -> list[Line]:
    """The stages with their names and who answers for them."""
    return [Line(STAGES[one.name], OWNERS[one.name], one) for one in rows]
