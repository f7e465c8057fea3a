"""All writing of committees, by subject."""

from committees.services import (
    agenda,
    assignments,
    committees,
    conflicts,
    meetings,
    minutes,
    panels,
    scores,
    votes,
    waiting,
)

__all__ = [
    "agenda",
    "assignments",
    "committees",
    "conflicts",
    "meetings",
    "minutes",
    "panels",
    "scores",
    "votes",
    "waiting",
]
