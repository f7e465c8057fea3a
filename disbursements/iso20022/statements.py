"""What banks say back: statements and notices of entries (camt.052/053/054, every version), rejections (pain.002).

Read tolerantly: by the names of elements, whatever the version's namespace; what a bank leaves out is empty. Amounts are
minor units; ``digits`` tells how many decimals a currency has.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final
from xml.etree.ElementTree import Element

from disbursements.iso20022.reading import children, minor_of, text_at, texts_at
from kernel.xml_files import UnreadableError, parsed

Digits = Callable[[str], int]

_BODIES: Final = {
    "BkToCstmrAcctRpt": "camt.052", "BkToCstmrAcctRptV01": "camt.052", "BkToCstmrStmt": "camt.053",
    "BkToCstmrStmtV01": "camt.053", "BkToCstmrDbtCdtNtfctn": "camt.054", "BkToCstmrDbtCdtNtfctnV01": "camt.054",
    "CstmrPmtStsRpt": "pain.002",
}  # fmt: skip
_REPORTS: Final = ("Rpt", "Stmt", "Ntfctn")
_NOT_GIVEN: Final = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF"})


class Direction(StrEnum):
    """Which way an entry goes, seen from the fund; ``REJECTED`` is an order that the bank refuses."""

    OUT = "out"
    IN = "in"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Line:
    """One movement as the bank tells it: an entry, or one of the transactions of an entry that books several."""

    direction: Direction
    minor: int
    currency: str
    booked_on: date | None
    value_on: date | None
    end_to_end: str = ""
    reference: str = ""
    order: str = ""
    party: str = ""
    text: str = ""
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One statement: its account, its days, its balances (minor units), how many entries the bank counts as one, its lines."""

    identity: str
    account: str
    currency: str
    opening_minor: int | None = None
    closing_minor: int | None = None
    entries: int = 0
    lines: tuple[Line, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class File:
    """A file of the bank: the kind of message, its version (the namespace's end), and what it says."""

    kind: str
    version: str
    statements: tuple[Said, ...]

    @property
    def entries(self) -> int:
        return sum(one.entries for one in self.statements)

    @property
    def lines(self) -> list[Line]:
        return [line for one in self.statements for line in one.lines]


def read(content: bytes, digits: Digits) -> File:
    """The bank's file; raises `UnreadableError` for what is no XML, declares entities, or is no such message."""
    root, namespace = parsed(content)
    version = namespace.rpartition(":")[2]
    for body in root:
        if kind := _BODIES.get(body.tag):
            statements = _rejections(body) if kind == "pain.002" else _statements(body, digits)
            if not statements:
                raise UnreadableError("empty", version)
            return File(kind, version, tuple(statements))
    raise UnreadableError("kind", version or root.tag)


# Statements -------------------------------------------------------------------------------------------------------


def _statements(body: Element, digits: Digits) -> list[Said]:
    return [_statement(report, digits) for report in children(body, *_REPORTS)]


def _statement(report: Element, digits: Digits) -> Said:
    account = report.find("Acct")
    entries = list(children(report, "Ntry"))
    first, last = _balances(report, digits)
    return Said(
        identity=text_at(report, "Id"),
        account=text_at(account, "Id/IBAN", "Id/Othr/Id", "Id/PrtryAcct/Id", "Id/BBAN"),
        currency=text_at(account, "Ccy"),
        opening_minor=first,
        closing_minor=last,
        entries=len(entries),
        lines=tuple(line for entry in entries for line in _lines(entry, digits)),
    )


def _balances(report: Element, digits: Digits) -> tuple[int | None, int | None]:
    found: dict[str, int] = {}
    for balance in children(report, "Bal"):
        code = text_at(balance, "Tp/CdOrPrtry/Cd", "Tp/Cd")
        amount = balance.find("Amt")
        if amount is not None and amount.text:
            minor = minor_of(amount.text, digits(amount.get("Ccy", "")))
            found[code] = -minor if text_at(balance, "CdtDbtInd") == "DBIT" else minor
    return found.get("OPBD", found.get("PRCD")), found.get("CLBD")


def _lines(entry: Element, digits: Digits) -> Iterator[Line]:
    transactions = list(entry.iterfind("NtryDtls/TxDtls")) or list(children(entry, "TxDtls"))
    if len(transactions) > 1 and all(_own_amount(one) is not None for one in transactions):
        for transaction in transactions:
            yield _line(entry, transaction, _own_amount(transaction), digits)
    else:
        yield _line(entry, transactions[0] if transactions else None, entry.find("Amt"), digits)


def _own_amount(transaction: Element) -> Element | None:
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        found = transaction.find(path)
        if found is not None:
            return found
    return None


def _line(entry: Element, transaction: Element | None, amount: Element | None, digits: Digits) -> Line:
    if amount is None or not amount.text:
        raise UnreadableError("content", "Amt")
    currency = amount.get("Ccy", "")
    side = text_at(entry, "CdtDbtInd")
    if side not in {"CRDT", "DBIT"}:
        raise UnreadableError("content", "CdtDbtInd")
    references = transaction.find("Refs") if transaction is not None else None
    end_to_end = text_at(references, "EndToEndId")
    return Line(
        direction=Direction.IN if side == "CRDT" else Direction.OUT,
        minor=minor_of(amount.text, digits(currency)),
        currency=currency,
        booked_on=_day(entry, "BookgDt"),
        value_on=_day(entry, "ValDt"),
        end_to_end="" if end_to_end.upper() in _NOT_GIVEN else end_to_end,
        reference=text_at(entry, "AcctSvcrRef", "NtryRef") or text_at(references, "AcctSvcrRef", "TxId"),
        order=text_at(references, "PmtInfId", "MsgId") or text_at(entry, "NtryDtls/Btch/PmtInfId", "Btch/PmtInfId"),
        party=_party(transaction, incoming=side == "CRDT"),
        text=_text(entry, transaction),
        pending=text_at(entry, "Sts/Cd", "Sts") in {"PDNG", "INFO", "FUTR"},
    )


def _day(entry: Element, name: str) -> date | None:
    said = text_at(entry, f"{name}/Dt", f"{name}/DtTm")
    try:
        return date.fromisoformat(said[:10]) if said else None
    except ValueError as error:
        raise UnreadableError("content", said[:40]) from error


def _party(transaction: Element | None, *, incoming: bool) -> str:
    roles = ("UltmtDbtr", "Dbtr") if incoming else ("UltmtCdtr", "Cdtr")
    return text_at(transaction, *(f"RltdPties/{role}/{path}" for role in reversed(roles) for path in ("Nm", "Pty/Nm")))


def _text(entry: Element, transaction: Element | None) -> str:
    said = [] if transaction is None else [
        texts_at(transaction, "RmtInf/Ustrd"), text_at(transaction, "RmtInf/Strd/CdtrRefInf/Ref"),
        text_at(transaction, "RtrInf/Rsn/Cd", "RtrInf/RtrRsn/Cd"), texts_at(transaction, "RtrInf/AddtlInf"),
        text_at(transaction, "AddtlTxInf"),
    ]  # fmt: skip
    return " · ".join(one for one in [*said, text_at(entry, "AddtlNtryInf")] if one)


# Rejections -------------------------------------------------------------------------------------------------------


def _rejections(body: Element) -> list[Said]:
    """One statement for the whole report: a line for each order refused; a refused file names itself as the order."""
    group = body.find("OrgnlGrpInfAndSts")
    original = text_at(group, "OrgnlMsgId")
    blocks = list(children(body, "OrgnlPmtInfAndSts"))
    singles = [one for block in blocks for one in children(block, "TxInfAndSts")] + list(children(body, "TxInfAndSts"))
    lines = [_rejection(one, original) for one in singles if text_at(one, "TxSts") == "RJCT"]
    whole = text_at(group, "GrpSts") == "RJCT" or any(text_at(block, "PmtInfSts") == "RJCT" for block in blocks)
    if whole and not lines:
        reasons = [one for one in (group, *blocks) if one is not None]
        lines = [_refused("", original, " · ".join(filter(None, map(_reason, reasons))))]
    if not original and not blocks and not singles:
        return []
    return [
        Said(identity=text_at(body, "GrpHdr/MsgId"), account="", currency="", entries=len(lines), lines=tuple(lines))
    ]


def _rejection(single: Element, original: str) -> Line:
    return _refused(text_at(single, "OrgnlEndToEndId"), original, _reason(single))


def _refused(end_to_end: str, order: str, reason: str) -> Line:
    return Line(Direction.REJECTED, 0, "", None, None, end_to_end, "", order, "", reason)


def _reason(element: Element) -> str:
    codes = [text_at(one, "Rsn/Cd", "Rsn/Prtry") for one in children(element, "StsRsnInf")]
    words = [texts_at(one, "AddtlInf") for one in children(element, "StsRsnInf")]
    return " · ".join(one for one in [*codes, *words] if one)
