"""Reading proposals who scores what: for the secretariat alone."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from committees.assigning.terms import Binding
from committees.models import AssignmentProposal, Expertise, Panel, ProposalChange, Seat
from committees.rules import facts
from committees.rules.calculations import may_take
from grants.models import Application
from kernel.sectors import Sector


@dataclass(frozen=True, slots=True)
class Known:
    """What is recorded of a member: languages and sectors, empty where nobody said anything."""

    languages: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()


NOTHING = Known()


def expertise(seats: Iterable[Seat]) -> dict[UUID, Known]:
    """The last record of each member; one query."""
    rows = Expertise.objects.filter(seat__in=list(seats)).order_by("recorded_at")
    return {one.seat_id: Known(frozenset(one.languages), frozenset(one.sectors)) for one in rows}


def latest(panel: Panel) -> AssignmentProposal | None:
    """The last proposal of a panel, whatever became of it."""
    return AssignmentProposal.objects.filter(panel=panel).order_by("-asked_at").first()


def effective(proposal: AssignmentProposal) -> dict[UUID, list[UUID]]:
    """Scorers by application as they stand after the changes."""
    chosen = {UUID(row["application"]): [UUID(one["seat"]) for one in row["scorers"]] for row in rows_of(proposal)}
    for change in proposal.changes.all():
        seats = chosen[change.application_id]
        seats[seats.index(change.before_id)] = change.after_id
    return chosen


def rows_of(proposal: AssignmentProposal) -> list[dict[str, Any]]:
    """Applications of the plan with their scorers."""
    listed: list[dict[str, Any]] = proposal.plan.get("rows", [])
    return listed


MATCHES: dict[str, tuple[str | Promise, str | Promise]] = {
    "language": (gettext_lazy("reads its language"), gettext_lazy("does not read its language")),
    "sector": (gettext_lazy("knows the sector"), gettext_lazy("another sector")),
    "elsewhere": (gettext_lazy("from another governorate"), gettext_lazy("from the same governorate")),
}


@dataclass(frozen=True, slots=True)
class ProposedScorer:
    """A scorer in a proposal: who, how many applications in all, why; ``change`` where the secretariat put him in."""

    seat: Seat
    load: int
    reasons: tuple[tuple[str, bool], ...]
    change: ProposalChange | None = None


@dataclass(frozen=True, slots=True)
class ProposedRow:
    """An application with its scorers."""

    application: Application
    scorers: tuple[ProposedScorer, ...]


@dataclass(frozen=True, slots=True)
class MemberLoad:
    """A member: applications to score, and what is recorded of the member."""

    seat: Seat
    load: int
    known: Known

    @property
    def sectors(self) -> list[str]:
        """The sectors by name."""
        return [str(Sector(one).label) for one in sorted(self.known.sectors)]

    @property
    def languages(self) -> list[str]:
        """The languages by name."""
        return [str(name) for code, name in settings.LANGUAGES if code in self.known.languages]


def rows(proposal: AssignmentProposal) -> list[ProposedRow]:
    """The proposal with its changes, for the page; a constant number of queries."""
    panel = proposal.panel
    seats = {one.pk: one for one in facts.people_of(panel).voting}
    listed = facts.applications_of(panel).select_related("organisation").in_bulk()
    changes = {(one.application_id, one.after_id): one for one in proposal.changes.all()}
    said = {(UUID(row["application"]), UUID(one["seat"])): one for row in rows_of(proposal) for one in row["scorers"]}
    chosen = effective(proposal)
    loads = Counter(seat for group in chosen.values() for seat in group)
    found = [
        ProposedRow(
            listed[key],
            tuple(
                ProposedScorer(seats[seat], loads[seat], _reasons(said.get((key, seat), {})), changes.get((key, seat)))
                for seat in sorted(group, key=lambda one: seats[one].number)
                if seat in seats
            ),
        )
        for key, group in chosen.items()
        if key in listed
    ]
    return sorted(found, key=lambda row: row.application.reference)


def _reasons(one: dict[str, Any]) -> tuple[tuple[str, bool], ...]:
    return tuple(
        (str(words[not one[name]]), bool(one[name])) for name, words in MATCHES.items() if one.get(name) is not None
    )


def loads(panel: Panel, proposal: AssignmentProposal | None) -> list[MemberLoad]:
    """How much each member would score under a proposal (without one: nothing), and what is recorded of the member."""
    chosen = effective(proposal) if proposal is not None else {}
    counted = Counter(seat for group in chosen.values() for seat in group)
    seats = facts.people_of(panel).voting
    known = expertise(seats)
    return [MemberLoad(one, counted[one.pk], known.get(one.pk, NOTHING)) for one in seats]


def shortages(proposal: AssignmentProposal) -> list[str]:
    """What stands in the way of an assignment, in words."""
    listed = {str(one.pk): one for one in facts.applications_of(proposal.panel)}
    return [shortage_text(one, listed) for one in proposal.plan.get("shortages", [])]


def shortage_text(one: dict[str, Any], applications: dict[str, Application]) -> str:
    """The rule that leaves no assignment, with its numbers."""
    application = applications.get(one["task"])
    numbers = {"reference": application.reference if application else "", "need": one["need"], "have": one["have"]}
    match Binding(one["rule"]):
        case Binding.SCORERS:
            text = ngettext(
                "%(reference)s needs %(need)s scorers; only %(have)s member may score it.",
                "%(reference)s needs %(need)s scorers; only %(have)s members may score it.",
                one["have"],
            )
        case Binding.CIVIL_SOCIETY:
            text = ngettext(
                "%(reference)s needs %(need)s scorers of civil society; only %(have)s may score it.",
                "%(reference)s needs %(need)s scorers of civil society; only %(have)s may score it.",
                one["have"],
            )
        case Binding.LIMIT:
            text = _(
                "The charter lets a member score %(have)s applications; here somebody would have to score %(need)s. More "
                "members or alternates are needed."
            )
        case Binding.LIMIT_OF_CIVIL_SOCIETY:
            text = _(
                "The charter lets a member score %(have)s applications; to keep its share, a member of civil society would "
                "have to score %(need)s. More members or alternates of civil society are needed."
            )
    return text % numbers


def able(panel: Panel, row: ProposedRow) -> list[Seat]:
    """Members who could take an application in the place of another: declared, not recused, not proposed for it yet."""
    chosen = {one.seat.pk for one in row.scorers}
    others = [one for one in facts.people_of(panel).voting if one.pk not in chosen]
    return [one for one in others if may_take(one, row.application)]
