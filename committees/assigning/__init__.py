"""Who scores what: enough scorers for each application, enough of them civil society, even loads, and what fits. Plain Python."""

from committees.assigning.languages import language_of
from committees.assigning.solving import plan
from committees.assigning.terms import Binding, Match, Plan, Scorer, Shortage, Task, civil_society_needed, match

__all__ = [
    "Binding",
    "Match",
    "Plan",
    "Scorer",
    "Shortage",
    "Task",
    "civil_society_needed",
    "language_of",
    "match",
    "plan",
]
