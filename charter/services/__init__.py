"""Writes of the charter: versions and votes, networks and mandates, holidays."""

from charter.services.calendar import add_holiday, remove_holiday
from charter.services.discussion import discuss
from charter.services.networks import add_network, end_mandate, end_network, give_mandate
from charter.services.versions import conclude, draft_version, propose, revise, vote, withdraw

__all__ = [
    "add_holiday",
    "add_network",
    "conclude",
    "discuss",
    "draft_version",
    "end_mandate",
    "end_network",
    "give_mandate",
    "propose",
    "remove_holiday",
    "revise",
    "vote",
    "withdraw",
]
