"""Safety reviews: two people of the secretariat read a partner's report before donors do."""

from datetime import date
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register


@register
class SafetyReviewOpened(Event):
    """A report was accepted: it waits for its first reader."""

    type: ClassVar[str] = "transparency.safety_review.opened"
    sentence: ClassVar = _("had the report wait to be read for safety before donors read it")


@register
class ClearanceProposed(Event):
    """A first reader says what donors may read; ``shown_sha256`` is the fingerprint of exactly that."""

    type: ClassVar[str] = "transparency.safety_review.proposed"
    sentence: ClassVar = _("read the report for safety and proposed that donors read it")
    hidden_parts: list[str]
    shown_sha256: str


@register
class ReportCleared(Event):
    """A second reader read exactly the same and consents: donors whose money paid the grant read it from now on."""

    type: ClassVar[str] = "transparency.safety_review.cleared"
    needs_second_factor: ClassVar[bool] = True
    sentence: ClassVar = _("cleared the report as a second reader: donors read it from now on")
    shown_sha256: str


@register
class ReportKeptBack(Event):
    """Donors do not read it, whatever was said before; it is looked at again on a day."""

    type: ClassVar[str] = "transparency.safety_review.kept_back"
    sentence: ClassVar = _("keeps the report back from donors; it is looked at again on %(review_on)s")
    review_on: date


@register
class SafetyReviewReopened(Event):
    """Something of the grant is withheld since it was read: it is read again before donors read it."""

    type: ClassVar[str] = "transparency.safety_review.reopened"
    sentence: ClassVar = _("had the report read for safety again, because something of the grant is withheld now")
