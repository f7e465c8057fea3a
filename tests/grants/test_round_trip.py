"""A form from Excel into a call, filled, and back as Excel and on paper: nothing is lost on the way."""

import io
import unicodedata
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from grants import exports
from grants.models import Application
from grants.selectors.applications import with_call
from grants.services import applications
from grants.xlsforms.plan import FormPlan
from grants.xlsforms.reading import read_form
from grants.xlsforms.writing import write_form
from tests.factories import files
from tests.factories import grants as make
from tests.factories.forms import asked_for, filling, large_form
from tests.grants.test_attachments import FORM, save, sent
from tests.grants.test_pages import as_person, url
from tests.grants.test_xlsforms import without_rows

pytestmark = pytest.mark.django_db
SMALL = 59


def filled_in(plan: FormPlan, typed: dict[str, dict[str, Any]]) -> Application:
    """The plan's call with one application, as it was typed."""
    application = make.draft_application(asked_for(plan))
    writer = make.preparer(application.organisation)
    for key, fields in {**make.answers(application), **typed}.items():
        _save, reading = applications.save_part(application, key, fields, version=0, tab="t", actor=writer)
        assert not reading.errors
    return with_call(Application.objects.filter(pk=application.pk)).get()


def answers_in(workbook: bytes) -> dict[tuple[str, int], str]:
    """What a program reads in the workbook, by question and time of a repeat."""
    sheet = load_workbook(io.BytesIO(workbook), read_only=True).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    return {(str(row[1]), int(row[2] or 0)): str(row[5] or "") for row in rows}  # type: ignore[call-overload]


def words_of(pdf: bytes) -> str:
    return unicodedata.normalize("NFKC", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_questions_and_answers_come_back_as_they_went() -> None:
    plan = large_form(SMALL)
    again = read_form(write_form(plan, title="نموذج", reference="CFP-2026-000000"))
    assert without_rows(again) == without_rows(plan)
    typed, expected = filling(plan)
    application = filled_in(again, typed)
    assert answers_in(exports.filled_workbook(application)) == expected
    text = words_of(exports.filled_paper(application))
    assert [key for key, _number in expected if key not in text] == []
    assert [n for n in range(1, SMALL, 9) if f"Long {n}" not in text] == []
    cells = load_workbook(io.BytesIO(exports.filled_workbook(application))).worksheets[0]
    assert "f" not in {cell.data_type for row in cells.iter_rows() for cell in row}


def test_files_are_named_with_their_hash_and_strangers_get_nothing(client: Client) -> None:
    application = make.draft_application(asked_for(FORM))
    as_person(client, make.preparer(application.organisation))
    stored = sent(client, application, files.PDF)
    save(application, plan=str(stored.pk))
    paper = client.get(url("application_paper", application.pk))
    assert stored.sha256 in words_of(paper.content).replace("\n", "").replace(" ", "")
    assert answers_in(client.get(url("application_workbook", application.pk)).content)["plan", 0] == stored.sha256
    as_person(client, make.preparer(make.draft_application(application.call).organisation))
    for name in ("application_paper", "application_workbook"):
        assert client.get(url(name, application.pk)).status_code == 404
