"""Every amount of a changed budget opens: into what moved, earlier changes, the lines that were approved; for its readers only."""

import pytest
from django.test import Client
from django.urls import reverse

from grants.models import Grant, Report, ReportLine, Revision
from grants.selectors.budgets import approved_budget
from tests.costs import queries_of
from tests.disbursements.test_payment_figures import readers, signed_in
from tests.disbursements.test_revisions import approved, asked, reviewed
from tests.factories import accounts, awards
from tests.factories.extensions import asked_for_money, more_money
from tests.figures import opened, read

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant_of_tier_m")]


def page(revision: Revision) -> str:
    return reverse("disbursements:revision_detail", args=[revision.pk])


def figure(revision: Revision, name: str, category: str, *, number: int = 1) -> str:
    return reverse("disbursements:revision_figure", args=[revision.pk, number, name, category])


def test_a_change_opens_into_the_change_before_it_and_the_first_into_the_approved_lines() -> None:
    grant = awards.active_grant(tier="M")
    first = approved(reviewed(asked(grant, 10)))
    second = asked(grant, 8)
    by_name = readers(grant)
    for name in ("officer", "partner"):
        for revision in (first, second):
            assert opened(by_name[name], page(revision)) >= 3 * 3 + 2, name
    moved = next(one for one in second.amounts.all() if one.before_minor != one.after_minor)
    category = moved.category
    [earlier] = by_name["partner"].get(figure(second, "before", category)).context["page"]
    assert (earlier.money.minor, earlier.url) == (moved.before_minor, figure(first, "after", category))
    lines = [one.description for one in grant.application.budget_lines.filter(category=category)]
    told = {name: by_name[name].get(figure(first, "before", category)) for name in ("officer", "partner")}
    assert lines
    assert {name: [one.label for one in told[name].context["page"]] for name in told} == {
        "officer": lines,
        "partner": lines,
    }
    # The indirect cost is a share of all other costs: no line of the budget says it.
    auditor = signed_in(accounts.officer("auditor"))
    [shown] = auditor.get(figure(first, "before", ReportLine.INDIRECT)).context["page"]
    assert shown.money.minor == first.amounts.get(category=ReportLine.INDIRECT).before_minor
    addresses = {one.address for one in read(by_name["partner"], page(second)).figures}
    assert {by_name["stranger"].get(one).status_code for one in addresses} == {404}
    assert signed_out(addresses) == {302}
    for nothing in (
        figure(second, "moved", "all"),
        figure(second, "abc", "all"),
        figure(second, "before", "Z"),
        figure(second, "before", "all", number=2),
    ):
        assert by_name["officer"].get(nothing).status_code == 404, nothing


def test_a_report_opens_the_budget_that_counted_for_it() -> None:
    grant = awards.active_grant(tier="M")
    by_name = readers(grant)
    agreement = reverse("disbursements:agreement", args=[grant.pk])
    for name in ("officer", "partner"):
        assert opened(by_name[name], agreement) == 1 + len(approved_budget(grant)), name
    change = approved(reviewed(asked(grant, 10)))
    moved = next(one for one in change.amounts.all() if one.before_minor != one.after_minor)
    report = grant.reports.order_by("number")[0]
    [shown] = by_name["partner"].get(budget_of(report, moved.category)).context["page"]
    assert (shown.url, shown.money.minor) == (figure(change, "after", moved.category), moved.after_minor)
    category = moved.category
    for address in (budget_of(report, category), reverse("disbursements:budget_figure", args=[grant.pk, category])):
        assert by_name["stranger"].get(address).status_code == 404
    assert by_name["officer"].get(reverse("disbursements:budget_figure", args=[grant.pk, "Z"])).status_code == 404


def budget_of(report: Report, category: str) -> str:
    """Where a category of a report's budget opens."""
    return reverse("disbursements:report_figure", args=[report.pk, "budget", category])


def signed_out(addresses: set[str]) -> set[int]:
    """How somebody who is nobody to the fund is answered."""
    return {Client().get(one).status_code for one in addresses}


def test_a_changed_budget_asks_as_much_for_many_lines_as_for_few() -> None:
    grant = awards.active_grant(tier="M")
    first = approved(reviewed(asked(grant, 10)))
    officer = signed_in(awards.finance_officers()[0])
    costs = {
        queries_of(lambda address=address: officer.get(address))
        for address in {
            figure(first, "before", one.category) for one in first.amounts.all() if one.category != ReportLine.INDIRECT
        }
    }
    assert len(costs) == 1


def test_what_an_extension_adds_opens_into_categories_and_the_budget_that_was_signed() -> None:
    grant = awards.active_grant(tier="M")
    added = more_money(grant, {"A": 1_000_00})
    again = asked_for_money(Grant.objects.get(pk=grant.pk), {"A": 500_00})
    by_name = readers(grant)
    for name in ("officer", "partner"):
        for revision in (added, again):
            assert opened(by_name[name], page(revision)) >= 2 + 3 * 3 + 2, name
    moved = by_name["partner"].get(figure(added, "moved", "all")).context["page"]
    assert sum(one.money.minor for one in moved) == added.added_minor
    [earlier] = by_name["partner"].get(figure(again, "before", "A")).context["page"]
    assert earlier.url == figure(added, "after", "A")
    assert by_name["stranger"].get(figure(added, "moved", "all")).status_code == 404
