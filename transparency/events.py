"""What the transparency app records in the log."""

from datetime import date
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from transparency.states import Ground


@register
class HistoryImported(Event):
    """Public files of other funds were imported; ``files`` gives each file's SHA-256."""

    type: ClassVar[str] = "transparency.history.imported"
    sentence: ClassVar = _(
        "imported public files of other funds: %(created)s rows new, %(updated)s changed, %(unchanged)s unchanged, "
        "%(removed)s removed, %(bad)s left out"
    )
    files: dict[str, str]
    rows: int
    created: int
    updated: int
    unchanged: int
    removed: int
    bad: int


@register
class HistoryImportConfirmed(Event):
    """A person looked at the rehearsal of an import and let it run."""

    type: ClassVar[str] = "transparency.history.confirmed"
    needs_second_factor: ClassVar[bool] = True
    sentence: ClassVar = _("confirmed the import of %(rows)s rows, bad rows: %(bad)s")
    rows: int
    bad: int
    skip_bad_rows: bool


@register
class WithholdingBegun(Event):
    """Parts of a grant, or of all grants of a call, are not told in public from now on."""

    type: ClassVar[str] = "transparency.withholding.begun"
    sentence: ClassVar = _("had a part withheld from the public: %(ground)s")
    labels: ClassVar = {"ground": Ground}
    parts: list[str]
    ground: str
    review_on: date


@register
class WithholdingReviewed(Event):
    """A withholding was looked at again and kept."""

    type: ClassVar[str] = "transparency.withholding.reviewed"
    sentence: ClassVar = _("looked at the withholding again and kept it; next time on %(review_on)s")
    review_on: date


@register
class LiftProposed(Event):
    """One side thinks that what is withheld can be told now."""

    type: ClassVar[str] = "transparency.withholding.lift_proposed"
    sentence: ClassVar = _("proposed to tell in public what was withheld")


@register
class LiftDeclined(Event):
    """The other side does not consent: it stays withheld."""

    type: ClassVar[str] = "transparency.withholding.lift_declined"
    sentence: ClassVar = _("did not consent: it stays withheld")


@register
class WithholdingLifted(Event):
    """The other side consented: it is told from now on."""

    type: ClassVar[str] = "transparency.withholding.lifted"
    needs_second_factor: ClassVar[bool] = True
    sentence: ClassVar = _("consented: what was withheld is told from now on")


@register
class PaperAsked(Event):
    """A report of a call or a year is to be drawn from the released figures."""

    type: ClassVar[str] = "transparency.paper.asked"
    sentence: ClassVar = _("asked for the report %(of)s, version %(version)s")
    of: str
    version: int


@register
class PaperDrawn(Event):
    """The worker drew it; the fingerprint is of both PDFs together."""

    type: ClassVar[str] = "transparency.paper.drawn"
    sentence: ClassVar = _("the report was drawn, fingerprint %(sha256)s")
    sha256: str


@register
class PaperApproved(Event):
    """The board consents to exactly this paper."""

    type: ClassVar[str] = "transparency.paper.approved"
    needs_second_factor: ClassVar[bool] = True
    sentence: ClassVar = _("approved the report with the fingerprint %(sha256)s")
    sha256: str


@register
class PaperPublished(Event):
    """Everybody reads it."""

    type: ClassVar[str] = "transparency.paper.published"
    needs_second_factor: ClassVar[bool] = True
    sentence: ClassVar = _("published the report")
    sha256: str


@register
class PaperDiscarded(Event):
    """It is not published."""

    type: ClassVar[str] = "transparency.paper.discarded"
    sentence: ClassVar = _("set the report aside: it is not published")


@register
class PaperTakenBack(Event):
    """Something that the report tells is withheld now: nothing of it stays at any address."""

    type: ClassVar[str] = "transparency.paper.taken_back"
    sentence: ClassVar = _("took the report back: something that it told is withheld now")


@register
class NameConsentGiven(Event):
    """The organisation agrees to be named, having read exactly what the public will read."""

    type: ClassVar[str] = "transparency.name_consent.given"
    needs_second_factor: ClassVar[bool] = True
    sentence: ClassVar = _("agreed that the public reads the organisation's name")
    shown_sha256: str


@register
class NameConsentRenewed(Event):
    """The organisation agrees again."""

    type: ClassVar[str] = "transparency.name_consent.renewed"
    needs_second_factor: ClassVar[bool] = True
    sentence: ClassVar = _("agreed again that the public reads the organisation's name")
    shown_sha256: str


@register
class NameConsentTakenBack(Event):
    """The organisation is not to be named from now on."""

    type: ClassVar[str] = "transparency.name_consent.taken_back"
    sentence: ClassVar = _("took back the consent: the public does not read the organisation's name from now on")
