"""The same import through the back office: upload, rehearsal by the worker, confirmation, result."""

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from accounts.roles import Role
from audit import outbox
from audit.models import RecordedEvent
from kernel.permissions import Refused
from kernel.work import work_for
from tests.factories import accounts as people
from tests.factories import transparency as make
from transparency.exports import harmless
from transparency.models import DashboardChart, HistoryImport, HistoryProject
from transparency.services import runs

pytestmark = pytest.mark.django_db
NEW, LIST = reverse("transparency:history_import_new"), reverse("transparency:history_import_list")


@pytest.fixture
def officer(client: Client) -> User:
    person = people.officer(Role.PROGRAMME_OFFICER)
    people.sign_in(client, person, second_factor=True)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return person


def upload(client: Client, *files: tuple[str, bytes], **fields: str) -> Any:
    data = {"uploads": [SimpleUploadedFile(name, content) for name, content in files], **fields}
    return client.post(NEW, data)


def address(run: HistoryImport, action: str = "detail") -> str:
    return reverse(f"transparency:history_import_{action}", args=[run.pk])


def every_file() -> list[tuple[str, bytes]]:
    return list(make.whole_fund().files.items())


def test_from_upload_to_public_figures(client: Client, officer: User) -> None:
    response = upload(client, *every_file(), ("history.csv", b"x"))
    run = HistoryImport.objects.get()
    assert response["Location"] == address(run)
    assert (run.stage, run.started_by, run.not_read) == ("checking", officer, {"history.csv": "derived"})
    assert 'http-equiv="refresh"' in client.get(address(run)).content.decode()

    outbox.drain()
    run.refresh_from_db()
    assert run.stage == "checked"
    assert not HistoryProject.objects.exists()
    page = client.get(address(run)).content.decode()
    assert "Go on to the import" in page
    assert "XXX-20/1" in page, "the first rows are shown"
    assert [item.url for item in work_for(officer)] == [address(run)]

    assert "New rows: 5." in client.get(address(run, "confirm")).content.decode()
    client.post(address(run, "confirm"))
    outbox.drain()
    run.refresh_from_db()
    assert (run.stage, run.progress, run.confirmed_by) == ("finished", 100, officer)
    assert HistoryProject.objects.count() == 1
    assert DashboardChart.objects.exists()
    assert list(RecordedEvent.objects.filter(subject_id=run.pk).order_by("leaf_id").values_list("type", "actor")) == [
        ("transparency.history.confirmed", officer.pk),
        ("transparency.history.imported", officer.pk),
    ]
    assert not work_for(officer)
    assert client.get(LIST).status_code == 200
    with pytest.raises(Refused):
        runs.confirm(run, actor=officer)


def test_bad_rows_cannot_be_confirmed_unless_they_are_to_be_left_out(client: Client, officer: User) -> None:
    rows = make.as_csv([make.project("A", PrgBdg="=1+1"), make.project("B")])
    upload(client, ("projects.csv", rows))
    outbox.drain()
    run = HistoryImport.objects.get()

    page = client.get(address(run)).content.decode()
    assert "The files have bad rows." in page
    assert "“=1+1” is not an amount" in page
    assert client.post(address(run, "confirm")).status_code == 403
    problems = list(csv.reader(io.StringIO(client.get(address(run, "problems")).content.decode("utf-8-sig"))))
    assert problems[1][:4] == ["projects.csv", "2", "PrgBdg", "yes"]

    upload(client, ("projects.csv", rows), skip_bad_rows="on")
    outbox.drain()
    again = HistoryImport.objects.first()
    assert again is not None
    client.post(address(again, "confirm"))
    outbox.drain()
    assert list(HistoryProject.objects.values_list("code", flat=True)) == ["B"]
    again.refresh_from_db()
    assert again.problems.filter(grave=True).count() == 1


def test_hostile_uploads_are_refused_beside_the_field(client: Client, officer: User, monkeypatch: Any) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("projects.csv", "a")
    cases = {
        "The submitted file is empty": [("projects.csv", b"")],
        "none of the known files is there": [("evil.exe", b"MZ")],
        "stands twice": [("projects.csv", b"a"), ("all.zip", packed.getvalue())],
        "Choose at most 10 files": [(f"{n}.csv", b"a") for n in range(11)],
    }
    for words, files in cases.items():
        response = upload(client, *files)
        assert response.status_code == 200
        assert words in response.content.decode()
    assert "This field is required" in client.post(NEW, {}).content.decode()
    monkeypatch.setattr("transparency.forms.MAX_UPLOAD_BYTES", 2)
    assert "larger than" in upload(client, ("projects.csv", b"abc")).content.decode()
    assert not HistoryImport.objects.exists()


def test_unreadable_files_are_checked_without_breaking(client: Client, officer: User) -> None:
    rows = make.as_csv([make.project("A")])
    for content in (
        b"\xff\xfe\x00\xd8",
        b"\x00" * 2000,
        b"a,b\r\n" + b"," * 100_000,
        rows.replace(b"Lantern", b"\xe9"),
    ):
        upload(client, ("projects.csv", content))
    outbox.drain()

    assert HistoryImport.objects.count() == 4
    assert all(run.stage == "checked" and run.totals["bad"] for run in HistoryImport.objects.all())
    for run in HistoryImport.objects.all():
        assert client.get(address(run)).status_code == 200


def test_others_neither_see_nor_import(client: Client) -> None:
    run = runs.start_from_folder(skip_bad_rows=False)
    urls = [NEW, LIST, address(run), address(run, "confirm"), address(run, "problems")]
    assert {client.get(url).status_code for url in urls} == {302}

    people.sign_in(client, people.officer(Role.FINANCE_OFFICER))
    assert {client.get(url).status_code for url in urls} <= {403, 404}
    with override("en"), pytest.raises(Refused, match="programme officers"):
        runs.start_from_uploads([], actor=people.user(), skip_bad_rows=False)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("\u200b=1", "'\u200b=1"),
        ("＝1", "'＝1"),
        ("Aleppo", "Aleppo"),
        (-5, -5),
        (None, None),
    ],
)
def test_formulas_are_defused(value: object, written: object) -> None:
    assert harmless(value) == written


# What breaks ----------------------------------------------------------------------------------------------------------


def test_an_import_that_breaks_says_so_and_can_be_begun_again(
    client: Client, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: Any, **__: Any) -> None:
        raise MemoryError("no more room")

    upload(client, *every_file())
    run = HistoryImport.objects.get()
    for stage in ("checking", "running"):
        with monkeypatch.context() as broken:
            broken.setattr("transparency.services.importing._take_files", break_down)
            outbox.drain()
        run.refresh_from_db()
        assert run.stage == "broken"
        page = client.get(address(run)).content.decode()
        assert "Something unexpected happened while the files were read." in page
        assert "http-equiv" not in page
        assert [item.url for item in work_for(officer)] == [address(run)]
        assert not HistoryProject.objects.exists()
        assert client.post(address(run, "repeat")).status_code == 302
        run.refresh_from_db()
        assert run.stage == stage
        assert client.post(address(run, "repeat")).status_code == 403, "it is under way"
        if stage == "checking":
            outbox.drain()
            client.post(address(run, "confirm"))
    outbox.drain()
    run.refresh_from_db()
    assert (run.stage, run.breakdown) == ("finished", "")
    assert HistoryProject.objects.count() == 1


def test_a_run_without_a_sign_of_life_is_broken_and_one_that_nobody_took_waits(client: Client, officer: User) -> None:
    upload(client, *every_file())
    run = HistoryImport.objects.get()
    assert (run.stage, run.is_waiting) == ("checking", False)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert (run.stage, run.is_waiting) == ("checking", True)
        assert "It waits for its turn." in client.get(address(run)).content.decode()
    HistoryImport.objects.update(alive_at=timezone.now(), begun=1)
    run.refresh_from_db()
    assert run.stage == "checking"
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert run.stage == "broken"
        assert "was stopped in the middle" in client.get(address(run)).content.decode()
        outbox.drain()
        run.refresh_from_db()
        assert run.checked_at is None, "what was taken for dead is not begun behind the person's back"


def test_what_kills_every_worker_is_given_up(client: Client, officer: User) -> None:
    upload(client, *every_file())
    HistoryImport.objects.update(alive_at=timezone.now(), begun=runs.MOST_BEGINNINGS)
    outbox.drain()
    run = HistoryImport.objects.get()
    assert (run.stage, run.breakdown) == ("broken", "died")
