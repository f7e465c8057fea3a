"""Reading grants and reports: who sees which, lists for pages, and what a partner has spent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Prefetch, Q, QuerySet, Sum

from accounts.models import User
from charter import stored
from charter.schema import CharterRules, GrantType, GrantTypeKey, TierCode, TierRules
from grants.models import Application, Call, Grant, GrantFunding, Report, ReportLine
from grants.rules.grants import visible_grants
from grants.rules.reports import before
from grants.selectors.signed import signed_minor
from grants.states import GrantState, ReportState
from kernel.money import Money
from kernel.texts import search_key
from organisations.rules import memberships_of
from organisations.selectors import users_of
from organisations.states import PersonRole


def rules_of(grant: Grant) -> CharterRules:
    """The charter's rules as they were frozen for this grant; parsed once for each instance."""
    known: CharterRules | None = grant.__dict__.get("_rules")
    if known is None:
        known = stored.rules_of(grant.frozen_rules)
        grant.__dict__["_rules"] = known
    return known


def grant_of(application: Application) -> Grant | None:
    """The application's grant, None when there is none or its award was set aside."""
    return Grant.objects.exclude(state=GrantState.SET_ASIDE).filter(application=application).first()


def tier_of(grant: Grant) -> TierRules:
    """What the frozen rules say about the grant's tier."""
    return rules_of(grant).tiers[cast(TierCode, grant.tier)]


def kind_of(grant: Grant) -> GrantType:
    """What the frozen rules say about the grant's kind."""
    return rules_of(grant).grant_types[cast(GrantTypeKey, grant.call.grant_type)]


def is_light(grant: Grant) -> bool:
    """Whether one short final report is enough (domain: proportionality of reports; rapid grants), as it was signed."""
    if signed_minor(grant) <= rules_of(grant).reports.light_up_to_minor:
        return True
    return kind_of(grant).report_calendar_days is not None


def reported_parts(grant: Grant) -> int:
    """In how many parts the grant is reported: one before each tranche, or the whole at its end."""
    return 1 if is_light(grant) else len(tier_of(grant).split_for(grant.months))


def visible_to(user: Any) -> QuerySet[Grant]:
    """Readers of the fund see every grant, people of an organisation its own."""
    return Grant.objects.filter(visible_grants(user)) if user.is_authenticated else Grant.objects.none()


def for_page(user: Any) -> QuerySet[Grant]:
    """Grants that ``user`` sees with what a grant's page shows beside them."""
    return visible_to(user).select_related(
        "organisation", "call", "application", "signed_by", "countersigned_by"
    )  # fmt: skip


def has_any(user: Any) -> bool:
    """Whether an organisation of ``user`` was ever granted anything: whoever only applies has no grant's work.

    One small question, kept on the instance (which lives for one request), in place of the many that follow from a grant.
    """
    held = memberships_of(user)
    if not held:
        return False
    known: bool | None = user.__dict__.get("_has_grants")
    if known is None:
        known = user.__dict__["_has_grants"] = Grant.objects.filter(organisation__in=list(held)).exists()
    return known


def own(user: Any) -> QuerySet[Grant]:
    """Grants of the organisations that ``user`` belongs to."""
    return Grant.objects.filter(organisation__in=list(memberships_of(user)))


def funding_of(grant: Grant) -> QuerySet[GrantFunding]:
    """The sources of the grant as they were frozen, in the order in which they are used."""
    return grant.funding.select_related("envelope__contribution__donor", "account").order_by("leaf_id")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; empty values narrow nothing."""

    state: str = ""
    call: str = ""
    governorate: str = ""
    text: str = ""


def listed(user: Any, filters: Filters) -> QuerySet[Grant]:
    """Grants that ``user`` sees, narrowed, the latest first; without the charter that each was signed under."""
    found = visible_to(user).select_related("organisation", "call", "application")
    found = found.defer("frozen_rules", "call__frozen_rules")
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.call:
        found = found.filter(call__pk=filters.call)
    if filters.governorate:
        found = found.filter(application__governorates__contains=[filters.governorate])
    if filters.text.strip():
        words = filters.text.strip()
        found = found.filter(
            Q(reference__icontains=words)
            | Q(organisation__name_key__contains=search_key(words))
            | Q(organisation__name_latin__icontains=words)
            | Q(application__title__icontains=words)
        )
    return found.order_by("-moved_at", "pk")


def sums_of(grants: QuerySet[Grant]) -> list[Money]:
    """What the grants come to in each currency."""
    rows = grants.order_by().values("currency").annotate(total=Sum("amount_minor")).order_by("currency")
    return [Money(int(row["total"]), row["currency"]) for row in rows]


def calls_with_grants(user: Any) -> QuerySet[Call]:
    """Calls whose grants ``user`` sees."""
    return Call.objects.filter(pk__in=visible_to(user).values("call")).order_by("-closes_at")


def signatories(grant: Grant) -> list[User]:
    """People who may sign for the grant's organisation today."""
    return users_of(grant.organisation, PersonRole.SIGNATORY)


def people(grant: Grant) -> list[User]:
    """Everyone of the grant's organisation today."""
    return users_of(grant.organisation)


# Reports ----------------------------------------------------------------------------------------------------------


def reports_visible_to(user: Any) -> QuerySet[Report]:
    """Reports of the grants that ``user`` sees."""
    return (
        Report.objects.filter(grant__in=visible_to(user).values("pk"))
        .select_related("grant", "grant__organisation", "grant__call", "submitted_by", "reviewed_by")
        .order_by("due_on", "pk")
    )


def reports_in(user: Any, states: Iterable[str]) -> QuerySet[Report]:
    """Visible reports in one of ``states``, the earliest due first."""
    return reports_visible_to(user).filter(state__in=list(states))


def reports_of(grant: Grant) -> QuerySet[Report]:
    """The grant's reports in order."""
    return grant.reports.order_by("number", "extra")


def lines_of(report: Report) -> list[ReportLine]:
    """The report's lines in the order of the budget: A to G, then the indirect costs."""
    return sorted(report.lines.all(), key=lambda line: (line.category == ReportLine.INDIRECT, line.category))


@dataclass(frozen=True, slots=True)
class SpendingRow:
    """One category: budget, spent before this report, in its period, together; amounts in minor units."""

    line: ReportLine
    before_minor: int

    @property
    def label(self) -> str:
        return str(self.line.get_category_display())

    @property
    def total_minor(self) -> int:
        return self.before_minor + self.line.spent_minor

    @property
    def left_minor(self) -> int:
        return self.line.budget_minor - self.total_minor

    @property
    def over_percent(self) -> int:
        """By how many whole percent the category is overspent; 0 within the budget."""
        over = max(-self.left_minor, 0)
        if not over:
            return 0
        return over * 100 // self.line.budget_minor if self.line.budget_minor else 100


@dataclass(frozen=True, slots=True)
class Spending:
    """A report's money against the budget."""

    rows: list[SpendingRow]
    currency: str
    notify_percent: int

    @property
    def budget_minor(self) -> int:
        return sum(row.line.budget_minor for row in self.rows)

    @property
    def before_minor(self) -> int:
        return sum(row.before_minor for row in self.rows)

    @property
    def period_minor(self) -> int:
        return sum(row.line.spent_minor for row in self.rows)

    @property
    def total_minor(self) -> int:
        return self.before_minor + self.period_minor

    @property
    def deviating(self) -> list[SpendingRow]:
        """Categories overspent by more than what needs only a notice."""
        return [row for row in self.rows if row.over_percent > self.notify_percent]


def spending_of(report: Report) -> Spending:
    """The report's spending by category, with what earlier accepted reports spent; two queries."""
    earlier = (
        ReportLine.objects.filter(
            report__in=Report.objects.filter(before(report), grant=report.grant_id, state=ReportState.ACCEPTED)
        )
        .order_by()
        .values("category")
        .annotate(total=Sum("spent_minor"))
    )
    spent = {row["category"]: int(row["total"]) for row in earlier}
    return Spending(
        [SpendingRow(line, spent.get(line.category, 0)) for line in lines_of(report)],
        report.grant.currency,
        rules_of(report.grant).changes.notify_up_to_percent,
    )


# What waits -------------------------------------------------------------------------------------------------------


def in_states(user: Any, states: Iterable[str]) -> QuerySet[Grant]:
    """Visible grants in one of ``states``, the earliest step due first."""
    return (
        visible_to(user)
        .filter(state__in=list(states))
        .select_related("organisation")
        .order_by("step_due", "moved_at", "pk")
    )


def unanswered_offers(now: Any) -> QuerySet[Grant]:
    """Offers whose time ran out at ``now``."""
    return Grant.objects.filter(state=GrantState.OFFER_SENT, step_due__lt=now).order_by("pk")


def open_offers() -> QuerySet[Grant]:
    """Offers that wait for an answer."""
    return Grant.objects.filter(state=GrantState.OFFER_SENT).select_related("organisation").order_by("pk")


OWED = (ReportState.OPEN, ReportState.RETURNED)


def overdue_reports(today: Any) -> QuerySet[Report]:
    """Reports that the partner owes and that are past their day."""
    return Report.objects.filter(state__in=OWED, due_on__lt=today).select_related("grant", "grant__organisation")


def with_reports(grants: QuerySet[Grant]) -> QuerySet[Grant]:
    """Together with their reports in order."""
    return grants.prefetch_related(Prefetch("reports", queryset=Report.objects.order_by("number", "extra")))
