"""Organisations at every step of their way, through the real services."""

import itertools
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from audit import lifecycle
from charter.selectors import find_charter_in_force
from organisations import events, rules, services
from organisations.models import BankAccount, BankChange, Organisation, PassportItem, Person, RegistrationProof
from organisations.selectors import people_of
from organisations.services import bank, bank_changes
from organisations.services.people import add_person
from organisations.states import CapacitySection, CheckItem, Declaration, PersonRole, VerificationChannel
from tests.factories import accounts, charter, files, shelf

_number = itertools.count(1)
SCORES = {"H": 50, "M": 70, "L": 90}
IBAN = "GB82WEST12345698765432"
"""The example of the standard; no account."""
OTHER_IBAN = "DE89370400440532013000"
"""Another example of the standard."""


def needs_charter() -> None:
    """A charter in force: eligibility is decided by its table."""
    if find_charter_in_force() is None:
        charter.ratified_charter()


def colleague(role: str) -> User:
    """Whoever holds the office ``role`` in this test; appointed when nobody does."""
    from accounts.selectors import users_with_role

    return users_with_role(role).first() or accounts.officer(role)


def profile(**fields: Any) -> dict[str, Any]:
    """What a person types to register a plainly fictitious organisation."""
    n = next(_number)
    return {
        "name_ar": f"جمعية المثال التنموية {n}",
        "name_latin": f"Example Development Association {n}",
        "type": "association",
        "governorates": ["SY02", "SY07"],
        "registration_state": "mosal",
        "registration_number": f"R-{n:04}",
        "registration_valid_until": timezone.localdate() + timedelta(days=400),
        "founded_year": timezone.localdate().year - 8,
        "last_year_expenditure_minor": 200_000_00,
        "women_led": False,
        "youth_led": False,
        "displaced_led": False,
        "disability_led": False,
        "email": f"office{n}@example.org",
        "phone": "+963 11 000 0000",
        "about": "نعمل مع الأهالي على التعليم والمياه.",
        **fields,
    }


def registered_organisation(*, signatory: User | None = None, **fields: Any) -> Organisation:
    """Just registered; its first signatory is ``signatory`` or a new person."""
    return services.register(profile(**fields), actor=signatory or accounts.user())


def signatory_of(organisation: Organisation) -> User:
    """An authorised signatory of the organisation."""
    return people_of(organisation).filter(role=PersonRole.SIGNATORY).first().user  # type: ignore[union-attr]


def preparer_of(organisation: Organisation) -> User:
    """A preparer of the organisation; joined when there is none."""
    person = people_of(organisation).filter(role=PersonRole.PREPARER).first()
    return person.user if person else add_person(organisation, accounts.user(), PersonRole.PREPARER).user


def proof(organisation: Organisation, kind: str = "certificate", **fields: Any) -> RegistrationProof:
    """A document of the organisation."""
    values: dict[str, Any] = {
        "kind": kind,
        "issued_by": "الجهة التجريبية",
        "issued_on": timezone.localdate() - timedelta(days=100),
        "file": files.pdf(unlike=next(_number)),
        "actor": signatory_of(organisation),
        **fields,
    }
    return services.add_proof(organisation, **values)


def given_item(organisation: Organisation, key: str, **fields: Any) -> PassportItem:
    """An item of the passport that waits for the fund."""
    asked = rules.asked_of(organisation)[key]
    values: dict[str, Any] = {
        "text": f"سناء المثال، رئيسة المجلس {next(_number)}" if asked.text else "",
        "file": files.pdf(unlike=next(_number)) if asked.document else None,
        "valid_until": timezone.localdate() + timedelta(days=300) if asked.dated else None,
        "actor": signatory_of(organisation),
        **fields,
    }
    return services.give_item(organisation, key, **values)


def accepted_item(item: PassportItem) -> PassportItem:
    """The item as a programme officer accepted it."""
    assert item.current is not None
    return services.accept_item(item, answer=item.current, actor=colleague(Role.PROGRAMME_OFFICER))


def complete_profile(**fields: Any) -> Organisation:
    """Ready to be submitted for the check."""
    organisation = registered_organisation(**fields)
    proof(organisation)
    proof(organisation, "statutes")
    for key, asked in rules.asked_of(organisation).items():
        if asked.required:
            given_item(organisation, key)
    return organisation


def submitted_organisation(**fields: Any) -> Organisation:
    """Waiting for the check."""
    needs_charter()
    organisation = complete_profile(**fields)
    return services.submit_due_diligence(
        organisation, declarations=list(Declaration.values), actor=signatory_of(organisation)
    )


def cleared_organisation(**fields: Any) -> Organisation:
    """Papers in order, not assessed."""
    organisation = submitted_organisation(**fields)
    officer = colleague(Role.PROGRAMME_OFFICER)
    for item in organisation.passport_items.select_related("organisation", "current"):
        accepted_item(item)
    return services.clear_due_diligence(organisation, checked=list(CheckItem.values), actor=officer)


def assessed_organisation(score: int = 70, **fields: Any) -> Organisation:
    """Assessed with ``score`` in every section."""
    organisation = cleared_organisation(**fields)
    services.record_assessment(
        organisation,
        sections=dict.fromkeys(CapacitySection.values, score),
        advice="توثيق المشتريات.",
        actor=colleague(Role.PROGRAMME_OFFICER),
    )
    organisation.refresh_from_db()
    return organisation


@shelf.keepable
def eligible_organisation(tier: str = "M", **fields: Any) -> Organisation:
    """May apply, in ``tier`` (``E`` without an assessment: a very small organisation)."""
    if tier == "E":
        organisation = cleared_organisation(**{"last_year_expenditure_minor": 5_000_00, **fields})
    else:
        organisation = assessed_organisation(SCORES[tier], **fields)
    return services.decide_eligible(organisation, actor=colleague(Role.FUND_MANAGER), reason="حسب جدول الميثاق")


def recorded_bank_account(organisation: Organisation, *, actor: User | None = None, **fields: Any) -> BankAccount:
    """A bank account that waits for verification."""
    values = {
        "holder_latin": organisation.name_latin,
        "holder_ar": organisation.name_ar,
        "bank": "Example Bank",
        "number": IBAN,
        **fields,
    }
    return services.record_bank_account(organisation, actor=actor or signatory_of(organisation), **values)


def verified_bank_account(organisation: Organisation, **fields: Any) -> BankAccount:
    """A verified account (its pause is not over: move the clock, or see ``usable_bank_account``)."""
    account = recorded_bank_account(organisation, **fields)
    change = BankChange.objects.filter(account=account).first()
    if change is not None:
        return agreed(called_back(change)).account
    return services.verify_bank_account(
        account,
        channel=VerificationChannel.CALL,
        fingerprint=account.fingerprint,
        actor=colleague(Role.FINANCE_OFFICER),
    )


def bank_change(organisation: Organisation, **fields: Any) -> BankChange:
    """A change that replaces the organisation's account in use, asked for by its signatory."""
    values = {"replaces": organisation.bank_accounts.get(state="verified"), "reason": "أغلق المصرف فرعنا", **fields}
    account = recorded_bank_account(organisation, **{"number": OTHER_IBAN, **values})
    return BankChange.objects.get(account=account)


def called_back(change: BankChange, **fields: Any) -> BankChange:
    """A change of bank details about which a finance officer asked the organisation."""
    values = {
        "channel": VerificationChannel.CALL,
        "spoke_with": signatory_of(change.organisation),
        "called_at": timezone.now(),
        "fingerprint": change.account.fingerprint,
        "actor": colleague(Role.FINANCE_OFFICER),
        "reason": "قرأ لنا الرقم كاملاً",
        **fields,
    }
    return services.call_back(change, **values)


def agreed(change: BankChange, **fields: Any) -> BankChange:
    """A change to which the fund manager agreed after the call back."""
    values = {"fingerprint": change.account.fingerprint, "actor": colleague(Role.FUND_MANAGER), **fields}
    return services.agree_to_bank_change(change, **values)


def usable_bank_account(organisation: Organisation, **fields: Any) -> BankAccount:
    """A verified account whose pause is over."""
    # Verified days ago, as the database keeps it: its pause is recorded once and never shortened.
    days_ago = SimpleNamespace(now=lambda: timezone.now() - timedelta(days=30), localdate=timezone.localdate)
    with mock.patch.object(bank, "timezone", days_ago), mock.patch.object(bank_changes, "timezone", days_ago):
        return verified_bank_account(organisation, **fields)


def past_person(
    organisation: Organisation, user: User, role: str, *, starts_on: date, ends_on: date | None = None
) -> Person:
    """Somebody who has belonged to the organisation since a day of the past, perhaps until another one."""
    person = Person.objects.create(organisation=organisation, user=user, role=role, starts_on=starts_on)
    lifecycle.note(person, events.PersonAdded(person=user.pk, role=role), actor=None)
    if ends_on is not None:
        lifecycle.note(person, events.PersonRemoved(person=user.pk, role=role), actor=None)
        person.ends_on = ends_on
        person.save(update_fields=["ends_on"])
    return person
