"""Stories that stop wherever a form waits for somebody, and say which forms wait and for what.

Making a thing of its own for each form would take minutes: here one grant, one committee and one organisation go through
their whole life, and what a form would change is taken back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import time_machine
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from accounts.roles import Role
from audit import outbox
from committees.models import WaitingProposal
from committees.services import alerts, appeals, cases, meetings, panels, proposals, votes
from committees.services import concepts as judging
from disbursements.models import Payment, Tranche
from disbursements.services import channels, closing, payments, tranches, vouchers
from disbursements.services.agreements import draft_agreement
from disbursements.states import ApprovalKind
from grants.models import Application, Grant
from grants.services import agreements, closure, conditions, extensions, reports, revisions
from grants.services import awards as offers
from grants.states import ReportState
from tests.committees.test_appeals import office
from tests.committees.test_cases import reported
from tests.committees.test_concepts import noted, points, send, two_stage_terms
from tests.committees.test_waiting import decline
from tests.disbursements.test_conversions import bulletin, recorded
from tests.disbursements.test_revisions import approved as judged_change
from tests.disbursements.test_revisions import asked as asked_change
from tests.disbursements.test_revisions import reviewed
from tests.disbursements.test_statement_files import camt, entry
from tests.disbursements.test_statements import given
from tests.disbursements.test_waiting import short_of_spending
from tests.factories import accounts, awards, committees, disbursements, funds, grants, organisations, rapid

Looked = dict[str, Any]
"""Name of a form's address -> the thing for which it is asked (nothing: there is one address); or whose it is, and what stands in it."""
Story = Iterator[Looked]
AMOUNT = 200 * grants.THOUSAND
"""So much that a first tranche needs a third approval."""
WHY = "تأخر الترخيص من البلدية شهرين"


def waits(app: str, thing: Model, *names: str) -> Looked:
    """Forms of an app that are asked for one thing."""
    return {f"{app}:{name}": thing for name in names}


@contextmanager
def aside() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# A grant --------------------------------------------------------------------------------------------------------------


def grant_on_its_way() -> Story:
    """One grant from the offer to its end; where it may go two ways, it goes one aside."""
    at = partial(waits, "disbursements")
    officer, manager = awards.programme_officer(), awards.manager()
    grant = awards.awarded_grant(tier="L", amount_minor=AMOUNT, conditions=["سياسة حماية موقّعة"])
    signatory = awards.signatory(grant)
    yield at(grant, "offer_send")
    grant = offers.send_offer(grant, actor=officer)
    yield at(grant, "offer_accept", "offer_decline")
    grant = offers.accept_offer(grant, actor=signatory)
    condition = grant.conditions.get()
    yield at(condition, "condition_answer", "condition_waive", "condition_extend")
    condition = conditions.answer(condition, text="أرفقنا النسخة", file=None, actor=signatory)
    yield at(condition, "condition_meet", "condition_return")
    awards.meet_conditions(grant)
    yield at(grant, "agreement_draw")
    grant = draft_agreement(grant, starts_on=timezone.localdate(), actor=officer)
    yield at(grant, "agreement_sign")
    grant = awards.countersigned(agreements.sign(grant, **awards.hashes(grant), actor=signatory))
    yield at(grant, "grant_suspend", "grant_terminate", "revision_new", "extension_new", "cost_extension_new")
    with aside():
        yield at(closure.suspend(grant, actor=manager, reason="تحقيق"), "grant_resume")
    yield from _changes(grant)
    yield from _tranches(grant)
    yield from _reports(grant)
    yield from _ending(grant)


def _changes(grant: Grant) -> Story:
    at = partial(waits, "disbursements")
    officer, signatory = awards.programme_officer(), awards.signatory(grant)
    with aside():
        asked = extensions.request(grant, months=2, reason=WHY, actor=signatory)
        yield at(asked, "revision_take_up", "revision_withdraw")
        taken = revisions.take_up(asked, actor=officer)
        yield at(taken, "revision_approve", "revision_return", "revision_reject")
        yield at(revisions.give_back(taken, reason="متى يصل الترخيص؟", actor=officer), "revision_again")
    with aside():
        yield at(judged_change(reviewed(asked_change(grant, 50))), "revision_sign")


def _tranches(grant: Grant) -> Story:
    at = partial(waits, "disbursements")
    manager, (first, _second) = awards.manager(), awards.finance_officers()
    tranche = disbursements.due_tranche(grant)
    yield at(tranche, "tranche_request", "tranche_hold", "tranche_cancel")
    with aside():
        yield at(tranches.hold(tranche, reason="سؤال", actor=manager), "tranche_release")
    tranche = disbursements.requested_tranche(tranche)
    yield at(tranche, "approve_programme", "tranche_return")
    by = {
        ApprovalKind.PROGRAMME: awards.programme_officer(),
        ApprovalKind.FINANCE: first,
        ApprovalKind.MANAGER: manager,
    }
    for kind, name in zip(by, ("approve_finance", "approve_manager", "payment_prepare"), strict=True):
        tranche = tranches.approve(tranche, kind, payload_sha256=disbursements.shown(tranche), actor=by[kind])
        yield at(tranche, name)
    proposed = disbursements.proposed_provider(most_payment_minor=AMOUNT, most_open_minor=AMOUNT)
    yield at(proposed, "provider_screen") | {"disbursements:provider_new": None}
    provider = disbursements.screened(proposed)
    yield at(provider, "provider_approve")
    provider = channels.approve_provider(provider, actor=manager)
    yield at(provider, "provider_suspend", "provider_retire")
    with aside():
        yield at(channels.suspend_provider(provider, reason="شكوى", actor=manager), "provider_resume")
    with aside():
        funds.confirmed_contribution(50_000_00)  # which pays the commission
        yield from _by_hand(payments.prepare_payment(tranche, actor=first, provider=provider))
    payment = payments.prepare_payment(tranche, actor=first)
    yield at(payment, "payment_release") | {"disbursements:fund_account_new": None}
    account = disbursements.fund_account()
    yield {"disbursements:run_new": None}
    with aside():
        yield at(disbursements.prepared_run(payment, account=account), "run_release", "run_discard")
    payment = disbursements.sent_payment(payment)
    yield at(payment, "payment_confirm", "payment_fail")
    with aside():
        amount = f"{payment.amount_minor // 100}.{payment.amount_minor % 100:02}"
        statement = given(camt(entry(amount, reference="B1")))
        yield {"disbursements:statement_new": None}
        yield at(statement.lines.get(), "line_match", "line_return", "line_explain", "line_hand_over")
    payment = disbursements.confirmed_payment(payment)
    bulletin()
    yield at(payment, "payment_attest", "conversion_record")
    recorded(payment, charged=payment.amount_minor + 40_00)
    yield at(payment, "conversion_confirm", "conversion_withdraw")


def _by_hand(payment: Payment) -> Story:
    """An exchange hands it over for a code."""
    at = partial(waits, "disbursements")
    payment = disbursements.sent_payment(payment)
    yield at(payment, "voucher_issue")
    vouchers.issue_voucher(payment, actor=awards.signatory(payment.tranche.grant))
    yield at(payment, "voucher_redeem")


def _reports(grant: Grant) -> Story:
    at = partial(waits, "disbursements")
    waiting = Tranche.objects.get(grant=grant, number=2)
    yield at(waiting, "tranche_waive")
    first = grant.reports.order_by("number", "extra")[0]
    yield at(first, "report_open", "report_waive")
    written = disbursements.written_report(grant, spent_minor=100_00)
    yield at(written, "report_edit", "report_submit")
    with aside():
        sent = reports.submit_report(written, actor=awards.signatory(grant))
        yield at(sent, "report_accept", "report_return")
    with aside():
        short = short_of_spending()
        yield at(Tranche.objects.get(grant=short, number=2), "report_begin")
        yield at(reports.begin_further_report(short, actor=awards.signatory(short)), "report_take_back")


def _ending(grant: Grant) -> Story:
    at = partial(waits, "disbursements")
    grant = closure.terminate(grant, actor=awards.board_member(), reason="توقف العمل")
    for report in grant.reports.exclude(state__in=[ReportState.ACCEPTED, ReportState.WAIVED]):
        reports.waive_report(report, actor=awards.manager(), reason="انتهت المنحة")
    yield at(grant, "refund_compute")
    refund = closing.compute_refund(grant, disallowed_minor=0, actor=awards.finance_officers()[0])
    yield at(grant, "refund_record")
    came = {"bank_reference": "R-1", "received_on": timezone.localdate(), "actor": awards.finance_officers()[0]}
    refund = closing.record_refund(refund, **came)
    yield at(grant, "refund_confirm")
    closing.confirm_refund(refund, actor=awards.finance_officers()[1])
    yield at(grant, "grant_close")


# A committee ----------------------------------------------------------------------------------------------------------


def committees_at_work() -> Story:
    """Concept notes, a call before its committee, and the rapid window, each for itself."""
    for story in (concept_notes, rapid_window, one_call):
        with aside():
            yield from story()


def one_call() -> Story:
    """One committee from its seats to what follows its decisions, with three applications."""
    at = partial(waits, "committees")
    yield {"committees:committee_form": None}
    yield at(committees.forming_committee(), "committee_constitute", "seat_form")
    call, applications = grants.screened_call(
        3, envelope_minor=30 * grants.THOUSAND, ceiling_minor=25 * grants.THOUSAND
    )
    committee = committees.constituted_committee(alternates=1)
    yield {"committees:panel_open": call, "committees:rota_form": committee} | at(committee, "committee_dissolve")
    panel = panels.open_panel(call, committee, actor=committees.officer())
    case = committees.Case(panel, applications, []).fresh()
    seat, first = case.seats[3], applications[0]
    yield {
        "committees:panel_declare": panel,
        "committees:panel_declare_again": (panel, panel.pk, first.pk),
        "committees:seat_expertise": (committee, committee.pk, seat.pk),
        "committees:seat_vacate": (committee, committee.pk, seat.pk),
    }
    for holder in (*case.seats, *case.alternates):
        for application in applications:
            committees.declare(holder, application)
    yield at(panel, "panel_ask_assignment")
    with aside():
        proposals.ask(panel, actor=committees.officer())
        while outbox.drain():
            pass
        yield {"committees:panel_assign": panel, "committees:panel_assign_change": (panel, panel.pk, first.pk)}
    case = committees.scoring(case)
    yield {
        "committees:panel_extend": panel,
        "committees:panel_fill_gaps": panel,
        "committees:panel_close_scoring": panel,
        "committees:panel_scorers": (panel, panel.pk, first.pk),
        "committees:application_review": (panel, panel.pk, first.pk),
    }
    case = committees.deliberating(case)
    with aside():
        yield from _conflict(case)
    yield from _meeting(case)


def _conflict(case: committees.Case) -> Story:
    at = partial(waits, "committees")
    yield at(case.panel, "case_report")
    seat = case.seats[6]
    found = reported(case, seat)
    yield at(found, "case_confirm", "case_dismiss")
    found = cases.confirm(found, actor=awards.board_member())
    yield at(found, "case_close")
    cases.close(found, outcome="نُبّه العضو كتابةً", actor=found.owner)
    yield {"committees:seat_reinstate": (case.panel.committee, case.panel.committee_id, seat.pk)}


def _meeting(case: committees.Case) -> Story:
    at = partial(waits, "committees")
    yield at(case.panel, "meeting_form")
    meeting = committees.called_meeting(case)
    yield at(meeting, "meeting_attend", "meeting_open", "meeting_postpone")
    committees.join(meeting, *case.seats)
    meeting = meetings.open_meeting(meeting, actor=case.chair)
    good, next_one, weak = case.applications
    item = committees.item_of(meeting, good)
    yield at(item, "item_discuss")
    item = committees.discussed(meeting, good)
    yield at(item, "item_minute", "item_open_vote", "item_adjourn")
    item = votes.open_voting(item, actor=committees.presiding(item))
    yield at(item, "item_vote", "item_close_vote")
    committees.settled(item, "approve", deviation="الأفضل أثراً في هذه المنطقة.")
    committees.decided(meeting, next_one, "waitlist", deviation="لا يكفي المغلّف.")
    item = committees.voting(meeting, weak)
    committees.vote(item, dict.fromkeys(case.seats, "reject"))
    item = votes.close_voting(item, actor=committees.presiding(item)).item
    yield at(item, "item_decide")
    votes.record_decision(item, committees.reasons("خطر على العاملين."), actor=committees.presiding(item))
    yield at(meeting, "meeting_close")
    yield at(meetings.close_meeting(meeting, actor=case.chair), "meeting_sign")
    with aside():
        grant = awards.in_force(Grant.objects.get(application=good))
        asked = extensions.request(grant, months=7, reason=WHY, actor=awards.signatory(grant))
        yield {"committees:extension_agree": (case.panel.committee, asked.pk)}
    with aside():
        decline(case)
        while outbox.drain():
            pass
        yield at(WaitingProposal.objects.get(), "waiting_answer", "waiting_dismiss")
    yield from _appeal(Application.objects.get(pk=weak.pk))


def _appeal(weak: Application) -> Story:
    at = partial(waits, "committees")
    yield at(weak, "appeal_form")
    said = {"grounds": ["arithmetic"], "statement": "وُضعت لنا درجتان في بطاقتين لم يكتب فيهما سبب.", "files": []}
    appeal = appeals.lodge(weak, **said, actor=grants.signatory(weak.organisation))
    office()
    yield at(appeal, "appeal_admit", "appeal_refuse")
    appeal = appeals.admit(appeal, actor=accounts.officer(Role.BOARD_MEMBER))
    yield at(appeal, "appeal_vote")
    for panelist in appeal.panel.select_related("user"):
        appeals.vote(appeal, "dismissed", actor=panelist.user)
    yield at(appeal, "appeal_decide")


def rapid_window() -> Story:
    """People on call, and an alert before them."""
    rota = rapid.rota()
    body = organisations.eligible_organisation(governorates=["SY07"])
    yield {"committees:rota_withdraw": rota, "committees:alert_form": None}
    alert = rapid.raised(body)
    on_call = rapid.panel_of(alert)
    yield {"committees:alert_declare": (rota.committee, alert.pk), "committees:alert_withdraw": alert}
    for seat in on_call:
        alerts.declare(alert, seat, kind="none", actor=seat.user)
    yield {"committees:alert_answer": (rota.committee, alert.pk)}


def concept_notes() -> Story:
    """Two concept notes before members who judge them."""
    call = grants.open_call(**two_stage_terms())
    notes = [send(noted(call)) for _each in range(2)]
    assert call.concept_closes_at is not None
    with time_machine.travel(call.concept_closes_at + timedelta(minutes=3), tick=True):
        panel = panels.open_panel(call, committees.constituted_committee(), actor=committees.officer())
        members = committees.members(panel.committee)
        for seat in members:
            for note in notes:
                committees.declare(seat, note)
        yield {"committees:concept_judge": (panel, panel.pk, notes[0].pk)}
        for seat in members[:3]:
            for note in notes:
                judging.judge(seat, note, points(call, 3), actor=seat.user)
        yield {"committees:concepts_answer": panel}
