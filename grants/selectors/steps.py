"""Where calls and applications stand, whose turn it is and by when; and the dates that an applicant is promised."""
# public: whose turn it is, on pages of calls and applications

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.models import RecordedEvent
from charter.selectors import working_deadline
from grants import stages
from grants.links import link
from grants.models import Application, Call, ConceptNote
from grants.rules import applications as rules
from grants.rules import calls as call_rules
from grants.selectors.calls import is_rapid, rules_of, screened_by
from grants.states import ApplicationState, CallState
from grants.words import Words
from kernel.pieces import NextStep, Tone
from organisations.rules import is_person_of, person_role
from organisations.states import PersonRole

_S = ApplicationState
_C = CallState

TONES: dict[str, Tone] = {
    _S.DRAFT: Tone.TODO,
    _S.CONCEPT_SENT: Tone.OPEN,
    _S.SHORTLISTED: Tone.NOW,
    _S.NOT_SHORTLISTED: Tone.STOP,
    _S.SUBMITTED: Tone.OPEN,
    _S.RETURNED: Tone.WARN,
    _S.INELIGIBILITY_PROPOSED: Tone.OPEN,
    _S.ELIGIBLE: Tone.OPEN,
    _S.INELIGIBLE: Tone.STOP,
    _S.SCORING: Tone.OPEN,
    _S.DELIBERATION: Tone.OPEN,
    _S.APPROVED: Tone.DONE,
    _S.APPROVED_WITH_CONDITIONS: Tone.DONE,
    _S.WAITLISTED: Tone.OPEN,
    _S.REJECTED: Tone.STOP,
    _S.DEFERRED: Tone.OPEN,
    _S.WITHDRAWN: Tone.OFF,
    _S.LAPSED: Tone.OFF,
}
CALL_TONES: dict[str, Tone] = {
    _C.DRAFT: Tone.TODO,
    _C.BOARD_APPROVED: Tone.OPEN,
    _C.PUBLISHED: Tone.OPEN,
    _C.OPEN: Tone.NOW,
    _C.CLOSED: Tone.OPEN,
    _C.IN_REVIEW: Tone.OPEN,
    _C.DECIDED: Tone.DONE,
    _C.COMPLETED: Tone.DONE,
    _C.CANCELLED: Tone.OFF,
}


# Applications -----------------------------------------------------------------------------------------------------


def public_state(application: Application) -> Words:
    """The state as the organisation reads it: what two officers still discuss is screening to it."""
    if application.state == _S.INELIGIBILITY_PROPOSED:
        return _S.SUBMITTED.label
    return _S(application.state).label


def applicant_step(application: Application, user: Any) -> NextStep:
    """The next step as people of the organisation see it."""
    return _concept_step(application) or _application_step(application, user)


def _concept_step(application: Application) -> NextStep | None:
    """The next step of a concept note that is no draft any more."""
    tone, state = TONES[application.state], public_state(application)
    match application.state:
        case _S.CONCEPT_SENT:
            turn = _("Members of the committee read the concept notes; all are answered together.")
            return NextStep(state, turn, answered_by(application.call), tone)
        case _S.NOT_SHORTLISTED:
            return NextStep(
                state, _("Answered. You may read the reasons, and appeal."), tone=tone, mine=True,
                url=link("application_feedback", application.pk), action=_("Read the reasons"),
            )  # fmt: skip
        case _S.DRAFT if stages.is_concept(application) and not rules.is_editable(application):
            return NextStep(state, _("The time for concept notes is over; this one was not sent."), tone=Tone.OFF)
        case _:
            return None


def _application_step(application: Application, user: Any) -> NextStep:  # noqa: PLR0911 -- one a state
    tone, state = TONES[application.state], public_state(application)
    signatory = person_role(user, application.organisation) == PersonRole.SIGNATORY
    match application.state:
        case _S.DRAFT | _S.SHORTLISTED if rules.is_editable(application):
            return NextStep(state, _to_write(application), stages.closing_of(application), tone)
        case _S.DRAFT:
            return NextStep(state, _("The call has closed; this draft was not submitted."), tone=Tone.OFF)
        case _S.RETURNED:
            turn = _("Your turn: complete what is missing and send it back.")
            url = link("application_submit", application.pk)
            return NextStep(
                state, turn, application.step_due, tone, mine=signatory, url=url, action=_("Review and send back")
            )
        case _S.SUBMITTED | _S.INELIGIBILITY_PROPOSED:
            return NextStep(
                state, _("The secretariat checks that it is complete and eligible."), application.step_due, tone
            )
        case _S.ELIGIBLE | _S.SCORING | _S.DELIBERATION | _S.DEFERRED:
            due = promised(application)[-1].due
            return NextStep(state, _("The committee scores and decides."), due, tone)
        case _S.REJECTED | _S.INELIGIBLE:
            return NextStep(
                state, _("Decided. You may read the reasons, and appeal."), tone=tone, mine=True,
                url=link("application_feedback", application.pk), action=_("Read the reasons"),
            )  # fmt: skip
        case _S.APPROVED | _S.APPROVED_WITH_CONDITIONS:
            return NextStep(state, _("The fund sends you an offer."), tone=tone)
        case _S.WAITLISTED:
            return NextStep(
                state, _("You are on the waiting list: if money comes back, the fund writes to you."), tone=tone
            )
        case _:
            return NextStep(state, _("Nothing more happens with this application."), tone=tone)


def _to_write(application: Application) -> Words:
    if stages.is_concept(application):
        return _("Your turn: finish the pages of the concept note, then your signatory sends it.")
    if application.state == _S.SHORTLISTED:
        return _("You are invited: finish the full proposal, then your signatory submits.")
    return _("Your turn: finish the pages, then your signatory submits.")


def answered_by(call: Call) -> datetime:
    """By when the concept notes of a call in two stages are answered."""
    days = rules_of(call).deadlines
    return working_deadline(call.concept_closes_at or call.closes_at, days.concept_days + days.concept_feedback_days)


@dataclass(frozen=True, slots=True)
class Promise:
    """A step of the way with the day by which the fund promised it; ``done`` when it lies behind.

    ``reached`` is when it happened (`tracked`); None for what has not happened, or never will. ``received``: nothing was
    promised, ``due`` is the moment at which the fund received it.
    """

    name: Words
    due: datetime | None
    done: bool
    now: bool
    reached: datetime | None = None
    received: bool = False

    @property
    def late(self) -> bool:
        """Whether it happened after the promised moment."""
        return self.reached is not None and self.due is not None and self.reached > self.due


def promised(application: Application) -> list[Promise]:
    """The way of what was sent, with its promised dates, reckoned from the closing by the call's own rules.

    A concept note's way ends with its answer; of a full proposal it lies at the beginning.
    """
    if stages.is_concept(application):
        return _of_note(application)
    screened, scored, decided = _moments(application.call)
    place = _place(application)
    steps = [
        (_("Received by the fund"), application.submitted_at),
        (_("Checked: complete and eligible"), application.step_due if place == 1 else screened),
        (_("Scored by independent members"), scored),
        (_("Decided, with reasons by criterion"), decided),
    ]
    way = [
        Promise(name, due, index < place, index == place, received=not index) for index, (name, due) in enumerate(steps)
    ]
    return (_of_note(application) if stages.in_two(application.call) else []) + way


def _of_note(application: Application) -> list[Promise]:
    note = ConceptNote.objects.filter(application=application).first()
    waits = application.state == _S.CONCEPT_SENT
    return [
        Promise(_("Concept note received"), note.recorded_at if note else None, done=True, now=False, received=True),
        Promise(_("Concept note answered, with reasons"), answered_by(application.call), done=not waits, now=waits),
    ]


def tracked(application: Application) -> list[Promise]:
    """The same with the days on which each step was reached, the last time that it was."""
    rows = RecordedEvent.objects.filter(subject_id=application.pk).exclude(to_state="").order_by("at")
    at = dict(rows.values_list("to_state", "at"))
    way = promised(application)
    reached = (
        application.submitted_at,
        at.get(_S.ELIGIBLE) or at.get(_S.INELIGIBLE),
        at.get(_S.DELIBERATION),
        application.decided_at or at.get(_S.INELIGIBLE),
    )
    answered = at.get(_S.SHORTLISTED) or at.get(_S.NOT_SHORTLISTED)
    noted = (way[0].due, answered) if stages.in_two(application.call) else ()
    return [
        replace(one, reached=moment if one.done else None)
        for one, moment in zip(way, (*noted, *reached)[: len(way)], strict=True)
    ]


def _moments(call: Call) -> tuple[datetime, datetime, datetime]:
    """By when proposals are screened, scored and decided: in working days, in the rapid window in hours."""
    days = rules_of(call).deadlines
    screened = screened_by(call, call.closes_at)
    if is_rapid(call):
        scored = screened + timedelta(hours=days.rapid_declaration_hours + days.rapid_scoring_hours)
        return screened, scored, call.closes_at + timedelta(hours=days.rapid_decision_hours)
    scored = working_deadline(screened, days.conflict_declaration_days + days.scoring_days)
    return screened, scored, working_deadline(working_deadline(scored, days.meeting_days), days.feedback_days)


def _place(application: Application) -> int:
    places = {
        _S.DRAFT: 0,
        _S.CONCEPT_SENT: 0,
        _S.SHORTLISTED: 0,
        _S.SUBMITTED: 1,
        _S.RETURNED: 1,
        _S.INELIGIBILITY_PROPOSED: 1,
        _S.ELIGIBLE: 2,
        _S.SCORING: 2,
        _S.DELIBERATION: 3,
        _S.DEFERRED: 3,
    }
    return places.get(ApplicationState(application.state), 4)


def officer_step(application: Application, user: Any) -> NextStep:
    """The next step as the secretariat sees it."""
    state, tone = _S(application.state).label, TONES[application.state]
    mine = bool(may_hold(user, *rules.SCREENERS)) and not is_person_of(user, application.organisation)
    screening = application.call.state in {_C.CLOSED, _C.IN_REVIEW}
    url, action = link("application_screen", application.pk), _("Screen it")
    match application.state:
        case _S.SUBMITTED if not screening:
            return NextStep(state, _("Screening begins when the call has closed."), application.call.closes_at, tone)
        case _S.SUBMITTED:
            turn = _("An officer screens it.")
            return NextStep(state, turn, application.step_due, tone, mine=mine, url=url, action=action)
        case _S.INELIGIBILITY_PROPOSED:
            mine = mine and application.screened_by_id != user.pk
            turn = _("A second officer confirms or overturns.")
            return NextStep(state, turn, application.step_due, tone, mine=mine, url=url, action=_("Look at it"))
        case _S.RETURNED:
            return NextStep(state, _("The organisation completes it."), application.step_due, tone)
        case _S.ELIGIBLE | _S.SCORING | _S.DELIBERATION | _S.DEFERRED:
            return NextStep(state, _("The committee scores and decides."), tone=tone)
        case _:
            return NextStep(state, _("The screening is over."), tone=tone)


# Calls ------------------------------------------------------------------------------------------------------------


def public_call_step(call: Call) -> NextStep:
    """The next step of a call as anyone sees it."""
    state, tone = _C(call.state).label, CALL_TONES[call.state]
    match call.state:
        case _C.PUBLISHED:
            return NextStep(
                state, _("Read everything beforehand; applications begin when it opens."), call.opens_at, tone
            )
        case _C.OPEN if call.closes_at > timezone.now() and stages.in_two(call):
            return _stage_step(call, state)
        case _C.OPEN if call.closes_at > timezone.now():
            return NextStep(state, _("Organisations may apply."), call.closes_at, Tone.OPEN)
        case _C.OPEN | _C.CLOSED | _C.IN_REVIEW:
            return NextStep(_C.CLOSED.label, _("The applications are checked, scored and decided."), tone=Tone.OPEN)
        case _C.CANCELLED:
            return NextStep(state, _("This call was called off."), tone=tone)
        case _:
            return NextStep(state, _("All applications have their decision."), tone=tone)


def _stage_step(call: Call, state: Words) -> NextStep:
    if stages.takes_concepts(call, now=timezone.now()):
        return NextStep(state, _("Organisations send concept notes."), call.concept_closes_at, Tone.OPEN)
    turn = _("The concept notes are answered; those invited write their full proposals.")
    return NextStep(state, turn, call.closes_at, Tone.OPEN)


def call_step(call: Call, user: Any) -> NextStep:  # noqa: PLR0911 -- one a state
    """The next step of a call as the secretariat and the board see it."""
    state, tone = _C(call.state).label, CALL_TONES[call.state]
    secretariat, board = bool(may_hold(user, *call_rules.SECRETARIAT)), bool(may_hold(user, Role.BOARD_MEMBER))

    def step(
        turn: Words, *, mine: bool = False, name: str = "", action: Words = "", due: datetime | None = None
    ) -> NextStep:
        url = link(name, call.pk) if name else ""
        return NextStep(state, turn, due, tone, mine=mine and bool(url), url=url, action=action)

    match call.state:
        case _C.DRAFT if board:
            return step(
                _("The board decides."), mine=True, name="call_approve", action=_("Read and decide"), due=call.opens_at
            )
        case _C.DRAFT:
            return step(_("The secretariat finishes the draft, then the board decides."), due=call.opens_at)
        case _C.BOARD_APPROVED:
            rapid, action = is_rapid(call), _("Publish it")
            turn = _("It stands by: an accepted alert opens it.") if rapid else _("The secretariat publishes.")
            due = call.closes_at if rapid else call.opens_at
            return step(turn, mine=secretariat and not rapid, name="call_publish", action=action, due=due)
        case _C.PUBLISHED:
            return step(_("It opens by the clock."), due=call.opens_at)
        case _C.OPEN:
            due = stages.next_closing(call, now=timezone.now())
            return step(_("Organisations apply; it closes by the clock."), due=due)
        case _C.CLOSED:
            turn = _("The secretariat screens every application, then hands the call to the committee.")
            return step(turn, mine=secretariat, name="call_start_review", action=_("Hand it to the committee"))
        case _C.IN_REVIEW:
            return step(_("The committee scores and decides."))
        case _C.DECIDED:
            return step(
                _("The secretariat completes the call."),
                mine=secretariat,
                name="call_complete",
                action=_("Complete it"),
            )
        case _:
            return step(_("Nothing more happens with this call."))
