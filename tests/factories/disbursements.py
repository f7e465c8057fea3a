"""Tranches and payments on their way, made by the real services."""

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from disbursements.controls import approvals_needed
from disbursements.models import FundAccount, Payment, PaymentProvider, PaymentRun, Tranche
from disbursements.positions import current_request
from disbursements.services import channels, payments, runs, tranches
from disbursements.states import ApprovalKind
from grants.fingerprints import report_sha256
from grants.models import Grant, Report
from grants.selectors.grants import rules_of
from grants.services import reports
from grants.states import ReportState
from organisations.selectors import usable_bank_accounts
from tests.factories import files, shelf
from tests.factories.awards import active_grant, finance_officers, manager, programme_officer, signatory

_number = itertools.count(1)


def due_tranche(grant: Grant | None = None, **wishes: Any) -> Tranche:
    """The first tranche of an active grant that may be requested."""
    grant = grant or active_grant(**wishes)
    return grant.tranches.get(state="due")


@shelf.keepable
def requested_tranche(tranche: Tranche | None = None, *, spent_minor: int = 0, **wishes: Any) -> Tranche:
    """A tranche that waits for the programme's approval; ``spent_minor`` is what the partner states where it must."""
    tranche = tranche or due_tranche(**wishes)
    account = usable_bank_accounts(tranche.grant.organisation).first()
    if account is None:
        raise ValueError("the organisation has no account that money can go to")
    return tranches.request_tranche(
        tranche,
        bank_account=account,
        cash_on_hand_minor=0,
        forecast_minor=tranche.amount_minor,
        spent_minor=spent_minor,
        actor=signatory(tranche.grant),
    )


def shown(tranche: Tranche) -> str:
    """The hash of the request as an officer sees it."""
    return current_request(tranche).payload_sha256


@shelf.keepable
def approved_tranche(tranche: Tranche | None = None, **wishes: Any) -> Tranche:
    """A tranche with all the approvals that its amount needs."""
    tranche = tranche or requested_tranche(**wishes)
    first, _second = finance_officers()
    tranche = tranches.approve(
        tranche, ApprovalKind.PROGRAMME, payload_sha256=shown(tranche), actor=programme_officer()
    )
    tranche = tranches.approve(tranche, ApprovalKind.FINANCE, payload_sha256=shown(tranche), actor=first)
    if approvals_needed(tranche.amount_minor, rules_of(tranche.grant).payments) > 2:
        tranche = tranches.approve(tranche, ApprovalKind.MANAGER, payload_sha256=shown(tranche), actor=manager())
    return tranche


@shelf.keepable
def prepared_payment(tranche: Tranche | None = None, **wishes: Any) -> Payment:
    """A payment that waits for a second person."""
    return payments.prepare_payment(tranche or approved_tranche(**wishes), actor=finance_officers()[0])


@shelf.keepable
def sent_payment(payment: Payment | None = None, **wishes: Any) -> Payment:
    """A payment on its way to the partner."""
    payment = payment or prepared_payment(**wishes)
    number = next(_number)
    return payments.send_payment(
        payment,
        slip=files.pdf(unlike=number),
        bank_reference=f"TRX-{number:05}",
        sent_on=timezone.localdate(),
        actor=finance_officers()[1],
    )


def confirmed_payment(payment: Payment | None = None, *, fee_minor: int = 0, **wishes: Any) -> Payment:
    """A payment that the partner has."""
    payment = payment or sent_payment(**wishes)
    return payments.confirm_payment(
        payment, received_on=timezone.localdate(), fee_minor=fee_minor, actor=signatory(payment.tranche.grant)
    )


def fund_account(currency: str = "USD", **fields: Any) -> FundAccount:
    """An account of the fund from which files order payments."""
    details = {
        "holder": "Example Pooled Fund",
        "number": "DE89370400440532013000",
        "bank": "Example Bank AG",
        "bic": "COBADEFFXXX",
        "country": "DE",
        "town": "Berlin",
        **fields,
    }
    return runs.record_fund_account(currency=currency, actor=finance_officers()[0], **details)


def prepared_run(*orders: Payment, **wishes: Any) -> PaymentRun:
    """A file for the bank that waits for a second person."""
    terms = {"execute_on": timezone.localdate(), "version": "pain.001.001.09", "charges": "DEBT", **wishes}
    account = terms.pop("account", None) or fund_account()
    return runs.prepare_run(orders or [prepared_payment()], account=account, actor=finance_officers()[0], **terms)


def released_run(*orders: Payment, **wishes: Any) -> PaymentRun:
    """A file that the bank has; its payments are on their way."""
    run = prepared_run(*orders, **wishes)
    return runs.release_run(run, file_sha256=run.sha256, actor=finance_officers()[1])


def proposed_provider(**terms: Any) -> PaymentProvider:
    """An exchange in the register, not yet searched nor approved."""
    entry = {
        "channel": "exchange",
        "name": "Example Exchange",
        "name_ar": "شركة المثال للصرافة",
        "licence_number": "L-1",
        "licensed_by": "الجهة التجريبية",
        "licence_until": timezone.localdate() + timedelta(days=300),
        "governorates": [f"SY{number:02}" for number in range(1, 15)],
        "currency": "USD",
        "most_payment_minor": 20_000_00,
        "most_open_minor": 30_000_00,
        "commission_basis_points": 150,
        "commission_fixed_minor": 5_00,
        **terms,
    }
    return channels.propose_provider(actor=finance_officers()[0], **entry)


def screened(provider: PaymentProvider, outcome: str = "clear") -> PaymentProvider:
    """The provider after a look at the lists."""
    channels.screen_provider(provider, outcome=outcome, lists="UN, EU", actor=finance_officers()[0])
    return provider


def approved_provider(**terms: Any) -> PaymentProvider:
    """An exchange that may carry payments."""
    return channels.approve_provider(screened(proposed_provider(**terms)), actor=manager())


def pay(tranche: Tranche) -> Payment:
    """A due tranche paid to the end: requested, approved, prepared, released, confirmed."""
    return confirmed_payment(sent_payment(prepared_payment(approved_tranche(requested_tranche(tranche)))))


def pay_requested(tranche: Tranche) -> Payment:
    """A requested tranche paid to the end."""
    return confirmed_payment(sent_payment(prepared_payment(approved_tranche(tranche))))


def written_report(grant: Grant, *, spent_minor: int, number: int | None = None) -> Report:
    """The grant's next report, complete, with ``spent_minor`` in its first category."""
    waiting = grant.reports.filter(state__in=[ReportState.SCHEDULED, ReportState.OPEN, ReportState.RETURNED])
    report = waiting.get(number=number, extra=0) if number else waiting.order_by("number", "extra")[0]
    if report.state == ReportState.SCHEDULED:
        report = reports.open_report(report, actor=signatory(grant))
    first = report.lines.order_by("category")[0].category
    return reports.save_report(
        report,
        narrative={
            "achieved": "أُصلحت المضخة ويشرب منها أهل الحي.",
            "did_not_work": "تأخر المورّد شهراً، فتعلّمنا أن نتفق مع اثنين.",
            "participation": "لجنة المياه اختارت المواقع وراقبت العمل.",
            "people_reached": 1200,
        },
        spent={first: spent_minor},
        explanations={first: "حسب الفواتير"},
        actor=signatory(grant),
    )


def submitted_report(grant: Grant, *, spent_minor: int, number: int | None = None) -> Report:
    """A report that waits for the programme officer."""
    report = written_report(grant, spent_minor=spent_minor, number=number)
    return reports.submit_report(report, actor=signatory(grant))


def accepted_report(grant: Grant, *, spent_minor: int, number: int | None = None) -> Report:
    """A report that the fund accepted; the tranche that waited for it is due."""
    report = submitted_report(grant, spent_minor=spent_minor, number=number)
    return accepted(report)


def accepted(report: Report) -> Report:
    """A submitted report as the officer reads it now, accepted."""
    return reports.accept_report(report, content_sha256=report_sha256(report), actor=programme_officer())


def returned(report: Report, *, note: str) -> Report:
    """A submitted report as the officer reads it now, returned with what to mend."""
    return reports.return_report(report, note=note, content_sha256=report_sha256(report), actor=programme_officer())


def spent_grant(grant: Grant | None = None, *, left_minor: int = 0, **wishes: Any) -> Grant:
    """A grant paid and reported to the end, except for ``left_minor`` that was not spent; its final report is accepted."""
    grant = grant or active_grant(**wishes)
    main = list(grant.tranches.filter(retention=False).order_by("number"))
    whole = grant.amount_minor - left_minor
    spent = 0
    for tranche in main:
        pay(Tranche.objects.get(pk=tranche.pk))
        last = tranche.number == len(main)
        minor = whole - spent if last else tranche.amount_minor
        accepted_report(grant, spent_minor=minor, number=tranche.number)
        spent += minor
    for tranche in grant.tranches.filter(retention=True):
        if left_minor < tranche.amount_minor:
            pay(Tranche.objects.get(pk=tranche.pk))
    grant.refresh_from_db()
    return grant
