from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone

from accounts.roles import Role
from audit import outbox
from audit.log import opened
from audit.selectors import timeline
from charter.selectors import charter_in_force
from funds.selectors import available
from grants import deadline
from grants.fingerprints import call_sha256
from grants.models import Call, CallDocument
from grants.rules import calls as rules
from grants.selectors import calls as selectors
from grants.services import call_forms, calls, extending
from grants.states import CallState
from kernel.permissions import Refused
from tests.factories import accounts, shelf
from tests.factories import grants as make
from tests.factories.funds import confirmed_contribution, recorded_contribution

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def ready(standing: None) -> None:
    shelf.keep(make.draft_call)


def problems(call: Call) -> list[str]:
    return [str(problem) for problem in rules.problems(call, selectors.rules_of(call))]


def test_a_draft_begins_with_the_charters_card_and_a_form_in_proportion() -> None:
    small = make.draft_call(ceiling_minor=15 * make.THOUSAND)
    large = make.draft_call()
    rules_now = charter_in_force().rules
    assert [c.key for c in large.criteria.all()] == [c.key for c in rules_now.scoring.criteria]
    assert sum(c.weight for c in large.criteria.all()) == 100
    assert large.criteria.first().anchors["5"]["ar"]
    questions = [sum(s.questions.count() for s in call.sections.all()) for call in (small, large)]
    assert questions == [7, 10]
    assert 1 <= large.eligibility_questions.count() <= 6
    assert problems(large) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"ceiling_minor": 800 * make.THOUSAND, "envelope_minor": 900 * make.THOUSAND},
            "above what the charter allows",
        ),
        ({"months_allowed": [30]}, "from 3 to 18 months"),
        ({"text": make.words("نص", "")}, "in English"),
    ],
)
def test_what_is_wrong_with_a_draft_is_said(changed: dict[str, Any], said: str) -> None:
    call = make.draft_call(planned=False, **changed)
    assert any(said in problem for problem in problems(call))
    with pytest.raises(Refused):
        make.approved(call)


def test_weights_dates_and_sources_are_checked() -> None:
    call = make.draft_call(planned=False)
    calls.set_weights(call, {"learning": 9}, actor=make.programme_officer())
    short = make.call_terms(closes_at=make.call_terms().opens_at + timedelta(days=3))
    calls.change_terms(call, short, actor=make.programme_officer())
    call.refresh_from_db()
    said = " ".join(problems(call))
    assert "sum to 104" in said
    assert "20 working days" in said
    assert "Both must be the same" in said


def test_the_board_freezes_the_charter_and_reserves_the_envelope() -> None:
    source = confirmed_contribution(500 * make.THOUSAND)
    call = make.approved_call(contribution=source)
    assert call.state == CallState.BOARD_APPROVED
    assert call.charter == charter_in_force()
    assert call.frozen_rules == charter_in_force().rules_data
    (row,) = selectors.envelopes_of(call)
    assert (row.reserved_minor, row.free_minor) == (200 * make.THOUSAND, 200 * make.THOUSAND)
    assert available(source).minor == 300 * make.THOUSAND
    assert [entry.type for entry in timeline(row.envelope)] == ["grants.envelope.reserved"]


def test_only_a_board_member_who_did_not_draft_approves() -> None:
    call = make.draft_call()
    with pytest.raises(Refused):
        make.approved(call, by=make.programme_officer())
    author = make.programme_officer()
    accounts.appointment(author, Role.BOARD_MEMBER)
    author = type(author).objects.get(pk=author.pk)
    with pytest.raises(Refused, match="does not approve"):
        make.approved(call, by=author)


def test_sources_that_do_not_fit_are_refused_with_the_reason() -> None:
    call = make.draft_call(planned=False)
    recorded = recorded_contribution(200 * make.THOUSAND)
    assert "not confirmed" in str(rules.source_fits(call, recorded, 1).reason)
    elsewhere = confirmed_contribution(200 * make.THOUSAND, restriction_class="RES-AREA", governorates=["SY13"])
    assert "governorates" in str(rules.source_fits(call, elsewhere, 1).reason)
    health = confirmed_contribution(200 * make.THOUSAND, restriction_class="RES-SECTOR", sectors=["health"])
    assert "sectors" in str(rules.source_fits(call, health, 1).reason)
    running = confirmed_contribution(200 * make.THOUSAND, restriction_class="ADM")
    assert "may not be used for grants" in str(rules.source_fits(call, running, 1).reason)
    small = confirmed_contribution(10 * make.THOUSAND)
    reason = str(rules.source_fits(call, small, 11 * make.THOUSAND).reason)
    assert "10,000.00" in reason
    assert "11,000.00" in reason
    wash = confirmed_contribution(200 * make.THOUSAND, restriction_class="RES-SECTOR", sectors=["wash", "health"])
    assert rules.source_fits(call, wash, 200 * make.THOUSAND)


def test_publication_needs_notice_or_a_reason_and_draws_the_call() -> None:
    call = make.approved_call()
    Call.objects.filter(pk=call.pk)
    soon = make.draft_call(opens_at=timezone.now() + timedelta(hours=20))
    soon = make.approved(soon)
    with pytest.raises(Refused, match="3 working days"):
        calls.publish(soon, actor=make.programme_officer())
    assert calls.publish(soon, actor=make.programme_officer(), reason="زلزال").state == CallState.PUBLISHED
    calls.publish(call, actor=make.programme_officer())
    outbox.drain()
    documents = CallDocument.objects.filter(call=call)
    assert {one.language for one in documents} == {"ar", "en", "ku"}
    for one in documents:
        with one.file.open() as pdf:
            assert pdf.read(5) == b"%PDF-"


def test_the_clock_opens_and_closes_with_grace() -> None:
    call = make.published_call()
    assert calls.open_due(now=call.opens_at - timedelta(seconds=1)) == 0
    assert calls.open_due(now=call.opens_at) == 1
    assert calls.close_due(now=call.closes_at + deadline.GRACE - timedelta(seconds=1)) == 0
    assert calls.close_due(now=call.closes_at + deadline.GRACE) == 1
    call.refresh_from_db()
    assert call.state == CallState.CLOSED
    assert calls.open_due() == calls.close_due() == 0


def test_an_extension_is_for_everybody_and_only_forwards() -> None:
    call = make.open_call()
    application = make.draft_application(call)
    later = call.closes_at + timedelta(days=2)
    with pytest.raises(Refused):
        extending.extend(call, closes_at=later, actor=make.programme_officer(), reason="انقطاع")
    with pytest.raises(Refused, match="later"):
        extending.extend(call, closes_at=call.closes_at, actor=make.second_officer(), reason="انقطاع")
    extended = extending.extend(call, closes_at=later, actor=make.second_officer(), reason="انقطاع الشبكة")
    assert extended.closes_at == later
    told = make.signatory(application.organisation).notices.get(kind="grants.call_extended")
    assert told.params["closes_at"] == later.isoformat()


def test_a_cancelled_call_gives_its_money_back() -> None:
    source = confirmed_contribution(200 * make.THOUSAND)
    call = make.open_call(contribution=source)
    assert available(source).minor == 0
    with pytest.raises(Refused):
        calls.cancel(call, actor=make.programme_officer(), reason="لا")
    with pytest.raises(Refused):
        calls.cancel(call, actor=make.board_member(), reason=" ")
    calls.cancel(call, actor=make.board_member(), reason="تغيّر الوضع")
    assert available(source).minor == 200 * make.THOUSAND


def test_the_form_can_be_built_in_the_draft_only() -> None:
    call, officer = make.draft_call(), make.programme_officer()
    section = call_forms.add_section(call, actor=officer, title=make.words("قسم", "Section"), intro=make.words("", ""))
    first = call_forms.add_question(
        section, actor=officer, kind="long_text", label=make.words("س", "Q"), max_length=500
    )
    second = call_forms.add_question(section, actor=officer, kind="yes_no", label=make.words("ج", "R"))
    call_forms.move_question(second, actor=officer, up=True)
    assert [q.pk for q in section.questions.all()] == [second.pk, first.pk]
    call_forms.move_section(section, actor=officer, up=True)
    assert section.pk != call.sections.last().pk
    call_forms.remove_question(first, actor=officer)
    with pytest.raises(Refused):
        call_forms.add_section(call, actor=make.board_member(), title="", intro="")
    make.approved(call)
    with pytest.raises(Refused, match="left its draft"):
        call_forms.remove_question(second, actor=officer)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grants_question SET required = NOT required",
        "DELETE FROM grants_eligibilityquestion",
        "UPDATE grants_criterion SET weight = 1",
        'UPDATE grants_section SET "order" = 9',
        "UPDATE grants_call SET ceiling_minor = ceiling_minor + 1, envelope_minor = envelope_minor + 1",
        "UPDATE grants_call SET opens_at = opens_at - interval '1 day'",
        "UPDATE grants_call SET closes_at = closes_at - interval '1 hour'",
        "UPDATE grants_call SET frozen_rules = '{}'",
    ],
)
def test_postgresql_keeps_an_approved_call_as_it_was_approved(statement: str) -> None:
    make.approved_call()
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_later_close_is_all_that_sql_may_change() -> None:
    call = make.open_call()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grants_call SET closes_at = closes_at + interval '1 hour'")
        assert cursor.rowcount == 1
    call.refresh_from_db()
    make.closed_call(call)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE grants_call SET closes_at = closes_at + interval '1 hour'")


def test_drafts_are_for_officers_and_the_board() -> None:
    draft, public = make.draft_call(), make.published_call()
    stranger = accounts.user()
    assert list(selectors.visible_to(stranger)) == [public]
    assert set(selectors.visible_to(make.board_member())) == {draft, public}


@pytest.mark.parametrize("what", ["weights", "question", "sources", "terms"])
def test_the_board_approves_exactly_what_it_read(what: str) -> None:
    call, officer = make.draft_call(), make.programme_officer()
    changes: dict[str, Any] = {
        "weights": lambda: calls.set_weights(call, {"learning": 9}, actor=officer),
        "question": lambda: call_forms.remove_question(call.sections.first().questions.first(), actor=officer),
        "sources": lambda: calls.plan_sources(call, {confirmed_contribution(make.THOUSAND): 5}, actor=officer),
        "terms": lambda: calls.change_terms(call, make.call_terms(envelope_minor=call.envelope_minor), actor=officer),
    }
    read = call_sha256(call)
    assert call_sha256(Call.objects.get(pk=call.pk)) == read
    changes[what]()
    assert call_sha256(Call.objects.get(pk=call.pk)) != read


def test_a_draft_that_changed_after_it_was_read_is_not_approved() -> None:
    call, officer = make.draft_call(), make.programme_officer()
    read = call_sha256(call)
    calls.change_terms(call, make.call_terms(envelope_minor=call.envelope_minor), actor=officer)
    with pytest.raises(Refused, match="changed after you opened it"):
        calls.approve(call, content_sha256=read, actor=make.board_member())
    now = call_sha256(Call.objects.get(pk=call.pk))
    approved = calls.approve(call, content_sha256=now, actor=make.board_member())
    assert opened(approved.leaf.opening)["event"]["content_sha256"] == now
