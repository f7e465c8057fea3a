"""Lists of sanctions as they are published: the Security Council's consolidated XML, OFAC's SDN and ALT tables."""

import csv
import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

import rfc8785

from kernel.xml_files import UnreadableError, parsed

_GIVEN: Final = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_NULL: Final = "-0-"
_SDN_COLUMNS: Final = 12
_ALT_COLUMNS: Final = 5
_THINGS: Final = frozenset({"vessel", "aircraft"})
_BORN: Final = re.compile(r"\bDOB (?:circa )?((?:\d{1,2} )?(?:[A-Z][a-z]{2} )?\d{4})")
_NATION: Final = re.compile(r"\b(?:nationality|citizen) ([A-Z][A-Za-z ]+)")
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody on a list. ``strong`` names find; ``weak`` ones are too vague to, and only shown."""

    reference: str
    is_person: bool
    strong: tuple[str, ...]
    weak: tuple[str, ...] = ()
    births: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    programme: str = ""

    @property
    def sha256(self) -> str:
        """Of everything the list says: another value is another version of the entry."""
        said = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        return hashlib.sha256(rfc8785.dumps(said)).hexdigest()


@dataclass(frozen=True, slots=True)
class Published:
    """A list as published: the day of its version (None where the file does not say), and who is on it."""

    issued_on: date | None
    entries: tuple[Entry, ...]


def read_un(content: bytes) -> Published:
    """The Security Council's consolidated list; raises `UnreadableError`."""
    root, _namespace = parsed(content)
    if root.tag != "CONSOLIDATED_LIST":
        raise UnreadableError("kind", root.tag[:40])
    found = tuple(_un_entry(one) for group in ("INDIVIDUALS", "ENTITIES") for one in root.iterfind(f"{group}/*"))
    return _whole(_day(root.get("dateGenerated", "")), found)


def _un_entry(one: Element) -> Entry:
    kind = one.tag
    reference = _text(one, "REFERENCE_NUMBER")
    name = " ".join(filter(None, (_text(one, part) for part in _GIVEN)))
    strong = [*_apart(name), *_apart(_text(one, "NAME_ORIGINAL_SCRIPT"))]
    weak: list[str] = []
    for alias in one.iterfind(f"{kind}_ALIAS"):
        vague = _text(alias, "QUALITY") == "Low"
        (weak if vague else strong).extend(_apart(_text(alias, "ALIAS_NAME")))
    if not reference or not strong:
        raise UnreadableError("content", reference or name[:40])
    births = [_born(birth) for birth in one.iterfind(f"{kind}_DATE_OF_BIRTH")]
    return Entry(
        reference, kind == "INDIVIDUAL", _once(strong), _once(weak), _once(births),
        _once(_line(value.text) for value in one.iterfind("NATIONALITY/VALUE")), _text(one, "UN_LIST_TYPE"),
    )  # fmt: skip


def _born(birth: Element) -> str:
    years = [_text(birth, name) for name in ("YEAR", "FROM_YEAR", "TO_YEAR")]
    return _text(birth, "DATE")[:10] or "–".join(filter(None, years))


def read_ofac(sdn: bytes, alt: bytes = b"") -> Published:
    """OFAC's list of specially designated nationals (``sdn.csv``) with its aliases (``alt.csv``); raises `UnreadableError`.

    Ships and aircraft are left out: nobody of them applies for a grant.
    """
    aliases: dict[str, list[str]] = defaultdict(list)
    for row in _rows(alt, _ALT_COLUMNS):
        aliases[row[0]].append(row[3])
    found = tuple(
        _ofac_entry(row, aliases[row[0]]) for row in _rows(sdn, _SDN_COLUMNS) if row[2].casefold() not in _THINGS
    )
    return _whole(None, found)


def _ofac_entry(row: list[str], aliases: list[str]) -> Entry:
    is_person = row[2].casefold() == "individual"
    names = [_forename_first(name) if is_person else name for name in (row[1], *aliases)]
    births, nations = _BORN.findall(row[11]), (one.strip() for one in _NATION.findall(row[11]))
    return Entry(f"OFAC {row[0]}", is_person, _once(names), (), _once(births), _once(nations), row[3][:80])


def _forename_first(name: str) -> str:
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma else name


def _rows(content: bytes, columns: int) -> Iterator[list[str]]:
    for row in csv.reader(io.StringIO(content.decode("utf-8", errors="replace"), newline="")):
        if len(row) >= columns:
            cells = [_line(cell) for cell in row]
            if not cells[0].isdecimal():
                raise UnreadableError("content", cells[0][:40])
            yield ["" if cell == _NULL else cell for cell in cells]
        elif any(cell.strip("\x1a \t") for cell in row):
            raise UnreadableError("kind")


# Small helps ------------------------------------------------------------------------------------------------------


def _whole(issued_on: date | None, found: tuple[Entry, ...]) -> Published:
    if not found:
        raise UnreadableError("empty")
    if len({one.reference for one in found}) < len(found):
        raise UnreadableError("content", "reference")
    return Published(issued_on, found)


def _apart(names: str) -> list[str]:
    """Names that the list writes in one field, apart."""
    return [one[:_LONGEST] for one in map(_line, re.split(r" / |;", names)) if one]


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _text(element: Element, name: str) -> str:
    return _line(element.findtext(name))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said[:10])
    except ValueError:
        return None
