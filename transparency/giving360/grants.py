"""Writing grants as 360Giving 1.4 expects them.

The standard wants an amount and a recipient of every grant. A grant whose amount is withheld is therefore no record of its
own: the sum that holds it is one, with a recipient that stands for several organisations. So all amounts add up.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from kernel.money import Money
from transparency.release.told import Told, ToldGrant, ToldSum

VERSION = "1.4"
COUNTRY = "SY"
GAZETTEER = "OCHA COD-AB admin 1"
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wording:
    """The words that the file needs: labels by code, and sentences."""

    title_withheld: str
    several: str
    title_of_sum: str
    months: str
    """With ``%(months)s``."""
    counted: str
    """With ``%(grants)s`` and ``%(organisations)s``."""
    sectors: Mapping[str, str]
    places: Mapping[str, str]
    kinds: Mapping[str, str]
    led_by: Mapping[str, str]
    """Labels of ``women_led``, ``youth_led`` and ``displaced_led``."""


@dataclass(frozen=True, slots=True)
class Package:
    """Who publishes and where; ``prefix`` begins every identifier. ``description`` says what is excluded, and how much."""

    prefix: str
    publisher: str
    website: str
    title: str
    description: str
    address: str
    licence: str


def records(told: Told, package: Package, words: Wording) -> list[Record]:
    """A record of each openly told grant, then one of each sum."""
    held = {one.code: [grant.code for grant in told.grants if grant.sum_code == one.code] for one in told.sums}
    return [
        *(_grant(grant, package, words) for grant in told.open),
        *(_sum(one, held[one.code], package, words) for one in told.sums),
    ]


def package_json(grants: list[Record], package: Package, *, made_at: datetime) -> bytes:
    """The whole file."""
    moment = made_at.isoformat(timespec="seconds")
    head = {
        "version": VERSION,
        "title": package.title,
        "description": package.description,
        "issued": moment,
        "modified": moment,
        "identifier": f"{package.prefix}-grants",
        "publisher": {"identifier": package.prefix, "name": package.publisher, "website": package.website},
        "license": package.licence,
        "downloadURL": package.address,
        "grants": grants,
    }
    return json.dumps(head, ensure_ascii=False, indent=1).encode() + b"\n"


def table(grants: list[Record]) -> tuple[list[str], list[list[Any]]]:
    """The records as a table in the way of flatten-tool: a column is a path (``recipientOrganization/0/name``)."""
    flat = [dict(_flat(record)) for record in grants]
    columns = sorted({name for row in flat for name in row}, key=_place)
    return columns, [[row.get(name, "") for name in columns] for row in flat]


_ORDER = (
    "id", "title", "description", "currency", "amountAwarded", "amountDisbursed", "awardDate", "plannedDates",
    "actualDates", "recipientOrganization", "fundingOrganization", "beneficiaryLocation", "locationScope",
    "classifications", "disbursementTransaction", "relatedActivity", "dataSource",
)  # fmt: skip


def _place(column: str) -> tuple[int, tuple[tuple[int, str], ...]]:
    head, *rest = column.split("/")
    return _ORDER.index(head), tuple((int(part), "") if part.isdigit() else (-1, part) for part in rest)


def _flat(value: Any, path: str = "") -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{path}/{name}" if path else name)
    elif isinstance(value, list) and value and isinstance(value[0], str):
        yield path, ";".join(value)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _flat(inner, f"{path}/{number}")
    else:
        yield path, value


def _amount(minor: int, currency: str) -> int | float:
    """Whole units; a double holds every cent of up to ten million million."""
    value = Money(minor, currency).amount
    return int(value) if value == value.to_integral_value() else float(value)


def _grant(grant: ToldGrant, package: Package, words: Wording) -> Record:
    record: Record = {
        "id": f"{package.prefix}-{grant.code}",
        "title": grant.title or words.title_withheld,
        "description": words.months % {"months": grant.months},
        "currency": grant.currency,
        "amountAwarded": _amount(grant.amount_minor or 0, grant.currency),
        "amountDisbursed": _amount(grant.paid_minor or 0, grant.currency),
    }
    if grant.month:
        record["awardDate"] = grant.month.isoformat()
        record["plannedDates"] = [{"startDate": f"{grant.month:%Y-%m}", "duration": grant.months}]
        if grant.ended:
            record["actualDates"] = [{"startDate": f"{grant.month:%Y-%m}", "endDate": f"{grant.ended:%Y-%m}"}]
    record["recipientOrganization"] = [_recipient(grant, package, words)]
    record["fundingOrganization"] = [_funder(package)]
    record |= _where_and_what(grant.governorates, grant.sector, words)
    led = [name for name in ("women_led", "youth_led", "displaced_led") if getattr(grant, name)]
    record.setdefault("classifications", []).extend(
        {"vocabulary": "Leadership of the recipient", "code": name, "title": words.led_by[name]} for name in led
    )
    if grant.payments:
        record["disbursementTransaction"] = [
            {
                "id": f"{package.prefix}-{grant.code}-{day:%Y-%m}",
                "transactionDate": day.isoformat(),
                "currency": grant.currency,
                "value": _amount(minor, grant.currency),
            }
            for day, minor in grant.payments
        ]
    return _finished(record, package)


def _sum(one: ToldSum, held: list[str], package: Package, words: Wording) -> Record:
    record: Record = {
        "id": f"{package.prefix}-{one.code}",
        "title": words.title_of_sum,
        "description": words.counted % {"grants": one.grants, "organisations": one.partners},
        "currency": one.currency,
        "amountAwarded": _amount(one.amount_minor, one.currency),
        "awardDate": one.month.isoformat(),
        "recipientOrganization": [{"id": f"{package.prefix}-ORG-{one.code}", "name": words.several}],
        "fundingOrganization": [_funder(package)],
    }
    record |= _where_and_what(one.governorates, one.sector, words)
    record["relatedActivity"] = [f"{package.prefix}-{code}" for code in held]
    return _finished(record, package)


def _finished(record: Record, package: Package) -> Record:
    record["dataSource"] = package.address
    return {name: record[name] for name in _ORDER if record.get(name) not in (None, [], "")}


def _funder(package: Package) -> Record:
    return {"id": package.prefix, "name": package.publisher, "url": package.website}


def _recipient(grant: ToldGrant, package: Package, words: Wording) -> Record:
    """The organisation, known by its public name alone: the same name has the same identifier."""
    known = sha256(grant.name_ar.encode()).hexdigest()[:12]
    recipient = {"id": f"{package.prefix}-ORG-{known}", "name": grant.name_ar}
    if grant.name_latin:
        recipient["alternateName"] = grant.name_latin
    if grant.kind in words.kinds:
        recipient["organisationType"] = words.kinds[grant.kind]
    return recipient


def _where_and_what(governorates: tuple[str, ...], sector: str, words: Wording) -> Record:
    """Governorates, never anything finer; without one the whole country."""
    named: list[Record] = [
        {"name": words.places[code], "countryCode": COUNTRY, "geoCode": code, "geoCodeType": GAZETTEER}
        for code in governorates
    ]
    said: Record = {
        "beneficiaryLocation": named or [{"countryCode": COUNTRY}],
        "locationScope": "GLS040" if named else "GLS030",
    }
    if sector:
        said["classifications"] = [{"vocabulary": "Sector", "code": sector, "title": words.sectors[sector]}]
    return said
