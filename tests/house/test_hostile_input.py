"""What nobody types by accident: broken keys, null bytes, numbers that are too large together, a button pressed twice."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from committees.services import minutes as minutes_service
from committees.services import panels as panel_services
from committees.services import votes
from committees.states import SeatOffice
from funds import services as funds
from funds.models import Contribution
from grants.models import Application
from grants.selectors import applications as applications_selectors
from kernel.csv_files import csv_file
from kernel.permissions import Refused
from tests.factories import accounts
from tests.factories import committees as panel
from tests.factories import grants as make
from tests.factories.accounts import sign_in
from tests.factories.funds import keepers, recorded_contribution

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund")]


def visitor(person: Any, **fields: Any) -> Client:
    client = Client()
    sign_in(client, person, **fields)
    return client


@pytest.mark.parametrize("organisation", ["1", "'; --", "00000000-0000-4000-8000-000000000000", "\x00"])
def test_an_application_is_begun_for_an_organisation_that_exists(organisation: str) -> None:
    application = make.draft_application()
    client = visitor(make.signatory(application.organisation))
    address = reverse("grants:application_start", args=[application.call_id])
    assert client.post(address, {"organisation": organisation}).status_code == 404


@pytest.mark.parametrize("words", ["\x00", "a\x00b", "%", "' OR 1=1", "\u202e"])
def test_lists_are_searched_for_anything(words: str) -> None:
    administrator = visitor(accounts.administrator())
    assert administrator.get(reverse("accounts:person_list"), {"q": words}).status_code == 200
    officer = visitor(make.programme_officer())
    for name, field in (
        ("grants:pipeline", "text"),
        ("disbursements:grant_list", "text"),
        ("organisations:list", "words"),
    ):
        found = officer.get(
            reverse(name), {field: words, "page": words, "state": words, "call": words, "governorate": words}
        )
        assert found.status_code == 200, name


def test_a_line_whose_numbers_are_too_large_together_is_kept_as_typed_and_not_counted() -> None:
    application = make.draft_application()
    client = visitor(make.signatory(application.organisation))
    line = {
        "category": "B", "description": "مضخة", "unit": "قطعة", "quantity": "1000000", "unit_cost_minor": "999,999,999",
        "months": "1000", "percent_charged": "100", "purpose": "", "remark": "",
    }  # fmt: skip
    sent = {f"q-0-{name}": value for name, value in line.items()}
    answer = client.post(
        reverse("grants:application_part", args=[application.pk, "budget"]), {**sent, "version": "0", "tab": "t\x00"}
    )
    assert answer.status_code == 200
    assert "999,999,999" in answer.content.decode()
    assert Application.objects.get(pk=application.pk).requested_minor == 0


def test_a_rejected_record_does_not_keep_the_right_one_out() -> None:
    first, second = keepers()
    wrong = recorded_contribution(9_999, bank_reference="TRX-77")
    funds.reject_contribution(wrong, actor=second, reason="المبلغ غير صحيح")
    right = funds.record_contribution(
        wrong.donor, amount_minor=99_99, received_on=wrong.received_on, bank_reference="TRX-77", actor=first
    )
    assert Contribution.objects.get(pk=right.pk).state == "recorded"
    with pytest.raises(funds.RecordedTwice):
        funds.record_contribution(
            wrong.donor, amount_minor=99_99, received_on=wrong.received_on, bank_reference="TRX-77", actor=first
        )


def test_a_decision_and_a_signature_sent_twice_are_refused_in_words() -> None:
    case = panel.deliberating(number=1)
    meeting = panel.open_meeting(case)
    item = panel.decided(meeting, case.applications[0], "approve")
    chair = panel.presiding(item)
    with pytest.raises(Refused):
        votes.record_decision(item, panel.reasons(), actor=chair)
    from committees.services import meetings

    closed = meetings.close_meeting(meeting, actor=chair)
    seat = case.panel.committee.seats.get(office=SeatOffice.CHAIR)
    for _time in range(2):
        if _time == 0:
            minutes_service.sign(closed, seat, sha256=closed.minutes_sha256, actor=seat.user)
            continue
        with pytest.raises(Refused):
            minutes_service.sign(closed, seat, sha256=closed.minutes_sha256, actor=seat.user)


def test_a_call_is_handed_over_once() -> None:
    case = panel.opened()
    with pytest.raises(Refused):
        panel_services.open_panel(case.panel.call, case.panel.committee, actor=panel.officer())


@pytest.mark.parametrize("text", ["=1+1", "  =1+1", "＝1+1", "@SUM(A1)", "\t=1", "+49", "-2"])
def test_no_cell_of_a_list_is_a_formula(text: str) -> None:
    answer = csv_file("list.csv", ["x"], [[text]])
    (_head, (cell,)) = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert cell == f"'{text}"
    assert answer["Cache-Control"] == "private, no-store"


def test_the_ranking_and_the_pipeline_are_written_by_the_same_hand() -> None:
    case = panel.deliberating(number=1)
    organisation = case.applications[0].organisation
    type(organisation).objects.filter(pk=organisation.pk).update(name_ar="  =cmd|' /C calc'!A0")
    officer = visitor(accounts.officer(Role.PROGRAMME_OFFICER))
    pages = [reverse("committees:panel_ranking", args=[case.panel.pk]), reverse("grants:pipeline")]
    for page in pages:
        text = officer.get(page, {"format": "csv"}).getvalue().decode()
        assert "'  =cmd" in text, page
    assert applications_selectors.visible_to(accounts.user()).count() == 0
