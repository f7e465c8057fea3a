"""The passport of due diligence: given once, judged item by item, reminded of in time, read by few."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from accounts.roles import Role
from audit import fsck
from charter.defaults import default_rules
from kernel.permissions import Refused
from kernel.work import work_for
from notices.models import Notice
from organisations import rules, selectors, services
from organisations.models import Organisation, PassportAnswer, PassportItem
from organisations.states import CheckItem, Declaration
from tests.factories import accounts, charter, files, grants
from tests.factories import organisations as made

pytestmark = pytest.mark.django_db
REQUIRED = {"board", "representative", "safeguarding", "references"}
SECRET = "سناء المثال — Sana Example — 01234567890"


@pytest.fixture(scope="module", autouse=True)
def adopted(standing: None) -> None:
    """A charter with the default items, for all tests of this module."""
    charter.ratified_charter(default_rules())


def at(name: str, organisation: Organisation, *more: Any) -> str:
    return reverse(f"organisations:{name}", args=[organisation.pk, *more])


def officer() -> User:
    return made.colleague(Role.PROGRAMME_OFFICER)


def test_the_check_waits_for_every_required_item() -> None:
    organisation = made.registered_organisation()
    made.proof(organisation)
    made.proof(organisation, "statutes")
    signatory = made.signatory_of(organisation)
    with translation.override("en"):
        missing = [str(one) for one in rules.missing_for_due_diligence(organisation)]
        assert len([one for one in missing if "In the passport is missing" in one]) == len(REQUIRED)
        assert not any("policies" in one for one in missing)
    for key in REQUIRED - {"references"}:
        made.given_item(organisation, key)
    services.waive_item(organisation, "references", actor=officer(), reason="منظمة جديدة")
    organisation = services.submit_due_diligence(organisation, declarations=list(Declaration.values), actor=signatory)
    with translation.override("en"), pytest.raises(Refused, match="neither accepted nor waived") as refused:
        services.clear_due_diligence(organisation, checked=list(CheckItem.values), actor=officer())
    assert "Board and who controls" in str(refused.value)
    # What the fund returns may be given anew while the check goes on; the rest stands still.
    board = PassportItem.objects.get(organisation=organisation, key="board")
    with pytest.raises(Refused):
        made.given_item(organisation, "board")
    assert board.current is not None
    services.return_item(board, answer=board.current, actor=officer(), reason="رقم الهوية ناقص")
    made.given_item(organisation, "board")
    for item in organisation.passport_items.filter(state="submitted").select_related("organisation", "current"):
        made.accepted_item(item)
    services.clear_due_diligence(organisation, checked=list(CheckItem.values), actor=officer())
    assert PassportAnswer.objects.filter(item=board).count() == 2
    assert list(fsck.findings()) == []


def test_what_names_people_is_sealed_and_never_in_the_record() -> None:
    organisation = made.registered_organisation()
    item = made.given_item(organisation, "board", text=SECRET)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM organisations_passportanswer a")
        assert not any(SECRET in row[0] or SECRET.encode().hex() in row[0] for row in cursor.fetchall())
        cursor.execute("SELECT 1 FROM audit_opening WHERE position(%s::bytea IN record) > 0", [b"01234567890"])
        assert cursor.fetchall() == []
    assert item.current is not None
    assert PassportAnswer.objects.get(pk=item.current.pk).text == SECRET


def test_exactly_what_was_read_is_judged() -> None:
    organisation = made.registered_organisation()
    item = made.given_item(organisation, "board")
    old = item.current
    assert old is not None
    newer = made.given_item(organisation, "board")
    for act in (services.accept_item, services.return_item):
        with pytest.raises(Refused):
            act(newer, answer=old, actor=officer(), reason="قديم")
    with pytest.raises(Refused):
        services.judge_item(organisation, "board", decision="accept", reason="", answer=old.pk, actor=accounts.user())
    with pytest.raises(Refused):
        services.judge_item(organisation, "board", decision="accept", reason="", answer=None, actor=officer())
    waived = services.judge_item(
        organisation, "references", decision="waive", reason="نعرفهم منذ سنوات", answer=None, actor=officer()
    )
    assert waived.state == "waived"
    assert newer.current is not None
    for reason in ("", "  "):
        with pytest.raises(Refused):
            services.return_item(newer, answer=newer.current, actor=officer(), reason=reason)
        with pytest.raises(Refused):
            services.waive_item(organisation, "references", actor=officer(), reason=reason)
    for key, fields in (
        ("board", {"text": ""}),
        ("representative", {"file": None}),
        ("policies", {"text": "", "file": None}),
    ):
        with pytest.raises(ValidationError):
            made.given_item(organisation, key, **fields)
    for key in ("host_confirmation", "nothing"):
        with pytest.raises(Refused):
            services.give_item(organisation, key, text="x", actor=made.signatory_of(organisation))


@pytest.mark.parametrize("who", ["signatory", "preparer", "stranger", *Role.values])
def test_who_gives_and_who_judges(who: str) -> None:
    organisation = made.registered_organisation()
    item = made.given_item(organisation, "board")
    people = {"signatory": made.signatory_of, "preparer": made.preparer_of}
    person = (
        people[who](organisation) if who in people else accounts.user() if who == "stranger" else made.colleague(who)
    )
    assert bool(rules.may_give_item(item, actor=person)) is (who in people)
    assert bool(rules.may_judge_item(item, actor=person)) is (who == Role.PROGRAMME_OFFICER)
    readers = {*people, Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR}
    assert bool(rules.may_see_passport(organisation, actor=person)) is (who in readers)
    url = at("passport_item", organisation, "board")
    status = accounts.browser_of(person).get(url).status_code
    seen = bool(selectors.visible_to(person).filter(pk=organisation.pk))
    assert status == (200 if who in readers else 403 if seen else 404)


def test_people_are_reminded_once_for_each_step_and_at_the_end() -> None:
    organisation = made.registered_organisation()
    item = made.given_item(organisation, "representative", valid_until=timezone.localdate() + timedelta(days=90))
    item = made.accepted_item(item)
    signatory = made.signatory_of(organisation)
    until = item.valid_until
    assert until == timezone.localdate() + timedelta(days=90)

    def told(days_before: int) -> list[str]:
        with time_machine.travel(timezone.now() + timedelta(days=90 - days_before)):
            for _twice in range(2):
                services.remind_of_ends()
        return list(Notice.objects.filter(user=signatory).order_by("created_at").values_list("kind", flat=True))

    soon, over = "organisations.passport_item_ends", "organisations.passport_item_ended"
    assert [len(told(days)) for days in (61, 60, 45, 30, 8, 7, 0)] == [0, 1, 1, 2, 2, 3, 3]
    assert told(-1) == [soon, soon, soon, over]
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        person = User.objects.get(pk=signatory.pk)
        assert any("representative" in work.url for work in work_for(person))
        assert not rules.in_date(PassportItem.objects.get(pk=item.pk))
    # The charter's months end an item that names no day of its own.
    board = made.accepted_item(made.given_item(organisation, "board"))
    assert board.valid_until is not None
    assert timedelta(days=360) < board.valid_until - timezone.localdate() < timedelta(days=370)
    given = made.given_item(organisation, "board")
    assert (given.state, given.valid_until) == ("submitted", None)


def test_pages_of_an_organisation_and_of_the_fund() -> None:
    organisation = made.registered_organisation()
    client = accounts.browser_of(made.signatory_of(organisation))
    page = client.get(at("passport", organisation)).content.decode()
    assert "Board and who controls the organisation" in page
    assert (
        "مجلس الإدارة"
        in accounts.browser_of(made.signatory_of(organisation), "ar").get(at("passport", organisation)).content.decode()
    )
    assert (
        "Desteya"
        in accounts.browser_of(made.signatory_of(organisation), "ku").get(at("passport", organisation)).content.decode()
    )
    give = at("give_passport_item", organisation, "board")
    assert client.post(give, {"text": ""}).status_code == 200
    assert client.post(give, {"text": "x" * 4001}).status_code == 200
    assert not PassportItem.objects.filter(organisation=organisation).exists()
    assert client.post(give, {"text": f"{SECRET}\u202e"}).status_code == 302
    answer = PassportAnswer.objects.get(organisation=organisation)
    assert answer.text == SECRET
    for language, name in (("en", "Board and who controls"), ("ar", "مجلس الإدارة"), ("ku", "Desteya")):
        recorded = accounts.browser_of(made.signatory_of(organisation), language).get(
            at("passport_item", organisation, "board")
        )
        assert [name in one.sentence for one in recorded.context["entries"]] == [True, True]
    judging = accounts.browser_of(officer())
    judge = at("judge_passport_item", organisation, "board")
    shown = judging.get(judge).content.decode()
    assert SECRET in shown
    assert str(answer.pk) in shown
    assert judging.post(judge, {"decision": "return", "reason": "", "answer": answer.pk}).status_code == 200
    assert judging.post(judge, {"decision": "accept", "answer": "no id"}).status_code == 200
    assert client.post(judge, {"decision": "accept", "answer": answer.pk}).status_code == 403
    assert judging.post(judge, {"decision": "return", "reason": "ناقص", "answer": answer.pk}).status_code == 302
    assert Notice.objects.filter(kind="organisations.passport_item_returned").exists()
    assert "ناقص" in client.get(at("passport_item", organisation, "board")).content.decode()
    assert client.post(give, {"text": "كامل"}).status_code == 302
    newer = PassportAnswer.objects.get(organisation=organisation, item__current__isnull=False, item__state="submitted",
                                       pk=PassportItem.objects.get(organisation=organisation).current_id)  # fmt: skip
    assert judging.post(judge, {"decision": "accept", "answer": answer.pk}).status_code == 200
    assert judging.post(judge, {"decision": "accept", "answer": newer.pk}).status_code == 302
    assert PassportItem.objects.get(organisation=organisation).state == "accepted"


def test_strangers_and_hostile_files_get_nowhere() -> None:
    mine, theirs = made.registered_organisation(), made.registered_organisation()
    client = accounts.browser_of(made.signatory_of(mine))
    answer = made.given_item(theirs, "representative").current
    own = made.given_item(mine, "representative").current
    assert answer is not None
    assert own is not None
    sent: Any = client.get(at("passport_document", mine, own.pk))
    assert (sent.status_code, sent.getvalue()[:5]) == (200, b"%PDF-")
    for name, *more in (
        ("passport",), ("passport_item", "board"), ("give_passport_item", "board"), ("passport_document", answer.pk),
    ):  # fmt: skip
        assert client.get(at(name, theirs, *more)).status_code == 404
    assert client.get(at("passport_document", mine, answer.pk)).status_code == 404
    assert client.post(at("give_passport_item", theirs, "board"), {"text": "x"}).status_code == 404
    assert client.get(at("passport_item", mine, "nothing")).status_code == 404
    assert client.get(at("judge_passport_item", mine, "board")).status_code == 403
    give = at("give_passport_item", mine, "representative")
    for name, content in (
        ("id.pdf", b"<svg><script>alert(1)</script></svg>"),
        ("id\u202efdp.exe", b"%PDF-1.4"),
        ("id.svg", b"<svg/>"),
        ("id.pdf", b"%PDF-1.4 /JavaScript (x) %%EOF"),
    ):
        upload = SimpleUploadedFile(name, content, content_type="application/pdf")
        assert client.post(give, {"file": upload}).status_code == 200
    ended = {"file": files.pdf(), "valid_until": (timezone.localdate() - timedelta(days=1)).isoformat()}
    assert client.post(give, ended).status_code == 200
    assert PassportItem.objects.get(organisation=mine).current_id == own.pk


def test_a_second_application_asks_no_field_of_the_organisation() -> None:
    organisation = made.eligible_organisation("L")
    signatory = made.signatory_of(organisation)
    profile = {"name_ar", "name_latin", "type", "registration_state", "registration_number", "founded_year", "email",
               "phone", "about", "last_year_expenditure_minor", "women_led", "youth_led", "displaced_led",
               "disability_led", "fiscal_host", "number", "bank", "holder_ar", "holder_latin"}  # fmt: skip
    asked: set[str] = set()
    for _number in range(2):
        application = grants.draft_application(grants.open_call(), organisation)
        client = accounts.browser_of(signatory)
        detail = reverse("grants:application_detail", args=[application.pk])
        parts = re.findall(rf'href="(/[^"]*{application.pk}/edit/[^"]+)"', client.get(detail).content.decode())
        assert parts
        for url in parts:
            asked |= set(re.findall(r'name="([^"]+)"', client.get(url).content.decode()))
    assert len(asked) > 5
    assert asked & (profile | set(rules.asked_of(organisation))) == set()
    assert rules.missing_for_due_diligence(organisation) == []
