"""The history tables as plain facts for the figures, in six queries whatever their size."""

from decimal import Decimal
from typing import Any

from django.db.models import Sum

from charter.schema import PublicationRules
from transparency.figures.facts import Facts, Gift, Part, Project
from transparency.figures.withholding import publishable
from transparency.models import HistoryAllocation, HistoryContribution, HistoryLocation, HistoryProject, HistoryResult
from transparency.ocha.donors import donor_key

Known = dict[tuple[str, str], Project]


def load_facts(publication: PublicationRules) -> Facts:
    """Everything that the charts are drawn from; places and sectors are publishable sums already."""
    least = publication.model_dump(include={"least_partners", "least_candidates"})
    projects = _projects()
    known = {(project.fund, project.code): project for project in projects}
    return Facts(
        projects=projects,
        gifts=_gifts(),
        places=publishable(_places(known), **least),
        sectors=publishable(_sectors(known), **least),
    )


def _projects() -> list[Project]:
    columns = (
        "fund code year source partner_kind partner_code partner_name partner_withheld budget starts_on ends_on "
        "submitted_on approved_on direct_cost support_cost"
    )
    return [_project(row) for row in HistoryProject.objects.order_by("key").values_list(*columns.split(), named=True)]


def _project(row: Any) -> Project:
    return Project(
        fund=row.fund,
        code=row.code,
        year=row.year,
        source=row.source,
        kind=row.partner_kind,
        partner=row.partner_code or row.partner_name or row.code,
        withheld=row.partner_withheld,
        budget=row.budget,
        days_long=(row.ends_on - row.starts_on).days + 1 if row.starts_on and row.ends_on else None,
        days_to_decide=(row.approved_on - row.submitted_on).days if row.submitted_on and row.approved_on else None,
        direct=row.direct_cost,
        support=row.support_cost,
    )


def _gifts() -> list[Gift]:
    rows = HistoryContribution.objects.order_by("key")
    return [
        Gift(fund, year, donor_key(short or name), amount)
        for fund, year, short, name, amount in rows.values_list(
            "fund", "year", "donor_short_name", "donor_name", "amount"
        )
    ]


def _part(known: Known, *, fund: str, code: str, year: int, thing: str, amount: Decimal) -> Part:
    project = known.get((fund, code))
    if project is None:
        return Part(fund, year, thing, code, code, withheld=False, amount=amount)
    return Part(fund, project.year, thing, code, project.partner, withheld=project.withheld, amount=amount)


def _places(known: Known) -> list[Part]:
    rows = HistoryLocation.objects.order_by("fund", "project_code", "governorate", "place")
    sums = rows.values_list("fund", "project_code", "year", "governorate", "place").annotate(total=Sum("budget"))
    return [
        _part(known, fund=fund, code=code, year=year, thing=governorate or place, amount=amount)
        for fund, code, year, governorate, place, amount in sums
    ]


def _sectors(known: Known) -> list[Part]:
    """Budgets shared out by the percentages of each project's own sectors."""
    rows = HistoryLocation.objects.order_by("fund", "project_code").values_list("fund", "project_code", "clusters")
    parts: list[Part] = []
    seen: set[tuple[str, str]] = set()
    for fund, code, clusters in rows.distinct():
        project = known.get((fund, code))
        total = sum((Decimal(cluster["percent"] or 0) for cluster in clusters), Decimal(0))
        if project is None or not total or (fund, code) in seen:
            continue
        seen.add((fund, code))
        parts.extend(
            _part(
                known,
                fund=fund,
                code=code,
                year=project.year,
                thing=cluster["cluster"],
                amount=project.budget * Decimal(cluster["percent"] or 0) / total,
            )
            for cluster in clusters
        )
    return parts


def fund_names() -> dict[str, str]:
    """The name of each fund as its own files give it, contributions first; a fund without one is named by its number."""
    names = {fund: fund for fund in HistoryProject.objects.order_by("fund").values_list("fund", flat=True).distinct()}
    for model in (HistoryResult, HistoryAllocation, HistoryContribution):
        rows = model.objects.exclude(fund_name="").order_by("fund", "year").values_list("fund", "fund_name").distinct()
        names.update(dict(rows))
    return names
