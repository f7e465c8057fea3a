"""What follows from a decision: the award."""

from typing import Any

from audit.models import Leaf
from audit.reactions import reacts_to
from grants import events
from grants.models import Application, Grant
from grants.services.awards import award
from grants.services.performance import count_performance


@reacts_to(events.ApplicationApproved)
def award_approved(application: Application, event: events.ApplicationApproved, *, actor: Any, leaf: Leaf) -> None:
    """An approved application becomes a grant."""
    award(application, amount_minor=event.amount_minor, conditions=[], leaf=leaf)


@reacts_to(events.ApplicationApprovedWithConditions)
def award_with_conditions(
    application: Application, event: events.ApplicationApprovedWithConditions, *, actor: Any, leaf: Leaf
) -> None:
    """An application approved with conditions becomes a grant whose agreement waits for them."""
    award(application, amount_minor=event.amount_minor, conditions=event.conditions, leaf=leaf)


@reacts_to(events.GrantClosed)
def performance_of_closed_grant(grant: Grant, event: events.GrantClosed, *, actor: Any, leaf: Leaf) -> None:
    """A closed grant counts in the performance index of its organisation."""
    count_performance(grant)
