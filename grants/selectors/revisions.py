"""Reading changes of budgets: the budget in force, what a change would move, who decides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from charter.selectors import working_deadline
from grants.models import Grant, ReligiousBasis, ReportLine, RevisedAmount, Revision, RevisionConsent
from grants.rules.grants import visible_grants
from grants.selectors.budgets import approved_budget
from grants.selectors.grants import rules_of
from grants.states import ENDED_REVISIONS, BasisState, ReportState, RevisionKind, RevisionNeed, RevisionState
from kernel import identity

_WITH = ("grant__organisation", "grant__application", "grant__call", "requested_by", "decided_by", "signed_by", "countersigned_by")  # fmt: skip


def _after(revision: Revision) -> dict[str, int]:
    return {one.category: one.after_minor for one in revision.amounts.filter(round=revision.round)}


def _last_effective(grant: Grant, **more: Any) -> Revision | None:
    changed = grant.revisions.filter(state=RevisionState.EFFECTIVE, **more).exclude(kind=RevisionKind.NO_COST)
    return changed.order_by("-leaf_id").first()


@identity.system("grants.in_force_before")
def in_force_before(row: RevisedAmount) -> Revision | None:
    """The last change whose budget counted when ``row`` was asked for; None where the approved budget did."""
    return _last_effective(row.revision.grant, leaf__lt=row.leaf_id)


def changes_to(grant: Grant, category: str, minor: int) -> QuerySet[RevisedAmount]:
    """Changes in force that brought a category to an amount (minor units), the latest first."""
    rows = RevisedAmount.objects.filter(revision__grant=grant, revision__state=RevisionState.EFFECTIVE)
    found = rows.filter(category=category, after_minor=minor, round=F("revision__round"))
    return found.exclude(before_minor=minor).select_related("revision").order_by("-revision__leaf_id")


def answer_due(grant: Grant) -> datetime:
    """Until when the fund answers a change that is asked for today."""
    return working_deadline(timezone.now(), rules_of(grant).deadlines.revision_days)


@identity.system("grants.budget_in_force")
def budget_in_force(grant: Grant) -> dict[str, int]:
    """The budget that counts now by category, in minor units: the approved one, or that of the last revision in force."""
    last = _last_effective(grant)
    return approved_budget(grant) if last is None else _after(last)


@identity.system("grants.signed_budget")
def signed_budget(grant: Grant) -> dict[str, int]:
    """The budget that both sides signed last, with the agreement or with an amendment; changes add up against it."""
    last = _last_effective(grant, needs=RevisionNeed.AMENDMENT)
    return approved_budget(grant) if last is None else _after(last)


@identity.system("grants.spent_by_category")
def spent_by_category(grant: Grant) -> dict[str, int]:
    """What submitted and accepted reports say was spent, in minor units by category."""
    told = [ReportState.SUBMITTED, ReportState.ACCEPTED]
    rows = ReportLine.objects.filter(report__grant=grant, report__state__in=told).order_by().values("category")
    return {row["category"]: int(row["spent"]) for row in rows.annotate(spent=Sum("spent_minor"))}


@identity.system("grants.least_by_category")
def least_by_category(grant: Grant) -> dict[str, int]:
    """Under what no category may fall: what was spent of it, and the lines that zakat or a waqf's yield pays."""
    least = spent_by_category(grant)
    classes = grant.funding.values_list("envelope__contribution__restriction_class", flat=True)
    bases = ReligiousBasis.objects.filter(
        application=grant.application_id, state=BasisState.APPROVED, restriction__in=set(classes)
    )
    now = budget_in_force(grant)
    rows = bases.order_by().values("line__category").annotate(total=Sum("amount_minor"))
    for row in rows:
        category = row["line__category"]
        least[category] = max(least.get(category, 0), min(int(row["total"]), now.get(category, 0)))
    return least


def revisions_of(grant: Grant) -> QuerySet[Revision]:
    """The changes of the grant's budget, the latest first."""
    return grant.revisions.select_related("requested_by", "grant").order_by("-leaf_id")


def visible_to(user: Any) -> QuerySet[Revision]:
    """Changes of the grants that ``user`` sees."""
    if not user.is_authenticated:
        return Revision.objects.none()
    return Revision.objects.filter(grant__in=Grant.objects.filter(visible_grants(user))).select_related(*_WITH)


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A category before and after."""

    amount: RevisedAmount

    @property
    def change_minor(self) -> int:
        return self.amount.after_minor - self.amount.before_minor


@dataclass(frozen=True, slots=True)
class Round:
    """What was asked for in one round."""

    number: int
    rows: list[ChangedRow]

    @property
    def before_minor(self) -> int:
        return sum(row.amount.before_minor for row in self.rows)

    @property
    def after_minor(self) -> int:
        return sum(row.amount.after_minor for row in self.rows)


def rounds_of(revision: Revision) -> list[Round]:
    """Every round with its categories from A to G and the indirect costs last, the latest round first; one query."""
    found: dict[int, list[ChangedRow]] = {}
    for one in revision.amounts.all():
        found.setdefault(one.round, []).append(ChangedRow(one))
    for rows in found.values():
        rows.sort(key=lambda row: (row.amount.category == ReportLine.INDIRECT, row.amount.category))
    return [Round(number, rows) for number, rows in sorted(found.items(), reverse=True)]


@identity.system("grants.consents_of")
def consents_of(revision: Revision) -> list[RevisionConsent]:
    """Who of the committee agreed in the last round, the first one first."""
    rows = revision.consents.filter(round=revision.round).select_related("member").order_by("leaf_id")
    return list(rows) if revision.by_committee else []


def to_decide(user: Any) -> QuerySet[Revision]:
    """Changes that wait for a decision by somebody who did not ask for them, the earliest due first."""
    waiting = [RevisionState.REQUESTED, RevisionState.IN_REVIEW]
    found = visible_to(user).filter(state__in=waiting).exclude(requested_by=user)
    return found.exclude(grant__organisation__people__user=user).order_by("step_due", "pk")


def to_mend(user: Any, organisations: list[Any]) -> QuerySet[Revision]:
    """Changes that came back to these organisations."""
    found = visible_to(user).filter(state=RevisionState.RETURNED, by_fund=False)
    return found.filter(grant__organisation__in=organisations).order_by("step_due", "pk")


def to_mend_for_the_fund(user: Any) -> QuerySet[Revision]:
    """Changes that came back to the officer who asked for them."""
    return visible_to(user).filter(state=RevisionState.RETURNED, by_fund=True, requested_by=user).order_by("step_due")


def to_sign(user: Any, organisations: list[Any]) -> QuerySet[Revision]:
    """Amendments that wait for the signature of these organisations."""
    found = visible_to(user).filter(state=RevisionState.APPROVED, needs=RevisionNeed.AMENDMENT)
    return found.filter(grant__organisation__in=organisations).order_by("step_due", "pk")


def to_countersign(user: Any) -> QuerySet[Revision]:
    """Amendments that wait for the fund's signature, by somebody who did not ask for them."""
    found = visible_to(user).filter(state=RevisionState.AMENDMENT_SIGNED).exclude(requested_by=user)
    return found.order_by("step_due", "pk")


def late(now: datetime) -> QuerySet[Revision]:
    """Changes past the day of the side whose turn it is; notices count by themselves and are never late."""
    found = Revision.objects.filter(step_due__lt=now).exclude(state__in=ENDED_REVISIONS)
    return found.exclude(state=RevisionState.REQUESTED, needs=RevisionNeed.NOTICE).select_related(*_WITH).order_by("pk")


def unanswered_notices(now: datetime) -> QuerySet[Revision]:
    """Notices whose time ran out at ``now`` without an answer of the fund."""
    notices = Revision.objects.filter(state=RevisionState.REQUESTED, needs=RevisionNeed.NOTICE, step_due__lt=now)
    return notices.select_related("grant").order_by("pk")
