"""All writing of committees, by subject."""

from committees.services import (
    agenda,
    assignments,
    committees,
    conflicts,
    figures,
    meetings,
    minutes,
    panels,
    proposals,
    scores,
    votes,
    waiting,
)

__all__ = [
    "agenda",
    "assignments",
    "committees",
    "conflicts",
    "figures",
    "meetings",
    "minutes",
    "panels",
    "proposals",
    "scores",
    "votes",
    "waiting",
]
