"""What the pages of a grant show: whose turn it is, by when, and the partner's money."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import offices_of
from disbursements import controls, selectors, threads, waiting
from disbursements.models import BankStatement, Payment, Tranche
from disbursements.positions import Position, position
from disbursements.states import PaymentState, ProviderState, RefundState, RunState, StatementState, TrancheState
from grants.models import AwardCondition, Grant, Report
from grants.rules.conditions import ENDED
from grants.rules.reports import may_begin_further
from grants.selectors.conditions import judged_by
from grants.selectors.grants import reports_of, rules_of
from grants.services.reports import review_due
from grants.states import ConditionState, GrantState, ReportState
from kernel.permissions import PermissionResult
from kernel.pieces.data import NextStep, Tone
from organisations.rules import person_role
from organisations.states import PersonRole

PARTNER = _("the organisation's signatory")
PROGRAMME = _("a programme officer")
FINANCE = _("a finance officer")
MANAGER = _("the fund manager")
_G, _T = GrantState, TrancheState

TONES = {
    _T.PLANNED: Tone.TODO,
    _T.DUE: Tone.OPEN,
    _T.REQUESTED: Tone.OPEN,
    _T.RETURNED: Tone.WARN,
    _T.PROGRAMME_APPROVED: Tone.OPEN,
    _T.FINANCE_APPROVED: Tone.OPEN,
    _T.PAID: Tone.OPEN,
    _T.RECEIVED: Tone.DONE,
    _T.HELD: Tone.STOP,
    _T.CANCELLED: Tone.OFF,
}
GRANT_TONES = {
    _G.ACTIVE: Tone.OPEN,
    _G.CLOSED: Tone.DONE,
    _G.SUSPENDED: Tone.STOP,
    _G.TERMINATED: Tone.STOP,
    _G.DECLINED: Tone.OFF,
    _G.LAPSED: Tone.OFF,
    _G.SET_ASIDE: Tone.OFF,
}
REPORT_TONES = {
    ReportState.SCHEDULED: Tone.TODO,
    ReportState.OPEN: Tone.OPEN,
    ReportState.SUBMITTED: Tone.OPEN,
    ReportState.RETURNED: Tone.WARN,
    ReportState.ACCEPTED: Tone.DONE,
    ReportState.WAIVED: Tone.OFF,
}
PAYMENT_TONES = {
    PaymentState.PREPARED: Tone.TODO,
    PaymentState.SENT: Tone.OPEN,
    PaymentState.CONFIRMED: Tone.DONE,
    PaymentState.FAILED: Tone.STOP,
}
RUN_TONES = {
    RunState.PREPARED: Tone.OPEN,
    RunState.RELEASED: Tone.DONE,
    RunState.DISCARDED: Tone.OFF,
}
PROVIDER_TONES = {
    ProviderState.PROPOSED: Tone.OPEN,
    ProviderState.APPROVED: Tone.DONE,
    ProviderState.SUSPENDED: Tone.STOP,
    ProviderState.RETIRED: Tone.OFF,
}
STATEMENT_TONES = {
    StatementState.TAKEN: Tone.OPEN,
    StatementState.READ: Tone.DONE,
    StatementState.REFUSED: Tone.STOP,
}
_UNREADABLE = {
    "xml": _("%(name)s is no readable XML file. Take it from the bank again."),
    "declares": _("%(name)s declares entities or a document type; no bank's file does. It was not opened further."),
    "size": _("%(name)s is larger or deeper than a statement can be."),
    "kind": _("%(name)s is not a statement, notice or report of rejections that we know: %(detail)s"),
    "empty": _("%(name)s holds no statement: %(detail)s"),
    "content": _("%(name)s says something that is no amount, day or side of a movement: %(detail)s"),
    "column": _("The first line of %(name)s has no column “%(detail)s”."),
    "mapping": _("Name the columns of %(name)s: the day, and the amount or both sides."),
    "row": _("A line of %(name)s could not be read: %(detail)s"),
}


def url(name: str, thing: Any) -> str:
    return reverse(f"disbursements:{name}", args=[thing.pk])


def signs(user: Any, grant: Grant) -> bool:
    return person_role(user, grant.organisation) == PersonRole.SIGNATORY


def _holds(user: Any, *roles: str) -> bool:
    return bool(offices_of(user).intersection(roles))


def end_of(day: Any) -> datetime:
    """The last minute of a day."""
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


# Next steps -------------------------------------------------------------------------------------------------------


def grant_step(
    grant: Grant, user: Any, tranches: list[Tranche] | None = None, reports: list[Report] | None = None
) -> NextStep:
    """State of the grant, whose turn it is, by when, and the button if it is the reader's.

    A page that has the grant's ``tranches`` and ``reports`` gives them; otherwise they are read where they matter.
    """
    before = _before_money(grant, user)
    if before is not None:
        return before
    label = grant.get_state_display()
    if grant.state == _G.ACTIVE:
        tranches = list(selectors.schedule_of(grant)) if tranches is None else tranches
        reports = list(reports_of(grant)) if reports is None else reports
        return _running_step(grant, user, tranches, reports) or _end_step(grant, user)
    if grant.state == _G.TERMINATED:
        return _end_step(grant, user)
    return NextStep(label, _("nobody; nothing is to be done"), tone=GRANT_TONES.get(_G(grant.state), Tone.OFF))


CONDITION_TONES = {
    ConditionState.OPEN: Tone.OPEN,
    ConditionState.ANSWERED: Tone.OPEN,
    ConditionState.RETURNED: Tone.WARN,
    ConditionState.MET: Tone.DONE,
    ConditionState.WAIVED: Tone.OFF,
}


def condition_step(condition: AwardCondition, user: Any) -> NextStep:
    """Whose turn it is with a condition, and by when."""
    label, tone = condition.get_state_display(), CONDITION_TONES[ConditionState(condition.state)]
    if condition.is_closed:
        return NextStep(label, _("nobody; nothing is to be done"), tone=tone)
    if condition.grant.state in ENDED:
        return NextStep(label, _("nobody; the grant has ended"), tone=Tone.OFF)
    if condition.state == ConditionState.ANSWERED:
        mine = _holds(user, Role.PROGRAMME_OFFICER)
        return NextStep(
            label, condition.owner.full_name if condition.owner else PROGRAMME, judged_by(condition), tone, mine,
            url("condition_meet", condition), _("Accept it"),
        )  # fmt: skip
    mine = bool(person_role(user, condition.grant.organisation))
    return NextStep(
        label,
        _("the organisation"),
        end_of(condition.due_on),
        tone,
        mine,
        url("condition_answer", condition),
        _("Answer it"),
    )


def _before_money(grant: Grant, user: Any) -> NextStep | None:
    steps: dict[str, tuple[Any, bool, str, Any]] = {
        _G.AWARDED: (PROGRAMME, _holds(user, Role.PROGRAMME_OFFICER, Role.FUND_MANAGER), "offer_send", _("Send the offer")),
        _G.OFFER_SENT: (PARTNER, signs(user, grant), "offer", _("Answer the offer")),
        _G.OFFER_ACCEPTED: (
            PROGRAMME, _holds(user, Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER), "agreement_draw",
            _("Draw up the agreement"),
        ),
        _G.AGREEMENT_DRAFTED: (PARTNER, signs(user, grant), "agreement", _("Read and sign the agreement")),
        _G.SIGNED_BY_PARTNER: (MANAGER, _holds(user, Role.FUND_MANAGER), "agreement", _("Read and countersign")),
    }  # fmt: skip
    if grant.state not in steps:
        return None
    turn, mine, page, action = steps[grant.state]
    return NextStep(grant.get_state_display(), turn, grant.step_due, Tone.OPEN, mine, url(page, grant), action)


def _running_step(grant: Grant, user: Any, tranches: list[Tranche], reports: list[Report]) -> NextStep | None:
    label = grant.get_state_display()
    moving = [one for one in tranches if one.state not in {_T.PLANNED, _T.RECEIVED, _T.CANCELLED, _T.HELD}]
    spending = [one for one in moving if waits_for_spending(one)]
    for tranche in moving:
        if tranche not in spending:
            return tranche_step(tranche, user)
    for report in reports:
        if report.state == ReportState.SCHEDULED and spending:
            return tranche_step(spending[0], user)
        if report.state in {ReportState.OPEN, ReportState.RETURNED}:
            mine = bool(person_role(user, grant.organisation))
            return NextStep(
                label, _("the organisation"), end_of(report.due_on), Tone.OPEN, mine, url("report_edit", report),
                _("Write the report"),
            )  # fmt: skip
        if report.state == ReportState.SUBMITTED:
            mine = _holds(user, Role.PROGRAMME_OFFICER)
            return NextStep(
                label, PROGRAMME, review_due(report), Tone.OPEN, mine, url("report_detail", report),
                _("Review the report"),
            )  # fmt: skip
        if report.state == ReportState.SCHEDULED:
            return NextStep(label, _("the organisation works; the next report comes"), end_of(report.due_on))
    return None


def _end_step(grant: Grant, user: Any) -> NextStep:
    refund = selectors.refund_of(grant)
    label, page = grant.get_state_display(), url("closing", grant)
    finance = _holds(user, Role.FINANCE_OFFICER)
    if refund is None:
        return NextStep(label, FINANCE, None, Tone.OPEN, finance, page, _("Compute the refund"))
    if refund.state == RefundState.COMPUTED:
        return NextStep(
            label,
            _("the organisation gives money back"),
            end_of(refund.due_on),
            Tone.OPEN,
            finance,
            page,
            _("Record the refund"),
        )
    if refund.state == RefundState.RECEIVED:
        mine = _holds(user, Role.FINANCE_OFFICER, Role.FUND_MANAGER)
        return NextStep(label, _("a second person"), None, Tone.OPEN, mine, page, _("Confirm the refund"))
    return NextStep(label, MANAGER, None, Tone.OPEN, _holds(user, Role.FUND_MANAGER), page, _("Close the grant"))


def waits_for_spending(tranche: Tranche) -> bool:
    """Whether the tranche could be requested if only more spending were reported."""
    return tranche.state in waiting.ASKABLE and not waiting.enough_is_reported(tranche)


def waiting_context(tranche: Tranche, user: Any, waits: list[PermissionResult]) -> dict[str, Any]:
    """What a page shows of a tranche that cannot be requested: what it waits for, and how the partner's people meet it."""
    grant = tranche.grant
    partner = bool(person_role(user, grant.organisation))
    under_way = next((one for one in reports_of(grant) if one.state in {ReportState.OPEN, ReportState.RETURNED}), None)
    return {
        "tranche": tranche,
        "grant": grant,
        "waits": waits,
        "cash": cash_of(grant),
        "thread": threads.thread(grant, user, tranche=tranche),
        "report_to_write": under_way if partner and waits else None,
        "may_report_further": bool(waits) and bool(may_begin_further(Report(grant=grant), actor=user)),
    }


def _request_step(tranche: Tranche, user: Any) -> NextStep:
    label, tone = tranche.get_state_display(), TONES[_T(tranche.state)]
    if waits_for_spending(tranche):
        mine = bool(person_role(user, tranche.grant.organisation))
        turn, page = _("the organisation spends and reports"), f"{url('tranche_detail', tranche)}#waits"
        return NextStep(label, turn, None, Tone.TODO, mine, page, _("See what is missing"))
    mine, page = signs(user, tranche.grant), url("tranche_request", tranche)
    return NextStep(label, PARTNER, tranche.step_due, tone, mine, page, _("Request the tranche"))


def tranche_step(tranche: Tranche, user: Any) -> NextStep:
    """State of a tranche, whose turn it is, by when, and the button if it is the reader's."""
    grant, detail = tranche.grant, url("tranche_detail", tranche)
    label, due = tranche.get_state_display(), tranche.step_due
    partner = signs(user, grant)
    if tranche.state in waiting.ASKABLE:
        return _request_step(tranche, user)
    if tranche.state == _T.REQUESTED:
        return NextStep(
            label, PROGRAMME, due, Tone.OPEN, _holds(user, Role.PROGRAMME_OFFICER), detail, _("Review the request")
        )
    if tranche.state == _T.PROGRAMME_APPROVED:
        return NextStep(
            label, FINANCE, due, Tone.OPEN, _holds(user, Role.FINANCE_OFFICER), detail, _("Approve for finance")
        )
    if tranche.state == _T.FINANCE_APPROVED:
        return _payment_step(tranche, user)
    if tranche.state == _T.PAID:
        payment = live_payment(tranche)
        page = url("payment_confirm", payment) if payment and partner else detail
        return NextStep(label, PARTNER, due, Tone.OPEN, partner, page, _("Confirm that it arrived"))
    return NextStep(label, _("nobody now"), None, TONES[_T(tranche.state)])


def live_payment(tranche: Tranche) -> Payment | None:
    """The tranche's payment that did not come back."""
    return next((one for one in tranche.payments.all() if one.state != PaymentState.FAILED), None)


def _payment_step(tranche: Tranche, user: Any) -> NextStep:
    label, due, detail = tranche.get_state_display(), tranche.step_due, url("tranche_detail", tranche)
    payment = live_payment(tranche)
    if payment is not None:
        mine = _holds(user, Role.FINANCE_OFFICER, Role.FUND_MANAGER) and payment.maker_id != user.pk
        return NextStep(
            label,
            _("another person than the one who prepared it"),
            due,
            Tone.OPEN,
            mine,
            url("payment_detail", payment),
            _("Release the payment"),
        )
    rules = rules_of(tranche.grant).payments
    given = {one.approver_id for one in tranche.approvals.all() if one.round == tranche.request_round}
    if len(given) < controls.approvals_needed(tranche.amount_minor, rules):
        return NextStep(
            label, MANAGER, due, Tone.OPEN, _holds(user, Role.FUND_MANAGER), detail, _("Give the third approval")
        )
    return NextStep(
        label, FINANCE, due, Tone.OPEN, _holds(user, Role.FINANCE_OFFICER), detail, _("Prepare the payment")
    )


# Money ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cash:
    """The partner's money in the grant as the request form and the approvals show it."""

    now: Position
    grant: UUID
    currency: str
    percent: int
    needed_percent: int
    left_minor: int

    @property
    def enough(self) -> bool:
        return self.left_minor == 0 and self.now.received_minor > 0


def cash_of(grant: Grant) -> Cash:
    """What arrived, what accepted reports say was spent, and how far it is to the charter's share."""
    now, rules = position(grant), rules_of(grant).payments
    return Cash(
        now,
        grant.pk,
        grant.currency,
        controls.spent_percent(now.received_minor, now.spent_minor),
        rules.next_tranche_spent_percent,
        controls.left_to_spend(now.received_minor, now.spent_minor, rules),
    )


def why_unreadable(statement: BankStatement) -> str:
    """Why the bank's file was refused, by its name; empty when it was not."""
    if statement.state != StatementState.REFUSED:
        return ""
    code, _bar, detail = statement.refusal.partition("|")
    return str(_UNREADABLE.get(code, _UNREADABLE["content"])) % {"name": statement.name, "detail": detail}
