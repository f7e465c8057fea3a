"""Calls in two stages: concept notes first, then full proposals of those who are invited (domain specification §3.3).

One application goes through both: what the concept note said stands in the full proposal and may be changed there; the note
itself is kept as it was sent. A call without a date for concept notes has one stage.
"""

from datetime import datetime, timedelta

from grants import deadline
from grants.models import Application, Call, Section
from grants.states import IN_CONCEPT, CallState, Stage


def in_two(call: Call) -> bool:
    """Whether the call takes concept notes first."""
    return call.concept_closes_at is not None


def takes_concepts(call: Call, *, now: datetime) -> bool:
    """Whether concept notes may still be on their way at ``now``."""
    return call.concept_closes_at is not None and not deadline.is_over(call.concept_closes_at, now=now)


def judges_concepts(call: Call, *, now: datetime) -> bool:
    """Whether the concept notes of an open call are all in."""
    return in_two(call) and call.state == CallState.OPEN and not takes_concepts(call, now=now)


def next_closing(call: Call, *, now: datetime) -> datetime:
    """The deadline that comes next: of the concept notes, then of the full proposals."""
    first = call.concept_closes_at
    return first if first is not None and now < first else call.closes_at


def is_concept(application: Application) -> bool:
    """Whether the application is a concept note only, so far or for good."""
    return in_two(application.call) and application.state in IN_CONCEPT


def closing_of(application: Application) -> datetime:
    """Until when what is being written may be sent."""
    first = application.call.concept_closes_at
    return first if first is not None and is_concept(application) else application.call.closes_at


def asks(section: Section, application: Application) -> bool:
    """Whether a page of the call belongs to the stage in which the application is."""
    return section.stage == Stage.CONCEPT or not is_concept(application)


def put_off(call: Call, *, closing: datetime, by: timedelta) -> dict[str, datetime]:
    """The dates of the call when one ``closing`` of it moves: full proposals keep the time that they had."""
    moved = {"closes_at": call.closes_at + by}
    if call.concept_closes_at is not None and closing == call.concept_closes_at:
        moved["concept_closes_at"] = closing + by
    return moved
