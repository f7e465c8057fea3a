"""What happens to assessments of capacity: own answers, others' assessments, plans, contests, performance."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from organisations.states import CapacitySection, Tier


@register
class CapacityAnswerGiven(Event):
    """``question`` is its key in the charter, ``sha256`` the paper that shows it."""

    type = "organisations.capacity_answer.given"
    sentence = _("answered a question about its capacity: %(section)s")
    labels = {"section": CapacitySection}
    section: str
    question: str
    level: int
    sha256: str


@register
class OutsideAssessmentGiven(Event):
    type = "organisations.outside_assessment.given"
    sentence = _("gave an assessment by %(funder)s of %(assessed_on)s")
    funder: str
    assessed_on: date
    valid_until: date
    sha256: str


@register
class OutsideAssessmentRead(Event):
    type = "organisations.outside_assessment.read"
    sentence = _("read the assessment of another funder")
    sections: dict[str, int]


@register
class OutsideAssessmentRecognised(Event):
    type = "organisations.outside_assessment.recognised"
    sentence = _("recognised the assessment of another funder")
    sections: dict[str, int]


@register
class OutsideAssessmentRefused(Event):
    type = "organisations.outside_assessment.refused"
    sentence = _("did not recognise the assessment of another funder")


@register
class ImprovementAgreed(Event):
    type = "organisations.improvement.agreed"
    sentence = _("put into the improvement plan: %(section)s, until %(due_on)s")
    labels = {"section": CapacitySection}
    section: str
    due_on: date


@register
class ImprovementShown(Event):
    """What was said and added is its own row."""

    type = "organisations.improvement.shown"
    sentence = _("showed what was done for a point of the improvement plan")
    sha256: str


@register
class ImprovementDone(Event):
    type = "organisations.improvement.done"
    sentence = _("did a point of the improvement plan")
    showing: UUID


@register
class ImprovementReturned(Event):
    type = "organisations.improvement.returned"
    sentence = _("returned a point of the improvement plan")
    showing: UUID


@register
class ImprovementConfirmed(Event):
    type = "organisations.improvement.confirmed"
    sentence = _("confirmed a point of the improvement plan")
    showing: UUID


@register
class AssessmentContested(Event):
    type = "organisations.assessment.contested"
    sentence = _("contested the assessment")
    assessment: UUID


@register
class ContestUpheld(Event):
    type = "organisations.contest.upheld"
    sentence = _("upheld the contest: the score is %(score)s")
    score: int


@register
class ContestDismissed(Event):
    type = "organisations.contest.dismissed"
    sentence = _("dismissed the contest")


@register
class TierCorrected(Event):
    """An upheld contest: the tier follows from the corrected score."""

    type = "organisations.tier.corrected"
    sentence = _("corrected the tier to %(tier)s, after a contest")
    labels = {"tier": Tier}
    tier: str
    score: int
    charter_version: int


@register
class PerformanceTaken(Event):
    """A grant closed: what its reports left of a hundred points."""

    type = "organisations.performance.taken"
    sentence = _("counted the performance in grant %(reference)s: %(score)s of 100")
    grant: UUID
    reference: str
    score: int


@register
class TierChanged(Event):
    type = "organisations.tier.changed"
    sentence = _("changed the tier to %(tier)s by the performance index %(index)s")
    labels = {"tier": Tier}
    tier: str
    before: str
    index: int
    closed_grants: int
    charter_version: int
