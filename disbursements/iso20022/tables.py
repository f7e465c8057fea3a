"""Statements as tables (CSV), read by a mapping that says which column holds what."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from disbursements.iso20022.reading import minor_of
from disbursements.iso20022.statements import Digits, Direction, File, Line, Said
from kernel.days import UnreadableDayError, parse_day
from kernel.numerals import AmountError, parse_amount, western_digits
from kernel.xml_files import UnreadableError

COLUMNS: Final = ("day", "amount", "debit", "credit", "end_to_end", "reference", "party", "text")
"""What a mapping may name; ``day`` and either ``amount`` (negative goes out) or ``debit`` and ``credit`` must be there."""
COMMA: Final = "comma"
"""The key of a mapping under which any text says that amounts are written as ``1.234,50``."""
_LINES: Final = 100_000
_DECIMALS: Final = 6


@dataclass(frozen=True, slots=True)
class _Form:
    currency: str
    digits: int
    comma: bool


def read(content: bytes, mapping: Mapping[str, str], *, account: str, currency: str, digits: Digits) -> File:
    """The table as one statement of ``account``; raises `UnreadableError` that names the column or the row."""
    rows = _rows(content)
    header = next(rows, [])
    places = _places(header, mapping)
    form = _Form(currency, digits(currency), bool(mapping.get(COMMA)))
    lines: list[Line] = []
    for number, row in enumerate(rows, 2):
        if number > _LINES:
            raise UnreadableError("size")
        if any(cell.strip() for cell in row):
            lines.append(_line(row, places, form, number))
    said = Said("", account, currency, entries=len(lines), lines=tuple(lines))
    return File("csv", "csv", (said,))


def _rows(content: bytes) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "cp1256"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UnreadableError("content")
    if "\x00" in text:
        raise UnreadableError("content")
    first = text.partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    return csv.reader(io.StringIO(text), delimiter=delimiter)


def _places(header: list[str], mapping: Mapping[str, str]) -> dict[str, int]:
    names = {" ".join(name.split()).casefold(): place for place, name in enumerate(header)}
    places: dict[str, int] = {}
    for what in COLUMNS:
        if name := mapping.get(what, ""):
            place = names.get(" ".join(name.split()).casefold())
            if place is None:
                raise UnreadableError("column", name)
            places[what] = place
    if "day" not in places or not ("amount" in places or {"debit", "credit"} <= places.keys()):
        raise UnreadableError("mapping")
    return places


def _line(row: list[str], places: dict[str, int], form: "_Form", number: int) -> Line:
    def cell(what: str) -> str:
        place = places.get(what)
        return row[place].strip() if place is not None and place < len(row) else ""

    minor = _signed(cell("amount"), cell("debit"), cell("credit"), form, number)
    return Line(
        direction=Direction.OUT if minor < 0 else Direction.IN,
        minor=abs(minor),
        currency=form.currency,
        booked_on=_day(cell("day"), number),
        value_on=None,
        end_to_end=cell("end_to_end")[:80],
        reference=cell("reference")[:80],
        party=cell("party")[:140],
        text=" ".join(cell("text").split())[:500],
    )


def _signed(amount: str, debit: str, credit: str, form: "_Form", number: int) -> int:
    if amount:
        return _minor(amount, form, number)
    return (_minor(credit, form, number) if credit else 0) - (abs(_minor(debit, form, number)) if debit else 0)


def _minor(said: str, form: "_Form", number: int) -> int:
    text = western_digits(said).replace("−", "-").strip()
    negative = text.startswith(("-", "(")) or text.endswith("-")
    bare = text.strip("-()+ ")
    if form.comma:
        bare = bare.replace(".", "").replace(" ", "").replace(",", ".")
    try:
        minor = minor_of(str(parse_amount(bare, decimals=_DECIMALS)), form.digits)
    except (AmountError, UnreadableError) as error:
        raise UnreadableError("row", f"{number}: {said[:40]}") from error
    return -minor if negative else minor


def _day(said: str, number: int) -> date:
    for written in (said, said[:10]):
        try:
            return parse_day(written.replace(".", "/"))
        except UnreadableDayError:
            continue
    raise UnreadableError("row", f"{number}: {said[:40]}")
