"""Orders to a bank: pain.001.001.03 and pain.001.001.09, written so that the same order always gives the same bytes.

Credit transfers across borders in one currency, out of one account, on one day. Amounts are minor units.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from disbursements.iso20022.latin import bank_text

_NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:"
_NAME: Final = 140
_NAME_OF_BANK: Final = {"pain.001.001.03": 70, "pain.001.001.09": 140}
_REMITTANCE: Final = 140


class Version(StrEnum):
    """The versions of the message that can be written."""

    V03 = "pain.001.001.03"
    V09 = "pain.001.001.09"


class Charges(StrEnum):
    """Who bears what the banks take (ISO 20022 ChargeBearerType1Code)."""

    SHARED = "SHAR"
    FUND = "DEBT"


@dataclass(frozen=True, slots=True)
class Account:
    """An account and its bank: an IBAN or another number; what is unknown of the bank is empty."""

    holder: str
    number: str
    is_iban: bool
    bank: str = ""
    bic: str = ""
    country: str = ""
    town: str = ""


@dataclass(frozen=True, slots=True)
class CreditTransfer:
    """One payment: ``end_to_end`` comes back in the statement, ``uetr`` follows it through the banks."""

    end_to_end: str
    uetr: UUID
    minor: int
    payee: Account
    about: str


@dataclass(frozen=True, slots=True)
class Order:
    """All that one file says; ``digits`` is how many decimals the currency has."""

    message: str
    created_at: datetime
    execute_on: date
    currency: str
    digits: int
    charges: Charges
    payer: Account
    transfers: tuple[CreditTransfer, ...]

    @property
    def total_minor(self) -> int:
        return sum(one.minor for one in self.transfers)


def write(order: Order, version: Version) -> bytes:
    """The file, in UTF-8; raises ValueError for an order without transfers, `NotLatinError` for names no bank can carry."""
    if not order.transfers:
        raise ValueError("an order has at least one transfer")
    document = Element("Document", xmlns=_NAMESPACE + version)
    body = SubElement(document, "CstmrCdtTrfInitn")
    _header(SubElement(body, "GrpHdr"), order)
    information = SubElement(body, "PmtInf")
    _information(information, order, version)
    for transfer in order.transfers:
        _transfer(SubElement(information, "CdtTrfTxInf"), transfer, order, version)
    indent(document, space=" ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(document, encoding="utf-8") + b"\n"


def _say(parent: Element, **texts: str) -> None:
    for tag, text in texts.items():
        SubElement(parent, tag).text = text


def _amount(minor: int, digits: int) -> str:
    return str(Decimal(minor).scaleb(-digits))


def _sums(order: Order) -> dict[str, str]:
    return {"NbOfTxs": str(len(order.transfers)), "CtrlSum": _amount(order.total_minor, order.digits)}


def _header(header: Element, order: Order) -> None:
    _say(header, MsgId=order.message, CreDtTm=order.created_at.isoformat(timespec="seconds"), **_sums(order))
    _say(SubElement(header, "InitgPty"), Nm=bank_text(order.payer.holder, limit=_NAME))


def _information(information: Element, order: Order, version: Version) -> None:
    _say(information, PmtInfId=order.message, PmtMtd="TRF", BtchBookg="false", **_sums(order))
    _say(SubElement(information, "PmtTpInf"), InstrPrty="NORM")
    day = SubElement(information, "ReqdExctnDt")
    (day if version is Version.V03 else SubElement(day, "Dt")).text = order.execute_on.isoformat()
    _party(SubElement(information, "Dbtr"), order.payer)
    _account(SubElement(information, "DbtrAcct"), order.payer, currency=order.currency)
    _agent(SubElement(information, "DbtrAgt"), order.payer, version)
    _say(information, ChrgBr=order.charges.value)


def _transfer(element: Element, transfer: CreditTransfer, order: Order, version: Version) -> None:
    identity = SubElement(element, "PmtId")
    _say(identity, InstrId=transfer.end_to_end, EndToEndId=transfer.end_to_end)
    if version is Version.V09:
        _say(identity, UETR=str(transfer.uetr))
    amount = SubElement(SubElement(element, "Amt"), "InstdAmt", Ccy=order.currency)
    amount.text = _amount(transfer.minor, order.digits)
    if transfer.payee.bic or transfer.payee.bank:
        _agent(SubElement(element, "CdtrAgt"), transfer.payee, version)
    _party(SubElement(element, "Cdtr"), transfer.payee)
    _account(SubElement(element, "CdtrAcct"), transfer.payee)
    _say(SubElement(element, "Purp"), Cd="CHAR")
    _say(SubElement(element, "RmtInf"), Ustrd=bank_text(transfer.about, limit=_REMITTANCE))


def _party(party: Element, account: Account) -> None:
    _say(party, Nm=bank_text(account.holder, limit=_NAME))
    if account.town or account.country:
        address = SubElement(party, "PstlAdr")
        if account.town:
            _say(address, TwnNm=bank_text(account.town, limit=35))
        if account.country:
            _say(address, Ctry=account.country)


def _account(element: Element, account: Account, *, currency: str = "") -> None:
    identity = SubElement(element, "Id")
    if account.is_iban:
        _say(identity, IBAN=account.number)
    else:
        _say(SubElement(identity, "Othr"), Id=account.number)
    if currency:
        _say(element, Ccy=currency)


def _agent(element: Element, account: Account, version: Version) -> None:
    institution = SubElement(element, "FinInstnId")
    if account.bic:
        _say(institution, **{"BIC" if version is Version.V03 else "BICFI": account.bic})
    if account.bank:
        _say(institution, Nm=bank_text(account.bank, limit=_NAME_OF_BANK[version]))
