"""OCHA's list of administrative places (COD-AB), as it stands in a table. Plain Python.

Its versions call their columns differently: ``ADM4_PCODE``, ``ADM4_EN``, ``ADM4_AR`` · ``admin4Pcode``, ``admin4Name_en``,
``admin4Name_ar`` · ``adm4_pcode``, ``adm4_name``, ``adm4_name1``. A row names a place together with those that it lies in; a
row of HXL tags under the heads is passed over.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

LEVELS: Final = (1, 2, 3, 4)
"""Governorate, district, sub-district, community."""
_HEAD: Final = re.compile(r"adm(?:in)?([1-4])(pcode|nameen|name1|namear|name|en|ar)")
_KINDS: Final = {"pcode": "code", "name": "en", "nameen": "en", "en": "en", "name1": "ar", "namear": "ar", "ar": "ar"}
_CODE: Final = re.compile(r"[A-Z]{1,3}\d{2,10}")
LONGEST: Final = 120


class UnusableListError(ValueError):
    """A table that is no such list: ``code`` says why (no_codes, code, name, parent, governorate), ``row`` where."""

    def __init__(self, code: str, row: int = 0, what: str = "") -> None:
        super().__init__(f"{code} {row or ''} {what}".strip())
        self.code, self.row, self.what = code, row, what


@dataclass(frozen=True, slots=True)
class Listed:
    """A place of the list: its code, level, names, and the code of the place that it lies in (empty for a governorate)."""

    code: str
    level: int
    name_ar: str
    name_en: str
    parent: str


def read(rows: Iterable[Sequence[str]]) -> dict[str, Listed]:
    """The places of a table by their code, each after what it lies in. Raises `UnusableListError`."""
    numbered = enumerate(rows, start=1)
    columns: dict[tuple[int, str], int] = {}
    for _number, row in numbered:
        columns = _columns(row)
        if columns:
            break
    if not any(kind == "code" for _level, kind in columns):
        raise UnusableListError("no_codes")
    found: dict[str, Listed] = {}
    for number, row in numbered:
        for place in _places(row, columns, number):
            known = found.get(place.code)
            if known is not None and known.parent != place.parent:
                raise UnusableListError("parent", number, place.code)
            if known is None:
                found[place.code] = place
    return dict(sorted(found.items(), key=lambda item: (item[1].level, item[0])))


def _columns(head: Sequence[str]) -> dict[tuple[int, str], int]:
    """Where code and names of each level stand."""
    found: dict[tuple[int, str], int] = {}
    for place, text in enumerate(head):
        match = _HEAD.fullmatch(re.sub(r"[^a-z0-9]", "", text.lower()))
        if match:
            found.setdefault((int(match[1]), _KINDS[match[2]]), place)
    return found


def _places(row: Sequence[str], columns: dict[tuple[int, str], int], number: int) -> Iterator[Listed]:
    def cell(level: int, kind: str) -> str:
        place = columns.get((level, kind))
        return " ".join(row[place].split()) if place is not None and place < len(row) else ""

    parent = ""
    for level in LEVELS:
        code = cell(level, "code").upper()
        if not code or code.startswith("#"):
            continue
        if not _CODE.fullmatch(code):
            raise UnusableListError("code", number, code)
        ar, en = cell(level, "ar"), cell(level, "en")
        if not (ar or en) or max(len(ar), len(en)) > LONGEST:
            raise UnusableListError("name", number, code)
        yield Listed(code, level, ar or en, en, parent)
        parent = code
