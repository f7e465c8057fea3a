"""Reading concept notes: which a member may judge, and how far the judging is."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from charter.schema import ScoringRules
from committees.models import ConceptScore, Panel, Seat
from committees.rules import blinding, facts
from committees.rules import concepts as rules
from committees.selectors.scores import scoring_rules
from grants import stages
from grants.models import Application, Call, Criterion
from grants.selectors import applications as grants_applications
from grants.selectors.steps import answered_by
from kernel import identity


def criteria_of(call: Call) -> list[Criterion]:
    """The criteria of the call by which concept notes are judged, in order."""
    asked = facts.rules_of(call).scoring.concepts.criteria
    return list(Criterion.objects.filter(call=call, key__in=asked).order_by("order", "pk"))


def concept_rules(call: Call) -> ScoringRules:
    """The scoring rules with those criteria alone."""
    rules_ = scoring_rules(call)
    kept = tuple(one for one in rules_.criteria if one.key in rules_.concepts.criteria)
    return rules_.model_copy(update={"criteria": kept})


def judges_now(panel: Panel) -> bool:
    """Whether the panel is at its concept notes."""
    return stages.judges_concepts(panel.call, now=timezone.now()) and rules.notes_of(panel).exists()


def to_read(user: Any, panel: Panel) -> QuerySet[Application]:
    """The concept notes that a member declared on and was given to read."""
    open_now = grants_applications.granted_ids(user)
    declared = rules.notes_of(panel).filter(facts.not_recused(user), facts.declared_on(user), pk__in=open_now)
    return declared.select_related("organisation", "call").order_by("reference")


def score_of(user: Any, application: Application) -> ConceptScore | None:
    """What a member said of a concept note."""
    return ConceptScore.objects.filter(seat__user=user, application=application).first()


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A concept note on the page of a panel: counts, never points; ``opens`` for who may read it."""

    application: Application
    judged: int
    needed: int
    mine: bool
    opens: bool


def rows(user: Any, panel: Panel) -> list[NoteRow]:
    """The concept notes of a panel: all for the secretariat and auditors, for a member those open to him."""
    if not judges_now_for(panel):
        return []
    readable = set(to_read(user, panel).values_list("pk", flat=True))
    listed = list(_listed(panel) if facts.oversees(user) else to_read(user, panel))
    own = ConceptScore.objects.filter(seat__user=user, application__in=listed)
    mine = set(own.values_list("application_id", flat=True))
    number, needed = _judged(panel), facts.rules_of(panel.call).scoring.concepts.members
    found = [NoteRow(one, number[one.pk], needed, one.pk in mine, one.pk in readable) for one in listed]
    return sorted(found, key=lambda one: (one.mine, one.judged))


@identity.system("committees.concepts")
def judges_now_for(panel: Panel) -> bool:
    """`judges_now`, whoever asks."""
    return judges_now(panel)


@identity.system("committees.concepts")
def _listed(panel: Panel) -> list[Application]:
    return list(rules.notes_of(panel).select_related("organisation", "call").order_by("reference"))


@identity.system("committees.concepts")
def _judged(panel: Panel) -> dict[UUID, int]:
    return rules.judged(panel)


def due(panel: Panel) -> Any:
    """By when the concept notes are answered."""
    return answered_by(panel.call)


def is_hidden(user: Any, panel: Panel) -> bool:
    """Whether the names of applicants are hidden from a member."""
    return blinding.is_blind(user, panel)


def seat_to_judge(user: Any, panel: Panel) -> Seat | None:
    """The seat with which a person judges concept notes of the panel."""
    seat = facts.seat_in(user, panel)
    return seat if seat is not None and seat.voting else None


@identity.system("committees.concepts")
def calls_to_open() -> list[Call]:
    """Open calls whose concept notes are all in and wait for a committee."""
    waiting = Call.objects.filter(
        concept_closes_at__lte=timezone.now(), state="open", panel__isnull=True, applications__state="concept_sent"
    )
    return [one for one in waiting.distinct().order_by("closes_at") if stages.judges_concepts(one, now=timezone.now())]


def waiting_for(user: Any) -> list[tuple[Panel, int]]:
    """Panels with concept notes that a member may read and has not judged, and how many."""
    seats = Seat.objects.filter(facts.in_term(facts.today()), user=user, voting=True).values("committee")
    panels = Panel.objects.filter(committee__in=seats, call__concept_closes_at__isnull=False).select_related("call")
    judged = ConceptScore.objects.filter(seat__user=user).values("application")
    found = [(one, to_read(user, one).exclude(pk__in=judged).count()) for one in panels]
    return [(panel, number) for panel, number in found if number and judges_now_for(panel)]
