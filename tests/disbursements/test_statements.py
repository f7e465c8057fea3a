"""Statements of banks: read once by the worker, matched exactly, every other line owned and settled once."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit import fsck, outbox
from disbursements import selectors
from disbursements.models import BankStatement, LineDecision, Payment, StatementLine
from disbursements.services import payments, statements
from disbursements.states import LineVerdict
from kernel.permissions import Refused
from tests.disbursements.test_pages import visitor
from tests.disbursements.test_statement_files import REFUSED_ONE, REJECTED, camt, entry
from tests.factories import awards as made
from tests.factories import disbursements as money
from tests.factories.funds import confirmed_contribution
from tests.threads import ends

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant")]


def page(name: str, *args: Any) -> str:
    return reverse(f"disbursements:{name}", args=args)


def given(content: bytes | str, name: str = "statement.xml", **more: Any) -> BankStatement:
    """A file of the bank, read by the worker."""
    data = content if isinstance(content, bytes) else content.encode()
    taken = statements.take_statement(
        SimpleUploadedFile(name, data), actor=made.finance_officers()[0], **more
    )  # fmt: skip
    while outbox.drain():
        pass
    taken.refresh_from_db()
    return taken


def units(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


def test_a_statement_matches_exactly_and_leaves_the_rest_to_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "PART", 3)
    payment = money.sent_payment(tier="L")
    gift = confirmed_contribution(amount_minor=7_000_00)
    amount = units(payment.amount_minor)
    content = camt(
        entry(amount, payment.key, reference="B1"),
        entry(amount, payment.key, reference="B2"),
        entry(units(payment.amount_minor - 1), payment.key, reference="B3"),
        entry("7000.00", side="CRDT", reference=gift.bank_reference),
        entry("12.00", reference="B5", text="الرسوم الفصلية"),
        entry("12.00", reference="B5", text="الرسوم الفصلية"),
        entry("0.00", reference="B7"),
    )
    read = given(content)
    assert (read.state, read.entries, read.lines_new, read.lines_known) == ("read", 7, 7, 0)
    assert (read.lines_all, read.lines_read, read.kind) == (7, 7, "camt.053 (camt.053.001.08)")
    first, second = made.finance_officers()
    lines = list(selectors.lines_of_statement(first, read))
    assert [line.payment_id for line in lines[:3]] == [payment.pk, None, None], "twice and nearly are differences"
    assert lines[3].contribution_id == gift.pk
    assert [line.is_open for line in lines] == [False, True, True, False, True, True, False]
    assert {line.owner for line in lines} == {first.pk}
    assert selectors.line_of(payment) == lines[0]
    assert given(content).pk == read.pk, "the same file is the first one"
    statements.read_statement({"statement": str(read.pk), "start": 3})
    assert StatementLine.objects.count() == 7, "a part that was read is not read again"
    again = given(content.replace(b"</BkToCstmrStmt>", b" </BkToCstmrStmt>"))
    assert (again.lines_new, again.lines_known, StatementLine.objects.count()) == (0, 7, 7)
    statements.decide(lines[4], verdict=LineVerdict.EXPLAINED, note="رسوم المصرف", actor=first)
    statements.decide(lines[5], verdict=LineVerdict.HANDED_OVER, owner=second, note="", actor=first)
    assert [line.pk for line in selectors.differences(second, mine=True)] == [lines[5].pk]
    assert selectors.differences(second).count() == 3
    for bad in (
        {"verdict": LineVerdict.EXPLAINED, "note": " "},
        {"verdict": LineVerdict.MATCHED, "payment": payment},
        {"verdict": LineVerdict.MATCHED, "contribution": gift},
        {"verdict": LineVerdict.HANDED_OVER, "owner": made.programme_officer()},
    ):
        with pytest.raises(Refused):
            statements.decide(lines[1], actor=first, **bad)
    with pytest.raises(Refused):
        statements.decide(lines[4], verdict=LineVerdict.EXPLAINED, note="مرة ثانية", actor=first)
    with pytest.raises(Refused):
        statements.decide(lines[1], verdict=LineVerdict.EXPLAINED, note="x", actor=made.programme_officer())
    assert list(fsck.findings()) == []


def test_the_database_holds_what_a_line_may_say() -> None:
    payment = money.sent_payment(tier="L")
    read = given(camt(entry("5.00", payment.key)))
    line = StatementLine.objects.get()
    copy = {
        "statement": read, "position": 2, "fingerprint": "f" * 64, "direction": "out", "amount_minor": 500,
        "currency": "USD", "end_to_end": payment.key,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="exactly"), transaction.atomic():
        StatementLine.objects.create(**copy, payment=payment)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        StatementLine.objects.filter(pk=line.pk).update(amount_minor=1)
    assert statements.decide(
        line, verdict=LineVerdict.MATCHED, payment=payment, actor=made.finance_officers()[0]
    ).payment == payment  # fmt: skip
    with pytest.raises(IntegrityError, match="exactly"), transaction.atomic():
        StatementLine.objects.create(**copy | {"amount_minor": payment.amount_minor}, payment=payment)


def test_a_rejected_payment_fails_and_is_paid_again_without_new_approvals() -> None:
    payment = money.prepared_payment(tier="L")
    run = money.released_run(payment)
    body = REFUSED_ONE.format(message=run.reference, end=payment.key)
    read = given(REJECTED.format(message=run.reference, group="", body=body), "rejected.xml")
    (line,) = selectors.lines_of_statement(made.finance_officers()[0], read)
    assert (line.direction, line.is_open, line.text) == ("rejected", True, "AC04 · Account closed")
    finance = made.finance_officers()[0]
    client = visitor(finance)
    assert payment.key in client.get(page("line_return", line.pk)).content.decode()
    posted = client.post(page("line_return", line.pk), {"chosen": payment.pk, "reason": "أغلق المصرف الحساب"})
    assert posted.status_code == 302
    payment.refresh_from_db()
    assert (payment.state, payment.tranche.state) == ("failed", "finance_approved")
    assert not selectors.differences(finance).exists()
    renewed = payments.prepare_payment(payment.tranche, actor=finance)
    later = money.released_run(renewed, account=run.account)
    whole = "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>AM04</Cd></Rsn></StsRsnInf>"
    read = given(REJECTED.format(message=later.reference, group=whole, body=""), "file.xml")
    (line,) = selectors.lines_of_statement(finance, read)
    assert (line.end_to_end, line.text) == (renewed.key, "AM04"), "a refused file is each of its payments"
    assert list(fsck.findings()) == []


def test_what_is_no_statement_is_refused_by_its_name() -> None:
    empty = given(camt().replace(b"Stmt>", b"Other>"), "wrong.xml")
    bomb = given(b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "bomb.xml")
    client = visitor(made.finance_officers()[0])
    for refused in (empty, bomb):
        assert refused.state == "refused"
        assert refused.name in client.get(page("statement_detail", refused.pk)).context["refusal"]
    account = money.fund_account()
    table = b"Day,Sum\n2026-11-20,-5\n"
    wrong = given(table, "t.csv", account=account, mapping={"day": "Tag", "amount": "Sum"})
    assert wrong.state == "refused"
    right = given(table, "t.csv", account=account, mapping={"day": "Day", "amount": "Sum"})
    assert (right.state, right.lines_new) == ("read", 1), "a refused file may be given again"


def test_the_pages_take_a_file_and_settle_its_lines() -> None:
    payment = money.sent_payment(tier="L")
    account = money.fund_account()
    first, second = made.finance_officers()
    client = visitor(first)
    table = f"Day;Sum;Ref\n20.11.2026;-{units(payment.amount_minor)};X1\n21.11.2026;-3,00;X2\n".encode()
    asked = {"account": account.pk, "day": "Day", "amount": "Sum", "reference": "Ref"}

    def post(name: str, content: bytes, **more: Any) -> Any:
        return client.post(page("statement_new"), {"file": SimpleUploadedFile(name, content)} | more)

    assert set(post("t.csv", table).context["form"].errors) == {"account", "day", "amount"}
    assert set(post("t.exe", table, **asked).context["form"].errors) == {"file"}
    taken = post("t.csv", table.replace(b"3,00", b"3.00"), **asked)
    assert taken.status_code == 302
    assert 'http-equiv="refresh"' in client.get(taken["Location"]).content.decode()
    while outbox.drain():
        pass
    shown = client.get(taken["Location"])
    assert 'http-equiv="refresh"' not in shown.content.decode()
    line, fee = shown.context["lines"]
    assert client.get(page("statement_new")).context["form"].initial["day"] == "Day", "the columns are remembered"
    assert payment.key in client.get(page("line_match", line.pk)).content.decode()
    assert client.post(page("line_match", line.pk), {"chosen": "x"}).status_code == 200
    assert client.post(page("line_match", line.pk), {"chosen": payment.pk}).status_code == 302
    assert client.post(page("line_match", line.pk), {"chosen": payment.pk}).status_code == 403, "settled once"
    assert client.post(page("line_hand_over", fee.pk), {"owner": second.pk, "note": ""}).status_code == 302
    assert client.get(page("difference_list")).context["lines"] == []
    theirs = visitor(second)
    assert [one.pk for one in theirs.get(page("difference_list")).context["lines"]] == [fee.pk]
    assert theirs.post(page("line_explain", fee.pk), {"note": "رسوم"}).status_code == 302
    assert client.get(page("statement_list")).context["open"] == 0
    assert "X1" in client.get(page("payment_detail", payment.pk)).content.decode()
    auditor = visitor(made.manager())
    assert auditor.get(page("line_detail", line.pk)).status_code == 200
    assert auditor.get(page("statement_new")).status_code == 403
    partner = visitor(made.signatory(payment.tranche.grant))
    assert {partner.get(page(name)).status_code for name in ("statement_list", "difference_list")} == {403}
    assert partner.get(page("line_detail", line.pk)).status_code == 403


def test_lists_of_lines_ask_as_many_questions_at_three_as_at_one() -> None:
    read = given(camt(entry("1.00", reference="B1")))
    client = visitor(made.finance_officers()[0])
    counts = []
    for _ in range(2):
        for url in (page("difference_list"), page("statement_detail", read.pk), page("statement_list")):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            counts.append(len(asked))
        read = given(camt(*(entry(f"{n}.00", reference=f"C{n}") for n in range(1, 4))))
    assert counts[:3] == counts[3:]


@pytest.mark.django_db(transaction=True)
def test_many_workers_read_a_file_once_and_two_people_match_a_payment_once() -> None:
    payment = money.sent_payment(tier="L")
    officer = made.finance_officers()[0]
    content = camt(*(entry("9.00", payment.key, reference=f"B{n % 7}") for n in range(30)))

    def take() -> str:
        taken = statements.take_statement(SimpleUploadedFile("s.xml", content), actor=officer)
        while outbox.drain():
            pass
        return str(taken.pk)

    assert len(set(ends([take] * 4))) == 1
    assert (BankStatement.objects.get().state, StatementLine.objects.count()) == ("read", 30)
    one, other = StatementLine.objects.order_by("position")[:2]

    def match(line: StatementLine) -> str:
        statements.decide(line, verdict=LineVerdict.MATCHED, payment=Payment.objects.get(), actor=officer)
        return "matched"

    outcomes = ends([lambda line=line: match(line) for line in (one, other)])  # type: ignore[misc]
    assert outcomes.count("matched") == 1
    assert LineDecision.objects.count() == 1
    assert timezone.localdate() >= payment.sent_on
