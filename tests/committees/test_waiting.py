"""The waiting list moves up when money comes back: in the order of ranks, once, confirmed by the fund manager."""

from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit import outbox
from audit.lifecycle import IllegalMove
from committees.models import WaitingProposal
from committees.rules import facts
from committees.services import meetings, waiting
from committees.states import WaitingState
from grants.models import Application, Grant
from grants.services import applications, awards
from grants.states import ApplicationState
from kernel.permissions import Refused
from kernel.work import work_for
from notices.models import Notice
from organisations.services import decisions
from tests.factories import committees as make
from tests.factories.accounts import sign_in
from tests.factories.awards import manager
from tests.factories.grants import THOUSAND, signatory
from tests.threads import together

SAID = "أُعيد الفحص اليوم في القوائم كلها: لا تطابق."


def decided_call(waiting_conditions: tuple[str, ...] = (), *, waiting_number: int = 2) -> make.Case:
    """One application of 20,000 approved, the others wait: the envelope of 30,000 holds one award at a time."""
    case = make.deliberating(number=1 + waiting_number, envelope_minor=30 * THOUSAND, ceiling_minor=25 * THOUSAND)
    meeting = make.open_meeting(case)
    first, *others = case.applications
    make.decided(meeting, first, "approve", deviation="الأفضل أثراً في هذه المنطقة.")
    for one in others:
        make.decided(meeting, one, "waitlist", conditions=waiting_conditions, deviation="لا يكفي المغلّف.")
    meetings.close_meeting(meeting, actor=case.chair)
    return case.fresh()


def decline(case: make.Case) -> None:
    """The award of the first is not taken up; what is owed outside the act is done."""
    grant = awards.send_offer(Grant.objects.get(application=case.applications[0]), actor=make.officer())
    awards.decline_offer(grant, actor=signatory(grant.organisation), reason="لا نقدر على التنفيذ الآن.")
    outbox.drain()


@pytest.mark.django_db
def test_money_that_comes_back_is_proposed_to_the_next_in_rank_and_confirmed_by_the_fund_manager() -> None:
    fund_manager = manager()
    case = decided_call()
    ranked = sorted(case.applications[1:], key=lambda one: one.waiting_rank or 0)
    assert waiting.propose_next(case.call.pk) == [], "the envelope holds too little"
    decline(case)
    first = WaitingProposal.objects.get()
    assert (first.application_id, first.rank) == (ranked[0].pk, ranked[0].waiting_rank)
    assert Notice.objects.filter(user=fund_manager, kind="committees.waiting_proposed").exists()
    assert reverse("committees:waiting_answer", args=[first.pk]) in {one.url for one in work_for(fund_manager)}
    for person in (make.officer(), case.chair, None):
        with pytest.raises(Refused):
            waiting.confirm(first, screening=SAID, actor=person)
    with pytest.raises(Refused, match="السبب"):
        waiting.dismiss(first, reason=" ", actor=fund_manager)
    member, client = Client(), Client()
    sign_in(member, case.chair)
    sign_in(client, User.objects.get(pk=fund_manager.pk), second_factor=True)
    listed = reverse("committees:waiting_list", args=[case.panel.pk])
    assert member.get(listed).status_code == 403
    assert all(one.reference in client.get(listed).content.decode() for one in ranked)
    client.post(reverse("committees:waiting_dismiss", args=[first.pk]), {"reason": "تطابق في الفحص لم يُفسَّر."})
    assert Application.objects.get(pk=ranked[0].pk).state == ApplicationState.WAITLISTED
    second = WaitingProposal.objects.get(state=WaitingState.PROPOSED)
    assert second.application_id == ranked[1].pk
    url = reverse("committees:waiting_answer", args=[second.pk])
    assert client.post(url, {"screening": " "}).status_code == 200
    assert client.post(url, {"screening": SAID}).status_code == 302
    second.refresh_from_db()
    assert (second.state, second.screening, second.answered_by) == (WaitingState.CONFIRMED, SAID, fund_manager)
    ranked[1].refresh_from_db()
    assert ranked[1].state == ApplicationState.APPROVED
    assert Grant.objects.get(application=ranked[1]).amount_minor == ranked[1].requested_minor
    told = Notice.objects.filter(user=signatory(ranked[1].organisation), kind="grants.decision")
    assert {one.params["outcome"] for one in told} == {"waitlisted", "approved"}
    assert facts.approved_minor(case.call) == ranked[1].requested_minor
    assert waiting.propose_next(case.call.pk) == []


@pytest.mark.django_db
def test_conditions_that_were_voted_on_move_up_with_the_application() -> None:
    case = decided_call(("تقديم خطة مشتريات",), waiting_number=1)
    decline(case)
    confirmed = waiting.confirm(WaitingProposal.objects.get(), screening=SAID, actor=manager())
    application = Application.objects.get(pk=confirmed.application_id)
    assert application.state == ApplicationState.APPROVED_WITH_CONDITIONS
    assert [one.text for one in application.grants.get().conditions.all()] == ["تقديم خطة مشتريات"]


@pytest.mark.django_db(transaction=True)
def test_two_refunds_at_once_propose_the_same_money_once_and_a_place_that_runs_out_is_told() -> None:
    case = decided_call()
    decline(case)
    waiting.dismiss(WaitingProposal.objects.get(), reason="لا تردّ المنظمة.", actor=manager())
    WaitingProposal.objects.get(state=WaitingState.PROPOSED)
    together([partial(waiting.propose_next, case.call.pk)] * 8)
    last = WaitingProposal.objects.get(state=WaitingState.PROPOSED)
    decisions.suspend(last.application.organisation, actor=manager(), reason="تحقيق جارٍ في شكوى.")
    with pytest.raises(Refused, match="مؤهلة"):
        waiting.confirm(last, screening=SAID, actor=manager())
    applications.lapse_due(timezone.now() + timedelta(days=400))
    assert WaitingProposal.objects.get(pk=last.pk).state == WaitingState.OUTDATED
    people = signatory(last.application.organisation)
    assert Notice.objects.filter(user=people, kind="grants.application_lapsed").exists()
    with pytest.raises(IllegalMove):
        waiting.confirm(last, screening=SAID, actor=manager())
