"""Bringing the released rows up to date: what was added, paid and spent since, how grants ended, what is planned."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from charter.schema import PublicationRules
from disbursements.books import SPENDING_ACCEPTED
from disbursements.models import Payment
from disbursements.states import PaymentState
from grants.models import Grant, ReportLine
from grants.selectors.budgets import approved_budget
from grants.selectors.extensions import months_added_by_grant
from grants.states import GrantState
from kernel import identity
from ledger.models import Transfer
from transparency.models import ReleasedGrant
from transparency.selectors import additions, plans, published
from transparency.services import writing

ADVANCES = "1210/"
"""Accounts of what partners hold, by the grant's reference (chart of accounts)."""


def size_of(grant: Grant) -> str:
    """The key of the organisation's band of size by the rules under which the grant was signed."""
    spent: int = grant.organisation.last_year_expenditure_minor
    bands = grant.frozen_rules["organisations"]["size_bands"]
    return str(next(band["key"] for band in bands if band["below_minor"] is None or spent < band["below_minor"]))


def told_state(grant: Grant) -> str:
    """A suspension is between the fund and the organisation; the public reads how a grant ended."""
    return GrantState.ACTIVE if grant.state == GrantState.SUSPENDED else grant.state


@transaction.atomic
def refresh(until: date, publication: PublicationRules) -> None:
    """Write what was paid before ``until``, and how grants ended, into the released rows.

    How a grant ended is told with its organisation's name. Payments to grants that are told in sums are published as one
    sum, which moves only when it moves for enough partners; of those held back nothing is in it. No more is told to be paid
    or spent of a grant than is told to be promised: otherwise a payment would tell what was added.
    """
    writing.alone()
    _tell_additions(until, publication)
    in_sums = published.told().filter(amount_minor__isnull=True)
    signed = additions.signed_amounts(in_sums.values("grant"))
    paid, spent = _paid_by_month(until), spent_by_grant(until)
    planned, added = plans.by_grant(until, publication), months_added_by_grant()
    changed: list[ReleasedGrant] = []
    moved: dict[str, list[ReleasedGrant]] = {"counted_minor": [], "counted_spent_minor": []}
    for row in published.told().select_related("grant__organisation", "grant__call", "call"):
        months = paid.get(row.grant_id, {})
        now = {"counted_minor": sum(months.values()), "counted_spent_minor": spent.get(row.grant.reference, 0)}
        told: dict[str, Any] = {}
        if row.name_ar:
            lasts = row.grant.months + added.get(row.grant_id, 0)
            told = {"state": told_state(row.grant), "ended": ended(row.grant, until), "months": lasts}
        if row.amount_minor is not None:
            told |= {"paid_minor": now["counted_minor"], "payments": months, "spent_minor": now["counted_spent_minor"]}
            told |= planned(row.grant_id)
            told |= {"size": row.size or size_of(row.grant), "call": row.grant.call if row.governorates else None}
        else:
            most = signed[row.grant_id] + row.pooled_added_minor + row.counted_added_minor
            now = {name: min(minor, most) for name, minor in now.items()}
            for name in (name for name, minor in now.items() if getattr(row, name) != minor):
                setattr(row, name, now[name])
                moved[name].append(row)
        if any(getattr(row, name) != value for name, value in told.items()):
            for name, value in told.items():
                setattr(row, name, value)
            changed.append(row)
    told_later = [
        "paid_minor",
        "payments",
        "spent_minor",
        "size",
        "call",
        "state",
        "ended",
        "months",
        *plans.FIELDS,
    ]
    ReleasedGrant.objects.bulk_update(changed, told_later, batch_size=500)
    for name, rows in moved.items():
        _move_together(rows, name, publication)
    _tell_indirect_costs()


def _move_together(rows: list[ReleasedGrant], name: str, publication: PublicationRules) -> None:
    """Let the published sum of ``name`` move, unless it would tell of the few partners for whom it does."""
    if len({row.grant.organisation_id for row in rows}) >= publication.least_partners:
        ReleasedGrant.objects.bulk_update(rows, [name], batch_size=500)


def _tell_additions(until: date, publication: PublicationRules) -> None:
    """Write what extensions added in months before ``until``: openly told, by month; of sums it moves one sum over everything.

    What was told stays told, also where the charter's delay grows.
    """
    due = additions.by_month(until)
    grown, counted = list[ReleasedGrant](), list[ReleasedGrant]()
    for row in published.told().filter(grant__in=due).select_related("grant"):
        if row.amount_minor is not None:
            added = row.added | due[row.grant_id]
            if added != row.added:
                row.amount_minor += sum(added.values()) - row.added_minor
                row.added, row.indirect_minor = added, None
                grown.append(row)
        else:
            beside = sum(due[row.grant_id].values()) - row.pooled_added_minor
            if beside > row.counted_added_minor:
                row.counted_added_minor = beside
                counted.append(row)
    ReleasedGrant.objects.bulk_update(grown, ["amount_minor", "added", "indirect_minor"], batch_size=500)
    _move_together(counted, "counted_added_minor", publication)


@identity.system("transparency.release")
def _tell_indirect_costs() -> None:
    """Write what of each openly told amount is for indirect costs.

    That is by the budget that was approved, and by what extensions added as far as it is told; other changes of a budget
    do not count here.
    """
    rows = ReleasedGrant.objects.filter(amount_minor__isnull=False, indirect_minor__isnull=True)
    budgets = ("grant__application__call", "grant__application__organisation", "grant__application__budget_lines")
    found = list(rows.select_related("grant__application").defer("grant__frozen_rules").prefetch_related(*budgets))
    signed = additions.signed_amounts([row.grant_id for row in found])
    added = additions.indirect_by_month(row.grant_id for row in found if row.added)
    for row in found:
        listed = bool(row.grant.application.budget_lines.all())
        approved = approved_budget(row.grant, signed=signed[row.grant_id]) if listed else {}
        row.indirect_minor = approved.get(ReportLine.INDIRECT, 0) + sum(
            added.get((row.grant_id, month), 0) for month in row.added
        )
    ReleasedGrant.objects.bulk_update(found, ["indirect_minor"], batch_size=500)


def _paid_by_month(until: date) -> dict[object, dict[str, int]]:
    paid: dict[object, dict[str, int]] = defaultdict(dict)
    rows = Payment.objects.filter(state=PaymentState.CONFIRMED, received_on__lt=until)
    sums = rows.annotate(month=TruncMonth("received_on")).values_list("tranche__grant", "month")
    for grant, month, total in sums.annotate(total=Sum("amount_minor")).order_by("month"):
        paid[grant][month.isoformat()] = total
    return paid


def spent_by_grant(until: date) -> dict[str, int]:
    """By the grant's reference: what accepted reports say was spent, as the books cleared it before ``until``."""
    cleared = Transfer.objects.filter(
        reason=SPENDING_ACCEPTED().key, credit__code__startswith=ADVANCES, posted_at__lt=additions.begin_of(until)
    )
    rows = cleared.values_list("credit__code").annotate(total=Sum("amount_minor")).order_by()
    return {code.removeprefix(ADVANCES): total for code, total in rows}


def ended(grant: Grant, until: date) -> date | None:
    """The month in which the grant was closed, once that is told."""
    if grant.closed_at is None or timezone.localdate(grant.closed_at) >= until:
        return None
    return timezone.localdate(grant.closed_at).replace(day=1)
