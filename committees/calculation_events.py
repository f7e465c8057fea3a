"""What is computed for committees and decided about it: proposals of assignments, expertise, figures on scores."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from committees.states import FactsKind


@register
class ExpertiseRecorded(Event):
    type = "committees.expertise.recorded"
    sentence = _("recorded languages and sectors of a member")
    seat: UUID
    languages: list[str]
    sectors: list[str]


@register
class ProposalAsked(Event):
    type = "committees.proposal.asked"
    sentence = _("asked for a proposal who scores what")
    applications: int


@register
class AssignmentProposed(Event):
    type = "committees.proposal.made"
    sentence = _("a proposal who scores what was computed: %(assignments)s assignments")
    assignments: int
    sha256: str


@register
class AssignmentImpossible(Event):
    type = "committees.proposal.impossible"
    sentence = _("no assignment keeps the rules: %(rules)s rules stand in the way")
    rules: int


@register
class ProposalChanged(Event):
    type = "committees.proposal.changed"
    sentence = _("changed a scorer in the proposal")
    application: UUID
    before: UUID
    after: UUID


@register
class ProposalAdopted(Event):
    type = "committees.proposal.adopted"
    sentence = _("confirmed the proposal with %(changes)s changes")
    changes: int
    sha256: str


@register
class ProposalDiscarded(Event):
    type = "committees.proposal.discarded"
    sentence = _("discarded the proposal who scores what")


@register
class FactsComputed(Event):
    type = "committees.facts.computed"
    sentence = _("figures on the scores were computed: %(kind)s")
    labels = {"kind": FactsKind}
    kind: str
    inputs_sha256: str
    sha256: str
