"""Reading statements of banks, their open lines with their owners, and what a line could be."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.roles import Role
from accounts.selectors import users_with_role
from disbursements.models import BankStatement, LineDecision, Payment, Refund, StatementLine
from disbursements.selectors.runs import sees_runs
from disbursements.states import LineDirection, LineVerdict, PaymentState, RefundState
from funds.models import Contribution
from funds.selectors import contributions_visible_to

_NEAR = timedelta(days=30)
"""How far apart the days of a line and its candidates may lie: a help for the eye, not a rule of the fund."""
MOST_CANDIDATES = 20


def visible_statements(user: Any) -> QuerySet[BankStatement]:
    """The bank's files that a person may see: those who see bank details."""
    found = BankStatement.objects.select_related("account", "taken_by")
    return found if sees_runs(user) else found.none()


def last_mapping(user: Any) -> dict[str, str]:
    """How the columns of the last table were named."""
    last = visible_statements(user).exclude(mapping={}).order_by("-moved_at").first()
    return {} if last is None else dict(last.mapping)


def visible_lines(user: Any) -> QuerySet[Any]:
    """Lines of the files that a person may see, with their owner (``owner``) and whether they are open (``is_open``)."""
    handed = LineDecision.objects.filter(line=OuterRef("pk"), verdict=LineVerdict.HANDED_OVER).order_by("-recorded_at")
    settled = LineDecision.objects.filter(line=OuterRef("pk")).exclude(verdict=LineVerdict.HANDED_OVER)
    nothing = Q(payment__isnull=True, contribution__isnull=True)
    counts = Q(direction=LineDirection.REJECTED) | Q(amount_minor__gt=0)
    found = StatementLine.objects.select_related(
        "statement", "statement__taken_by", "payment", "contribution"
    ).annotate(
        owner=Coalesce(Subquery(handed.values("owner")[:1]), F("statement__taken_by"), output_field=UUIDField()),
        is_open=~Exists(settled) & nothing & counts,
    )
    return found if sees_runs(user) else found.none()


def lines_of_statement(user: Any, statement: BankStatement) -> QuerySet[Any]:
    """The lines that a file brought, in their order."""
    return visible_lines(user).filter(statement=statement).order_by("position")


def differences(user: Any, *, mine: bool = False) -> QuerySet[Any]:
    """Open lines, the oldest first; only those that ``user`` owns when ``mine``."""
    found = visible_lines(user).filter(is_open=True).order_by("booked_on", "pk")
    return found.filter(owner=user.pk) if mine else found


def owners_of(lines: list[StatementLine]) -> dict[Any, User]:
    """The people who own the lines, by id; one query."""
    return User.objects.in_bulk([line.owner for line in lines])  # type: ignore[attr-defined]


def decisions_of(line: StatementLine) -> QuerySet[LineDecision]:
    """What people decided on a line, in order."""
    return line.decisions.select_related("decided_by", "owner", "payment", "contribution", "refund").order_by(
        "recorded_at"
    )


def line_of(payment: Payment) -> StatementLine | None:
    """The line in which the payment left the bank, matched exactly or by hand."""
    by_hand = LineDecision.objects.filter(payment=payment, verdict=LineVerdict.MATCHED).values("line")
    return StatementLine.objects.filter(Q(payment=payment) | Q(pk__in=by_hand)).select_related("statement").first()


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a line could be: payments that left or came back, contributions and refunds that arrived."""

    payments: list[Payment]
    returned: list[Payment]
    contributions: list[Contribution]
    refunds: list[Refund]


def candidates(user: Any, line: StatementLine) -> Candidates:
    """What the line could be, the likeliest first: the same number, then the same amount within a month."""
    if line.direction == LineDirection.OUT:
        return Candidates(_left(line), [], [], [])
    returned = _came_back(line)
    if line.direction == LineDirection.REJECTED:
        return Candidates([], returned, [], [])
    return Candidates([], returned, _contributions(user, line), _refunds(line))


def _left(line: StatementLine) -> list[Payment]:
    by_hand = LineDecision.objects.filter(verdict=LineVerdict.MATCHED, payment__isnull=False).values("payment")
    seen = StatementLine.objects.filter(payment__isnull=False).values("payment")
    found = _sent(
        Q(currency=line.currency) & (Q(key=line.end_to_end) | Q(amount_minor=line.amount_minor) & _near(line))
    )
    return list(found.exclude(pk__in=by_hand).exclude(pk__in=seen)[:MOST_CANDIDATES])


def _came_back(line: StatementLine) -> list[Payment]:
    same = Q(amount_minor=line.amount_minor, currency=line.currency) if line.currency else Q(pk__in=[])
    named = Q(key__in=[line.end_to_end, *line.text.split()]) | Q(run_lines__run__reference=line.order)
    return list(_sent(named | same).filter(state=PaymentState.SENT).distinct()[:MOST_CANDIDATES])


def _sent(which: Q) -> QuerySet[Payment]:
    found = Payment.objects.filter(which).exclude(state=PaymentState.PREPARED)
    return found.select_related("tranche__grant__organisation").order_by("-sent_on", "key")


def _near(line: StatementLine) -> Q:
    if line.booked_on is None:
        return Q()
    return Q(sent_on__range=(line.booked_on - _NEAR, line.booked_on + _NEAR))


def _contributions(user: Any, line: StatementLine) -> list[Contribution]:
    seen = StatementLine.objects.filter(contribution__isnull=False).values("contribution")
    by_hand = LineDecision.objects.filter(contribution__isnull=False).values("contribution")
    found = contributions_visible_to(user).filter(currency=line.currency).exclude(pk__in=seen).exclude(pk__in=by_hand)
    same = Q(bank_reference__in=[line.reference or "-", line.end_to_end or "-"]) | Q(amount_minor=line.amount_minor)
    return list(found.filter(same).order_by("-received_on", "reference")[:MOST_CANDIDATES])


def _refunds(line: StatementLine) -> list[Refund]:
    by_hand = LineDecision.objects.filter(refund__isnull=False).values("refund")
    found = (
        Refund.objects.exclude(pk__in=by_hand).exclude(state=RefundState.WAIVED).select_related("grant__organisation")
    )
    return list(found.filter(amount_minor=line.amount_minor, grant__currency=line.currency)[:MOST_CANDIDATES])


def finance_people() -> list[User]:
    """Who can own a difference."""
    return list(users_with_role(Role.FINANCE_OFFICER))
