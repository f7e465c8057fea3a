"""The board's extract of minutes: decisions and numbers, no names of votes, no discussion, and how far it is signed."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from committees.models import Meeting
from committees.selectors import extracts
from committees.services import meetings, minutes
from committees.states import MeetingState
from tests.factories import accounts
from tests.factories import committees as make
from tests.factories.accounts import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.database("deliberating")]
WHY = "خطر على العاملين لا حلّ له الآن."


def closed() -> tuple[make.Case, Meeting]:
    """A meeting with one rejection, closed; nobody signed."""
    case = make.deliberating(number=1)
    meeting = make.open_meeting(case)
    make.decided(meeting, case.applications[0], "reject", deviation=WHY)
    return case, meetings.close_meeting(meeting, actor=case.chair)


def test_the_board_reads_decisions_and_numbers_and_whether_they_are_signed() -> None:
    case, meeting = closed()
    board = accounts.officer(Role.BOARD_MEMBER)
    data = extracts.extract_data(board, meeting, language="ar")
    said = json.dumps(data, ensure_ascii=False)
    (item,) = data["items"]
    assert item["reference"] == case.applications[0].reference
    assert item["votes"]
    assert item["checks"]
    assert item["deviation"] == WHY
    assert "0 من 2" in said
    for hidden in (*(one.user.full_name for one in case.seats), "ناقشت اللجنة الخطة والموازنة.", "خطة التعلّم قصيرة."):
        assert hidden not in said
    for seat in case.seats[:2]:
        minutes.sign(meeting, seat, sha256=meeting.minutes_sha256, actor=seat.user)
    signed = Meeting.objects.get(pk=meeting.pk)
    assert signed.state == MeetingState.SIGNED
    facts = dict(extracts.extract_data(board, signed, language="en")["facts"])
    assert facts["State of the minutes"].startswith("Chair")
    assert facts["Fingerprint of the minutes"] == meeting.minutes_sha256
    assert extracts.lines([signed])[0].signatures == 2


def test_board_and_auditors_open_it_and_nobody_else() -> None:
    case, meeting = closed()
    listed, paper = reverse("committees:extract_list"), reverse("committees:meeting_extract", args=[meeting.pk])
    people = {
        "board": accounts.officer(Role.BOARD_MEMBER),
        "auditor": accounts.officer(Role.AUDITOR),
        "officer": make.officer(),
        "finance": accounts.officer(Role.FINANCE_OFFICER),
        "member": case.seats[2].user,
        "stranger": accounts.user(),
    }
    answers = {}
    for name, person in people.items():
        client = Client()
        sign_in(client, User.objects.get(pk=person.pk), second_factor=True)
        got = client.get(paper)
        answers[name] = (client.get(listed).status_code, got.status_code)
        if got.status_code == 200:
            assert got.content.startswith(b"%PDF")
            assert got["Cache-Control"] == "private, no-store"
            assert paper in client.get(listed).content.decode()
    assert {name: answers[name] for name in ("board", "auditor", "officer")} == dict.fromkeys(
        ("board", "auditor", "officer"), (200, 200)
    )
    assert all(200 not in answers[name] for name in ("finance", "member", "stranger")), answers
