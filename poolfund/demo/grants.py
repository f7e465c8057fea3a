"""Grants of the played fund: offer, agreement, payments, reports, closure."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from disbursements.controls import approvals_needed
from disbursements.models import Payment, PaymentProvider, Refund, Tranche
from disbursements.positions import current_request, payload_hash, position
from disbursements.selectors import fund_accounts
from disbursements.services import agreements as schedules
from disbursements.services import channels, closing, payments, runs, tranches
from disbursements.states import ApprovalKind, ProviderState
from grants.fingerprints import report_sha256, revision_sha256
from grants.models import Application, Grant, Report
from grants.selectors.grants import rules_of
from grants.selectors.revisions import budget_in_force, least_by_category
from grants.services import agreements, awards, conditions, cost_extensions, extensions, reports, revisions
from grants.states import ReportState
from kernel.money import shares
from kernel.places import Governorate
from poolfund.demo import clock
from poolfund.demo.foundations import paper, who
from transparency.selectors.withholdings import shown_sha256
from transparency.services import withholding


def _key(grant: Grant) -> str:
    return grant.organisation.email.partition("@")[0]


def sign(application: Application, *, offered: int, signed: int, starts: int) -> Grant:
    """Offer, acceptance, conditions, agreement, both signatures; days ago."""
    grant = application.grants.get()
    signatory = who(_key(grant))
    with clock.on(offered):
        grant = awards.send_offer(grant, actor=who("programme"))
    with clock.on(offered - 2):
        grant = awards.accept_offer(grant, actor=signatory)
        for condition in grant.conditions.all():
            conditions.meet(condition, actor=who("programme"), evidence="وصلت السياسة موقّعة (متخيّلة)")
    with clock.on(signed + 1):
        grant = schedules.draft_agreement(
            grant, starts_on=timezone.localdate(clock.days_ago(starts)), actor=who("programme")
        )
    with clock.on(signed):
        hashes = {"sha256_ar": grant.agreement_ar_sha256, "sha256_en": grant.agreement_en_sha256}
        agreements.sign(grant, **hashes, actor=signatory)
        return agrees_to_be_named(agreements.countersign(grant, **hashes, actor=who("manager")), signatory)


def agrees_to_be_named(grant: Grant, signatory: User) -> Grant:
    """The signatory reads what the public will read, and agrees."""
    withholding.consent_to_be_named(grant, shown=shown_sha256(grant), actor=signatory)
    return grant


def change_the_budget(grant: Grant, *, asked: int, counted: int) -> None:
    """The partner tells of a small shift between categories; nobody objects, and it counts after the days; days ago."""
    now, least = budget_in_force(grant), least_by_category(grant)
    free = {one: minor - least.get(one, 0) for one, minor in now.items() if one not in {"A", "I"}}
    source, target = sorted(free, key=lambda one: -free[one])[:2]
    minor = min(free[source], now[source] // 10, now[target] // 10)
    with clock.on(asked):
        revisions.request(
            grant,
            amounts={**now, source: now[source] - minor, target: now[target] + minor},
            reason="انخفض سعر المواد عمّا قدّرناه وارتفع سعر الخدمات (متخيّل)",
            new_post=False,
            actor=who(_key(grant)),
        )
    with clock.on(counted):
        revisions.count_unanswered_notices(timezone.now())


def give_more_time(grant: Grant, *, months: int, asked: int, given: int) -> None:
    """The partner asks for more months, an officer looks at it, the fund manager gives them; days ago."""
    with clock.on(asked):
        wish = extensions.request(
            grant, months=months, reason="تأخّر ترخيص البلدية شهرين عن الموعد (متخيّل)", actor=who(_key(grant))
        )
    with clock.on(given):
        read = revisions.take_up(wish, actor=who("programme"))
        revisions.approve(read, content_sha256=revision_sha256(read), actor=who("manager"))


def give_more_money(grant: Grant, *, minor: int, asked: int, signed: int, paid_from: int) -> None:
    """The partner asks for more, the chair and a member agree, the money is kept aside and both sides sign; days ago."""
    costliest = max(budget_in_force(grant).items(), key=lambda one: one[1])[0]
    with clock.on(asked):
        wish = cost_extensions.request(
            grant, more={costliest: minor}, months=0, paid_from=timezone.localdate(clock.days_ago(paid_from)),
            reason="تضاعف عدد الأطفال المسجّلين بعد عودة أسرهم (متخيّل)", actor=who(_key(grant)),
        )  # fmt: skip
    with clock.on(asked - 2):
        for name in ("member1", "member4"):
            sha256 = revision_sha256(wish)
            extensions.agree(wish, content_sha256=sha256, as_chair=name == "member1", actor=who(name))
        read = revisions.take_up(wish, actor=who("programme"))
    with clock.on(asked - 3):
        kept = revisions.approve(read, content_sha256=revision_sha256(read), actor=who("manager"))
    with clock.on(signed):
        hashes = {"sha256_ar": kept.amendment_ar_sha256, "sha256_en": kept.amendment_en_sha256}
        by_partner = revisions.sign(kept, **hashes, actor=who(_key(grant)))
        revisions.countersign(by_partner, **hashes, actor=who("manager"))


def request(grant: Grant, number: int, *, requested: int) -> Tranche:
    """The signatory asks for a tranche; days ago."""
    with clock.on(requested):
        return _requested(grant, number)


def pay(grant: Grant, number: int, *, requested: int) -> Tranche:
    """Request, approvals by different people, payment with slip, the partner's confirmation; days ago."""
    tranche = request(grant, number, requested=requested)
    with clock.on(requested - 2):
        tranche = _approved(tranche)
    with clock.on(requested - 3):
        provider = _provider(grant) if number == 2 else None
        payment = payments.prepare_payment(tranche, actor=who("finance"), provider=provider)
        payment = _by_file(payment) if number == 1 else _by_slip(payment)
    with clock.on(requested - 6):
        payments.confirm_payment(payment, received_on=timezone.localdate(), fee_minor=0, actor=who(_key(grant)))
    return Tranche.objects.get(pk=tranche.pk)


def pay_now(grant: Grant, number: int) -> Payment:
    """Request, approvals by different people and payment with slip in one morning: the rapid window."""
    return _by_slip(payments.prepare_payment(_approved(_requested(grant, number)), actor=who("finance")))


def _requested(grant: Grant, number: int) -> Tranche:
    tranche = grant.tranches.get(number=number)
    return tranches.request_tranche(
        tranche,
        bank_account=grant.organisation.bank_accounts.get(state="verified"),
        cash_on_hand_minor=position(grant).unspent_minor,
        forecast_minor=tranche.amount_minor,
        actor=who(_key(grant)),
    )


def _approved(tranche: Tranche) -> Tranche:
    tranche = _approve(tranche, ApprovalKind.PROGRAMME, who("programme"))
    tranche = _approve(tranche, ApprovalKind.FINANCE, who("finance"))
    rules = rules_of(tranche.grant).payments
    if approvals_needed(tranche.amount_minor, rules) > rules.approvals:
        tranche = _approve(tranche, ApprovalKind.MANAGER, who("manager"))
    return tranche


def _provider(grant: Grant) -> PaymentProvider:
    """An exchange house of the register, searched in the lists of sanctions today."""
    provider = PaymentProvider.objects.first() or channels.propose_provider(
        channel="exchange",
        name="Demonstration Exchange",
        name_ar="شركة العرض للصرافة",
        licence_number="EX-0001",
        licensed_by="الجهة التجريبية",
        licence_until=timezone.localdate() + timedelta(days=900),
        governorates=[place.value for place in Governorate],
        currency=grant.currency,
        most_payment_minor=grant.amount_minor,
        most_open_minor=2 * grant.amount_minor,
        commission_basis_points=0,
        commission_fixed_minor=0,
        actor=who("finance"),
    )
    channels.screen_provider(provider, outcome="clear", lists="UN, EU, UK, OFAC", actor=who("finance"))
    if provider.state == ProviderState.PROPOSED:
        provider = channels.approve_provider(provider, actor=who("manager"))
    return provider


def _by_slip(payment: Payment) -> Payment:
    """The payment ordered at the bank's counter, with its slip."""
    return payments.send_payment(
        payment,
        slip=paper("إشعار تحويل", payment.key),
        bank_reference=f"DEMO-{payment.key[-8:]}",
        sent_on=timezone.localdate(),
        actor=who("finance2"),
    )


def _by_file(payment: Payment) -> Payment:
    """The payment ordered by a file for the bank, written by one officer and released by another."""
    account = next(iter(fund_accounts()), None) or runs.record_fund_account(
        holder="Demonstration Pooled Fund",
        number="DE89370400440532013000",
        bank="Example Bank",
        bic="COBADEFFXXX",
        country="DE",
        town="Berlin",
        currency=payment.currency,
        actor=who("finance"),
    )
    run = runs.prepare_run(
        [payment], account=account, execute_on=timezone.localdate(), version="pain.001.001.09", charges="DEBT",
        actor=who("finance"),
    )  # fmt: skip
    runs.release_run(run, file_sha256=run.sha256, actor=who("finance2"))
    return Payment.objects.get(pk=payment.pk)


def _approve(tranche: Tranche, kind: ApprovalKind, actor: Any) -> Tranche:
    shown = payload_hash(tranche, current_request(tranche))
    return tranches.approve(tranche, kind, payload_sha256=shown, actor=actor)


def report(grant: Grant, number: int, *, spent_minor: int, written: int, accepted: int | None) -> Report:
    """The partner writes and submits a report that adds up to ``spent_minor``; the fund accepts it; days ago."""
    signatory = who(_key(grant))
    with clock.on(written):
        one = grant.reports.get(number=number)
        if one.state == ReportState.SCHEDULED:
            one = reports.open_report(one, actor=signatory)
        reports.save_report(
            one,
            narrative={
                "achieved": "وصلنا إلى الأسر في ثلاثة أحياء، وتعمل لجنة الأهالي كل أسبوع.",
                "did_not_work": "تأخّر شراء المواد شهراً، وتعلّمنا أن نطلب عروض الأسعار مبكراً.",
                "participation": "شارك الأهالي في اختيار الأماكن وفي المتابعة وفي الاستلام.",
                "people_reached": 640,
            },
            spent=_spread(one, spent_minor),
            explanations={},
            actor=signatory,
        )
        one = reports.submit_report(one, actor=signatory)
    if accepted is None:
        return one
    with clock.on(accepted):
        return reports.accept_report(one, content_sha256=report_sha256(one), actor=who("programme"))


def _spread(one: Report, spent_minor: int) -> dict[str, int]:
    lines = list(one.lines.order_by("category"))
    parts = shares(spent_minor, [line.budget_minor for line in lines])
    return {line.category: part for line, part in zip(lines, parts, strict=True)}


def close(grant: Grant, *, refunded: int, closed: int) -> Grant:
    """What was not spent comes back and is confirmed by two people; the fund manager closes; days ago."""
    with clock.on(refunded):
        refund = closing.compute_refund(grant, disallowed_minor=0, actor=who("finance"))
        if refund.state == "computed":
            refund = closing.record_refund(
                refund, received_on=timezone.localdate(), bank_reference="DEMO-REFUND", actor=who("finance")
            )
            closing.confirm_refund(Refund.objects.get(pk=refund.pk), actor=who("finance2"))
    with clock.on(closed):
        return closing.close_grant(Grant.objects.get(pk=grant.pk), actor=who("manager"))


def day_of(grant: Grant, number: int) -> int:
    """How many days ago a tranche was planned for."""
    due: Any = grant.tranches.get(number=number).due_on
    return int((timezone.localdate() - due) / timedelta(days=1))
