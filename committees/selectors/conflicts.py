"""Reading conflicts: what was declared and found of whom, and the cases; never for the member concerned or a recused reader."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.roles import Role
from accounts.selectors import has_role
from committees.models import (
    Assignment,
    ConflictCase,
    ConflictDeclaration,
    ConflictFinding,
    Panel,
    Recusal,
    Scorecard,
    Seat,
)
from committees.rules import facts
from committees.rules.cases import JUDGES
from committees.rules.concepts import known_to
from committees.rules.ties import PROFILE
from committees.selectors.scores import Card, cards_of
from committees.states import AssignmentState, CaseState, ConflictKind, Consequence, SeatOffice
from grants.models import Application
from kernel.pieces.words import day_in_words
from organisations.states import PartnershipKind


def reads_register(user: Any, panel: Panel) -> bool:
    """Whether a person reads who declared what: those who oversee committees, and the committee's chair."""
    if facts.oversees(user):
        return True
    seat = facts.seat_of(user, panel.committee_id)
    return seat is not None and seat.office == SeatOffice.CHAIR


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing known of a member and an application: declared, found in the records, or recused."""

    seat: Seat
    application: Application
    what: str
    ground: str
    words: str
    open: bool


def register(user: Any, panel: Panel) -> list[Entry]:
    """All that is known of links and conflicts in a panel, by member; without the applications hidden from the reader.

    "No conflict" is not listed. A constant number of queries.
    """
    listed = known_to(panel)
    if not facts.oversees(user):
        listed = listed.filter(facts.not_recused(user), facts.declared_on(user))
    inside = Q(application__in=listed.values("pk"))
    people = ("seat__user", "application__organisation")
    answered = set(
        ConflictDeclaration.objects.filter(inside).values_list("seat__user", "application", "recorded_at").order_by()
    )
    answered |= {(*one, now()) for one in Recusal.objects.filter(inside).values_list("seat__user", "application")}
    entries = [
        *(
            Entry(one.seat, one.application, one.get_kind_display(), one.get_ground_display(), one.explanation, False)
            for one in ConflictDeclaration.objects.filter(inside)
            .filter(~Q(kind=ConflictKind.NONE) | ~Q(explanation=""))
            .select_related(*people)
        ),
        *(
            Entry(
                one.seat,
                one.application,
                _("found in the records"),
                one.get_ground_display(),
                ties_in_words(one.evidence),
                _open(one, answered),
            )
            for one in ConflictFinding.objects.filter(inside).select_related(*people)
        ),
        *(
            Entry(one.seat, one.application, _("recused"), one.get_ground_display(), _why(one), False)
            for one in Recusal.objects.filter(inside).select_related(*people)
        ),
    ]
    return sorted(entries, key=lambda one: (one.seat.number, one.application.reference, one.what))


def _why(recusal: Recusal) -> str:
    """Where a recusal comes from, with the ties that the records show."""
    words = [str(recusal.get_source_display()), ties_in_words(recusal.evidence)]
    return ": ".join(one for one in words if one)


def ties_in_words(evidence: list[dict[str, str]]) -> str:
    """The ties between organisations behind a finding or recusal, each with what shows it and its dates."""
    return "؛ ".join(_tie(one) for one in evidence)


def _tie(one: dict[str, str]) -> str:
    language = get_language() or "en"
    shows = _("the organisation's profile") if one["record"] == PROFILE else one["record"]
    days = [
        day_in_words(date.fromisoformat(one[key]), language=language) if one[key] else "" for key in ("from", "until")
    ]
    when = " – ".join(days).strip(" –") if any(days) else ""
    parts = [str(PartnershipKind(one["kind"]).label), one["organisation"], shows, when]
    return " · ".join(part for part in parts if part)


def _open(finding: ConflictFinding, answered: set[Any]) -> bool:
    """Whether the member has not answered yet."""
    key = (finding.seat.user_id, finding.application_id)
    return not any(one[:2] == key and one[2] > finding.recorded_at for one in answered)


# Cases ----------------------------------------------------------------------------------------------------------------


def cases_visible_to(user: Any) -> QuerySet[ConflictCase]:
    """Cases that a person reports, judges, keeps or oversees; never one's own, never on a file one is recused from."""
    cases = ConflictCase.objects.select_related(
        "seat__user", "seat__committee", "application__organisation", "application__call", "owner", "reported_by"
    ).order_by("state", "-moved_at")
    if not user.is_authenticated:
        return cases.none()
    if not has_role(user, *JUDGES, Role.PROGRAMME_OFFICER, Role.AUDITOR):
        cases = cases.filter(Q(owner=user) | Q(reported_by=user))
    return cases.exclude(seat__user=user).exclude(application__in=facts.recused_from(user))


def consequence_of(case: ConflictCase) -> str:
    """What a confirmed case did to the decision, in words."""
    return str(Consequence(case.effects["consequence"]).label) if case.effects else ""


def cases_to_judge(user: Any) -> QuerySet[ConflictCase]:
    """Reported conflicts that a person may confirm or dismiss."""
    if not has_role(user, *JUDGES):
        return ConflictCase.objects.none()
    return cases_visible_to(user).filter(state=CaseState.REPORTED).exclude(reported_by=user)


def cases_to_close(user: Any) -> QuerySet[ConflictCase]:
    """Confirmed cases that a person answers for."""
    return cases_visible_to(user).filter(state=CaseState.CONFIRMED, owner=user)


def void_cards(user: Any, application: Application) -> list[Card]:
    """Scorecards that count nowhere because a conflict came to light: kept, for those who oversee committees alone."""
    confirmed = ConflictCase.objects.filter(application=application, state__in=[CaseState.CONFIRMED, CaseState.CLOSED])
    if not facts.oversees(user) or not confirmed.exists():
        return []
    gone = Assignment.objects.filter(
        application=application,
        state=AssignmentState.REMOVED,
        seat__user__in=confirmed.values("seat__user"),
        pk__in=Scorecard.objects.values("assignment"),
    )
    return cards_of(list(gone), application.call, mine=None, alarm=())
