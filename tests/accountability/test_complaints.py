"""Complaints: anybody, without a name; who reads them and who never learns that they exist; clocks, codes, answers."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from accountability import selectors, services
from accountability.codes import code_of, fingerprint
from accountability.models import Complaint, Message, RevengeCheck
from accountability.states import Category, ComplaintState
from accounts.models import User
from accounts.roles import Role
from audit.models import RecordedEvent
from charter.calendar import add_months
from charter.selectors import working_deadline
from kernel import identity
from kernel.permissions import Refused
from kernel.work import work_for
from notices.models import Notice
from tests.factories import accounts

SECRET_WORDS = "طلب منّي المشرف مالاً كي أبقى في القائمة."
FORM, FOLLOW = "accountability:complain", "accountability:follow_up"


@given(st.uuids(), st.uuids())
def test_a_code_is_read_however_it_is_typed(one: UUID, other: UUID) -> None:
    code = code_of(one, "secret")
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}", code)
    for typed in (code.lower(), code.replace("-", " "), f" {code.replace('-', '')} ", code.replace("0", "O")):
        assert fingerprint(typed) == fingerprint(code)
    assert (code_of(other, "secret") == code) == (one == other)
    assert code_of(one, "another") != code
    assert fingerprint(code[:-1]) is fingerprint("") is fingerprint("U" * 20) is None


def received(category: str = "process", text: str = SECRET_WORDS, **words: str) -> tuple[str, Complaint]:
    return services.receive(once=uuid4(), category=category, text=text, language="ar", **words)


def browser(user: User | None = None) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    if user is not None:
        accounts.sign_in(client, user)
    return client


def sent(client: Client, **values: str) -> str:
    return client.post(
        reverse(FORM), {"category": "fraud", "text": SECRET_WORDS, "once": str(uuid4()), **values}
    ).content.decode()


def rows_read_by(person: User) -> tuple[int, int]:
    """Complaints and messages that plain SQL answers for the person."""
    with identity.person(person.pk), connection.cursor() as cursor:
        counts = []
        for table in ("accountability_complaint", "accountability_message"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts.append(int(cursor.fetchone()[0]))
    return counts[0], counts[1]


@pytest.mark.django_db
def test_anybody_complains_without_a_name_and_comes_back_with_the_code() -> None:
    officer = accounts.officer(Role.PROGRAMME_OFFICER)
    client = browser(accounts.user("Signed In Complainant"))  # signed in or not: nobody learns who it is
    once = str(uuid4())
    page = sent(client, category="process", once=once, contact="+963 900 000 000")
    code = re.search(r"([0-9A-Z]{5}-){3}[0-9A-Z]{5}", page)
    assert code is not None
    complaint = Complaint.objects.get()
    assert sent(client, category="process", once=once).count(code[0]) == 1  # a bad line sends it twice
    assert Complaint.objects.count() == 1
    assert not Message.objects.exists()
    assert RecordedEvent.objects.filter(subject_id=complaint.pk).values_list("actor", flat=True).get() is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM accountability_complaint c")
        stored = cursor.fetchone()[0]
    for secret in (SECRET_WORDS, "963 900", code[0], code[0].replace("-", ""), "Signed In"):
        assert secret not in stored
    stranger = browser()
    followed = stranger.post(reverse(FOLLOW), {"code": code[0].lower()})
    assert "no-store" in followed["Cache-Control"]
    assert SECRET_WORDS in followed.content.decode()
    more = stranger.post(reverse(FOLLOW), {"code": code[0], "text": "وكان معه رجل آخر."}).content.decode()
    assert "وكان معه رجل آخر." in more
    assert SECRET_WORDS not in stranger.post(reverse(FOLLOW), {"code": code_of(uuid4(), "guess")}).content.decode()
    assert SECRET_WORDS not in stranger.get(reverse(FOLLOW), {"code": code[0]}).content.decode()
    work, detail = browser(officer), reverse("accountability:complaint_detail", args=[complaint.pk])
    assert detail in [item.url for item in work_for(officer)]
    assert SECRET_WORDS not in work.get(reverse("accountability:complaint_list")).content.decode()
    assert SECRET_WORDS in work.get(detail).content.decode()
    work.post(reverse("accountability:complaint_sort", args=[complaint.pk]), {"category": "programme"})
    work.post(detail, {"text": "متى كان ذلك؟"})
    unsaid = work.post(reverse("accountability:complaint_answer", args=[complaint.pk]), {"outcome": "substantiated"})
    assert unsaid.status_code == 200
    answer = {"outcome": "substantiated", "answer": "صحيح. أُعيدت القائمة، واعتذرنا."}
    work.post(reverse("accountability:complaint_answer", args=[complaint.pk]), answer)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.category) == (ComplaintState.ANSWERED, Category.PROGRAMME)
    read = stranger.post(reverse(FOLLOW), {"code": code[0]}).content.decode()
    assert answer["answer"] in read
    assert "متى كان ذلك؟" in read
    assert officer.full_name not in read


@pytest.mark.django_db
def test_a_restricted_complaint_exists_for_case_handlers_alone() -> None:
    handler, other = (accounts.officer(Role.CASE_HANDLER) for _ in range(2))
    secretariat = [accounts.officer(role) for role in Role if role != Role.CASE_HANDLER]
    _code, grave = received("exploitation")
    services.write(grave, text="كلمة أخرى", actor=None)
    detail = reverse("accountability:complaint_detail", args=[grave.pk])
    told = set(Notice.objects.filter(kind="accountability.received").values_list("user", flat=True))
    assert told == {handler.pk, other.pk}
    for person in (*secretariat, accounts.user()):
        assert rows_read_by(person) == (0, 0)
        assert browser(person).get(detail).status_code in {403, 404}
        assert not [item for item in work_for(person) if item.url == detail]
        with pytest.raises(Refused):
            services.take_up(grave, category="feedback", actor=person)
    assert rows_read_by(handler) == (1, 1)
    # Within hours, not days; and an ordinary one that turns out to be grave is gone from the secretariat at once.
    assert grave.acknowledge_by - grave.received_at == timedelta(hours=24)
    _code, mild = received("feedback")
    officer = next(one for one in secretariat if rows_read_by(one) == (1, 0))
    moved = browser(officer).post(
        reverse("accountability:complaint_sort", args=[mild.pk]), {"category": "fraud"}, follow=True
    )
    assert moved.redirect_chain[-1][0] == reverse("accountability:complaint_list")
    assert rows_read_by(officer) == (0, 0)
    mild.refresh_from_db()
    assert mild.restricted
    back = services.move(mild, category="feedback", actor=handler)
    assert back.restricted  # what was restricted once stays so
    # A case handler whom it may be about learns of it no more; nobody shuts out themselves.
    exclude = reverse("accountability:complaint_exclude", args=[grave.pk])
    assert browser(handler).post(exclude, {"person": str(handler.pk)}).status_code == 200
    browser(handler).post(exclude, {"person": str(other.pk)})
    assert rows_read_by(other) == (1, 0)
    assert browser(other).get(detail).status_code == 404
    with pytest.raises(Refused):
        services.take_up(grave, category="exploitation", actor=other)
    assert rows_read_by(handler)[0] == 2


@pytest.fixture
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.usefixtures("_english")
@pytest.mark.django_db
def test_somebody_is_named_within_the_charters_days_and_lets_go_of_what_is_closed_to_them() -> None:
    officer, other = (accounts.officer(Role.PROGRAMME_OFFICER) for _ in range(2))
    handler = accounts.officer(Role.CASE_HANDLER)
    _code, complaint = received()
    assert complaint.assign_by == working_deadline(complaint.received_at, 3)
    work, sort = browser(officer), reverse("accountability:complaint_sort", args=[complaint.pk])
    assert "Only a case handler" in work.post(sort, {"category": "fraud", "handler": str(officer.pk)}).content.decode()
    work.post(sort, {"category": "process", "handler": ""})
    complaint.refresh_from_db()
    assert (complaint.state, complaint.handler, complaint.assigned_at) == ("in_inquiry", None, None)
    (item,) = work_for(officer)
    assert (str(item.title), item.due) == ("Say who looks into a complaint", complaint.assign_by)
    with time_machine.travel(complaint.assign_by + timedelta(days=1), tick=False):
        listed = browser(officer).get(reverse("accountability:complaint_list")).content.decode()
    assert "nobody looks into it yet" in listed
    assign = reverse("accountability:complaint_assign", args=[complaint.pk])
    assert work.post(assign, {"handler": str(accounts.user().pk)}).status_code == 200
    work.post(assign, {"handler": str(other.pk)})
    assert Notice.objects.get(kind="accountability.assigned").user == other
    complaint.refresh_from_db()
    first = complaint.assigned_at
    assert first is not None
    complaint = services.move(complaint, category="fraud", actor=other)
    assert (complaint.handler, complaint.assigned_at) == (None, first)
    with pytest.raises(Refused, match="may read it"):
        services.assign(complaint, handler=officer, actor=handler)
    assert services.assign(complaint, handler=handler, actor=handler).assigned_at == first
    _code, urgent = received("exploitation")
    assert urgent.assign_by == urgent.acknowledge_by


@pytest.mark.usefixtures("_english")
@pytest.mark.django_db
def test_the_fund_asks_about_revenge_after_the_charters_months() -> None:
    handler, other = (accounts.officer(Role.CASE_HANDLER) for _ in range(2))
    code, grave = received("fraud", contact="+963 900 000 000")
    detail, ask = (reverse(f"accountability:complaint_{name}", args=[grave.pk]) for name in ("detail", "ask"))
    grave = services.exclude(grave, person=other, actor=handler)
    grave = services.take_up(grave, category="fraud", handler=handler, actor=handler)
    with pytest.raises(Refused, match="Nothing more"):
        services.follow_up(grave, found="safe", note="", actor=handler)
    grave = services.answer(grave, outcome="substantiated", answer="صحيح.", actor=handler)
    with pytest.raises(Refused, match="not come yet"):
        services.follow_up(grave, found="safe", note="", actor=handler)
    assert grave.follow_up_on == [add_months(timezone.localdate(), months) for months in (3, 6)]
    assert "we ask again" in browser().post(reverse(FOLLOW), {"code": code}).content.decode()
    assert not work_for(handler)
    with time_machine.travel(timezone.now() + timedelta(days=100), tick=False):
        (item,) = work_for(handler)
        assert (item.url, str(item.title)) == (detail, "Ask about revenge after a complaint")
        assert item.due == selectors.ask_by(grave.follow_up_on[0])
        assert not work_for(other)
        work = browser(handler)
        assert "To be asked about revenge" in work.get(reverse("accountability:complaint_list")).content.decode()
        assert "Say what happened" in work.post(ask, {"found": "revenge"}).content.decode()
        work.post(ask, {"found": "safe"})
        assert not work_for(handler)
    with time_machine.travel(timezone.now() + timedelta(days=200), tick=False):
        shown = browser(handler).post(ask, {"found": "revenge", "note": "طُرد من عمله."}, follow=True).content.decode()
        new_code = re.search(r"([0-9A-Z]{5}-){3}[0-9A-Z]{5}", shown)
        assert new_code is not None
        revenge = grave.follow_ups.get(number=2).opened
        assert revenge is not None
        assert (revenge.category, revenge.text, revenge.contact) == ("retaliation", "طُرد من عمله.", grave.contact)
        assert fingerprint(new_code[0]) == revenge.code_sha256
        assert [item.url for item in work_for(other)] == [], "who was shut out of the first learns of neither"
        assert "طُرد" in browser(handler).get(detail).content.decode()
        with pytest.raises(Refused, match="Nothing more"):
            services.follow_up(grave, found="safe", note="", actor=handler)
    for person, seen in ((handler, 2), (other, 0), (accounts.officer(Role.PROGRAMME_OFFICER), 0)):
        with identity.person(person.pk):
            assert RevengeCheck.objects.count() == seen


@pytest.mark.django_db
def test_hostile_input_is_refused_and_one_line_sends_only_so_many(settings: object) -> None:
    client = browser()
    for bad, said in (
        ({"text": "x" * 6000}, "5,000"), ({"category": "everything"}, "every"), ({"once": "1"}, "once"),
        ({"about": "a\u202eb"}, "invisible"), ({"text": " "}, "text"), ({"contact": "y" * 400}, "300"),
    ):  # fmt: skip
        page = sent(client, **bad)
        assert "Write this code down" not in page, said
    assert Complaint.objects.count() == 0
    turned = sent(client, text="نص \u202eمقلوب", category="feedback")
    assert "Write this code down" in turned
    assert "\u202e" not in Complaint.objects.get().text
    assert browser().get(reverse("accountability:complaint_list")).status_code == 302
    settings.COMPLAINTS_PER_HOUR = 2  # type: ignore[attr-defined]
    assert "Write this code down" in sent(client)
    limited = sent(client)
    assert "Too much was sent" in limited
    assert SECRET_WORDS in limited  # nothing typed is lost
    for _ in range(2):
        client.post(reverse(FOLLOW), {"code": "0" * 20})
    assert "Too many codes" in client.post(reverse(FOLLOW), {"code": "0" * 20}).content.decode()


@pytest.mark.django_db
def test_public_numbers_move_twice_a_year_and_count_what_was_answered_in_time() -> None:
    officer = accounts.officer(Role.PROGRAMME_OFFICER)
    first = selectors.half_year_of(timezone.localdate())
    _code, complaint = received()
    assert selectors.numbers().by_category == {}
    complaint = services.take_up(complaint, category="process", actor=officer)
    services.answer(complaint, outcome="noted", answer="شكراً.", actor=officer)
    received("fraud")
    later = timezone.now() + timedelta(days=200)
    with time_machine.travel(later, tick=False):
        told = selectors.numbers()
    assert told.until > first
    assert told.by_category == {"fraud": 1, "process": 1}
    assert [(one.step, one.promised, one.due, one.in_time) for one in told.clocks] == [
        ("acknowledged", 2, 2, 1), ("assigned", 3, 2, 1), ("answered", 15, 2, 1),
    ]  # fmt: skip
