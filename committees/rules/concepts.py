"""Who judges concept notes, and when they are answered (domain specification §3.3: at least two members, scores, reasons)."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.rules import rule_for
from charter.selectors import working_deadline
from committees import events
from committees.models import Appeal, ConceptScore, Panel, Recusal
from committees.rules import facts
from committees.rules.committees import secretariat
from grants import stages
from grants.models import Application
from grants.states import ApplicationState
from kernel.permissions import Allowed, Denied, PermissionResult

TO_DECLARE_ON = [ApplicationState.CONCEPT_SENT, *facts.BEFORE_COMMITTEE]
"""What members declare conflicts on: concept notes, and what is before the committee."""


def known_to(panel: Panel) -> QuerySet[Application]:
    """The applications that a panel works on or has decided, and the concept notes that wait for their answer."""
    return Application.objects.filter(call=panel.call_id, state__in=[*TO_DECLARE_ON, *facts.DECIDED])


def recused_pairs(applications: Iterable[Application]) -> set[tuple[UUID, UUID]]:
    """Who (person, application) is recused from which."""
    return set(Recusal.objects.filter(application__in=applications).values_list("seat__user_id", "application_id"))


def replaced_pairs(applications: Iterable[Application]) -> set[tuple[UUID, UUID]]:
    """Which judgements (seat, application) count no more: after an upheld appeal others take their place."""
    rows = Appeal.objects.filter(application__in=applications).values_list("application_id", "replaced")
    return {(UUID(seat), application) for application, seats in rows for seat in seats}


def notes_of(panel: Panel) -> QuerySet[Application]:
    """The concept notes that wait for their answer."""
    return Application.objects.filter(call=panel.call_id, state=ApplicationState.CONCEPT_SENT)


def judged(panel: Panel) -> Counter[UUID]:
    """How many members judged each concept note that waits; whoever is recused or replaced since counts no more."""
    rows = ConceptScore.objects.filter(application__in=notes_of(panel))
    said = rows.values_list("application_id", "seat_id", "seat__user_id")
    out, replaced = recused_pairs(notes_of(panel)), replaced_pairs(notes_of(panel))
    return Counter(
        application
        for application, seat, user in said
        if (user, application) not in out and (seat, application) not in replaced
    )


@rule_for(events.ConceptScored)
def may_judge(score: ConceptScore, *, actor: Any, event: Any = None) -> PermissionResult:
    """A member with a vote and no office, who declared no conflict, once, after the last concept note came."""
    seat, application = score.seat, score.application
    if actor is None or seat.user != actor or facts.seat_of(actor, seat.committee_id) != seat:
        return Denied(_("Members of the committee judge concept notes, each for himself or herself."))
    if not seat.voting or facts.holds_office(actor):
        return Denied(_("Observers and officers of the fund do not judge concept notes."))
    if facts.is_recused(actor, application) or not facts.has_declared(actor, application):
        return Denied(_("A member who has not declared on conflicts has no access to the application."))
    if application.state != ApplicationState.CONCEPT_SENT:
        return Denied(_("This concept note is answered already."))
    if not stages.judges_concepts(application.call, now=timezone.now()):
        return Denied(_("Concept notes are judged when all are in."))
    return Allowed()


@rule_for(events.ShortlistAnnounced)
def may_announce(panel: Panel, *, actor: Any, event: Any = None) -> PermissionResult:
    """The secretariat, which has no say in it, once every note was judged and those invited have their time to write."""
    if not (allowed := secretariat(actor)):
        return allowed
    found, needed = judged(panel), facts.rules_of(panel.call).scoring.concepts.members
    notes = list(notes_of(panel).order_by("reference"))
    missing = [one.reference for one in notes if found[one.pk] < needed]
    if not notes:
        return Denied(_("No concept note waits for an answer."))
    if missing:
        return Denied(
            _("These concept notes need the judgement of more members: %(list)s.") % {"list": "، ".join(missing)}
        )
    days = facts.rules_of(panel.call).deadlines.call_open_days
    if panel.call.closes_at < working_deadline(timezone.now(), days):
        return Denied(
            _("Those invited have %(days)s working days to write: extend the call first, for everybody.")
            % {"days": days}
        )
    return Allowed()
