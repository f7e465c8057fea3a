"""Bank accounts of organisations: recorded, verified by another person on a second channel, usable after a pause."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import lifecycle, vault
from audit.models import DataKey
from charter.selectors import charter_in_force
from organisations import banking, events, rules, selectors
from organisations.models import BankAccount, Organisation
from organisations.services.bank_changes import request_change


def check_number(number: str) -> str:
    """The normalised number; raises ValidationError for an IBAN that no bank gave and for what is no number."""
    normalised = banking.normalised_number(number)
    if not normalised.isascii() or not normalised.isalnum():
        raise ValidationError(_("Write the IBAN or account number with letters and digits only."), code="characters")
    if banking.looks_like_iban(normalised):
        _check_iban(normalised)
    return normalised


def _check_iban(number: str) -> None:
    try:
        banking.check_iban(number)
    except banking.WrongIban as wrong:
        said = {
            "length": _("An IBAN that begins with %(country)s has %(right)s characters, this one has %(now)s."),
            "structure": _(
                "This IBAN has a letter where its country has a digit, or a digit where it has a letter. Compare it with the bank's letter."
            ),
            "iban": _("This IBAN contains a mistake: its check digits do not fit. Compare it with the bank's letter."),
        }
        facts = {"country": number[:2], "right": wrong.right_length, "now": len(number)}
        raise ValidationError(said[wrong.code], code=wrong.code, params=facts) from wrong


def fingerprint(account: BankAccount) -> str:
    """What an approval binds: a digest of the normalised details under the organisation's own key (hexadecimal).

    Without that key nobody finds the number by trying, not even with every record in hand.
    """
    details = banking.details_as_text(
        holder_latin=account.holder_latin,
        holder_ar=account.holder_ar,
        bank=account.bank,
        number=account.number,
        currency=account.currency,
    )
    return vault.digest(account.data_key, "organisations.bank_account", details)


@transaction.atomic
def record_bank_account(
    organisation: Organisation, *, actor: User, replaces: BankAccount | None = None, reason: str = "", **details: str
) -> BankAccount:
    """Record where the organisation receives money; nothing is paid there before `verify_bank_account`.

    ``details`` are ``holder_latin``, ``holder_ar``, ``bank``, ``number`` and ``currency`` (US dollars unless it is said). An
    account after the organisation's first one is a change, which `bank_changes.agree` ends: it may take the place of the account
    that it ``replaces``. Raises ValidationError for an impossible number or one that is recorded already, and `Refused`.
    """
    details["number"] = check_number(details["number"])
    key = vault.key_for(organisation.pk)
    account = BankAccount(organisation=organisation, data_key=key, recorded_by=actor, **details)
    account.number_index = vault.index(banking.NUMBER, account.number)
    account.fingerprint = fingerprint(account)
    if selectors.same_numbers(account).filter(organisation=organisation, currency=account.currency).exists():
        raise ValidationError(_("This account is recorded already. Stop using the other record first."), code="twice")
    recorded = lifecycle.create(account, events.BankAccountRecorded(fingerprint=account.fingerprint), actor=actor)
    if rules.is_later(recorded):
        request_change(recorded, replaces=replaces, actor=actor, reason=reason)
    return recorded


def verify_bank_account(account: BankAccount, *, channel: str, fingerprint: str, actor: User) -> BankAccount:
    """Confirm the details through ``channel``; the account is usable after the charter's pause.

    ``fingerprint`` is that of the details which the officer compared. Raises `Refused`.
    """
    hours = charter_in_force().rules.payments.bank_details_cooling_hours
    return lifecycle.move(
        account,
        events.BankAccountVerified(fingerprint=fingerprint, channel=channel),
        actor=actor,
        changes={"verified_by": actor, "usable_from": timezone.now() + timedelta(hours=hours)},
    )


def retire_bank_account(account: BankAccount, *, actor: User, reason: str) -> BankAccount:
    """Stop using an account; payments that were approved for it are refused."""
    return lifecycle.move(account, events.BankAccountRetired(), actor=actor, reason=reason)


@vault.reindexing
def index_numbers_anew() -> int:
    """Write the digests by which equal numbers are found under the outer key that now wraps; how many changed."""
    changed = 0
    for account in BankAccount.objects.filter(data_key__wrapped__isnull=False).select_related("data_key").iterator():
        found = vault.index(banking.NUMBER, account.number)
        if account.number_index not in {"", found}:
            changed += BankAccount.objects.filter(pk=account.pk).update(number_index=found)
    return changed


def forget_numbers(key: DataKey) -> None:
    """Empty the digests of numbers that are being erased, so that no guess can be confirmed."""
    BankAccount.objects.filter(data_key=key).update(number_index="")
