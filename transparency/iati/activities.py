"""Writing activities."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

from transparency.iati import codes

VERSION = "2.03"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_IN_A_NAME = re.compile("[^A-Za-z0-9._-]+")

Words = Mapping[str, str]
"""A text by language; empty ones are left out."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes: the identifier under which the fund is registered, its name, the type of organisation."""

    reference: str
    name: Words
    kind: str


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of minor units on the first day of the month in which it moved (for the fund: of the day)."""

    minor: int
    currency: str
    day: date

    @property
    def text(self) -> str:
        """The amount in whole units with its cents."""
        return f"{Decimal(self.minor).scaleb(-2):.2f}"


@dataclass(frozen=True, slots=True)
class Gift:
    """Money that a donor paid into the fund; ``donor`` is what may be said of who it was."""

    donor: Words
    money: Money


@dataclass(frozen=True, slots=True)
class GrantActivity:
    """A grant told openly, or a sum of several (``grants`` above 1)."""

    code: str
    title: Words
    description: Words
    partner: Words
    started: date
    planned_end: date | None
    ended: date | None
    sector: str
    places: tuple[Words, ...]
    committed: Money
    paid: tuple[Money, ...] = ()
    grants: int = 1


@dataclass(frozen=True, slots=True)
class FundActivity:
    """The fund itself."""

    title: Words
    description: Words
    started: date
    gifts: tuple[Gift, ...] = field(default=())


def identifier(publisher: Publisher, code: str) -> str:
    """An activity's identifier: the publisher's, a hyphen, the code with nothing in it that identifiers may not hold."""
    return f"{publisher.reference}-{_NOT_IN_A_NAME.sub('-', code).strip('-')}"


def document(publisher: Publisher, fund: FundActivity, grants: Iterable[GrantActivity], *, made_at: datetime) -> bytes:
    """The file of activities: the fund first, then its grants in the order given."""
    root = ET.Element("iati-activities", version=VERSION)
    root.set("generated-datetime", _moment(made_at))
    grants = list(grants)
    root.append(_fund(publisher, fund, grants, made_at))
    root.extend(_grant(publisher, fund, grant, made_at) for grant in grants)
    ET.indent(root, space=" ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="utf-8") + b"\n"


# The order of elements is the schema's: each is written where the schema expects it -----------------------------------


def _fund(publisher: Publisher, fund: FundActivity, grants: list[GrantActivity], made_at: datetime) -> ET.Element:
    activity = _activity(publisher, "FUND", made_at, hierarchy=1, currency=_currency(fund, grants))
    _narratives(activity, "title", fund.title)
    _narratives(activity, "description", fund.description, type="1")
    _organisation(activity, publisher.name, role=codes.ACCOUNTABLE, ref=publisher.reference, type=publisher.kind)
    ET.SubElement(activity, "activity-status", code=codes.RUNNING)
    _date(activity, codes.ACTUAL_START, fund.started)
    ET.SubElement(activity, "recipient-country", code="SY")
    ET.SubElement(activity, "sector", vocabulary="1", code=codes.SEVERAL_SECTORS)
    _defaults(activity, codes.POOLED_FUND)
    for gift in fund.gifts:
        transaction = _transaction(activity, codes.INCOMING_FUNDS, gift.money)
        _party(transaction, "provider-org", gift.donor)
        _party(transaction, "receiver-org", publisher.name, ref=publisher.reference, type=publisher.kind)
    for grant in grants:
        ET.SubElement(activity, "related-activity", ref=identifier(publisher, grant.code), type=codes.CHILD)
    return activity


def _grant(publisher: Publisher, fund: FundActivity, grant: GrantActivity, made_at: datetime) -> ET.Element:
    activity = _activity(publisher, grant.code, made_at, hierarchy=2, currency=grant.committed.currency)
    _narratives(activity, "title", grant.title)
    _narratives(activity, "description", grant.description, type="1")
    _organisation(activity, publisher.name, role=codes.FUNDING, ref=publisher.reference, type=publisher.kind)
    _organisation(activity, grant.partner, role=codes.IMPLEMENTING, type=codes.NATIONAL_NGO)
    ET.SubElement(activity, "activity-status", code=codes.CLOSED if grant.ended else codes.RUNNING)
    _date(activity, codes.ACTUAL_START, grant.started)
    if grant.planned_end is not None:
        _date(activity, codes.PLANNED_END, grant.planned_end)
    if grant.ended is not None:
        _date(activity, codes.ACTUAL_END, grant.ended)
    ET.SubElement(activity, "recipient-country", code="SY")
    for place in grant.places:
        location = ET.SubElement(activity, "location")
        _narratives(location, "name", place)
        ET.SubElement(location, "exactness", code="2")
        ET.SubElement(location, "location-class", code="1")
    ET.SubElement(activity, "sector", vocabulary="1", code=codes.SECTORS.get(grant.sector, codes.SEVERAL_SECTORS))
    _defaults(activity, codes.PROJECT)
    for kind, money in [
        (codes.OUTGOING_COMMITMENT, grant.committed),
        *((codes.DISBURSEMENT, one) for one in grant.paid),
    ]:
        transaction = _transaction(activity, kind, money)
        _party(transaction, "provider-org", publisher.name, ref=publisher.reference, type=publisher.kind)
        _party(transaction, "receiver-org", grant.partner, type=codes.NATIONAL_NGO)
    ET.SubElement(activity, "related-activity", ref=identifier(publisher, "FUND"), type=codes.PARENT)
    return activity


def _currency(fund: FundActivity, grants: list[GrantActivity]) -> str:
    money = [*(gift.money for gift in fund.gifts), *(grant.committed for grant in grants)]
    return money[0].currency if money else "USD"


def _activity(publisher: Publisher, code: str, made_at: datetime, *, hierarchy: int, currency: str) -> ET.Element:
    activity = ET.Element(
        "iati-activity", {"default-currency": currency, "hierarchy": str(hierarchy), "humanitarian": "1"}
    )
    activity.set(LANG, "ar")
    activity.set("last-updated-datetime", _moment(made_at))
    ET.SubElement(activity, "iati-identifier").text = identifier(publisher, code)
    _narratives(activity, "reporting-org", publisher.name, ref=publisher.reference, type=publisher.kind)
    return activity


def _narratives(parent: ET.Element, tag: str, words: Words, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, attributes)
    for language, text in words.items():
        if text:
            narrative = ET.SubElement(element, "narrative", {} if language == "ar" else {LANG: language})
            narrative.text = _NOT_IN_XML.sub("", text)
    return element


def _organisation(activity: ET.Element, words: Words, **attributes: str) -> None:
    _narratives(activity, "participating-org", words, **attributes)


def _party(transaction: ET.Element, tag: str, words: Words, **attributes: str) -> None:
    _narratives(transaction, tag, words, **attributes)


def _date(activity: ET.Element, kind: str, day: date) -> None:
    ET.SubElement(activity, "activity-date", {"type": kind, "iso-date": day.isoformat()})


def _defaults(activity: ET.Element, aid: str) -> None:
    ET.SubElement(activity, "default-flow-type", code=codes.HUMANITARIAN_FLOW)
    ET.SubElement(activity, "default-finance-type", code=codes.GRANT)
    ET.SubElement(activity, "default-aid-type", vocabulary="1", code=aid)


def _transaction(activity: ET.Element, kind: str, money: Money) -> ET.Element:
    transaction = ET.SubElement(activity, "transaction")
    ET.SubElement(transaction, "transaction-type", code=kind)
    ET.SubElement(transaction, "transaction-date", {"iso-date": money.day.isoformat()})
    value = ET.SubElement(transaction, "value", {"value-date": money.day.isoformat(), "currency": money.currency})
    value.text = money.text
    return transaction


def _moment(value: datetime) -> str:
    return value.astimezone().isoformat(timespec="seconds")
