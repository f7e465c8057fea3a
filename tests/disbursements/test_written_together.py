"""Two colleagues and two tabs write one report: nothing of either is overwritten, with and without scripts."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from grants.models import Report, ReportSave
from kernel import identity
from tests.factories import accounts
from tests.factories import awards as made
from tests.factories.organisations import eligible_organisation, preparer_of, signatory_of

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant")]


def page(name: str, report: Report) -> str:
    return reverse(f"disbursements:{name}", args=[report.pk])


def opened(person: Any, report: Report) -> tuple[Client, dict[str, str]]:
    """A browser with the page open, and what the page hides in its form."""
    client = Client()
    accounts.sign_in(client, person)
    client.cookies["django_language"] = "en"
    answer = client.get(page("report_edit", report))
    assert answer["Kept-For"]
    return client, dict(
        re.findall(r'<input type="hidden" name="(version|tab)" value="([^"]*)"', answer.content.decode())
    )


def keep(client: Client, report: Report, hidden: dict[str, str], **typed: Any) -> Any:
    """What the script sends by itself."""
    version = int(hidden["version"])
    fields = {
        name.replace("_spent", "-spent").replace("line_", "line-"): [value, version] for name, value in typed.items()
    }
    body = json.dumps({"tab": hidden["tab"], "since": version, "fields": fields})
    return client.post(page("report_save", report), body, content_type="application/json")


def report_of(grant: Any) -> Report:
    report = grant.reports.get(number=1)
    client = Client()
    accounts.sign_in(client, preparer_of(grant.organisation))
    client.post(page("report_open", report))
    return Report.objects.get(pk=report.pk)


def test_two_colleagues_write_one_report() -> None:
    grant = made.active_grant(tier="L")
    report = report_of(grant)
    first, of_first = opened(preparer_of(grant.organisation), report)
    second, of_second = opened(signatory_of(grant.organisation), report)
    assert keep(first, report, of_first, achieved="ماء الحي").json() == {"version": 1, "others": {}, "conflicts": []}
    heard = keep(second, report, of_second, line_A_spent="12.50", did_not_work="تأخير")
    by = preparer_of(grant.organisation).full_name
    assert heard.json() == {"version": 2, "others": {"achieved": {"value": "ماء الحي", "by": by}}, "conflicts": []}
    both = keep(second, report, of_second, achieved="نص آخر", participation="لجنة")
    assert (both.status_code, both.json()["conflicts"]) == (409, ["achieved"])
    report.refresh_from_db()
    assert (report.achieved, report.did_not_work, report.participation) == ("ماء الحي", "تأخير", "لجنة")
    assert report.spent_minor == 12_50
    # Without scripts: the page that was open all the time is sent whole, and only what its writer changed counts.
    whole = {f"q-{name}": "" for name in ("did_not_work", "participation", "people_reached")} | {"q-line-A-spent": "0"}
    answer = second.post(page("report_edit", report), {**of_second, **whole, "q-achieved": "نصّي أنا", "tab": "another"})
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "نصّي أنا" in body
    assert "ماء الحي" in body
    assert f"{by} saved this page while you were writing" in body
    report.refresh_from_db()
    assert (report.achieved, report.did_not_work, report.spent_minor) == ("ماء الحي", "تأخير", 12_50)
    again = dict(re.findall(r'<input type="hidden" name="(version|tab)" value="([^"]*)"', body))
    assert second.post(page("report_edit", report), {**again, "q-achieved": "النصان معاً"}).status_code == 302
    report.refresh_from_db()
    assert report.achieved == "النصان معاً"
    assert "ماء الحي" in {row.answers["achieved"] for row in ReportSave.objects.filter(report=report)}


def test_what_cannot_be_read_is_kept_as_it_was_typed_and_strangers_write_nothing() -> None:
    grant = made.active_grant(tier="L")
    report = report_of(grant)
    client, hidden = opened(preparer_of(grant.organisation), report)
    assert keep(client, report, hidden, line_A_spent="12,3,4", people_reached="١٢").status_code == 200
    report.refresh_from_db()
    assert (report.spent_minor, report.people_reached) == (0, 12)
    body = client.get(page("report_edit", report)).content.decode()
    assert 'value="12,3,4"' in body
    assert keep(client, report, hidden, achieved="ا" * 70_000).status_code == 403
    assert keep(client, report, hidden, state="accepted", saved_by="me").status_code == 200
    assert "state" not in ReportSave.objects.filter(report=report).latest("version").answers
    assert client.post(page("report_save", report), b"[]", content_type="application/json").status_code == 400
    assert client.get(page("report_save", report)).status_code == 405
    stranger = Client()
    accounts.sign_in(stranger, signatory_of(eligible_organisation()))
    assert keep(stranger, report, hidden, achieved="x").status_code == 404
    officer = Client()
    accounts.sign_in(officer, accounts.officer(Role.PROGRAMME_OFFICER))
    assert keep(officer, report, hidden, achieved="x").status_code == 403
    seen = {None: 0, preparer_of(grant.organisation).pk: 1, signatory_of(eligible_organisation()).pk: 0}
    for somebody, rows in seen.items():
        with identity.person(somebody):
            assert ReportSave.objects.count() == rows
