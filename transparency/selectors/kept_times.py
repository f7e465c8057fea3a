"""Promised and reached working days of ordinary calls: concept notes, closing, decision, signature, first payment.

Of grants only those count whose call the public is told (`transparency.selectors.published`): a withheld one would be one
more of its call. And lengths are told of as many
as the charter's publication rules ask: one length alone would tell a day. Rapid calls have hours (`transparency.selectors.rapid`).
"""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from audit.models import RecordedEvent
from charter.schema import CharterRules
from charter.selectors import holidays, rules_in_force
from disbursements.events import PaymentSent
from disbursements.models import Payment
from grants.events import ConceptNoteNotShortlisted, ConceptNoteShortlisted
from grants.models import Application, Call, Grant
from grants.promises import Kept, Reached, Way, kept_by_stage, promised, reached
from grants.selectors.calls import rules_of
from grants.states import CallState, GrantType
from kernel import identity
from transparency.selectors import published


def decided_calls() -> QuerySet[Call]:
    """Ordinary calls that are decided, the latest first."""
    states = [CallState.DECIDED, CallState.COMPLETED]
    return Call.objects.filter(state__in=states).exclude(grant_type=GrantType.RAPID).order_by("-closes_at", "pk")


@identity.system("transparency.kept_times")
def ways(calls: Iterable[Call]) -> dict[UUID, list[Way]]:
    """The way of every decided application and every answered concept note of ``calls``, by call; a constant number of queries."""
    found: dict[UUID, list[Way]] = {one.pk: [] for one in calls}
    told = published.told_with_their_call(list(found)).values("grant")
    grants = Grant.objects.filter(call__in=found, countersigned_at__isnull=False, pk__in=told)
    signed = dict(grants.values_list("application", "countersigned_at"))
    paid = _first_payments(grants)
    answered = _answers_to_notes(found)
    rows = Application.objects.filter(Q(decided_at__isnull=False) | Q(pk__in=answered), call__in=found)
    columns = ("pk", "call", "call__closes_at", "call__concept_closes_at", "decided_at")
    for key, call, closed, notes, decided in rows.order_by("call", "pk").values_list(*columns):
        found[call].append(
            Way(
                timezone.localdate(closed),
                _day(decided),
                _day(signed.get(key)),
                _day(paid.get(key)),
                notes_closed=_day(notes),
                answered=_day(answered.get(key)),
            )
        )
    return found


def _answers_to_notes(calls: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each concept note was answered first, by application; one query."""
    answers = [ConceptNoteShortlisted.type, ConceptNoteNotShortlisted.type]
    mine = Application.objects.filter(call__in=list(calls)).values("pk")
    rows = RecordedEvent.objects.filter(type__in=answers, subject_id__in=mine).order_by()
    return dict(rows.values_list("subject_id").annotate(first=Min("at")))


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment is not None else None


def _first_payments(grants: QuerySet[Grant]) -> dict[UUID, datetime]:
    """When the first payment of each grant was sent, by application; one query."""
    sent = (
        RecordedEvent.objects.filter(type=PaymentSent.type, subject_id=OuterRef("pk"))
        .order_by()
        .values("subject_id")
        .annotate(at=Min("at"))
        .values("at")
    )
    rows = Payment.objects.filter(tranche__grant__in=grants).annotate(at=Subquery(sent)).filter(at__isnull=False)
    return dict(rows.order_by().values_list("tranche__grant__application").annotate(first=Min("at")))


def kept_of_call(call: Call) -> list[Kept]:
    """What anyone may read of one call: each stage with the charter's promise frozen into the call."""
    return kept_of_calls([call], rules_of(call))


def kept_of_calls(calls: Iterable[Call], rules: CharterRules | None = None) -> list[Kept]:
    """The same over several calls, each held to its own promise; shown beside the promise of ``rules`` (those in force)."""
    listed = list(calls)
    shown = rules or rules_in_force()
    off, found = holidays(), ways(listed)
    rows: list[Reached] = [
        row for call in listed for way in found[call.pk] for row in reached(way, rules_of(call).deadlines, off)
    ]
    return kept_by_stage(rows, promised(shown.deadlines), least=shown.publication.least_partners)
