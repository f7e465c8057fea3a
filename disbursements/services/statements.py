"""Statements of banks: taken once, read by a worker in parts, matched exactly or left as differences with an owner."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import rfc8785
from django.db import transaction

from audit import lifecycle, outbox
from disbursements import events
from disbursements.iso20022 import statements, tables
from disbursements.iso20022.statements import Direction, Line
from disbursements.models import (
    BankStatement,
    FundAccount,
    LineDecision,
    Payment,
    PaymentRunLine,
    StatementLine,
)
from disbursements.services.payments import fail_payment
from disbursements.states import LineDirection, LineVerdict, PaymentState, StatementState
from funds.models import Contribution
from grants import reasons
from kernel import identity
from kernel.database import advisory_lock
from kernel.money import minor_digits
from kernel.xml_files import UnreadableError

READ = "disbursements.read_statement"
PART = 2_500
"""Lines read in one transaction, after which a reader sees the progress."""


@transaction.atomic
def take_statement(
    upload: Any, *, actor: Any, account: FundAccount | None = None, mapping: dict[str, str] | None = None
) -> BankStatement:
    """Keep the bank's file and let a worker read it; the same file twice is the first one, unchanged.

    ``account`` and ``mapping`` are for tables. Raises `Refused`.
    """
    content = upload.read()
    upload.seek(0)
    sha256 = hashlib.sha256(content).hexdigest()
    advisory_lock(f"disbursements.statement:{sha256}")
    statement = BankStatement(
        name=(upload.name or "statement")[:150], sha256=sha256, account=account, mapping=mapping or {}, taken_by=actor
    )
    if known := BankStatement.objects.filter(sha256=sha256).exclude(state=StatementState.REFUSED).first():
        return known
    statement.file.name = statement.file.field.generate_filename(statement, upload.name or "statement")
    lifecycle.create(statement, events.StatementTaken(file_sha256=sha256), actor=actor)
    statement.file.storage.save(str(statement.file.name), upload)
    _owe(statement, 0)
    return statement


def _owe(statement: BankStatement, start: int) -> None:
    payload = {"statement": str(statement.pk), "start": start}
    outbox.put(READ, payload, dedupe_key=f"{statement.pk}:{start}")


@outbox.handler(READ)
@transaction.atomic
def read_statement(payload: dict[str, Any]) -> None:
    """Read the next part of a file and owe the one after it; a part that was read is not read again."""
    advisory_lock("disbursements.statements")
    with identity.system("disbursements.statements"):
        statement = BankStatement.objects.select_related("account").get(pk=payload["statement"])
        start = int(payload["start"])
        if statement.state != StatementState.TAKEN or statement.lines_read != start:
            return
        try:
            found = _parsed(statement)
        except UnreadableError as error:
            _refuse(statement, error)
            return
        _read_part(statement, found, start)


def _parsed(statement: BankStatement) -> statements.File:
    with statement.file.open("rb") as stored:
        content: bytes = stored.read()
    if statement.account is not None and statement.mapping:
        account = statement.account
        return tables.read(
            content, statement.mapping, account=account.number, currency=account.currency, digits=minor_digits
        )
    return statements.read(content, minor_digits)


def _refuse(statement: BankStatement, error: UnreadableError) -> None:
    lifecycle.move(
        statement,
        events.StatementRefused(code=error.code, detail=error.detail[:150]),
        actor=None,
        changes={"refusal": f"{error.code}|{error.detail}"[:200]},
    )


def _read_part(statement: BankStatement, found: statements.File, start: int) -> None:
    lines = list(_booked(found))
    _keep(statement, lines, start)
    statement.lines_all = len(lines)
    statement.lines_read = min(start + PART, len(lines))
    statement.save(update_fields=["lines_all", "lines_read"])
    if statement.lines_read < len(lines):
        _owe(statement, statement.lines_read)
        return
    new = statement.lines.count()
    counts = {"entries": found.entries, "lines_new": new, "lines_known": len(lines) - new}
    kind = found.version if found.kind == "csv" else f"{found.kind} ({found.version})"
    lifecycle.move(statement, events.StatementRead(**counts), actor=None, changes={"kind": kind[:30], **counts})


def _booked(found: statements.File) -> Iterator[tuple[str, Line]]:
    """The lines to keep, each with its account: what is only announced comes again, a refused file is each of its orders."""
    for said in found.statements:
        for line in said.lines:
            if line.direction is Direction.REJECTED and not line.end_to_end:
                yield from ((said.account, one) for one in _orders_of(line))
            elif not line.pending:
                yield said.account, line


def _orders_of(line: Line) -> list[Line]:
    ordered = PaymentRunLine.objects.filter(run__reference=line.order).order_by("position")
    keys = list(ordered.values_list("payment__key", flat=True))
    return [replace(line, end_to_end=key) for key in keys] or [line]


def _keep(statement: BankStatement, lines: list[tuple[str, Line]], start: int) -> None:
    """Keep the lines of one part that no file brought before."""
    told: Counter[tuple[str, Line]] = Counter(lines[:start])
    rows: dict[str, StatementLine] = {}
    for position, (account, line) in enumerate(lines[start : start + PART], start + 1):
        told[account, line] += 1
        mark = _fingerprint(account, line, told[account, line])
        rows[mark] = _row(statement, position, account, line, mark)
    for known in StatementLine.objects.filter(fingerprint__in=list(rows)).values_list("fingerprint", flat=True):
        del rows[known]
    _match_payments(rows.values())
    _match_contributions(rows.values())
    StatementLine.objects.bulk_create(rows.values())


def _fingerprint(account: str, line: Line, nth: int) -> str:
    said = [
        account, line.direction.value, str(line.minor), line.currency, str(line.booked_on), line.end_to_end, line.reference,
        line.order, line.text, nth,
    ]  # fmt: skip
    return hashlib.sha256(rfc8785.dumps(said)).hexdigest()


def _row(statement: BankStatement, position: int, account: str, line: Line, mark: str) -> StatementLine:
    return StatementLine(
        statement=statement,
        position=position,
        fingerprint=mark,
        account_number=account[:40],
        direction=line.direction.value,
        amount_minor=line.minor,
        currency=line.currency[:3],
        booked_on=line.booked_on,
        value_on=line.value_on,
        end_to_end=line.end_to_end[:80],
        reference=line.reference[:80],
        order=line.order[:80],
        party=line.party[:140],
        text=line.text[:500],
    )


def _match_payments(rows: Any) -> None:
    """Name the payment of a line that went out under its end-to-end number with exactly its amount, once."""
    out = [row for row in rows if row.direction == LineDirection.OUT and row.end_to_end]
    found = Payment.objects.filter(key__in={row.end_to_end for row in out}).exclude(state=PaymentState.PREPARED)
    by_hand = LineDecision.objects.filter(verdict=LineVerdict.MATCHED, payment__isnull=False).values("payment")
    seen = StatementLine.objects.filter(payment__isnull=False).values("payment")
    free = {one.key: one for one in found.exclude(pk__in=by_hand).exclude(pk__in=seen)}
    for row in out:
        payment = free.get(row.end_to_end)
        if payment and (payment.amount_minor, payment.currency) == (row.amount_minor, row.currency):
            row.payment = free.pop(row.end_to_end)


def _match_contributions(rows: Any) -> None:
    """Name the contribution of a line that came in under its bank reference with exactly its amount, once."""
    came = [row for row in rows if row.direction == LineDirection.IN and (row.reference or row.end_to_end)]
    names = {name for row in came for name in (row.reference, row.end_to_end) if name}
    seen = StatementLine.objects.filter(contribution__isnull=False).values("contribution")
    by_hand = LineDecision.objects.filter(contribution__isnull=False).values("contribution")
    free: dict[tuple[str, int, str], list[Contribution]] = {}
    for one in Contribution.objects.filter(bank_reference__in=names).exclude(pk__in=seen).exclude(pk__in=by_hand):
        free.setdefault((one.bank_reference, one.amount_minor, one.currency), []).append(one)
    for row in came:
        for name in filter(None, (row.reference, row.end_to_end)):
            same = free.get((name, row.amount_minor, row.currency), [])
            if row.contribution is None and len(same) == 1:
                row.contribution = same.pop()


# Differences ------------------------------------------------------------------------------------------------------


def decide(line: StatementLine, *, verdict: str, actor: Any, note: str = "", **what: Any) -> LineDecision:
    """Hand an open line over (``owner``), match it (``payment``, ``contribution`` or ``refund``), or explain it (``note``).

    Raises `Refused`.
    """
    decision = LineDecision(line=line, verdict=verdict, decided_by=actor, note=note.strip(), **what)
    event = events.LineDecided(
        line=line.pk,
        verdict=verdict,
        owner=decision.owner_id,
        payment=decision.payment_id,
        contribution=decision.contribution_id,
        refund=decision.refund_id,
    )
    return lifecycle.create(decision, event, actor=actor, reason=note.strip())


@transaction.atomic
def record_return(line: StatementLine, payment: Payment, *, reason: str, actor: Any) -> LineDecision:
    """The line says that the bank gave ``payment`` back: it fails, and can be paid again without new approvals."""
    said = " · ".join(one for one in (reasons.given(reason), line.text) if one)[:300]
    fail_payment(payment, reason=said, actor=actor)
    return decide(line, verdict=LineVerdict.RETURNED, payment=payment, note=said, actor=actor)
