"""Conditions of an award, followed from the decision to their end."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from charter.selectors import end_of_day
from disbursements import clock, waiting
from disbursements.models import Tranche
from disbursements.rules import tranches as rules
from disbursements.services import tranches
from disbursements.services.agreements import draft_agreement
from grants import conditions as drafts
from grants.closure_blockers import blockers_of
from grants.conditions import Asked, ConditionDraft
from grants.models import AwardCondition, Grant
from grants.rules import grants as grant_rules
from grants.rules.conditions import may_waive
from grants.services import agreements, conditions
from grants.states import ConditionBlocks, ConditionState
from kernel.permissions import Allowed, Refused
from kernel.work import work_for
from notices.models import Notice
from tests.factories import accounts, files
from tests.factories import awards as made
from tests.factories.accounts import sign_in
from tests.factories.organisations import preparer_of, usable_bank_account

pytestmark = pytest.mark.django_db
LATER = timezone.localdate() + timedelta(days=90)
POLICY, PLAN, VISIT = "سياسة حماية موقّعة", "خطة مشتريات", "زيارة تعارف"


def three() -> list[Asked]:
    """A condition of every effect."""
    return [
        POLICY,
        ConditionDraft(PLAN, ConditionBlocks.TRANCHE, 9, LATER).said,
        ConditionDraft(VISIT, ConditionBlocks.NOTHING, None, LATER).said,
    ]


def of(grant: Grant, text: str) -> AwardCondition:
    return grant.conditions.get(text=text)


def told(kind: str, user: Any) -> int:
    return Notice.objects.filter(kind=f"disbursements.{kind}", user=user).count()


def test_a_condition_says_what_waits_for_it() -> None:
    for said in three():
        assert ConditionDraft.of(said).said == said
    shown = [str(one) for one in drafts.listed(three())]
    assert [POLICY in shown[0], "9" in shown[1], "9" not in shown[2]] == [True] * 3


def test_the_signature_waits_through_two_rounds_and_no_third(monkeypatch: pytest.MonkeyPatch) -> None:
    grant = made.accepted_grant(conditions=three())
    officer, partner, preparer = made.programme_officer(), made.signatory(grant), preparer_of(grant.organisation)
    policy = of(grant, POLICY)
    assert policy.owner == grant.application.screened_by
    assert [item.kind for item in work_for(preparer) if item.title == POLICY]
    with pytest.raises(Refused, match="1"):
        draft_agreement(grant, starts_on=timezone.localdate(), actor=officer)
    with monkeypatch.context() as careless:
        careless.setattr(grant_rules, "conditions_met", lambda _grant: Allowed())  # a rule that somebody broke
        with pytest.raises(DatabaseError, match="a condition of the award is open"), transaction.atomic():
            draft_agreement(grant, starts_on=timezone.localdate(), actor=officer)

    with pytest.raises(Refused):
        conditions.answer(policy, text="تمّ", actor=officer)
    policy = conditions.answer(policy, text="أرفقنا النسخة", file=None, actor=preparer)
    assert told("condition_answered", policy.owner) == 1
    assert [item.url for item in work_for(policy.owner) if item.title == POLICY]
    assert not [item for item in work_for(preparer) if item.title == POLICY]
    policy = conditions.give_back(policy, reason="ينقصها التوقيع", actor=officer)
    assert told("condition_returned", partner) == 1
    policy = conditions.answer(policy, text="وُقّعت", actor=partner)
    policy = conditions.give_back(policy, reason="الصفحة الأخيرة ناقصة", actor=officer)
    with pytest.raises(Refused, match="2"):
        conditions.answer(policy, text="مرة ثالثة", actor=partner)
    met = conditions.meet(policy, evidence="وصلت الصفحة بالبريد", actor=officer)
    assert (met.state, met.closed_by, met.rounds) == (ConditionState.MET, officer, 2)
    assert [one.text for one in met.evidence.order_by("round")] == ["أرفقنا النسخة", "وُقّعت"]
    assert draft_agreement(grant, starts_on=timezone.localdate(), actor=officer).state == "agreement_drafted"


def test_a_tranche_waits_also_in_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    grant = made.accepted_grant(conditions=[ConditionDraft(PLAN, ConditionBlocks.TRANCHE, 1, LATER).said], tier="L")
    account = usable_bank_account(grant.organisation)
    drawn = draft_agreement(grant, starts_on=timezone.localdate(), actor=made.programme_officer())
    agreements.sign(drawn, **made.hashes(drawn), actor=made.signatory(grant))
    agreements.countersign(Grant.objects.get(pk=grant.pk), **made.hashes(drawn), actor=made.manager())

    def ask() -> Any:
        first = Tranche.objects.get(grant=grant, number=1)
        return tranches.request_tranche(
            first, bank_account=account, cash_on_hand_minor=0, forecast_minor=100, actor=made.signatory(grant)
        )

    with pytest.raises(Refused, match=PLAN):
        ask()
    with monkeypatch.context() as careless:
        careless.setattr(rules, "conditions_are_met", lambda _tranche: Allowed())
        with pytest.raises(DatabaseError, match="a condition of the award holds this tranche"), transaction.atomic():
            ask()
    conditions.waive(of(grant, PLAN), reason="اشترتها منظمة أخرى", actor=made.manager())
    assert told("award_condition_waived", made.signatory(grant)) == 1
    assert ask().state == "requested"


def test_a_tranche_that_the_grant_has_not_means_its_last_one() -> None:
    grant = made.active_grant(conditions=three())
    first, last = grant.tranches.order_by("number").first(), grant.tranches.order_by("number").last()
    assert first is not None
    assert last is not None
    assert not waiting.conditions_are_met(last)
    assert waiting.conditions_are_met(first)
    assert "2" in str(next(one.reason for one in blockers_of(grant) if not one))


def test_only_the_office_of_the_charter_waives() -> None:
    grant = made.accepted_grant(conditions=[POLICY])
    policy = of(grant, POLICY)
    assert may_waive(policy, actor=made.manager())
    for other in (made.programme_officer(), made.signatory(grant), accounts.officer(Role.BOARD_MEMBER)):
        assert not may_waive(policy, actor=other)
    changed = {
        **grant.frozen_rules,
        "applications": {**grant.frozen_rules["applications"], "condition_waiver": "board_member"},
    }
    policy.grant.frozen_rules = changed
    assert may_waive(policy, actor=accounts.officer(Role.BOARD_MEMBER))
    assert not may_waive(policy, actor=made.manager())


def test_unmet_in_time_the_award_lapses_and_the_money_is_free() -> None:
    grant = made.accepted_grant(conditions=[POLICY])
    policy = of(grant, POLICY)
    clock.follow(end_of_day(policy.due_on))
    grant.refresh_from_db()
    assert grant.state == "offer_accepted"
    later = policy.due_on + timedelta(days=4)
    conditions.extend(policy, due_on=later, reason="العطلة الرسمية", actor=made.manager())
    with pytest.raises(Refused):
        conditions.extend(policy, due_on=later, reason="مرة أخرى", actor=made.manager())
    clock.follow(end_of_day(later))
    grant.refresh_from_db()
    assert grant.state == "offer_accepted"
    clock.follow(end_of_day(later + timedelta(days=1)))
    grant.refresh_from_db()
    assert (grant.state, grant.application.__class__.objects.get(pk=grant.application_id).state) == ("lapsed", "lapsed")
    assert told("award_lapsed", made.signatory(grant)) == 1
    with pytest.raises(Refused, match=r"ساقط|سقط|lapsed"):
        conditions.answer(policy, text="متأخرون", actor=made.signatory(grant))


def test_an_overdue_condition_that_holds_nothing_is_said_once() -> None:
    grant = made.accepted_grant(conditions=three()[1:])
    for days in (1, 2):
        clock.follow(end_of_day(LATER + timedelta(days=days)))
    assert told("condition_overdue", made.signatory(grant)) == 2
    assert Grant.objects.get(pk=grant.pk).state == "offer_accepted"


def test_the_pages_of_a_condition(client: Client) -> None:
    grant = made.accepted_grant(conditions=three())
    policy = of(grant, POLICY)

    def at(name: str, *more: Any) -> str:
        return reverse(f"disbursements:condition_{name}", args=[policy.pk, *more])

    sign_in(client, made.signatory(grant))
    page = client.get(reverse("disbursements:grant_detail", args=[grant.pk])).content.decode()
    assert at("detail") in page
    assert at("answer") in client.get(at("detail")).content.decode()
    assert client.get(at("meet")).status_code == 403
    sent = client.post(at("answer"), {"text": "أرفقنا السياسة <b>موقّعة</b>", "file": files.pdf("policy.pdf")})
    assert sent.status_code == 302
    shown = client.get(at("detail")).content.decode()
    assert "&lt;b&gt;" in shown
    evidence = policy.evidence.get()
    document = at("file", evidence.pk)
    assert document in shown
    answer = client.get(document)
    assert (answer["Content-Type"], "attachment" in answer["Content-Disposition"]) == ("application/pdf", True)
    assert answer.getvalue().startswith(b"%PDF-")
    assert client.get(at("answer")).status_code == 403

    sign_in(client, accounts.user())
    assert [client.get(at(name)).status_code for name in ("detail", "answer")] == [404, 404]
    assert client.get(document).status_code == 404
    sign_in(client, made.programme_officer())
    assert "<title>" in client.get(at("detail")).content.decode()
    assert client.post(at("return"), {"reason": "التوقيع غير مقروء"}).status_code == 302
    assert client.post(at("extend"), {"due_on": timezone.localdate().isoformat(), "reason": "سبب"}).status_code == 200
    assert client.post(at("extend"), {"due_on": LATER.isoformat(), "reason": "عطلة"}).status_code == 302
    assert AwardCondition.objects.get(pk=policy.pk).due_on == LATER
    sign_in(client, made.manager(), second_factor=True)
    assert client.post(at("waive"), {"reason": ""}).status_code == 200
    assert client.post(at("waive"), {"reason": "لا حاجة إليها"}).status_code == 302
    policy.refresh_from_db()
    assert (policy.state, policy.closed_by) == (ConditionState.WAIVED, made.manager())


def test_what_was_asked_is_fixed() -> None:
    policy = of(made.accepted_grant(conditions=[POLICY]), POLICY)
    for changed in ("text = 'x'", "blocks = 'nothing'", "state = 'met'", "rounds = 0, closed_at = now()"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE grants_awardcondition SET {changed} WHERE id = %s", [policy.pk])
