"""Appeals: lodged in time by the signatory, judged by people who took no part, remedied by a renewed team."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from audit import outbox
from committees.models import Appeal, Assignment, Reopening
from committees.rules import facts, held
from committees.rules.taking_part import candidates, involvement
from committees.selectors import appeals as selectors
from committees.services import appeal_money, appeals, meetings, panels
from committees.states import AppealChoice, AppealState, PanelState
from grants.models import Application, Call, Feedback, Grant
from grants.selectors import attachments
from grants.states import ApplicationState
from kernel.permissions import Refused
from kernel.work import work_for
from ledger import fsck
from ledger.selectors import balance
from notices.models import Notice
from tests.factories import accounts, files
from tests.factories import committees as make
from tests.factories.accounts import sign_in
from tests.factories.grants import preparer, signatory

pytestmark = [pytest.mark.django_db, pytest.mark.database("deliberating")]
SAID = "سُجّلت الدرجة ٢ بدل ٤ في معيار الحاجة، كما يظهر في الرسالة."
WHY = "راجعت الهيئة البطاقات: الدرجة المسجلة تخالف الدرجة المكتوبة."


def rejected(number: int = 1) -> make.Case:
    """Everything decided: all applications rejected, the meeting closed."""
    case = make.deliberating(number=number)
    meeting = make.open_meeting(case)
    for application in case.applications:
        make.decided(meeting, application, "reject", deviation="خطر على العاملين لا حلّ له الآن.")
    meetings.close_meeting(meeting, actor=case.chair)
    return case.fresh()


def lodged(case: make.Case, **changed: Any) -> Appeal:
    """The signatory's appeal."""
    application = case.applications[0]
    values: dict[str, Any] = {"grounds": ["arithmetic"], "statement": SAID, "files": []}
    return appeals.lodge(application, **{**values, **changed}, actor=signatory(application.organisation))


def office(number: int = 4) -> list[User]:
    """People who hold the office of the appeals panel."""
    return [accounts.officer(Role.APPEALS_PANELIST) for _ in range(number)]


def board() -> User:
    return accounts.officer(Role.BOARD_MEMBER)


def free_minor(case: make.Case) -> int:
    return sum(balance(one.account).available_minor for one in case.call.envelopes.all())


def held_minor(case: make.Case) -> int:
    return held.held_minor(Call.objects.get(pk=case.call.pk))


def unpromised_minor(case: make.Case) -> int:
    """What is neither awarded nor disputed: free, or kept aside for appeals in general."""
    return free_minor(case) + held_minor(case)


def judged(appeal: Appeal, *choices: str, re_evaluate: bool = False) -> Appeal:
    """The panel votes so, and one of it writes the reasons."""
    panel = list(appeal.panel.select_related("user"))
    for panelist, choice in zip(panel, choices, strict=True):
        appeals.vote(appeal, choice, actor=panelist.user)
    return appeals.decide(appeal, reasons=WHY, re_evaluate=re_evaluate, actor=panel[0].user)


def test_only_the_signatory_appeals_once_in_time_and_money_is_kept_aside() -> None:
    case = rejected()
    application = case.applications[0]
    before = unpromised_minor(case)
    for person in (preparer(application.organisation), case.chair, None):
        with pytest.raises(Refused):
            appeals.lodge(application, grounds=["procedure"], statement=SAID, files=[], actor=person)
    with time_machine.travel(timezone.now() + timedelta(days=40)), pytest.raises(Refused, match="اليوم الأخير"):
        lodged(case)
    with pytest.raises(Refused, match="سبب"):
        lodged(case, grounds=[])
    appeal = lodged(case)
    assert appeal.held_minor == application.requested_minor
    assert unpromised_minor(case) == before - application.requested_minor
    with pytest.raises(Refused):
        lodged(case)
    judge = board()
    with pytest.raises(Refused, match="شارك"):
        appeals.refuse(appeal, reason="خارج الأسباب.", actor=_manager_who_acted(case))
    closed = appeals.refuse(appeal, reason="لا يذكر سبباً من أسباب التظلّم.", actor=judge)
    assert (closed.state, closed.outcome) == (AppealState.CLOSED, AppealState.INADMISSIBLE)
    assert unpromised_minor(case) == before
    appeals.free_money(closed, leaf=closed.leaf)
    assert unpromised_minor(case) == before, "what was freed is not freed again"
    assert fsck.findings() == []
    told = Notice.objects.filter(user=signatory(application.organisation), kind="committees.appeal_decided")
    assert told.exists()


def _manager_who_acted(case: make.Case) -> User:
    """A fund manager who was given the application to read."""
    from grants.services import access

    manager = accounts.officer(Role.FUND_MANAGER)
    until = timezone.now() + timedelta(days=3)
    access.give_review_access(manager, case.applications[0], expires_at=until, actor=None)
    return manager


def test_the_panel_is_drawn_among_those_who_took_no_part_and_says_why_others_are_out() -> None:
    case = rejected()
    application = case.applications[0]
    part = involvement(application)
    assert {seat.user_id for seat in case.seats} <= set(part)
    assert {signatory(application.organisation).pk, make.officer().pk} <= set(part)
    appeal = lodged(case)
    three = office(2)
    former = accounts.officer(Role.APPEALS_PANELIST)
    from grants.services import access

    access.give_review_access(former, application, expires_at=timezone.now() + timedelta(days=1), actor=None)
    judge = board()
    with pytest.raises(Refused, match="أشخاص لم يشاركوا"):
        appeals.admit(appeal, actor=judge)
    assert Appeal.objects.get(pk=appeal.pk).state == AppealState.LODGED, "all or nothing"
    why = {one.user.pk: one.reasons for one in candidates(application)}
    assert why[former.pk]
    assert not why[three[0].pk]
    three += office(1)
    appeal = appeals.admit(appeal, actor=judge)
    assert {one.user_id for one in appeal.panel.all()} == {one.pk for one in three}
    url = reverse("committees:appeal_detail", args=[appeal.pk])
    assert url in {one.url for one in work_for(User.objects.get(pk=three[0].pk))}
    outsider = office(1)[0]
    with pytest.raises(Refused):
        appeals.vote(appeal, AppealChoice.UPHOLD, actor=outsider)
    appeals.vote(appeal, AppealChoice.DISMISS, actor=three[0])
    with pytest.raises(Refused):
        appeals.vote(appeal, AppealChoice.UPHOLD, actor=three[0])
    with pytest.raises(Refused, match="صوّت"):
        appeals.decide(appeal, reasons=WHY, re_evaluate=False, actor=three[0])


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        (["upheld", "upheld", "dismissed"], "upheld"),
        (["dismissed", "partly_upheld", "dismissed"], "dismissed"),
        (["upheld", "partly_upheld", "dismissed"], "partly_upheld"),
        (["upheld", "partly_upheld", "partly_upheld"], "partly_upheld"),
    ],
)
def test_the_outcome_is_the_middle_of_the_votes(votes: list[str], outcome: str) -> None:
    assert appeals.outcome_of(votes) == outcome


def test_an_upheld_appeal_is_evaluated_anew_by_a_renewed_team_and_closed_by_its_decision() -> None:
    case = rejected()
    application = case.applications[0]
    office(3)
    before = unpromised_minor(case)
    appeal = judged(appeals.admit(lodged(case), actor=board()), "upheld", "upheld", "dismissed")
    assert (appeal.state, appeal.re_evaluate) == (AppealState.UPHELD, True)
    case.fresh()
    assert case.panel.state == PanelState.SCORING
    assert case.applications[0].state == ApplicationState.SCORING
    old = set(Assignment.objects.filter(application=application).values_list("seat", flat=True))
    rules = facts.rules_of(case.call).appeals
    assert len(appeal.replaced) == rules.replaced_members.rounded_up(len(old))
    panels.fill_gaps(case.panel, actor=make.officer())
    anew = make.assignments(case, application)
    assert len(anew) == 3
    assert not {str(one.seat_id) for one in anew} & set(appeal.replaced)
    with pytest.raises(Refused):
        meetings.call_meeting(case.panel, held_at=timezone.now(), place="قاعة", actor=make.officer())
    make.deliberating(case)
    meeting = make.open_meeting(case)
    make.decided(meeting, case.applications[0], "approve")
    meetings.close_meeting(meeting, actor=case.chair)
    appeal.refresh_from_db()
    assert (appeal.state, appeal.outcome) == (AppealState.CLOSED, AppealState.UPHELD)
    case.fresh()
    assert case.applications[0].state == ApplicationState.APPROVED
    assert case.panel.state == PanelState.CLOSED
    assert unpromised_minor(case) == before - application.requested_minor, "held once, then reserved for the award"
    decision = selectors.renewed_decision(appeal)
    assert decision is not None
    assert decision.outcome == "approve"
    superseded = Reopening.objects.get(decision__application=application)
    assert (superseded.decision.outcome, appeal.reference in superseded.cause) == ("reject", True)
    given = list(Feedback.objects.filter(application=application).order_by("recorded_at"))
    assert [one.outcome for one in given] == ["rejected", "approved"], "the renewed decision has reasons of its own"
    assert [one.outcome for one in application.letters.order_by("recorded_at")] == ["rejected", "approved"]


def test_the_pages_take_an_appeal_from_the_letter_to_the_published_outcome() -> None:
    case = rejected()
    application = case.applications[0]
    signer = User.objects.get(pk=signatory(application.organisation).pk)
    client = Client()
    sign_in(client, signer, second_factor=True)
    form = reverse("committees:appeal_form", args=[application.pk])
    assert form in {one.url for one in work_for(signer)}
    assert client.post(form, {"grounds": ["merit"], "statement": ""}).status_code == 200
    sent = {"grounds": ["procedure", "arithmetic"], "statement": SAID, "document_1": files.pdf("proof.pdf")}
    assert client.post(form, sent).status_code == 302
    appeal = Appeal.objects.get()
    detail = reverse("committees:appeal_detail", args=[appeal.pk])
    document = reverse("committees:appeal_document", args=[appeal.pk, appeal.evidence.get().pk])
    assert SAID in client.get(detail).content.decode()
    sent_back = client.get(document)
    assert sent_back["Content-Disposition"].startswith("attachment")
    assert b"".join(sent_back.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    stranger = Client()
    sign_in(stranger, accounts.user(), second_factor=True)
    for url in (detail, document, form):
        assert stranger.get(url).status_code == 404
    judges = office(3)
    member = Client()
    sign_in(member, board(), second_factor=True)
    assert all(one.full_name in member.get(detail).content.decode() for one in judges)
    assert member.post(reverse("committees:appeal_admit", args=[appeal.pk])).status_code == 302
    for judge in judges:
        browser = Client()
        sign_in(browser, User.objects.get(pk=judge.pk), second_factor=True)
        page = browser.get(detail).content.decode()
        assert application.summary in page
        assert case.seats[0].user.full_name not in page
        assert [row["appeal__application"] for row in selectors.judged_applications(judge)] == [application.pk]
        assert "committees_appealpanelist" in str(attachments.visible_to(judge).query)
        browser.post(reverse("committees:appeal_vote", args=[appeal.pk]), {"choice": "dismissed"})
    decide = reverse("committees:appeal_decide", args=[appeal.pk])
    assert browser.post(decide, {"reasons": " "}).status_code == 200
    assert browser.post(decide, {"reasons": WHY}).status_code == 302
    assert WHY in client.get(detail).content.decode()
    assert browser.get(detail).status_code == 200
    public = Client().get(reverse("committees:appeals_published")).content.decode()
    assert appeal.reference in public
    assert application.organisation.name_ar not in public
    assert Application.objects.get(pk=application.pk).state == ApplicationState.REJECTED


@pytest.mark.database("deliberating")
def test_pages_refuse_an_appeal_and_keep_a_vote_that_is_none_out() -> None:
    case = rejected()
    appeal = lodged(case)
    address = reverse("committees:appeal_refuse", args=[appeal.pk])
    assert appeal.held_minor
    assert accounts.browser_of(board()).post(address, {"reason": ""}).status_code == 200
    with transaction.atomic():
        # The money that was kept aside goes back with the refusal, which the books let only a confirmed page do.
        assert accounts.browser_of(board()).post(address, {"reason": "خارج الأسباب."}).status_code == 302
        assert Appeal.objects.get(pk=appeal.pk).outcome == AppealState.INADMISSIBLE
        transaction.set_rollback(True)
    office()
    admitted = appeals.admit(Appeal.objects.get(pk=appeal.pk), actor=board())
    panelist = admitted.panel.select_related("user")[0]
    page = accounts.browser_of(panelist.user, "ar").post(
        reverse("committees:appeal_vote", args=[appeal.pk]), {"choice": "perhaps"}
    )
    assert page.context["vote_form"].errors["choice"]
    assert 'id="id_choice_error"' in page.content.decode()
    assert selectors.vote_of(panelist.user, admitted) is None


@pytest.mark.database("deliberating")
def test_a_share_of_the_envelope_waits_for_appeals_until_the_last_is_over() -> None:
    case = make.deliberating(number=1)
    outbox.drain()
    envelope = case.call.envelope_minor
    share = envelope * facts.rules_of(case.call).appeals.held_envelope_percent // 100
    assert (held_minor(case), free_minor(case)) == (share, envelope - share)
    appeal_money.keep_share({"panel": str(case.panel.pk)})
    assert held_minor(case) == share, "asked twice, kept once"
    meeting = make.open_meeting(case)
    assert facts.envelope_left_minor(make.item_of(meeting, case.applications[0])) == envelope - share
    make.decided(meeting, case.applications[0], "reject", deviation="خطر على العاملين لا حلّ له الآن.")
    meetings.close_meeting(meeting, actor=case.chair)
    assert appeal_money.follow_up() == 0, "the decision can be appealed"
    appeal = lodged(case.fresh())
    assert (held_minor(case), free_minor(case)) == (share, envelope - share - appeal.held_minor)
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=True):
        assert appeal_money.follow_up() == 0, "an appeal is not answered"
        appeals.refuse(appeal, reason="لا يذكر سبباً من أسباب التظلّم.", actor=board())
        assert appeal_money.follow_up() == 1
        assert appeal_money.follow_up() == 0
    assert (held_minor(case), free_minor(case)) == (0, envelope)
    assert fsck.findings() == []


def test_an_upheld_appeal_finds_its_money_though_the_rest_was_awarded() -> None:
    case = make.deliberating(number=2, envelope_minor=4_100_000, ceiling_minor=2_500_000)
    outbox.drain()
    meeting = make.open_meeting(case)
    second, first = case.applications
    make.decided(meeting, first, "approve", deviation="الأفضل أثراً في هذه المنطقة.")
    make.decided(meeting, second, "reject", deviation="خطر على العاملين لا حلّ له الآن.")
    meetings.close_meeting(meeting, actor=case.chair)
    case.fresh()
    assert free_minor(case) < second.requested_minor, "what is free does not cover what is disputed"
    office(3)
    appeal = judged(appeals.admit(lodged(case), actor=board()), "upheld", "upheld", "dismissed")
    assert appeal.held_minor == second.requested_minor
    assert free_minor(case) == 0
    panels.fill_gaps(case.fresh().panel, actor=make.officer())
    make.deliberating(case)
    meeting = make.open_meeting(case)
    make.decided(meeting, second, "approve", deviation="ثبت الخطأ في الحساب.")
    meetings.close_meeting(meeting, actor=case.chair)
    assert Grant.objects.filter(call=case.call).count() == 2
    assert Appeal.objects.get(pk=appeal.pk).state == AppealState.CLOSED
    assert held_minor(case) + free_minor(case) == 4_100_000 - first.requested_minor - second.requested_minor
    assert fsck.findings() == []
