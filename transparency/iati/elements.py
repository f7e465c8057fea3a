"""Elements that every IATI file is made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

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


def identifier(publisher: Publisher, code: str) -> str:
    """An activity's identifier: the publisher's, a hyphen, the code with nothing in it that identifiers may not hold."""
    return f"{publisher.reference}-{_NOT_IN_A_NAME.sub('-', code).strip('-')}"


def file_of(root: ET.Element) -> bytes:
    """The finished file."""
    ET.indent(root, space=" ")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="utf-8") + b"\n"


def root_of(tag: str, made_at: datetime) -> ET.Element:
    """The outermost element."""
    root = ET.Element(tag, version=VERSION)
    root.set("generated-datetime", moment(made_at))
    return root


def moment(value: datetime) -> str:
    """A moment as XML writes it."""
    return value.astimezone().isoformat(timespec="seconds")


def activity_of(
    publisher: Publisher, code: str, made_at: datetime, *, hierarchy: int, currency: str, secondary: bool = False
) -> ET.Element:
    """An activity with its identifier and who reports it; ``secondary``: the fund tells again what others published."""
    activity = ET.Element(
        "iati-activity", {"default-currency": currency, "hierarchy": str(hierarchy), "humanitarian": "1"}
    )
    activity.set(LANG, "ar")
    activity.set("last-updated-datetime", moment(made_at))
    ET.SubElement(activity, "iati-identifier").text = identifier(publisher, code)
    again = {"secondary-reporter": "1"} if secondary else {}
    narratives(activity, "reporting-org", publisher.name, ref=publisher.reference, type=publisher.kind, **again)
    return activity


def narratives(parent: ET.Element, tag: str, words: Words, **attributes: str) -> ET.Element:
    """An element with its text in each language; an empty attribute is left out."""
    element = ET.SubElement(parent, tag, {name: value for name, value in attributes.items() if value})
    for language, text in words.items():
        if text:
            narrative = ET.SubElement(element, "narrative", {} if language == "ar" else {LANG: language})
            narrative.text = _NOT_IN_XML.sub("", text)
    return element


def dated(parent: ET.Element, kind: str, day: date) -> None:
    """A date of an activity."""
    ET.SubElement(parent, "activity-date", {"type": kind, "iso-date": day.isoformat()})


def period(parent: ET.Element, first: date, last: date) -> None:
    """From a day until a day."""
    ET.SubElement(parent, "period-start", {"iso-date": first.isoformat()})
    ET.SubElement(parent, "period-end", {"iso-date": last.isoformat()})


def valued(parent: ET.Element, amount: Decimal, currency: str, day: date) -> None:
    """An amount of money at a day."""
    value = ET.SubElement(parent, "value", {"value-date": day.isoformat(), "currency": currency})
    value.text = f"{amount:f}"


def placed(activity: ET.Element, name: Words) -> None:
    """A governorate by its name: approximate, an administrative region, without coordinates."""
    location = ET.SubElement(activity, "location")
    narratives(location, "name", name)
    ET.SubElement(location, "exactness", code="2")
    ET.SubElement(location, "location-class", code="1")


def sectors(activity: ET.Element, shares: Mapping[str, Decimal]) -> None:
    """Purposes by the OECD's codes; of several the percentages sum to 100."""
    for code, share in hundred(shares).items():
        percentage = {} if len(shares) == 1 else {"percentage": f"{share:f}"}
        ET.SubElement(activity, "sector", {"vocabulary": "1", "code": code, **percentage})


def hundred(shares: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Shares as percentages of two places that sum to exactly 100; what rounding leaves goes to the largest."""
    total = sum(shares.values())
    cent = Decimal("0.01")
    rounded = {code: (share * 100 / total).quantize(cent) for code, share in sorted(shares.items())}
    rounded = {code: share for code, share in rounded.items() if share}
    largest = max(rounded, key=lambda code: rounded[code])
    rounded[largest] += 100 - sum(rounded.values())
    return rounded


def transaction_of(activity: ET.Element, kind: str, day: date, amount: Decimal, currency: str) -> ET.Element:
    """A movement of money; its parties follow."""
    transaction = ET.SubElement(activity, "transaction")
    ET.SubElement(transaction, "transaction-type", code=kind)
    ET.SubElement(transaction, "transaction-date", {"iso-date": day.isoformat()})
    valued(transaction, amount, currency, day)
    return transaction
