"""Files that order payments from the bank: two people, one hash, each payment once."""

import hashlib
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from lxml import etree

from accounts.roles import Role
from audit import fsck
from disbursements import selectors
from disbursements.models import Payment, PaymentRun, PaymentRunLine
from disbursements.services import payments, runs
from grants.models import Grant
from kernel.permissions import Refused
from tests.disbursements.test_pages import visitor
from tests.factories import accounts
from tests.factories import awards as made
from tests.factories import disbursements as money
from tests.factories.organisations import usable_bank_account
from tests.threads import ends

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant")]


def page(name: str, *args: Any) -> str:
    return reverse(f"disbursements:{name}", args=args)


def test_a_file_is_written_released_and_confirmed() -> None:
    one, other = money.prepared_payment(tier="L"), money.prepared_payment(tier="L", amount_minor=30_000_00)
    run = money.prepared_run(other, one)
    assert (run.count, run.total_minor) == (2, one.amount_minor + other.amount_minor)
    content = selectors.file_bytes(run)
    assert hashlib.sha256(content).hexdigest() == run.sha256 == hashlib.sha256(selectors.file_bytes(run)).hexdigest()
    ends = etree.fromstring(content).xpath("//*[local-name()='EndToEndId']/text()")
    assert ends == sorted([one.key, other.key])
    first, second = made.finance_officers()
    for stranger, hash_ in ((first, run.sha256), (second, "0" * 64), (made.signatory(one.tranche.grant), run.sha256)):
        with pytest.raises(Refused):
            runs.release_run(run, file_sha256=hash_, actor=stranger)
    released = runs.release_run(run, file_sha256=run.sha256, actor=second)
    assert released.state == "released"
    assert released.checker == second
    for payment in Payment.objects.all():
        assert (payment.state, payment.checker, payment.bank_reference) == ("sent", second, run.reference)
        assert (payment.slip_sha256, payment.tranche.state) == (run.sha256, "paid")
    money.confirmed_payment(Payment.objects.get(pk=one.pk))
    assert selectors.file_bytes(released) == content
    assert list(fsck.findings()) == []
    released.file.storage.delete(str(released.file.name))
    assert any(run.reference in finding for finding in fsck.findings())


def test_a_file_has_a_most_and_takes_no_name_that_is_taken() -> None:
    many = [Payment() for _ in range(runs.MOST_PAYMENTS + 1)]
    with pytest.raises(Refused, match=str(runs.MOST_PAYMENTS)):
        runs.prepare_run(many, **dict.fromkeys(("account", "execute_on", "version", "charges", "actor")))
    run = PaymentRun()
    run.file.name = run.file.storage.save("runs/one.xml", ContentFile(b"<first/>"))
    with pytest.raises(FileExistsError):
        runs._keep(run, b"<second/>")
    with pytest.raises(FileExistsError):
        payments._keep(run.file.storage, run.file.name, ContentFile(b"<third/>"))
    assert run.file.storage.listdir("runs")[1] == ["one.xml"]
    with run.file.storage.open("runs/one.xml") as kept:
        assert kept.read() == b"<first/>"


def test_a_payment_stands_in_one_file_and_leaves_with_it() -> None:
    payment = money.prepared_payment(tier="L")
    account = money.fund_account()
    run = money.prepared_run(payment, account=account)
    with pytest.raises(Refused, match=run.reference):
        money.prepared_run(payment, account=account)
    with pytest.raises(Refused, match=run.reference):
        money.sent_payment(payment)
    with pytest.raises(IntegrityError, match="another run"), transaction.atomic():
        PaymentRunLine.objects.create(run=run, payment=payment, position=2)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE disbursements_paymentrun SET sha256 = repeat('0', 64)")
    assert list(selectors.payments_to_order(made.finance_officers()[0])) == []
    with pytest.raises(Refused):
        runs.discard_run(run, reason=" ", actor=made.manager())
    runs.discard_run(run, reason="يوم آخر", actor=made.manager())
    again = money.released_run(payment, account=account, version="pain.001.001.03", charges="SHAR")
    assert again.reference != run.reference
    failed = payments.fail_payment(
        Payment.objects.get(pk=payment.pk), reason="حساب مغلق", actor=made.finance_officers()[0]
    )
    assert failed.state == "failed"
    renewed = payments.prepare_payment(failed.tranche, actor=made.finance_officers()[0])
    assert money.prepared_run(renewed, account=account).count == 1, "paid again without new approvals"
    assert list(fsck.findings()) == []


def test_what_stands_in_the_way_is_said_by_name() -> None:
    payment = money.prepared_payment(tier="L")
    account = money.fund_account()
    with pytest.raises(Refused, match="EUR"):
        money.prepared_run(payment, account=money.fund_account("EUR"))
    with pytest.raises(ValidationError):
        money.fund_account(number="DE89370400440532013001")
    run = money.prepared_run(payment, account=account)
    payments.fail_payment(payment, reason="خطأ", actor=made.finance_officers()[0])
    with pytest.raises(Refused, match=payment.key):
        runs.release_run(run, file_sha256=run.sha256, actor=made.finance_officers()[1])
    run.refresh_from_db()
    assert run.state == "prepared"
    grant = made.active_grant(tier="L", organisation=None)
    usable_bank_account(grant.organisation, holder_latin="جمعية المثال", number="SY0001")
    tranche = money.due_tranche(grant)
    wanted = grant.organisation.bank_accounts.order_by("-moved_at")[0]
    asked = payments_request(tranche, wanted)
    with pytest.raises(Refused, match="لاتينية"):
        money.prepared_run(money.prepared_payment(money.approved_tranche(asked)), account=account)
    with pytest.raises(Refused):
        runs.prepare_run(
            [], account=account, execute_on=timezone.localdate(), version="pain.001.001.09", charges="DEBT",
            actor=made.finance_officers()[0],
        )  # fmt: skip


def payments_request(tranche: Any, account: Any) -> Any:
    """A request that names ``account``."""
    from disbursements.services import tranches

    return tranches.request_tranche(
        tranche, bank_account=account, cash_on_hand_minor=0, forecast_minor=1, spent_minor=0,
        actor=made.signatory(tranche.grant),
    )  # fmt: skip


def test_the_pages_lead_from_the_payment_to_the_file() -> None:
    payment = money.prepared_payment(tier="L")
    first, second = made.finance_officers()
    maker, checker = visitor(first), visitor(second)
    details = {
        "currency": "USD", "holder": "Example Fund", "number": "DE89 3704 0044 0532 0130 00", "bank": "Example Bank",
        "bic": "cobadeff", "country": "de", "town": "Berlin",
    }  # fmt: skip
    wrong = maker.post(page("fund_account_new"), details | {"holder": "صندوق", "bic": "X"})
    assert wrong.status_code == 200
    assert len(wrong.context["form"].errors) == 2
    assert maker.post(page("fund_account_new"), details).status_code == 302
    account = selectors.fund_accounts()[0]
    assert payment.key in maker.get(page("run_new")).content.decode()
    asked = {
        "account": account.pk, "execute_on": timezone.localdate().isoformat(), "version": "pain.001.001.09",
        "charges": "DEBT", "payments": [payment.pk],
    }  # fmt: skip
    assert maker.post(page("run_new"), asked | {"payments": ["x"]}).status_code == 200
    assert maker.post(page("run_new"), asked).status_code == 302
    run = PaymentRun.objects.get()
    assert maker.get(page("run_file", run.pk)).status_code == 404, "nobody takes a file that is not released"
    assert maker.get(page("run_release", run.pk)).status_code == 403
    assert run.sha256 in checker.get(page("run_release", run.pk)).content.decode()
    changed = checker.post(page("run_release", run.pk), {"file_sha256": "1" * 64})
    assert changed.status_code == 200
    assert PaymentRun.objects.get().state == "prepared"
    assert checker.post(page("run_release", run.pk), {"file_sha256": run.sha256}).status_code == 302
    taken = checker.get(page("run_file", run.pk))
    assert hashlib.sha256(taken.content).hexdigest() == run.sha256
    assert "attachment" in taken["Content-Disposition"]
    assert taken["Cache-Control"] == "private, no-store"
    assert run.reference in checker.get(page("payment_detail", payment.pk)).content.decode()
    assert checker.get(page("run_discard", run.pk)).status_code == 403
    for name in ("run_list", "run_detail"):
        assert run.reference in checker.get(page(name, *([run.pk] if name == "run_detail" else []))).content.decode()
    partner, officer = visitor(made.signatory(payment.tranche.grant)), visitor(made.programme_officer())
    for client in (partner, officer):
        assert {client.get(page(name, run.pk)).status_code for name in ("run_detail", "run_file", "run_release")} == {
            403
        }
    assert run.reference not in partner.get(page("payment_detail", payment.pk)).content.decode().replace(
        Payment.objects.get().bank_reference, ""
    )


@pytest.mark.django_db(transaction=True)
def test_two_people_write_and_release_at_once() -> None:
    payment = money.prepared_payment(tier="L")
    account = money.fund_account()
    first, second = made.finance_officers()
    third = accounts.officer(Role.FUND_MANAGER)

    def write(actor: Any) -> str:
        runs.prepare_run(
            [payment], account=account, execute_on=timezone.localdate(), version="pain.001.001.09", charges="DEBT", actor=actor
        )  # fmt: skip
        return "written"

    outcomes = ends([lambda one=one: write(one) for one in (first, second, first, second)])  # type: ignore[misc]
    assert sorted(outcomes) == ["Refused"] * 3 + ["written"]
    run = PaymentRun.objects.get()

    def release(actor: Any) -> str:
        runs.release_run(run, file_sha256=run.sha256, actor=actor)
        return "released"

    people = [third, *({first, second} - {run.maker})]
    outcomes = ends([lambda one=one: release(one) for one in people])  # type: ignore[misc]
    assert sorted(outcomes)[1] == "released"
    assert outcomes.count("released") == 1
    assert Payment.objects.get().state == "sent"
    assert Grant.objects.count() == 1
    assert list(fsck.findings()) == []
