"""All writing of committees, by subject."""

from committees.services import (
    agenda,
    appeals,
    assignments,
    cases,
    committees,
    conflicts,
    figures,
    meetings,
    minutes,
    panels,
    proposals,
    reopening,
    scores,
    silence,
    votes,
    waiting,
)

__all__ = [
    "agenda",
    "appeals",
    "assignments",
    "cases",
    "committees",
    "conflicts",
    "figures",
    "meetings",
    "minutes",
    "panels",
    "proposals",
    "reopening",
    "scores",
    "silence",
    "votes",
    "waiting",
]
