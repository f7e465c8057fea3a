"""A change of bank details: asked for by the organisation, called back on the number of the file, agreed to by another person."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from audit import lifecycle
from charter.selectors import charter_in_force
from kernel import identity
from kernel.permissions import Refused
from organisations import bank_events, bank_warnings, bank_watch, services
from organisations.models import BankChange, BankChangeAgreement, Organisation
from organisations.selectors import usable_bank_accounts
from organisations.selectors.bank_changes import changes_to_work_on
from organisations.states import BankWarning, PersonRole
from tests.factories import accounts
from tests.factories import organisations as made

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund")]


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("GB82WEST12345698765432", "GB82WEST12345698765423", True),
        ("GB82WEST12345698765432", "GB82WEST1234569876543", True),
        ("GB82WEST12345698765432", "GB82WEST12345698765432", False),
        ("GB82WEST12345698765432", "DE89370400440532013000", False),
        ("12345678", "12345687", True),
        ("12345678", "87654321", False),
        ("1234", "1234567", False),
    ],
)
def test_numbers_that_a_reader_takes_for_each_other(one: str, other: str, near: bool) -> None:
    assert bank_warnings.are_near(one, other) is bank_warnings.are_near(other, one) is near


def test_holders_and_countries() -> None:
    assert not bank_warnings.names_another("AL-AMAL ASSOC", "Al-Amal Association")
    assert bank_warnings.names_another("Mallory Trading", "Al-Amal Association")
    assert bank_warnings.names_another("", "Al-Amal Association")
    assert bank_warnings.is_elsewhere(made.OTHER_IBAN, made.IBAN)
    assert not bank_warnings.is_elsewhere("00123", made.IBAN)


@pytest.fixture
def organisation() -> Organisation:
    one = made.eligible_organisation()
    made.usable_bank_account(one)
    return one


def officers() -> tuple[Any, Any, Any]:
    return (
        made.colleague(Role.FINANCE_OFFICER),
        accounts.officer(Role.FINANCE_OFFICER),
        made.colleague(Role.FUND_MANAGER),
    )


def test_three_people_and_a_pause_before_the_new_account_is_used(organisation: Organisation) -> None:
    old = organisation.bank_accounts.get()
    change = made.bank_change(organisation)
    finance, other, manager = officers()
    signatory = made.signatory_of(organisation)
    assert "organisations.bank_change_requested" in {notice.kind for notice in signatory.notices.all()}
    assert changes_to_work_on(finance) == [change]
    assert changes_to_work_on(manager) == []
    for refused in (
        lambda: services.verify_bank_account(
            change.account, channel="call", fingerprint=change.account.fingerprint, actor=finance
        ),
        lambda: services.retire_bank_account(old, actor=finance, reason="x"),
        lambda: services.retire_bank_account(change.account, actor=signatory, reason="x"),
        lambda: made.agreed(change),
        lambda: made.called_back(change, actor=manager),
        lambda: made.called_back(change, actor=signatory),
        lambda: made.called_back(change, channel="bank_letter"),
        lambda: made.called_back(change, spoke_with=accounts.user()),
        lambda: made.called_back(change, fingerprint="0" * 64),
        lambda: made.bank_change(organisation, number="00777"),
    ):
        with pytest.raises(Refused):
            refused()
    change = made.called_back(change, actor=finance)
    assert changes_to_work_on(finance) == []
    assert changes_to_work_on(other) == changes_to_work_on(manager) == [change]
    for refused in (
        lambda: made.agreed(change, actor=finance),
        lambda: made.agreed(change, actor=signatory),
        lambda: made.agreed(change, fingerprint="0" * 64),
    ):
        with pytest.raises(Refused):
            refused()
    approved = made.agreed(change)
    old.refresh_from_db()
    assert (approved.state, approved.account.state, old.state) == ("approved", "verified", "retired")
    hours = charter_in_force().rules.payments.bank_details_cooling_hours
    assert list(usable_bank_accounts(organisation)) == []
    later = timezone.now() + timedelta(hours=hours, minutes=1)
    assert [one.pk for one in usable_bank_accounts(organisation, at=later)] == [approved.account_id]
    with pytest.raises(Refused):
        made.agreed(change, actor=other)


def test_the_number_called_is_that_of_the_day_of_the_request(organisation: Organisation) -> None:
    phone = str(organisation.phone)
    change = made.bank_change(organisation)
    services.change_profile(organisation, {"phone": "+963900000666"}, actor=made.signatory_of(organisation))
    change = BankChange.objects.get(pk=change.pk)
    assert change.file_number == phone
    late = made.signatory_of(organisation)
    newcomer = accounts.user()
    made.past_person(organisation, newcomer, PersonRole.SIGNATORY, starts_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(Refused):
        made.called_back(change, spoke_with=newcomer)
    assert made.called_back(change, spoke_with=late).called_at


def test_a_refused_or_withdrawn_change_leaves_the_old_account(organisation: Organisation) -> None:
    old = organisation.bank_accounts.get()
    first = services.refuse_change(made.bank_change(organisation), reason="لا جواب", actor=officers()[0])
    second = services.withdraw_change(made.bank_change(organisation), reason="x", actor=made.signatory_of(organisation))
    old.refresh_from_db()
    assert [first.account.state, second.account.state, old.state] == ["retired", "retired", "verified"]
    with pytest.raises(Refused):
        services.withdraw_change(second, reason="x", actor=made.signatory_of(organisation))


def test_what_is_odd_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    organisation = made.eligible_organisation("E")
    made.usable_bank_account(organisation, number="00-1234-5678")
    services.change_profile(organisation, {"phone": "+963900000777"}, actor=made.signatory_of(organisation))
    made.recorded_bank_account(made.eligible_organisation("E"), number="00-1234-5687")
    monkeypatch.setattr(bank_watch, "_watchers", [lambda _organisation, _until: True])
    change = made.bank_change(organisation, number="00-1234-5687", holder_latin="Mallory Trading")
    assert set(change.warnings) == {
        BankWarning.LAST_MINUTE, BankWarning.CONTACT_CHANGED, BankWarning.NEW_SIGNATORY, BankWarning.NEAR_NUMBER,
        BankWarning.KNOWN_ELSEWHERE, BankWarning.OTHER_HOLDER,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE organisations_bankaccount SET state = 'verified' WHERE id = %(account)s", "approved change|verif"),
        ("UPDATE organisations_bankchange SET state = 'approved' WHERE id = %(change)s", "illegal move|not enough"),
        ("UPDATE organisations_bankchange SET approvers = 1 WHERE id = %(change)s", "approvers"),
        ("UPDATE organisations_bankchange SET called_by_id = requested_by_id WHERE id = %(change)s", "called_by"),
        ("DELETE FROM organisations_bankchange WHERE id = %(change)s", "permission denied"),
    ],
)
def test_raw_sql_goes_round_nothing(organisation: Organisation, statement: str, why: str) -> None:
    change = made.bank_change(organisation)
    values = {"change": change.pk, "account": change.account_id}
    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_one_agreement_short_is_refused_by_the_database(organisation: Organisation) -> None:
    change = made.called_back(made.bank_change(organisation))
    with pytest.raises(DatabaseError, match="not enough different people"), transaction.atomic():
        lifecycle.move(change, bank_events.BankChangeApproved(), actor=None)


def test_the_wall_shows_changes_as_it_shows_accounts(organisation: Organisation) -> None:
    made.agreed(made.called_back(made.bank_change(organisation)))
    seen = {
        accounts.officer(Role.AUDITOR): (1, 1), made.signatory_of(organisation): (1, 1), accounts.user(): (0, 0),
        made.colleague(Role.PROGRAMME_OFFICER): (0, 0), made.preparer_of(organisation): (0, 0),
    }  # fmt: skip
    for person, counted in seen.items():
        with identity.person(person.pk):
            assert (BankChange.objects.count(), BankChangeAgreement.objects.count()) == counted


def _client(person: Any) -> Client:
    client = Client()
    accounts.sign_in(client, person, second_factor=True)
    return client


def test_the_pages_of_a_change(organisation: Organisation) -> None:
    finance, _other, manager = officers()
    signatory = _client(made.signatory_of(organisation))
    details = {"holder_latin": "A", "holder_ar": "ا", "bank": "B", "number": made.OTHER_IBAN, "currency": "EUR"}
    old = organisation.bank_accounts.get()
    add = reverse("organisations:add_bank_account", args=[organisation.pk])
    wrong = signatory.post(add, {**details, "replaces": old.pk, "reason": "x"})
    assert list(wrong.context["form"].errors) == ["currency"]
    assert (
        signatory.post(add, {**details, "currency": "USD", "replaces": old.pk, "reason": "أغلق الفرع"}).status_code
        == 302
    )
    change = organisation.bank_changes.get()
    pages = {
        step: reverse(f"organisations:bank_change{step}", args=[organisation.pk, change.pk])
        for step in ("", "_call", "_agree", "_refuse", "_withdraw")
    }
    stranger = _client(made.signatory_of(made.eligible_organisation("E")))
    assert {stranger.get(page).status_code for page in pages.values()} <= {403, 404}
    assert stranger.get(pages[""]).status_code == 404
    assert signatory.post(pages["_agree"], {"fingerprint": change.account.fingerprint}).status_code == 403
    for client in (signatory, _client(finance), _client(manager)):
        assert client.get(pages[""]).status_code == 200
    caller = _client(finance)
    shown = caller.get(pages["_call"]).content.decode()
    assert str(organisation.phone) in shown
    now = timezone.localtime()
    said = {
        "channel": "call", "spoke_with": made.signatory_of(organisation).pk, "day": f"{now:%Y-%m-%d}", "hour": f"{now:%H:%M}",
        "reason": "قرأت الرقم كاملاً", "fingerprint": change.account.fingerprint,
    }  # fmt: skip
    early = caller.post(pages["_call"], {**said, "day": f"{now - timedelta(days=2):%Y-%m-%d}"})
    assert "day" in early.context["form"].errors
    assert caller.post(pages["_call"], said).status_code == 302
    assert caller.post(pages["_agree"], {"fingerprint": change.account.fingerprint}).status_code == 403
    boss = _client(manager)
    bare = boss.post(pages["_agree"], {"fingerprint": change.account.fingerprint})
    assert set(bare.context["form"].errors) == {"looked", "reason"}
    answer = {"fingerprint": change.account.fingerprint, "looked": "on", "reason": "تحققنا من الاسم"}
    assert boss.post(pages["_agree"], answer).status_code == 302
    assert "معتمد" in boss.get(pages[""]).content.decode()
    change.refresh_from_db()
    assert change.account.usable_from is not None
