"""What happens in committees: constitution, conflicts, scores, meetings, votes, decisions."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from committees.states import ConflictGround, ConflictKind, Consequence, Constituency, Presence, SeatOffice, VoteChoice


@register
class CommitteeFormed(Event):
    type = "committees.committee.formed"
    sentence = _("formed the committee")


@register
class CommitteeConstituted(Event):
    type = "committees.committee.constituted"
    needs_second_factor = True
    sentence = _("constituted the committee: %(civil_society)s of %(seats)s seats are civil society")
    seats: int
    civil_society: int


@register
class CommitteeDissolved(Event):
    type = "committees.committee.dissolved"
    needs_second_factor = True
    sentence = _("dissolved the committee")


@register
class SeatFilled(Event):
    type = "committees.seat.filled"
    needs_second_factor = True
    sentence = _("filled a seat of the constituency “%(constituency)s”")
    labels = {"constituency": Constituency}
    constituency: str
    member: UUID
    civil_society: bool
    voting: bool
    evidence: str = ""


@register
class SeatVacated(Event):
    type = "committees.seat.vacated"
    needs_second_factor = True
    sentence = _("a seat of the constituency “%(constituency)s” became vacant")
    labels = {"constituency": Constituency}
    constituency: str


@register
class SeatSuspended(Event):
    type = "committees.seat.suspended"
    sentence = _("suspended a member of the constituency “%(constituency)s”")
    labels = {"constituency": Constituency}
    constituency: str


@register
class SeatReinstated(Event):
    type = "committees.seat.reinstated"
    needs_second_factor = True
    sentence = _("a suspended member of the constituency “%(constituency)s” sits again")
    labels = {"constituency": Constituency}
    constituency: str


@register
class InclusionMissed(Event):
    type = "committees.committee.inclusion_missed"
    sentence = _("told the board which targets of inclusion the committee misses")
    missed: list[str]


@register
class PanelOpened(Event):
    type = "committees.panel.opened"
    sentence = _("asked the committee for declarations of conflicts until %(due)s")
    due: str


@register
class ConceptScored(Event):
    type = "committees.concept.scored"
    sentence = _("judged a concept note")
    application: UUID
    points: dict[str, int]
    sentences: dict[str, str]


@register
class ShortlistAnnounced(Event):
    """All concept notes of a call are answered, as their points say."""

    type = "committees.panel.shortlist_announced"
    sentence = _("answered %(notes)s concept notes; invited from a mean of %(invited_from)s of 100: %(invited)s")
    notes: int
    invited: int
    invited_from: int


@register
class ConflictDeclared(Event):
    type = "committees.conflict.declared"
    sentence = _("declared on an application: %(kind)s")
    labels = {"kind": ConflictKind}
    application: UUID
    kind: str
    ground: str
    explanation: str = ""


@register
class ConflictFound(Event):
    type = "committees.conflict.found"
    sentence = _("the records show a possible link of a member to an applicant: %(ground)s")
    labels = {"ground": ConflictGround}
    application: UUID
    ground: str
    evidence: list[dict[str, str]] = []


@register
class MemberRecused(Event):
    type = "committees.recusal.recorded"
    sentence = _("a member was recused from an application")
    application: UUID
    ground: str
    source: str
    evidence: list[dict[str, str]] = []


@register
class PanelScoringStarted(Event):
    type = "committees.panel.scoring_started"
    sentence = _("assigned the applications to their scorers, due %(due)s")
    due: str
    assignments: int


@register
class ApplicationAssigned(Event):
    type = "committees.assignment.made"
    sentence = _("an application was assigned to a scorer")
    application: UUID
    due: str


@register
class AssignmentRemoved(Event):
    type = "committees.assignment.removed"
    sentence = _("an assignment was taken back")
    cause: str


@register
class ScorecardSubmitted(Event):
    type = "committees.scorecard.submitted"
    sentence = _("submitted a scorecard")
    application: UUID
    points: dict[str, int]
    revision: int
    sentences: dict[str, str] = {}
    """Why, by the criterion's key; scorecards recorded before it was committed to say nothing here."""


@register
class AssignmentCompleted(Event):
    type = "committees.assignment.completed"
    sentence = _("completed an assignment")


@register
class ScoringExtended(Event):
    type = "committees.panel.scoring_extended"
    sentence = _("extended the scoring to %(due)s")
    due: str


@register
class PanelScoringClosed(Event):
    type = "committees.panel.scoring_closed"
    sentence = _("closed the scoring")
    scorecards: int


@register
class PanelClosed(Event):
    type = "committees.panel.closed"
    sentence = _("closed the panel: all applications are decided")


@register
class PanelReopened(Event):
    type = "committees.panel.reopened"
    sentence = _("reopened the panel: a decision was taken back")


@register
class ConflictReported(Event):
    type = "committees.case.reported"
    needs_second_factor = True
    sentence = _("reported a conflict of interest that was not declared")
    application: UUID
    seat: UUID
    ground: str


@register
class ConflictConfirmed(Event):
    type = "committees.case.confirmed"
    needs_second_factor = True
    sentence = _(
        "confirmed the undeclared conflict: scorecards void %(scorecards)s, votes concerned %(votes)s; %(consequence)s"
    )
    labels = {"consequence": Consequence}
    scorecards: int
    votes: int
    consequence: str


@register
class ConflictDismissed(Event):
    type = "committees.case.dismissed"
    needs_second_factor = True
    sentence = _("found that there was no conflict to declare")


@register
class ConflictCaseClosed(Event):
    type = "committees.case.closed"
    needs_second_factor = True
    sentence = _("closed the case of an undeclared conflict")


@register
class DecisionReopened(Event):
    type = "committees.decision.reopened"
    sentence = _("the decision is superseded: the committee decides again")
    application: UUID
    decision: UUID


@register
class MeetingCalled(Event):
    type = "committees.meeting.called"
    sentence = _("called the meeting for %(held_at)s")
    held_at: str
    applications: int


@register
class MeetingOpened(Event):
    type = "committees.meeting.opened"
    sentence = _("opened the meeting")
    present: int
    civil_society: int


@register
class AttendanceRecorded(Event):
    type = "committees.attendance.recorded"
    sentence = _("recorded the attendance of a member: %(presence)s")
    labels = {"presence": Presence}
    seat: UUID
    presence: str


@register
class MeetingClosed(Event):
    type = "committees.meeting.closed"
    sentence = _("closed the meeting")


@register
class MinutesSigned(Event):
    type = "committees.minutes.signed"
    needs_second_factor = True
    sentence = _("signed the minutes as %(office)s")
    labels = {"office": SeatOffice}
    office: str
    sha256: str


@register
class MinutesCompleted(Event):
    type = "committees.minutes.completed"
    sentence = _("the minutes bear their signatures")
    sha256: str


@register
class MeetingPostponed(Event):
    type = "committees.meeting.postponed"
    sentence = _("moved the meeting to %(held_at)s")
    held_at: str


@register
class ItemListed(Event):
    type = "committees.item.listed"
    sentence = _("put an application on the agenda")
    application: UUID
    proposed_minor: int
    currency: str


@register
class ItemMinuted(Event):
    type = "committees.item.minuted"
    sentence = _("minuted the discussion and proposed %(proposed_minor)s")
    application: UUID
    proposed_minor: int
    currency: str
    conditions: list[str | dict[str, str | int]]
    discussion: str


@register
class ItemOpened(Event):
    type = "committees.item.opened"
    sentence = _("opened the discussion of an application")
    application: UUID


@register
class VotingOpened(Event):
    type = "committees.item.voting_opened"
    sentence = _("opened the vote after the checks of quorum and majority")
    checks: dict[str, bool]
    round: int


@register
class VoteCast(Event):
    type = "committees.vote.cast"
    sentence = _("voted")
    application: UUID
    choice: str
    round: int


@register
class ItemDecided(Event):
    type = "committees.item.decided"
    sentence = _("the vote is closed: %(outcome)s")
    labels = {"outcome": VoteChoice}
    outcome: str
    tally: dict[str, int]


@register
class ItemAdjourned(Event):
    type = "committees.item.adjourned"
    sentence = _("adjourned the application: %(cause)s")
    cause: str


@register
class DecisionMade(Event):
    type = "committees.decision.made"
    needs_second_factor = True
    sentence = _("decided on the application: %(outcome)s")
    labels = {"outcome": VoteChoice}
    application: UUID
    outcome: str
    amount_minor: int
    currency: str
    tally: dict[str, int]
    checks: dict[str, bool]
    strengths: str = ""
    weaknesses: str = ""
    advice: str = ""
    deviation_reason: str = ""
    """What the organisation reads and the minutes say; decisions recorded before it was committed to say nothing here."""
