"""Files that order payments from the bank: prepared by one person, released by another, the same bytes for ever."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

import rfc8785
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import lifecycle
from disbursements import events, rules, selectors
from disbursements.iso20022 import pain001
from disbursements.iso20022.latin import is_bank_text
from disbursements.models import FundAccount, Payment, PaymentRun, PaymentRunLine
from disbursements.services.payments import hold_grants, send_in_run
from grants import reasons
from kernel import identity
from kernel.codes import reference
from kernel.money import minor_digits
from kernel.permissions import Refused
from organisations.banking import looks_like_iban
from organisations.models import BankAccount
from organisations.services.bank import check_number
from organisations.states import RegistrationState

MOST_PAYMENTS = 500
"""Payments in one file: a bound of one request's work, not a rule of the fund."""
_HOME = "SY"


def record_fund_account(
    *, holder: str, number: str, bank: str, bic: str, country: str, town: str, currency: str, actor: Any
) -> FundAccount:
    """Record an account of the fund as its bank writes it; raises ValidationError for an impossible number, `Refused`."""
    account = FundAccount(
        holder=holder, number=check_number(number), bank=bank, bic=bic, country=country, town=town, currency=currency,
        recorded_by=actor,
    )  # fmt: skip
    event = events.FundAccountRecorded(currency=currency, fingerprint=_fingerprint(account))
    return lifecycle.create(account, event, actor=actor)


def _fingerprint(account: FundAccount) -> str:
    details = [
        account.holder,
        account.number,
        account.bank,
        account.bic,
        account.country,
        account.town,
        account.currency,
    ]
    return hashlib.sha256(rfc8785.dumps(details)).hexdigest()


@transaction.atomic
def prepare_run(
    payments: Iterable[Payment], *, account: FundAccount, execute_on: date, version: str, charges: str, actor: Any
) -> PaymentRun:
    """Write the file that orders ``payments`` from ``account``; they wait in it until another person releases it.

    Raises `Refused` and says which payment stands in the way, and why.
    """
    wanted = [one.pk for one in payments]
    _hold(wanted)
    with identity.system("disbursements.run"):
        chosen = _chosen(wanted)
        for payment in chosen:
            _require_ordered(payment, account)
        run = PaymentRun(
            reference=reference("RUN", timezone.localdate().year),
            account=account,
            currency=account.currency,
            version=version,
            charges=charges,
            execute_on=execute_on,
            count=len(chosen),
            total_minor=sum(one.amount_minor for one in chosen),
            maker=actor,
        )
        content = pain001.write(order_of(run, chosen, at=timezone.now()), pain001.Version(version))
    run.sha256 = hashlib.sha256(content).hexdigest()
    run.file.name = run.file.field.generate_filename(run, "run.xml")
    lifecycle.create(
        run,
        events.RunPrepared(count=run.count, total_minor=run.total_minor, currency=run.currency, file_sha256=run.sha256),
        actor=actor,
    )
    PaymentRunLine.objects.bulk_create(
        PaymentRunLine(run=run, payment=payment, position=number) for number, payment in enumerate(chosen, 1)
    )
    _keep(run, content)
    return run


def _hold(payments: list[Any]) -> None:
    if not payments:
        raise Refused(_("Choose at least one payment."))
    if len(payments) > MOST_PAYMENTS:
        raise Refused(_("One file takes at most %(most)s payments.") % {"most": MOST_PAYMENTS})
    hold_grants(payments)


def _chosen(payments: list[Any]) -> list[Payment]:
    """The payments of a file, locked, in the order of their keys."""
    found = Payment.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=payments).order_by("key")
    return list(found.select_related("bank_account", "tranche__grant__organisation"))


def _require_ordered(payment: Payment, account: FundAccount) -> None:
    answer = rules.may_be_ordered(payment, account)
    if not answer:
        raise Refused(_("Payment %(payment)s: %(why)s") % {"payment": payment.key, "why": answer.reason})


def _keep(run: PaymentRun, content: bytes) -> None:
    name = str(run.file.name)
    if (kept := run.file.storage.save(name, ContentFile(content))) != name:
        run.file.storage.delete(kept)
        raise FileExistsError(name)


def order_of(run: PaymentRun, payments: list[Payment], *, at: Any) -> pain001.Order:
    """What the file says: the fund's account, the day, and each payment to the account that was approved for it."""
    payer = run.account
    return pain001.Order(
        message=run.reference,
        created_at=timezone.localtime(at).replace(microsecond=0),
        execute_on=run.execute_on,
        currency=run.currency,
        digits=minor_digits(run.currency),
        charges=pain001.Charges(run.charges),
        payer=pain001.Account(
            payer.holder, payer.number, looks_like_iban(payer.number), payer.bank, payer.bic, payer.country, payer.town
        ),
        transfers=tuple(
            pain001.CreditTransfer(
                payment.key, payment.pk, payment.amount_minor, _payee(payment.bank_account),
                f"{payment.tranche.grant.reference} tranche {payment.tranche.number}",
            )
            for payment in payments
        ),
    )  # fmt: skip


def _payee(account: BankAccount) -> pain001.Account:
    iban = looks_like_iban(account.number)
    abroad = account.organisation.registration_state == RegistrationState.ABROAD
    return pain001.Account(
        holder=account.holder_latin,
        number=account.number,
        is_iban=iban,
        bank=account.bank if is_bank_text(account.bank) else "",
        country="" if abroad else _HOME,
    )


@transaction.atomic
def release_run(run: PaymentRun, *, file_sha256: str, actor: Any) -> PaymentRun:
    """Another person approves exactly this file; every payment in it is sent under the run's reference.

    All of them or none: raises `Refused` and says which payment stands in the way.
    """
    payments = list(Payment.objects.filter(run_lines__run=run).order_by("key"))
    hold_grants([one.pk for one in payments])
    selectors.file_bytes(run)
    released = lifecycle.move(run, events.RunReleased(file_sha256=file_sha256), actor=actor, changes={"checker": actor})
    for payment in payments:
        try:
            send_in_run(payment, reference=released.reference, file_sha256=released.sha256, actor=actor)
        except Refused as refused:
            raise Refused(
                _("Payment %(payment)s: %(why)s") % {"payment": payment.key, "why": refused.reason}
            ) from refused
    return released


def discard_run(run: PaymentRun, *, reason: str, actor: Any) -> PaymentRun:
    """Give up a file that was not released; its payments may be ordered by another."""
    return lifecycle.move(run, events.RunDiscarded(), actor=actor, reason=reasons.given(reason))
