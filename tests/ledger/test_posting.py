"""What the posting service promises, and what PostgreSQL refuses beside it."""

import uuid
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection
from django.utils import translation

from audit import fsck
from ledger import fsck as ledger_fsck
from ledger import selectors, services
from ledger.checks import guards_stand
from ledger.models import Account, Transfer
from ledger.services import InsufficientFunds, KeyReused, TransferDraft, open_account, post
from poolfund.database.testing import TestDatabases
from tests.factories.ledger import a_leaf, bank, funded, moved, source

pytestmark = pytest.mark.django_db


def payable() -> Account:
    return source("2010/TEST")


def available(account: Account) -> int:
    return selectors.balance(account).available_minor


def test_a_posted_transfer_moves_money_once() -> None:
    account = funded(10_000)
    draft = TransferDraft(uuid.uuid4(), debit=account, credit=payable(), minor=4_000, reason="grant")
    first = post([draft], leaf=a_leaf())
    again = post([draft], leaf=a_leaf())
    assert first == again
    assert available(account) == 6_000
    assert available(payable()) == 4_000
    assert selectors.balance(bank()).posted_minor == 10_000
    assert ledger_fsck.findings() == []


def test_a_key_with_other_content_is_refused() -> None:
    account = funded(10_000)
    key = uuid.uuid4()
    moved(4_000, debit=account, credit=payable(), key=key)
    with pytest.raises(KeyReused):
        moved(4_001, debit=account, credit=payable(), key=key)
    assert available(account) == 6_000


def test_a_restricted_account_cannot_be_overdrawn_and_says_so_in_arabic() -> None:
    account = funded(10_000)
    with translation.override("ar"), pytest.raises(InsufficientFunds) as caught:
        moved(10_001, debit=account, credit=payable())
    assert caught.value.account == account
    assert caught.value.available_minor == 10_000
    assert "100.00" in str(caught.value.reason)
    assert available(account) == 10_000


def test_an_account_of_the_debit_side_cannot_be_overdrawn() -> None:
    account = funded(5_000)
    with pytest.raises(InsufficientFunds) as caught:
        moved(5_001, debit=payable_expense(), credit=bank())
    assert caught.value.account == bank()
    assert available(account) == 5_000


def payable_expense() -> Account:
    return open_account("5010/TEST", currency="USD", purpose="Expense")


def test_one_refused_draft_refuses_all() -> None:
    account, leaf = funded(10_000), a_leaf()
    drafts = [
        TransferDraft(uuid.uuid4(), debit=account, credit=payable(), minor=minor, reason="grant")
        for minor in (6_000, 6_000)
    ]
    with pytest.raises(InsufficientFunds):
        post(drafts, leaf=leaf)
    assert available(account) == 10_000


class TestReservations:
    def reserved(self, minor: int = 8_000) -> tuple[Account, Transfer]:
        account = funded(10_000)
        return account, moved(minor, debit=account, credit=payable(), kind="pend")

    def test_a_reservation_holds_money_without_moving_it(self) -> None:
        account, _hold = self.reserved()
        balance = selectors.balance(account)
        assert (balance.posted_minor, balance.reserved_minor, balance.available_minor) == (10_000, 8_000, 2_000)
        assert selectors.balance(payable()).expected_minor == 8_000
        with pytest.raises(InsufficientFunds):
            moved(2_001, debit=account, credit=payable())

    def test_a_partial_settlement_releases_the_rest(self) -> None:
        account, hold = self.reserved()
        post([TransferDraft.settle(hold, key=uuid.uuid4(), reason="part", minor=3_000)], leaf=a_leaf())
        balance = selectors.balance(account)
        assert (balance.posted_minor, balance.reserved_minor) == (7_000, 0)
        assert not selectors.open_reservation(hold)
        assert ledger_fsck.findings() == []

    def test_a_release_gives_all_of_it_back(self) -> None:
        account, hold = self.reserved()
        post([TransferDraft.void(hold, key=uuid.uuid4(), reason="declined")], leaf=a_leaf())
        assert available(account) == 10_000

    def test_it_ends_once(self) -> None:
        account, hold = self.reserved()
        post([TransferDraft.settle(hold, key=uuid.uuid4(), reason="all")], leaf=a_leaf())
        with pytest.raises(IntegrityError):
            post([TransferDraft.void(hold, key=uuid.uuid4(), reason="twice")], leaf=a_leaf())
        assert available(account) == 2_000

    @pytest.mark.parametrize("minor", [8_001, 80_000])
    def test_it_settles_at_most_what_it_holds(self, minor: int) -> None:
        account, hold = self.reserved()
        with pytest.raises(IntegrityError, match="does not match its reservation"):
            post([TransferDraft.settle(hold, key=uuid.uuid4(), reason="more", minor=minor)], leaf=a_leaf())
        assert available(account) == 2_000

    def test_it_settles_between_its_own_accounts_only(self) -> None:
        _account, hold = self.reserved()
        other = TransferDraft(
            uuid.uuid4(), debit=funded(90_000), credit=payable(), minor=8_000, reason="x", kind="settle", pending=hold
        )
        with pytest.raises(IntegrityError, match="does not match its reservation"):
            post([other], leaf=a_leaf())

    def test_a_posted_transfer_is_no_reservation(self) -> None:
        account = funded(10_000)
        done = moved(1_000, debit=account, credit=payable())
        with pytest.raises(IntegrityError, match="does not match its reservation"):
            post([TransferDraft.void(done, key=uuid.uuid4(), reason="undo")], leaf=a_leaf())


def test_currencies_do_not_mix() -> None:
    euros = source("3020/EUR", currency="EUR")
    with pytest.raises(IntegrityError, match="both accounts are in its currency"):
        moved(100, debit=funded(10_000), credit=euros)


@pytest.mark.parametrize("minor", [0, -5])
def test_an_amount_is_positive(minor: int) -> None:
    with pytest.raises(IntegrityError):
        moved(minor, debit=funded(10_000), credit=payable())


def test_an_account_is_opened_once_and_keeps_its_limit() -> None:
    assert source("3020/ONE") == source("3020/ONE")
    with pytest.raises(ValueError, match="another currency or limit"):
        open_account("3020/ONE", currency="EUR", purpose="x", debits_within_credits=True)
    with pytest.raises(ValueError, match="another currency or limit"):
        open_account("3020/ONE", currency="USD", purpose="x")


def test_the_trial_balance_is_zero_in_each_currency() -> None:
    funded(10_000)
    funded(700, code="3020/EUR", currency="EUR")
    found = {trial.currency: trial for trial in selectors.trial_balance()}
    assert set(found) == {"EUR", "USD"}
    assert all(trial.balanced for trial in found.values())
    assert found["USD"].debits.minor == 10_000


def test_posting_costs_the_same_with_one_account_and_with_many(django_assert_max_num_queries: Any) -> None:
    account, leaf, to = funded(10_000), a_leaf(), payable()
    draft = TransferDraft(uuid.uuid4(), debit=account, credit=to, minor=1, reason="x")
    with django_assert_max_num_queries(8):
        post([draft], leaf=leaf)


class TestRawSql:
    """The application's own role, with any SQL it likes."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE ledger_transfer SET amount_minor = 1",
            "DELETE FROM ledger_transfer",
            "TRUNCATE ledger_transfer CASCADE",
            "UPDATE ledger_account SET debits_posted = 0",
            "UPDATE ledger_account SET credits_posted = 1000000",
            "UPDATE ledger_account SET debits_within_credits = false",
            "UPDATE ledger_account SET code = 'mine'",
            "DELETE FROM ledger_account",
            "TRUNCATE ledger_account CASCADE",
            "ALTER TABLE ledger_transfer DISABLE TRIGGER ALL",
            "ALTER TABLE ledger_transfer DISABLE TRIGGER ledger_transfer_apply",
            "DROP TRIGGER ledger_transfer_apply ON ledger_transfer",
            "DROP FUNCTION ledger_apply_transfer() CASCADE",
            "SET session_replication_role = replica",
            "SELECT ledger_apply_transfer()",
            (
                "CREATE TEMP TABLE trick (LIKE ledger_transfer); "
                "CREATE TRIGGER t AFTER INSERT ON trick FOR EACH ROW EXECUTE FUNCTION ledger_apply_transfer()"
            ),
        ],
    )
    def test_no_privilege(self, app_connection: "psycopg.Connection[Any]", statement: str) -> None:
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported)):
            app_connection.execute(statement.encode())

    def test_a_lockable_column_cannot_be_changed(self) -> None:
        funded(10_000)
        with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
            cursor.execute("UPDATE ledger_account SET purpose = 'other'")

    def test_an_account_does_not_open_with_money(self) -> None:
        with pytest.raises(IntegrityError, match="opens empty"):
            Account.objects.create(code="3020/FULL", currency="USD", purpose="x", credits_posted=1)

    def insert(self, debit: Account, credit: Account, minor: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET pgtrigger.ignore = '{ledger_transfer:lawful,ledger_transfer:no_update}'")
            cursor.execute(
                'INSERT INTO ledger_transfer (key, "group", debit_id, credit_id, amount_minor, currency, kind, reason, '
                "leaf_id, posted_at) VALUES (gen_random_uuid(), gen_random_uuid(), %s, %s, %s, 'USD', 'post', '', %s, now())",
                [debit.pk, credit.pk, minor, a_leaf().pk],
            )

    def test_it_cannot_overdraw(self) -> None:
        with pytest.raises(IntegrityError, match="account_not_overdrawn_by_debits"):
            self.insert(funded(10_000), payable(), 10_001)

    def test_it_cannot_mix_currencies_by_switching_guards_off(self) -> None:
        with pytest.raises(IntegrityError, match="both accounts are in its currency"):
            self.insert(funded(10_000), source("3020/EUR", currency="EUR"), 1)

    def test_a_temporary_table_cannot_pose_as_the_accounts(self) -> None:
        with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE ledger_account AS SELECT * FROM public.ledger_account")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "damage",
    [
        "ALTER TABLE ledger_transfer DISABLE TRIGGER ledger_transfer_apply",
        "DROP TRIGGER ledger_transfer_apply ON ledger_transfer",
    ],
)
def test_nothing_is_posted_without_the_guards(
    databases: TestDatabases, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "_seen_whole", set())
    account, leaf, to = source(), a_leaf(), payable()
    with psycopg.connect(databases.owner(connection.settings_dict["NAME"]), autocommit=True) as owner:
        owner.execute(damage.encode())
    with pytest.raises(services.GuardsMissing, match="ledger_transfer_apply"):
        post([TransferDraft(uuid.uuid4(), debit=account, credit=to, minor=1, reason="x")], leaf=leaf)
    assert [error.id for error in guards_stand(None, databases=["default"])] == ["ledger.E001"]
    assert any("ledger_transfer_apply is missing" in finding for finding in ledger_fsck.findings())


@pytest.mark.django_db(transaction=True)
def test_fsck_names_totals_that_an_owner_forged(databases: TestDatabases) -> None:
    account = funded(10_000)
    with psycopg.connect(databases.owner(connection.settings_dict["NAME"]), autocommit=True) as owner:
        owner.execute("UPDATE ledger_account SET credits_posted = 90000 WHERE code = %s", [account.code])
    assert f"account {account.code}: credits_posted is kept as 90000, its transfers sum to 10000" in list(
        fsck.findings()
    )


def test_nothing_to_post_is_nothing_posted() -> None:
    assert post([], leaf=a_leaf()) == []
    assert not Transfer.objects.exists()
