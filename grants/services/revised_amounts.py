"""The amounts by category that a change asks for, in each of its rounds."""

from collections.abc import Mapping
from typing import Any

from audit import lifecycle
from grants import events
from grants.models import RevisedAmount, Revision
from grants.selectors.revisions import budget_in_force


def set_amounts(revision: Revision, amounts: Mapping[str, int], *, actor: Any) -> None:
    """Record every category of the budget before and after (minor units), for the round that waits."""
    now = budget_in_force(revision.grant)
    for category in sorted({*now, *(one for one, minor in amounts.items() if minor)}):
        before, after = now.get(category, 0), amounts.get(category, 0)
        row = RevisedAmount(
            revision=revision, round=revision.round, category=category, before_minor=before, after_minor=after
        )
        said = events.RevisedAmountSet(
            revision=revision.pk, round=revision.round, category=category, before_minor=before, after_minor=after
        )
        lifecycle.create(row, said, actor=actor)
