"""Reading calls: who sees which, what a call asks, what an organisation may ask for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Case, Count, IntegerField, Prefetch, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language

from charter import stored
from charter.schema import CharterRules
from charter.selectors import charter_in_force, find_charter_in_force, rules_in_force, working_deadline
from grants.models import Call, CallDocument, Envelope, Question, Section
from grants.rules import calls as call_rules
from grants.states import CONCEPT_ANSWERS, CallState, GrantType
from kernel import identity
from ledger.models import Transfer, TransferKind
from ledger.selectors import balances


def visible_to(user: Any) -> QuerySet[Call]:
    """Everyone sees published calls; officers, the board and auditors also drafts and what became of them."""
    calls = Call.objects.all()
    return calls if call_rules.sees_drafts(user) else calls.filter(call_rules.public_q())


def in_order(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Open calls first, then those that will open, then the past, the latest on top."""
    place = Case(
        When(state=CallState.OPEN, then=Value(0)),
        When(state=CallState.PUBLISHED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return calls.annotate(place=place).order_by("place", "-closes_at", "pk")


def to_choose(user: Any) -> QuerySet[Call]:
    """The calls that ``user`` may narrow a list to: number and title alone, for frozen charters are long."""
    return in_order(visible_to(user)).only("reference", "title")


def open_now() -> QuerySet[Call]:
    """Calls that organisations may apply to, the one that closes first on top; in two stages while concept notes are taken."""
    begun_until = Coalesce("concept_closes_at", "closes_at")
    open_calls = Call.objects.filter(state=CallState.OPEN).annotate(begun_until=begun_until)
    return open_calls.filter(begun_until__gt=timezone.now()).order_by("begun_until", "pk")


def with_documents(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Together with the printed calls."""
    return calls.prefetch_related(Prefetch("documents", CallDocument.objects.order_by("language")))


def with_form(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Together with criteria, eligibility questions, sections, questions and documents."""
    questions = Prefetch("questions", Question.objects.order_by("order", "pk"))
    sections = Prefetch("sections", Section.objects.order_by("order", "pk").prefetch_related(questions))
    return with_documents(calls.select_related("charter")).prefetch_related(
        "criteria", "eligibility_questions", sections
    )


def rules_of(call: Call) -> CharterRules:
    """The charter's rules that bind the call: frozen at its approval; a draft is bound by the charter in force."""
    known: CharterRules | None = call.__dict__.get("_rules")
    if known is None:
        known = stored.rules_of(call.frozen_rules) if call.frozen_rules is not None else charter_in_force().rules
        call.__dict__["_rules"] = known
    return known


def threshold_of(call: Call, outcome: str) -> int:
    """The mean of 100 that counted: from which one is funded, or with a concept note invited."""
    scoring = rules_of(call).scoring
    return scoring.concepts.invited_from if outcome in CONCEPT_ANSWERS else scoring.fundable_from


def bands_from() -> list[tuple[int, Any]]:
    """Where the charter's bands of size begin, in minor units, with the name of each in the active language."""
    bands = rules_in_force().organisations.size_bands
    return [
        (before.below_minor, band.name.in_language(get_language() or "en"))
        for before, band in pairwise(bands)
        if before.below_minor is not None
    ]


def lighter_below(floor_minor: int, ceiling_minor: int) -> int | None:
    """Where the charter's second band begins; None when no grant, or every grant, of the call is that large."""
    least = rules_in_force().organisations.size_bands[0].below_minor
    return least if least is not None and floor_minor < least <= ceiling_minor else None


def proposed_logframe_from() -> int | None:
    """From which amount on a new call asks for a results framework, as the charter in force proposes."""
    charter = find_charter_in_force()
    return charter.rules.applications.logframe_from_minor if charter else None


def is_rapid(call: Call) -> bool:
    """Whether the call's clocks run in hours, day and night."""
    return call.grant_type == GrantType.RAPID


def screened_by(call: Call, start: datetime) -> datetime:
    """When screening that begins at ``start`` is due: working days, in the rapid window hours."""
    rules = rules_of(call).deadlines
    if is_rapid(call):
        return start + timedelta(hours=rules.rapid_screening_hours)
    return working_deadline(start, rules.screening_days)


def completed_by(call: Call, start: datetime) -> datetime:
    """When an application returned at ``start`` comes back complete: working days, in the rapid window hours."""
    rules = rules_of(call).deadlines
    if is_rapid(call):
        return start + timedelta(hours=rules.rapid_screening_hours)
    return working_deadline(start, rules.completion_days)


def standing_by() -> QuerySet[Call]:
    """Rapid calls that the board approved and no alert has opened yet, the one whose time ends first on top."""
    return Call.objects.filter(
        state=CallState.BOARD_APPROVED, grant_type=GrantType.RAPID, closes_at__gt=timezone.now()
    ).order_by("closes_at", "pk")


def ceiling_minor(call: Call, organisation: Any, months: int | None = None) -> int:
    """The most that the organisation may ask for in this call, in minor units.

    The lowest of the call's ceiling, its tier's yearly ceiling for the years that ``months`` begin (the longest duration
    of the call when None), the tier's total, and the tier's share of what it spent last year. 0 without a tier.
    """
    tier = rules_of(call).tiers.get(organisation.tier)
    if tier is None:
        return 0
    months = months or max(call.months_allowed)
    bounds = [call.ceiling_minor, tier.total_ceiling_minor, tier.yearly_ceiling_minor * -(-months // 12)]
    if tier.last_year_spend_percent is not None:
        bounds.append(organisation.last_year_expenditure_minor * tier.last_year_spend_percent // 100)
    return min(bounds)


def overhead_percent(call: Call, organisation: Any) -> int:
    """The share of the direct costs that the organisation receives for its indirect costs, without receipts."""
    tier = rules_of(call).tiers.get(organisation.tier)
    return tier.overhead_percent if tier is not None else 0


def months_allowed(call: Call, organisation: Any) -> list[int]:
    """The durations that the call offers and the organisation's tier allows."""
    tier = rules_of(call).tiers.get(organisation.tier)
    return [months for months in call.months_allowed if tier is None or months <= tier.longest_months]


@dataclass(frozen=True, slots=True)
class EnvelopeRow:
    """One source of a call: what was taken of its contribution and did not go back, and what of it is promised and free."""

    envelope: Envelope
    reserved_minor: int
    free_minor: int

    @property
    def promised_minor(self) -> int:
        """What is promised, kept aside or spent."""
        return self.reserved_minor - self.free_minor


def envelopes_of(call: Call) -> list[EnvelopeRow]:
    """The call's envelopes with what is left in each; four queries.

    What was taken is asked of the books: extensions of grants add to it, and the end of the call gives the rest back.
    """
    envelopes = list(
        call.envelopes.select_related("contribution__donor", "account").order_by("contribution__reference")
    )
    found = balances(envelope.account for envelope in envelopes)
    reserved = _reserved(call)
    return [EnvelopeRow(one, reserved.get(one.pk, 0), found[one.account_id].available_minor) for one in envelopes]


def _reserved(call: Call) -> dict[Any, int]:
    posted = Transfer.objects.filter(kind=TransferKind.POST).order_by()
    taken = posted.filter(credit__envelope__call=call, debit__contribution__isnull=False).values_list(
        "credit__envelope"
    )
    back = posted.filter(debit__envelope__call=call, credit__contribution__isnull=False).values_list("debit__envelope")
    given_back = dict(back.annotate(total=Sum("amount_minor")))
    return {one: total - given_back.get(one, 0) for one, total in taken.annotate(total=Sum("amount_minor"))}


@identity.system("grants.counts")
def counts_of(call: Call) -> dict[str, int]:
    """How many applications of the call stand in each state."""
    rows = call.applications.values_list("state").annotate(number=Count("pk")).order_by("state")
    return {str(state): number for state, number in rows}


def due_to_open(now: datetime) -> QuerySet[Call]:
    """Published calls whose opening has come."""
    return Call.objects.filter(state=CallState.PUBLISHED, opens_at__lte=now).order_by("opens_at")


def due_to_close(before: datetime) -> QuerySet[Call]:
    """Open calls that closed at or before ``before``."""
    return Call.objects.filter(state=CallState.OPEN, closes_at__lte=before).order_by("closes_at")


def left_empty() -> QuerySet[Call]:
    """Closed calls in which no application is left that a committee could decide on."""
    return Call.objects.filter(call_rules.empty_q()).order_by("closes_at", "pk")


def that_wait() -> QuerySet[Call]:
    """Calls that wait for a person: covered drafts for the board, others for the secretariat."""
    covered = Q(state=CallState.DRAFT, planned_sources__isnull=False)
    others = Q(state__in=[CallState.BOARD_APPROVED, CallState.CLOSED, CallState.DECIDED])
    others &= ~Q(state=CallState.BOARD_APPROVED, grant_type=GrantType.RAPID)
    return Call.objects.filter(covered | others).distinct().order_by("opens_at", "pk")
