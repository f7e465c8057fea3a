"""What is sealed is read in its own place only, survives a change of the outer key, and ends by two people."""

import base64
import io
import os
import uuid
from typing import Any

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from audit import erasure, fsck, vault
from audit.models import DataKey, Erasure
from kernel import envelopes
from kernel.permissions import Refused
from organisations import selectors, services
from organisations.models import BankAccount, Organisation
from tests.factories import accounts as people
from tests.factories import organisations as made

pytestmark = pytest.mark.django_db
COLUMNS = ("holder_latin", "holder_ar", "bank", "number")


def sql(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else None


def raw(account: BankAccount, column: str) -> bytes:
    ((found,),) = sql(f"SELECT {column} FROM organisations_bankaccount WHERE id = %s", account.pk)
    return bytes(found)


def again(account: BankAccount) -> BankAccount:
    return BankAccount.objects.select_related("data_key").get(pk=account.pk)


def new_outer_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def test_envelopes_open_in_their_place_only() -> None:
    secret = envelopes.new_key()
    sealed = envelopes.seal(secret, "نص".encode(), context="here")
    assert envelopes.open_sealed(secret, sealed, context="here").decode() == "نص"
    for other, value, context in (
        (secret, sealed, "there"),
        (envelopes.new_key(), sealed, "here"),
        (secret, sealed[:-1] + bytes([sealed[-1] ^ 1]), "here"),
        (secret, b"\x02" + sealed[1:], "here"),
        (secret, b"", "here"),
        (secret, sealed[:9], "here"),
    ):
        with pytest.raises(envelopes.SealError):
            envelopes.open_sealed(other, value, context=context)
    assert sealed != envelopes.seal(secret, "نص".encode(), context="here")
    assert "secret" not in repr(envelopes.WrappingKey(secret))


def test_the_database_holds_no_account_in_the_clear() -> None:
    account = made.recorded_bank_account(made.registered_organisation(), number="0012345678901")
    dump = sql("SELECT row_to_json(a)::text FROM organisations_bankaccount a WHERE id = %s", account.pk)[0][0]
    plain = [account.number, account.holder_latin, account.holder_ar, account.bank]
    assert not any(text in dump or text.encode().hex() in dump for text in plain)
    for text in plain:
        for table, column in (("audit_opening", "record"), ("audit_leaf", "body")):
            assert sql(f"SELECT 1 FROM {table} WHERE position(%s::bytea IN {column}) > 0", text.encode()) == [] or (
                # The name of the organisation is public and stands in its own record of registration.
                text in (account.organisation.name_ar, account.organisation.name_latin)
            )
    found = again(account)
    assert [found.number, found.holder_latin, found.holder_ar, found.bank] == plain
    listed = BankAccount.objects.values_list("number", flat=True).get()
    assert (str(listed), repr(listed), account.number in repr(BankAccount.objects.values().get())) == (
        "(sealed)", "(sealed)", False,
    )  # fmt: skip


def test_sealed_columns_are_no_way_to_ask_or_write_by_sql() -> None:
    account = made.recorded_bank_account(made.registered_organisation())
    for lookup in ({"number": made.IBAN}, {"number__contains": "GB"}, {"organisation__phone": "1"}):
        with pytest.raises(FieldError):
            BankAccount.objects.filter(**lookup).count()
    with pytest.raises(TypeError):
        Organisation.objects.update(phone="1")
    account.organisation.phone = "2" * 31
    with pytest.raises(ValueError, match="at most 30"):
        account.organisation.save(update_fields=["phone"])


def test_a_moved_ciphertext_is_refused() -> None:
    """To another column, row, key or subject: written past every guard, as whoever holds the disk could."""
    one, two = (made.recorded_bank_account(made.registered_organisation(), number=f"0000{n}1234") for n in (1, 2))
    mine, other = one.organisation, two.organisation
    before = again(one)
    cases = [
        (mine, "UPDATE organisations_organisation SET phone = email WHERE id = %s", [mine.pk]),
        (
            mine,
            "UPDATE organisations_organisation SET phone = (SELECT phone FROM organisations_organisation WHERE id = %s)"
            " WHERE id = %s",
            [other.pk, mine.pk],
        ),
        (
            mine,
            "UPDATE organisations_organisation o SET phone = p.phone, data_key_id = p.data_key_id"
            " FROM organisations_organisation p WHERE p.id = %s AND o.id = %s",
            [other.pk, mine.pk],
        ),
        (
            mine,
            "UPDATE audit_datakey k SET wrapped = o.wrapped FROM audit_datakey o WHERE o.subject_id = %s"
            " AND k.subject_id = %s",
            [other.pk, mine.pk],
        ),
    ]
    for organisation, statement, values in cases:
        with transaction.atomic():
            sql(statement, *values)
            fresh = Organisation.objects.get(pk=organisation.pk)
            with pytest.raises(vault.SealError):
                _ = fresh.phone
            assert any("does not open" in one or "wrapped by" in one for one in fsck.findings())
            transaction.set_rollback(True)
    assert again(one).number == before.number
    with pytest.raises(DatabaseError, match="number of"), transaction.atomic():
        sql("UPDATE organisations_bankaccount SET number = bank WHERE id = %s", one.pk)
    assert list(fsck.findings()) == []


def test_saving_an_unread_row_keeps_its_bytes() -> None:
    account = made.recorded_bank_account(made.registered_organisation())
    before = [raw(account, name) for name in COLUMNS]
    fresh = again(account)
    fresh.save()
    assert fresh.number == made.IBAN
    fresh.save()
    fresh.refresh_from_db()
    fresh.save()
    assert [raw(account, name) for name in COLUMNS] == before
    assert BankAccount.objects.defer("number").get().number == made.IBAN


def test_the_outer_key_is_changed_while_people_work(settings: Any) -> None:
    account = made.recorded_bank_account(made.registered_organisation())
    old, new = settings.VAULT_KEYS, new_outer_key()
    fingerprint, index = account.fingerprint, account.number_index
    settings.VAULT_KEYS = [new, *old]
    assert again(account).number == made.IBAN
    assert list(selectors.with_number(made.IBAN)) == [account]
    later = made.registered_organisation(phone="later")
    out = io.StringIO()
    call_command("data_keys", "rotate", stdout=out)
    assert f"{vault.ring().first.name}: 2 data keys (wraps now)" in out.getvalue()
    settings.VAULT_KEYS = [new]
    found = again(account)
    assert (found.number, found.fingerprint, services.bank.fingerprint(found)) == (made.IBAN, fingerprint, fingerprint)
    assert found.number_index != index
    assert list(selectors.with_number(made.IBAN)) == [account]
    assert Organisation.objects.get(pk=later.pk).phone == "later"
    assert list(fsck.findings()) == []
    settings.VAULT_KEYS = old
    with pytest.raises(vault.SealError):
        _ = again(account).number
    assert any("not among VAULT_KEYS" in one for one in fsck.findings())
    with pytest.raises(CommandError, match="put the missing keys back"):
        call_command("data_keys", "status", stdout=out)
    call_command("data_keys", "new", stdout=out)
    settings.VAULT_KEYS = [out.getvalue().split()[-1]]
    assert vault.ring().first.secret not in {base64.b64decode(key) for key in (*old, new)}
    settings.VAULT_KEYS = ["short"]
    with pytest.raises(ImproperlyConfigured):
        vault.ring()


def test_two_people_destroy_a_key_and_everything_else_stays() -> None:
    organisation = made.eligible_organisation()
    other = made.usable_bank_account(made.eligible_organisation())
    account = made.usable_bank_account(organisation)
    key = DataKey.objects.get(subject_id=organisation.pk)
    administrator, manager = people.administrator(), made.colleague(Role.FUND_MANAGER)
    with pytest.raises(DatabaseError, match="two people"), transaction.atomic():
        sql("UPDATE audit_datakey SET wrapped = NULL")
    with pytest.raises(Refused):
        erasure.propose_key(key, ground="request", reason="طلب", actor=manager)
    act = erasure.propose_key(key, ground="request", reason="طلب", actor=administrator)
    with pytest.raises(Refused):
        erasure.propose_key(key, ground="request", reason="طلب", actor=administrator)
    with pytest.raises(DatabaseError, match="two people"), transaction.atomic():
        sql("UPDATE audit_datakey SET wrapped = NULL WHERE id = %s", key.pk)
    with pytest.raises(Refused):
        erasure.carry_out(act, actor=administrator)
    erasure.carry_out(act, actor=manager, reason="طلب")
    gone = again(account)
    for name in COLUMNS:
        with pytest.raises(vault.Erased):
            getattr(gone, name)
    assert (gone.is_erased, gone.number_index, list(selectors.usable_bank_accounts(organisation))) == (True, "", [])
    assert again(other).number == made.IBAN
    assert list(fsck.findings()) == []
    with pytest.raises(DatabaseError, match="destroyed"), transaction.atomic():
        sql("UPDATE audit_datakey SET wrapped = %s WHERE id = %s", b"x", key.pk)
    for statement in ("DELETE FROM audit_datakey", "TRUNCATE audit_datakey CASCADE"):
        with pytest.raises(DatabaseError), transaction.atomic():
            sql(statement)
    # Life goes on under a new key: the account is recorded again, the contact written again.
    signatory = made.signatory_of(organisation)
    assert made.recorded_bank_account(organisation).number == made.IBAN
    renewed = services.change_profile(organisation, {"phone": "+963 1"}, actor=signatory)
    assert (renewed.phone, renewed.email, Organisation.objects.get(pk=organisation.pk).phone) == (
        "+963 1",
        "",
        "+963 1",
    )
    assert list(fsck.findings()) == []


def test_pages_of_what_is_sealed(client: Client) -> None:
    organisation = made.registered_organisation(name_ar="جمعية المثال للمحو")
    account = made.recorded_bank_account(organisation)
    people.sign_in(client, people.administrator(), second_factor=True)
    listed = reverse("audit:sealed_list")
    assert "جمعية المثال للمحو" in client.get(listed, {"q": "المثال للمحو"}).content.decode()
    assert "جمعية المثال للمحو" not in client.get(listed, {"q": "لا أحد"}).content.decode()
    url = reverse("audit:erasure_key", args=[organisation.data_key_id])
    assert made.IBAN not in client.get(url).content.decode()
    assert client.get(reverse("audit:erasure_key", args=[uuid.uuid4()])).status_code == 404
    assert client.post(url, {"ground": "request", "reason": "طلب"}).status_code == 302
    act = Erasure.objects.get()
    second = Client()
    people.sign_in(second, people.officer(Role.FUND_MANAGER), second_factor=True)
    decide = reverse("audit:erasure_decide", args=[act.pk])
    assert "جمعية المثال للمحو" in second.get(decide).content.decode()
    assert second.get(listed).status_code == 403
    assert second.post(decide, {"carry_out": "", "reason": "طلب"}).status_code == 302
    assert again(account).is_erased
    signatory = Client()
    people.sign_in(signatory, made.signatory_of(organisation), second_factor=True)
    page = signatory.get(reverse("organisations:bank_accounts", args=[organisation.pk]))
    assert (page.status_code, made.IBAN in page.content.decode()) == (200, False)
    for name in ("detail", "bank_accounts"):
        assert signatory.get(reverse(f"organisations:{name}", args=[organisation.pk])).status_code == 200
    contact = reverse("organisations:section", args=[organisation.pk, "contact"])
    assert signatory.get(contact).status_code == 200


def test_the_same_number_is_found_without_reading_any(client: Client) -> None:
    one, two = made.registered_organisation(), made.registered_organisation()
    account = made.recorded_bank_account(one)
    made.recorded_bank_account(two, number="gb82 west 1234 5698 7654 32")
    with pytest.raises(ValidationError):
        made.recorded_bank_account(one)
    finance, officer = people.officer(Role.FINANCE_OFFICER), Client()
    people.sign_in(client, finance, second_factor=True)
    verify = client.get(reverse("organisations:verify_bank_account", args=[one.pk, account.pk])).content.decode()
    assert two.name_ar in verify
    found = client.get(reverse("organisations:list"), {"words": "GB82 WEST 1234 5698 7654 32"}).content.decode()
    assert one.name_ar in found
    assert two.name_ar in found
    people.sign_in(officer, people.officer(Role.PROGRAMME_OFFICER))
    listed = officer.get(reverse("organisations:list"), {"words": made.IBAN}).content.decode()
    assert one.name_ar not in listed
