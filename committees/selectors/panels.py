"""Reading panels: declarations, progress, and what one person may see of them."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.models import Assignment, Panel, Recusal, Seat
from committees.rules import blinding, clocks, facts
from committees.rules.concepts import TO_DECLARE_ON, known_to
from committees.selectors import scores
from committees.selectors.committees import visible_to as committees_visible_to
from committees.states import AssignmentState, ConflictKind, PanelState
from grants.models import Application, ApplicationPartner, Call
from grants.selectors import applications as grants_applications
from grants.selectors.calls import is_rapid, screened_by
from grants.selectors.steps import answered_by
from grants.stages import in_two
from grants.states import ApplicationState, CallState
from grants.words import Words
from kernel import identity
from kernel.pieces import NextStep, Tone
from kernel.places import Governorate
from kernel.sectors import Sector
from organisations.models import Person


def visible_to(user: Any) -> QuerySet[Panel]:
    """Panels of the committees that a person sees."""
    return Panel.objects.filter(committee__in=committees_visible_to(user).values("pk")).select_related(
        "call", "committee__charter"
    )


def calls_to_open() -> QuerySet[Call]:
    """Closed calls that no committee has taken over."""
    states = [CallState.CLOSED, CallState.IN_REVIEW]
    return Call.objects.filter(state__in=states, panel__isnull=True).order_by("closes_at")


@dataclass(frozen=True, slots=True)
class NamesOnly:
    """All that a member may know of an application before declaring: names, places, sector."""

    application_id: UUID
    organisation: str
    organisation_latin: str
    host: str
    partners: tuple[str, ...]
    people: tuple[str, ...]
    governorates: tuple[str, ...]
    sector: str
    declared: str
    handle: UUID
    """Stands for the application in the addresses and fields of this page; tells nothing in a blind call."""
    found: tuple[str, ...] = ()
    """What the records show and the member has not answered yet, in words."""

    @property
    def places(self) -> str:
        """The governorates by name."""
        return "، ".join(str(Governorate(one).label) for one in self.governorates)

    @property
    def sector_label(self) -> str:
        """The sector by name."""
        return str(Sector(self.sector).label) if self.sector else "–"

    @property
    def declared_label(self) -> str:
        """What was declared, in words."""
        return str(ConflictKind(self.declared).label) if self.declared else ""


def to_declare(user: Any, panel: Panel) -> list[NamesOnly]:
    """The applications on which a person declares or has declared, without those that recused him; five queries."""
    listed = list(
        known_to(panel)
        .filter(facts.not_recused(user), state__in=TO_DECLARE_ON)
        .select_related("organisation__fiscal_host")
        .order_by("organisation__name_ar")
    )
    partners = partners_named(listed)
    names = _names_of({one.organisation_id for one in listed})
    declared = facts.declarations(panel, {user.pk})
    found: dict[UUID, list[str]] = {}
    for finding in facts.unanswered(user).filter(application__call=panel.call_id):
        found.setdefault(finding.application_id, []).append(finding.get_ground_display())
    return [
        NamesOnly(
            one.pk,
            one.organisation.name_ar,
            one.organisation.name_latin,
            one.organisation.fiscal_host.name_ar if one.organisation.fiscal_host else "",
            partners.get(one.pk, ()),
            tuple(names.get(one.organisation_id, [])),
            tuple(one.governorates),
            one.sector,
            declared.get((user.pk, one.pk), ""),
            blinding.handle(user, one, panel),
            tuple(found.get(one.pk, [])),
        )
        for one in listed
    ]


@identity.system("committees.names_only")
def partners_named(applications: list[Application]) -> dict[UUID, tuple[str, ...]]:
    """The names of the partners of each application: of what it says, these alone are open before a declaration."""
    rows = ApplicationPartner.objects.filter(application__in=applications).order_by("pk")
    found: dict[UUID, tuple[str, ...]] = {}
    for key, name in rows.values_list("application", "name"):
        found[key] = (*found.get(key, ()), name)
    return found


@identity.system("committees.names_only")
def _names_of(organisations: set[UUID]) -> dict[UUID, list[str]]:
    """Who belongs to the organisations: names are what a member declares on."""
    people = Person.objects.filter(organisation__in=organisations, ends_on__isnull=True).select_related("user")
    names: dict[UUID, list[str]] = {}
    for person in people.order_by("user__full_name"):
        names.setdefault(person.organisation_id, []).append(person.user.full_name)
    return names


@identity.system("committees.recusals")
def recused_number(user: Any, panel: Panel) -> int:
    """From how many applications of a panel a person is recused: told to that person alone."""
    return known_to(panel).filter(pk__in=facts.recused_from(user)).count()


def open_declarations(user: Any) -> list[Panel]:
    """Panels in which a person still has to declare on something, or owes an answer to what the records show."""
    seats = Seat.objects.filter(facts.in_term(facts.today()), user=user).values("committee")
    rows = Panel.objects.filter(committee__in=seats).exclude(state=PanelState.CLOSED).select_related("call")
    panels = [one for one in rows if not is_rapid(one.call) or facts.seat_in(user, one) is not None]
    asked = Q(pk__in=facts.unanswered(user).values("application"))
    return [
        panel
        for panel in panels
        if known_to(panel)
        .filter(facts.not_recused(user), ~facts.declared_on(user) | asked, state__in=TO_DECLARE_ON)
        .exists()
    ]


def applications_for(user: Any, panel: Panel) -> QuerySet[Application]:
    """The applications of a panel that a person may see.

    The secretariat sees all; members those on which they declared without conflict, and while scores come in only those
    assigned to them.
    """
    listed = facts.applications_of(panel).select_related("organisation", "call").order_by("reference")
    if facts.oversees(user):
        return listed
    listed = listed.filter(facts.not_recused(user), facts.declared_on(user))
    if panel.state in {PanelState.DECLARING, PanelState.SCORING}:
        mine = Assignment.objects.filter(seat__user=user).exclude(state=AssignmentState.REMOVED)
        listed = listed.filter(pk__in=mine.values("application"))
    return listed


def readable(user: Any, panel: Panel, pk: UUID) -> Application:
    """One application that a person may open now: seen in the panel and readable under `grants`.

    Raises `Application.DoesNotExist` otherwise; absent and forbidden look alike.
    """
    if blinding.is_blind(user, panel):
        return applications_for(user, panel).filter(pk__in=grants_applications.granted_ids(user)).get(pk=pk)
    return applications_for(user, panel).filter(pk__in=grants_applications.visible_to(user).values("pk")).get(pk=pk)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an application is: counts, never scores."""

    application: Application
    done: int
    assigned: int
    needed: int
    opens: bool
    """Whether the person may open it now: a link to a page that is not there helps nobody."""


def progress(user: Any, panel: Panel) -> list[Progress]:
    """Progress of the scoring for the secretariat; for members only of what they may see."""
    counts = scores.progress(panel)
    rules = facts.rules_of(panel.call).scoring
    listed = applications_for(user, panel)
    if blinding.is_blind(user, panel):
        readable_now = set(grants_applications.granted_ids(user).values_list("content_object", flat=True))
    else:
        open_to = grants_applications.visible_to(user).filter(pk__in=listed.values("pk"))
        readable_now = set(open_to.values_list("pk", flat=True))
    return [
        Progress(one, *counts.get(one.pk, (0, 0)), rules.scorers_needed(one.requested_minor), one.pk in readable_now)
        for one in listed
    ]


@dataclass(frozen=True, slots=True)
class Declared:
    """How far a member is with declarations: numbers only; grounds stay restricted."""

    seat: Seat
    declared: int
    recused: int
    of: int


def declarations_progress(panel: Panel) -> list[Declared]:
    """How many applications each member has declared on; recusals count as answered. Constant number of queries."""
    people = facts.people_of(panel).voting
    listed = set(known_to(panel).values_list("pk", flat=True))
    declared = facts.declarations(panel, {one.user_id for one in people})
    recused = Counter(
        Recusal.objects.filter(application__in=listed, seat__user__in=[one.user_id for one in people]).values_list(
            "seat__user_id", flat=True
        )
    )
    fine = Counter(user for (user, key), kind in declared.items() if key in listed and kind != ConflictKind.HARD)
    return [Declared(one, fine[one.user_id], recused[one.user_id], len(listed)) for one in people]


def scorers_of(application: Application) -> QuerySet[Assignment]:
    """Assignments of an application for the secretariat, which knows who scores; order tells nothing of scores."""
    return (
        Assignment.objects.filter(application=application)
        .exclude(state=AssignmentState.REMOVED)
        .select_related("seat__user")
        .order_by("seat__number")
    )


@dataclass(frozen=True, slots=True)
class Round:
    """What a panel waits for before its scoring begins, and by when."""

    panel: Panel
    turn: Words
    due: datetime


def rounds(declaring: Collection[Panel]) -> list[Round]:
    """What each declaring panel waits for; one query.

    In a call of two stages a panel is there long before its scoring: first the concept notes are judged, then those invited
    write, and only when their proposals are in and screened does the time to declare and to assign run (again).
    """
    waiting = _with_notes(declaring)
    return [_round(one, judging=one.call_id in waiting) for one in declaring]


@identity.system("committees.concepts")
def _with_notes(declaring: Collection[Panel]) -> set[UUID]:
    calls = [one.call_id for one in declaring if in_two(one.call)]
    notes = Application.objects.filter(call__in=calls, state=ApplicationState.CONCEPT_SENT)
    return set(notes.values_list("call_id", flat=True)) if calls else set()


def _round(panel: Panel, *, judging: bool) -> Round:
    call = panel.call
    if call.state == CallState.OPEN and judging:
        return Round(panel, gettext_lazy("Members judge the concept notes"), answered_by(call))
    if call.state == CallState.OPEN:
        return Round(panel, gettext_lazy("Those invited write their full proposals"), call.closes_at)
    due = panel.declarations_due
    if in_two(call):
        due = max(due, clocks.declarations_due(call, screened_by(call, call.closes_at)))
    return Round(panel, gettext_lazy("The members declare, the secretariat assigns next"), due)


def next_step(user: Any, panel: Panel) -> NextStep:
    """Whose turn it is in a panel, by when, and the button if it is this person's."""
    runs = facts.is_secretariat(user)
    state = panel.get_state_display()
    match panel.state:
        case PanelState.DECLARING if not runs and panel in open_declarations(user):
            url = reverse("committees:panel_declare", args=[panel.pk])
            return NextStep(state, _("Your turn: declare"), panel.declarations_due, Tone.NOW, True, url, _("Declare"))
        case PanelState.DECLARING if panel.call.state == CallState.OPEN:
            [round_] = rounds([panel])
            return NextStep(state, round_.turn, round_.due, Tone.OPEN)
        case PanelState.DECLARING:
            url, done = reverse("committees:panel_assign", args=[panel.pk]), _all_declared(panel)
            [round_] = rounds([panel])
            turn = _("The secretariat assigns") if done else round_.turn
            return NextStep(state, turn, round_.due, Tone.OPEN, runs and done, url, _("Assign"))
        case PanelState.SCORING:
            return NextStep(state, _("The scorers score"), panel.scoring_due, Tone.OPEN)
        case PanelState.DELIBERATING:
            return NextStep(state, _("The committee meets and decides"), None, Tone.OPEN)
        case _:
            return NextStep(state, _("Everything is decided"), None, Tone.DONE)


def _all_declared(panel: Panel) -> bool:
    """Whether nobody is waited for any more."""
    if timezone.now() >= panel.declarations_due:
        return True
    members = [one for one in declarations_progress(panel) if one.seat.alternate_of_id is None]
    return all(one.declared + one.recused >= one.of for one in members)
