"""Budgets as workbooks: out, in after a dry run, every finding at its row, nothing half-done."""

import io
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from grants.models import Application, SectionSave
from grants.selectors import parts
from grants.services import budget_files
from grants.services.budget_files import UnreadableBudgetError
from kernel.spreadsheets import workbook_bytes
from tests.factories import grants as make
from tests.grants.test_pages import as_person, text, url

pytestmark = pytest.mark.django_db
HEADER = ["Category", "What", "Unit (month, piece, day, trip)", "الكمية", "unit_cost_minor", "Months or times", "% charged to the fund", "Special purpose"]  # fmt: skip
GOOD = ["A. Staff and other personnel", "=HYPERLINK(“منسّقة”)", "month", 1, 1250.5, "٦", 100, ""]
CARE = ["d", "Training", "day", "2", "١٬٠٠٠٫٢٥", 3, 50, "Safeguarding, monitoring and learning"]


@pytest.fixture(scope="module")
def standing_application(standing: None) -> Application:
    return make.complete_application()


def book(*rows: list[Any], header: list[str] = HEADER) -> bytes:
    return workbook_bytes([("Budget", header, rows)])


def test_lines_go_out_and_come_back_the_same(standing_application: Application) -> None:
    application = Application.objects.get(pk=standing_application.pk)
    lines = budget_files.read_budget(application, book(GOOD, [], CARE))
    assert [line["unit_cost_minor"] for line in lines] == ["1250.5", "١٬٠٠٠٫٢٥"]
    before = parts.last_save(application, parts.BUDGET)
    assert before is not None
    writer = make.preparer(application.organisation)
    _save, reading = budget_files.take_budget(application, lines, version=before.version, actor=writer)
    first, second = reading.lines
    assert (first.category, first.unit_cost_minor, first.months, first.description) == ("A", 125_050, 6, GOOD[1])
    assert (second.category, second.purpose, second.unit_cost_minor) == ("D", "safeguarding_and_learning", 100_025)
    stored = [*application.budget_lines.order_by("order").values(*budget_files.COLUMNS)]
    given = budget_files.budget_workbook(application)
    cell = load_workbook(io.BytesIO(given)).worksheets[0]["B2"]
    assert (cell.value, cell.data_type) == (GOOD[1], "s")
    again = budget_files.read_budget(application, given)
    budget_files.take_budget(application, again, version=99, actor=writer)
    assert [*application.budget_lines.order_by("order").values(*budget_files.COLUMNS)] == stored


def test_every_finding_stands_at_its_row_and_nothing_is_taken(standing_application: Application) -> None:
    application = Application.objects.get(pk=standing_application.pk)
    saves = SectionSave.objects.filter(application=application).count()
    broken = ["X", "", "day", "0", "1e3", "2", "101", "Bribes"]
    huge = ["A", "Gold", "t", "1000000", "100000000", "12", "100", ""]
    with pytest.raises(UnreadableBudgetError) as refused:
        budget_files.read_budget(application, book(GOOD, [], broken, huge))
    found = {(one.row, one.column) for one in refused.value.findings}
    columns = ("Category", "What", "Quantity", "Unit cost", "% charged to the fund", "Special purpose")
    assert found >= {(4, name) for name in columns}
    assert {row for row, _column in found} == {4, 5}
    for data, column in (
        (book(GOOD, header=[*HEADER[:-1], "Colour"]), "Colour"),
        (book(GOOD[1:], header=HEADER[1:]), "Category"),
        (book(GOOD, header=[*HEADER[:-1], "What"]), "What"),
        (book(), ""),
        (b"no workbook", ""),
    ):
        with pytest.raises(UnreadableBudgetError) as refused:
            budget_files.read_budget(application, data)
        assert column in {one.column for one in refused.value.findings}
        assert all(str(one.text) for one in refused.value.findings)
    assert SectionSave.objects.filter(application=application).count() == saves


def test_a_budget_is_looked_at_before_it_is_taken(client: Client, standing_application: Application) -> None:
    application = Application.objects.get(pk=standing_application.pk)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    as_person(client, make.preparer(application.organisation))

    def send(data: bytes) -> Any:
        return client.post(
            url("application_budget_upload", application.pk), {"file": SimpleUploadedFile("b.xlsx", data)}
        )

    assert client.get(url("application_budget_file", application.pk)).status_code == 200
    bad = send(book(GOOD, [*GOOD[:4], "many", *GOOD[5:]]))
    assert bad.status_code == 422
    assert "Nothing was changed" in text(bad)
    assert client.post(url("application_budget_use", application.pk)).status_code == 302
    assert application.budget_lines.first().description != GOOD[1]  # type: ignore[union-attr]
    shown = text(send(book(GOOD, CARE)))
    assert "=HYPERLINK" in shown
    assert "1,250.50" in shown
    assert client.post(url("application_budget_use", application.pk)).status_code == 302
    assert [line.description for line in application.budget_lines.order_by("order")] == [GOOD[1], CARE[1]]
    as_person(client, make.preparer(make.complete_application(application.call).organisation))
    for name in ("application_budget_file", "application_budget_upload"):
        assert client.get(url(name, application.pk)).status_code == 404
