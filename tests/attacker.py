"""Somebody who reads everything that is public, and who is told afterwards which figures hold which grants.

The attacker is given every file as it is served, every table of the dashboards however it is narrowed and every sum of the
list, and reckons with them: each amount is an equation over the true grants, or over their even parts in a governorate.
Whatever can be had by adding and subtracting equations lies in their span. A fund is attacked with success when the span
holds anything of one or two partners' withheld grants alone, when too little doubt is left about an amount, or when a word
that is withheld stands in a file.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from xml.etree import ElementTree as ET

from kernel.money import Money

PRIME = 2_147_483_647
Equation = tuple[frozenset[tuple[str, int]], int]
"""An amount in minor units, and what it adds up: codes of published records, each with the number of even parts that it is
shared out into and of which one is meant (1: the whole)."""
Vector = frozenset[tuple[str, int]]
"""The same in true grants: its factor of each, in a finite field."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What is true of a grant: whose it is, how much, and the words that stand nowhere while it is nameless.

    ``in_sums_only`` says that its amount is withheld.
    """

    partner: str
    amount_minor: int
    nameless: bool
    words: tuple[str, ...]
    in_sums_only: bool = False


def equations(files: Mapping[str, bytes]) -> Iterator[Equation]:
    """Every amount promised that stands in a file, by the codes that it is said of.

    What was added later to grants told in sums is of no code: it is attacked by itself (tests/transparency/test_additions.py).
    """
    for name, content in files.items():
        text = content.decode("utf-8-sig")
        if name.endswith(".json"):
            for one in json.loads(text)["grants"]:
                yield _codes(one["id"]), Money.of(str(one["amountAwarded"]), one["currency"]).minor
        elif name == "hxl-grants.csv":
            yield from _table(text)
        elif name.endswith(".xml"):
            yield from _activities(text)


def _codes(identifier: str) -> frozenset[tuple[str, int]]:
    start = max(identifier.find("GR-"), identifier.find("SUM-"))
    return whole([identifier[start:]])


def whole(codes: Iterable[str]) -> frozenset[tuple[str, int]]:
    """The records themselves, not parts of them."""
    return frozenset((code, 1) for code in codes)


def _table(text: str) -> Iterator[Equation]:
    """Each row, and what a reader adds up: by governorate, sector, month, and every two of them."""
    header, _tags, *lines = csv.reader(io.StringIO(text))
    rows = [dict(zip(header, line, strict=True)) for line in lines]
    told = [
        (row, Money.of(row["amount"], row["currency"]).minor) for row in rows if row["amount"] and row["row"] != "added"
    ]
    for row, minor in told:
        yield whole([row["code"]]), minor
    for columns in (("governorates",), ("sector",), ("month",), ("governorates", "sector"), ("sector", "month"), ()):
        groups: dict[tuple[str, ...], list[tuple[str, int]]] = {}
        for row, minor in told:
            groups.setdefault(tuple(row[column] for column in columns), []).append((row["code"], minor))
        for group in groups.values():
            yield whole(code for code, _minor in group), sum(minor for _code, minor in group)


def _activities(text: str) -> Iterator[Equation]:
    for activity in ET.fromstring(text).iterfind("iati-activity"):
        identifier = activity.findtext("iati-identifier") or ""
        promised = [
            Money.of(moved.findtext("value") or "", "USD").minor
            for moved in activity.iterfind("transaction")
            if moved.find("transaction-type[@code='2']") is not None
        ]
        if promised and not identifier.endswith("-FUND"):
            yield _codes(identifier), sum(promised)


def singled_out(
    found: Iterable[Equation], holds: Mapping[str, frozenset[str]], secrets: Mapping[str, Secret], *, least: int
) -> list[str]:
    """Amounts that are wrong, and partners fewer than ``least`` of whose withheld grants something can be reckoned.

    ``holds`` are the true grants behind each published code.
    """
    problems: list[str] = []
    open_grants: set[str] = set()
    vectors: set[Vector] = set()
    for parts, minor in set(found):
        members = [(grant, shares) for code, shares in parts for grant in holds[code]]
        # What cannot be shared out evenly goes to the first places: less than a cent for each part.
        exact = sum(Fraction(secrets[grant].amount_minor, shares) for grant, shares in members)
        if abs(exact - minor) >= (sum(shares > 1 for _code, shares in parts) or 1):
            problems.append(f"{sorted(parts)} is not {minor}")
        vectors.add(frozenset((grant, pow(shares, -1, PRIME)) for grant, shares in members))
        if len(members) == 1:
            open_grants.add(members[0][0])
    problems += [f"{grant} is told alone" for grant in sorted(open_grants) if secrets[grant].in_sums_only]
    rest = {frozenset(one for one in vector if one[0] not in open_grants) for vector in vectors} - {frozenset()}
    return problems + list(_spanned(sorted(map(sorted, rest)), secrets, least))


def _spanned(vectors: Sequence[Sequence[tuple[str, int]]], secrets: Mapping[str, Secret], least: int) -> Iterator[str]:
    grants = sorted({grant for vector in vectors for grant, _factor in vector})
    partners = sorted({secrets[grant].partner for grant in grants})
    full = _rank(vectors, grants)
    for size in range(1, least):
        for few in combinations(partners, size):
            others = [grant for grant in grants if secrets[grant].partner not in few]
            if full > _rank(vectors, others):
                yield f"something of {few} alone"


def _rank(vectors: Sequence[Sequence[tuple[str, int]]], columns: Sequence[str]) -> int:
    """The rank of the equations on some grants, reckoned in a finite field."""
    place = {grant: index for index, grant in enumerate(columns)}
    rows = [{place[grant]: factor for grant, factor in vector if grant in place} for vector in vectors]
    rank = 0
    while rows:
        row = rows.pop()
        if not row:
            continue
        rank += 1
        column, head = next(iter(row.items()))
        inverse = pow(head, -1, PRIME)
        for other in rows:
            if factor := other.get(column, 0) * inverse % PRIME:
                for index, value in row.items():
                    left = (other.get(index, 0) - factor * value) % PRIME
                    if left:
                        other[index] = left
                    else:
                        other.pop(index, None)
    return rank


def words_found(files: Mapping[str, bytes], secrets: Iterable[Secret]) -> list[str]:
    """Words of nameless grants that stand in a file, or in its name."""
    text = "\n".join([*files, *(content.decode("utf-8-sig") for content in files.values())])
    return [word for secret in secrets if secret.nameless for word in secret.words if word in text]
