"""Decisions that gave money, with their reasons by criterion, as far as the public is told of the grant.

A decision is read here when its grant is told with the organisation's name and place; of all others only that there are some
is said, and nobody who was rejected is ever named. Votes are numbers: of all, and of civil society where enough others voted
beside it, so that nobody's own vote can be told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from charter.selectors import rules_to_begin_with
from committees.models import Decision
from committees.states import VoteChoice
from grants.models import Criterion, Feedback
from kernel import identity
from transparency.models import ReleasedGrant
from transparency.selectors import published
from transparency.selectors.published import Filters

APPROVALS = (VoteChoice.APPROVE, VoteChoice.APPROVE_WITH_CONDITIONS)


@dataclass(frozen=True, slots=True)
class Votes:
    """Numbers of votes by answer; ``civil_society`` None where it would tell a single person's vote."""

    counts: tuple[tuple[str, int], ...]
    civil_society: tuple[tuple[str, int], ...] | None
    needed: int


@dataclass(frozen=True, slots=True)
class DecisionTold:
    """A decision beside its released row; ``criteria`` are (name, mean of the scores), ``leaf`` its place in the log."""

    row: ReleasedGrant
    """Its amount is told as it was decided, without what extensions added."""
    outcome: str
    mean: str
    criteria: tuple[tuple[str, str], ...]
    strengths: str
    votes: Votes
    leaf: str


def released(filters: Filters | None = None) -> QuerySet[ReleasedGrant]:
    """Released rows whose decision may be told: with name, title and place."""
    return published.told(filters).exclude(name_ar="").exclude(title="").exclude(governorates=[])


def kept_back(filters: Filters | None = None) -> int:
    """How many told grants are without their decision, because something of them is withheld."""
    return published.told(filters).count() - released(filters).count()


@identity.system("transparency.decisions")
def told(rows: Iterable[ReleasedGrant]) -> list[DecisionTold]:
    """The decisions of released rows, in their order; four queries however many there are.

    The fund itself reads: tallies and feedback are walled, and of them only these columns go out.
    """
    listed = list(rows)
    applications = dict(
        ReleasedGrant.objects.filter(pk__in=[one.pk for one in listed]).values_list("pk", "grant__application")
    )
    wanted = set(applications.values())
    decisions = _latest(
        Decision.objects.filter(application__in=wanted, outcome__in=APPROVALS)
        .select_related("leaf", "application")
        .order_by("recorded_at")
    )
    feedback = _latest(Feedback.objects.filter(application__in=wanted).order_by("recorded_at"))
    names = _criteria({one.application.call_id for one in decisions.values()})
    least = rules_to_begin_with().publication.least_partners
    found = []
    for row in listed:
        decision = decisions.get(applications[row.pk])
        if decision is not None:
            said = feedback.get(applications[row.pk])
            found.append(_told(row, decision, said, names.get(decision.application.call_id, {}), least))
    return found


def _latest(rows: Iterable[Any]) -> dict[UUID, Any]:
    """The last of the rows of each application."""
    return {one.application_id: one for one in rows}


def _criteria(calls: set[UUID]) -> dict[UUID, dict[str, str]]:
    names: dict[UUID, dict[str, str]] = {}
    for one in Criterion.objects.filter(call__in=calls):
        names.setdefault(one.call_id, {})[one.key] = str(one.name)
    return names


def _told(
    row: ReleasedGrant, decision: Decision, said: Feedback | None, names: dict[str, str], least: int
) -> DecisionTold:
    criteria = said.criteria if said is not None else []
    return DecisionTold(
        row=row,
        outcome=str(VoteChoice(decision.outcome).label),
        mean=decision.panel_mean,
        criteria=tuple((names.get(one["key"], one["key"]), str(one["mean"])) for one in criteria),
        # What the committee praised stands beside a grant that is told in full; a sum has no reasons.
        strengths=decision.strengths if row.amount_minor is not None else "",
        votes=votes_told(decision.tally, least),
        leaf=bytes(decision.leaf.leaf_hash).hex(),
    )


def votes_told(tally: dict[str, Any], least: int) -> Votes:
    """The numbers of a tally; those of civil society apart only when at least ``least`` others voted too."""
    every, civil = tally.get("votes", {}), tally.get("civil_society", {})
    others = sum(every.values()) - sum(civil.values())
    return Votes(
        counts=_named(every),
        civil_society=_named(civil) if others >= least and sum(civil.values()) >= least else None,
        needed=int(tally.get("needed", 0)),
    )


def _named(counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple((str(VoteChoice(choice).label), number) for choice, number in counts.items() if number)
