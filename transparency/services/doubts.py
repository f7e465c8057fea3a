"""Doubts about rows that were imported as they stand: what the files say of themselves and does not fit.

Nothing is changed by a doubt. Tolerances are properties of the source: its amounts carry seven significant digits.
"""

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum

from transparency.models import HistoryLocation, HistoryProject, HistoryResult, PartnerKind
from transparency.ocha.reading import Problem

Lines = dict[str, dict[str, int]]
SOURCE_TOLERANCE = Decimal("0.001")
CENT = Decimal("0.01")


def doubts(funds: set[str], lines: Lines) -> Iterator[Problem]:
    """All doubts about rows of ``funds`` that stand in the files read now (``lines``: kind → key → line)."""
    if "projects" in lines:
        yield from _about_projects(funds, lines["projects"])
    if "results" in lines:
        yield from _about_results(funds, lines["results"])
    if "projects" in lines or "locations" in lines:
        yield from _about_locations(funds, lines)


def _doubt(kind: str, line: int, column: str, code: str, **params: str | int) -> Problem:
    return Problem(f"{kind}.csv", line, column, code, params, grave=False)


def _about_projects(funds: set[str], lines: dict[str, int]) -> Iterator[Problem]:
    projects = HistoryProject.objects.filter(fund__in=funds)
    checks = (
        ("AEndDt", "ends_before_start", Q(ends_on__lt=F("starts_on"))),
        ("ApprDt", "approved_before_submission", Q(approved_on__lt=F("submitted_on"))),
        ("ApprDt", "approved_after_end", Q(approved_on__gt=F("ends_on"))),
        ("PrgBdg", "negative_amount", Q(budget__lt=0)),
        (
            "PrgBdg",
            "parts_exceed_budget",
            Q(budget__lt=(F("direct_cost") + F("support_cost")) * (1 - SOURCE_TOLERANCE)),
        ),
        ("OrgTypeId", "unknown_partner_kind", ~Q(partner_kind__in=PartnerKind.values) | Q(partner_kind=None)),
    )
    for column, code, condition in checks:
        for key, project in projects.filter(condition).values_list("key", "code"):
            if line := lines.get(key):
                yield _doubt("projects", line, column, code, project=project)


def _about_results(funds: set[str], lines: dict[str, int]) -> Iterator[Problem]:
    results = HistoryResult.objects.filter(fund__in=funds)
    for stage in ("planned", "actual"):
        parts = F(f"{stage}_men") + F(f"{stage}_women") + F(f"{stage}_boys") + F(f"{stage}_girls")
        for key, project in results.exclude(**{f"{stage}_total": parts}).values_list("key", "project_code"):
            if line := lines.get(key):
                yield _doubt("results", line, f"{stage.title()}Total", "total_differs", project=project)
    known = HistoryProject.objects.filter(fund__in=funds).values("code")
    for key, project in results.exclude(project_code__in=known).values_list("key", "project_code"):
        if line := lines.get(key):
            yield _doubt("results", line, "ChfProjectCode", "no_such_project", project=project)


def _first_lines(rows: QuerySet[HistoryLocation], lines: dict[str, int]) -> dict[tuple[str, str], int]:
    first: dict[tuple[str, str], int] = {}
    for key, fund, project in rows.values_list("key", "fund", "project_code"):
        if line := lines.get(key):
            first[fund, project] = min(line, first.get((fund, project), line))
    return first


def _about_locations(funds: set[str], lines: Lines) -> Iterator[Problem]:
    rows = HistoryLocation.objects.filter(fund__in=funds)
    first = _first_lines(rows, lines.get("locations", {}))
    budgets = {
        (f, c): (k, b)
        for k, f, c, b in HistoryProject.objects.filter(fund__in=funds).values_list("key", "fund", "code", "budget")
    }
    located = {(f, c): total for f, c, total in rows.values_list("fund", "project_code").annotate(total=Sum("budget"))}
    for place, line in first.items():
        if place not in budgets:
            yield _doubt("locations", line, "PrjCode", "no_such_project", project=place[1])
    for place, (key, budget) in budgets.items():
        line = lines.get("projects", {}).get(key) or 0
        if place in located and abs(located[place] - budget) > max(abs(budget) * SOURCE_TOLERANCE, CENT):
            where = "locations" if place in first else "projects"
            spot = first.get(place, line)
            if spot:
                sums = {"located": f"{located[place].normalize():f}", "budget": f"{budget.normalize():f}"}
                yield _doubt(where, spot, "AdmLocClustBdg", "places_differ_from_budget", project=place[1], **sums)
        elif place not in located and line and "locations" in lines:
            yield _doubt("projects", line, "PrjCode", "no_places", project=place[1])
    yield from _about_clusters(rows, first)


def _about_clusters(rows: QuerySet[HistoryLocation], first: dict[tuple[str, str], int]) -> Iterator[Problem]:
    shares = rows.order_by().values_list("fund", "project_code", "clusters").distinct()
    for fund, project, clusters in shares:
        total = sum((Decimal(c["percent"] or 0) for c in clusters), Decimal(0))
        if (fund, project) in first and abs(total - 100) > 1:
            line = first[fund, project]
            yield _doubt("locations", line, "ClstPrct", "percents_differ", project=project, total=str(total))
