"""Who may do what in committees, with reasons; one rule for each event."""

from committees.rules import (
    appeals,
    calculations,
    cases,
    committees,
    concepts,
    extensions,
    meetings,
    panels,
    rapid,
    scoring,
    votes,
    waiting,
)

__all__ = [
    "appeals",
    "calculations",
    "cases",
    "committees",
    "concepts",
    "extensions",
    "meetings",
    "panels",
    "rapid",
    "scoring",
    "votes",
    "waiting",
]
