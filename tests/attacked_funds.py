"""Random funds, told month by month by the real release, as the files, tables and sums that the public reads."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import product
from types import SimpleNamespace
from typing import Any

from hypothesis import strategies as st

from grants.models import Call
from tests.attacker import Equation, Secret, equations, singled_out, words_found
from transparency.figures import told as figures
from transparency.figures.told import Choice, Released, Within
from transparency.giving360.grants import Wording, package_json, records
from transparency.iati.activities import FundActivity, Publisher, document
from transparency.models import ReleaseBatch, ReleasedGrant, ReleasedPool
from transparency.release.facts import Part, Truth, all_withheld
from transparency.release.pools import Safety, band_of, release
from transparency.release.told import Told
from transparency.services import releasing
from transparency.services.open_data import giving360, hxl, iati, sources
from transparency.services.open_data.store import NO_TIME

EDGES = (2_500_000, 5_000_000, 10_000_000, 25_000_000)
SAFETY = Safety(least_partners=3, band_edges_minor=EDGES, least_uncertainty_percent=20)
CEILING = 30_000_000
MONTHS = (date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1))
Fund = list[tuple[int, Truth]]


@st.composite
def grants(draw: st.DrawFn) -> tuple[int, Truth]:
    """A grant, and the month in which it is signed."""
    withheld = st.sampled_from([(), (), (), (Part.NAME,), (Part.AMOUNT,), (Part.PLACE,), (Part.NAME, Part.PLACE)])
    return draw(st.integers(0, 2)), Truth(
        grant=f"canary{draw(st.integers(10**9, 10**10))}x",
        partner=f"o{draw(st.integers(0, 9))}",
        governorates=frozenset(draw(st.sampled_from([("SY07",), ("SY02",), ("SY02", "SY07")]))),
        sector=draw(st.sampled_from(["wash", "health"])),
        amount_minor=draw(st.one_of(st.integers(500_000, CEILING), st.sampled_from([*EDGES, CEILING, 500_000]))),
        least_minor=500_000,
        most_minor=CEILING,
        withheld=all_withheld(draw(withheld)),
    )


FUNDS = st.lists(grants(), max_size=25, unique_by=lambda one: one[1].grant)


@dataclass(slots=True)
class Published:
    """What a fund has told so far, and which true grants stand behind each code."""

    rows: list[ReleasedGrant]
    pools: list[ReleasedPool]
    holds: dict[str, frozenset[str]]

    @property
    def told(self) -> Told:
        """The released table as the files are made of it."""
        return Told(tuple(map(sources.grant, self.rows)), tuple(map(sources.one_sum, self.pools)))

    @property
    def released(self) -> Released:
        """The same as the dashboards read it."""
        opened = [
            figures.Told(
                code=row.code, partner=row.name_ar, year=row.batch.month.year, governorates=tuple(row.governorates),
                sector=row.sector, kind=row.kind, size=row.size, call="call" if row.call else "",
                women_led=bool(row.women_led), amount=row.amount_minor, paid=row.paid_minor or 0,
            )
            for row in self.rows
            if row.amount_minor is not None
        ]  # fmt: skip
        pools = [
            figures.Pooled(sources.sum_code(one), one.batch.month.year, tuple(one.governorates), one.sector, one.grants, one.amount_minor)
            for one in self.pools
        ]  # fmt: skip
        return Released(figures.first_of_each(opened), pools)


CHOICES = [Choice(*one) for one in product((0, 2025, 2026), ("", "SY07", "SY02"), ("", "wash", "health"))]
"""Every narrowing of the dashboards and of the list, also by all three together, which only the list offers."""
KEYS: tuple[Callable[[figures.Told], str], ...] = (
    lambda one: one.call,
    lambda one: one.kind,
    lambda one: one.size,
    lambda one: str(one.women_led),
    lambda one: str(one.first),
)


def lines(whole: Released) -> Iterator[Equation]:
    """Every line of every table of the dashboards however it is narrowed, and every sum of the list."""
    places = {one.code: len(one.governorates) or 1 for one in _rows(whole)}
    for choice in CHOICES:
        within = Within(whole, choice)
        narrowed = within.released
        shares = places if choice.governorate else dict.fromkeys(places, 1)
        tables = [
            (figures.by_governorate(narrowed), places),
            (_by_year(narrowed), shares),
            (_by_sector(narrowed), shares),
        ]
        tables += [(figures.by(narrowed, key), shares) for key in KEYS]
        for table, parts in tables:
            for group in table.values():
                yield frozenset((one.code, parts[one.code]) for one in _rows(group)), group.amount
        for year, group in _by_year(narrowed).items():
            yield frozenset((one.code, shares[one.code]) for one in _rows(group)), within.years[int(year)].amount
        rows = [*_matching(whole.told, choice), *_matching(whole.pools, choice)]
        yield frozenset((one.code, 1) for one in rows), sum(one.amount for one in rows)


def _rows(of: Released | figures.Group) -> list[figures.Told | figures.Pooled]:
    return [*of.told, *of.pools]


def _by_year(narrowed: Released) -> dict[str, figures.Group]:
    return figures.by(narrowed, lambda one: str(one.year), lambda pool: str(pool.year))


def _by_sector(narrowed: Released) -> dict[str, figures.Group]:
    return figures.by(narrowed, lambda one: one.sector, lambda pool: pool.sector)


def _matching(rows: Any, choice: Choice) -> list[Any]:
    """As the list narrows: whole rows, also of what lies in several governorates."""
    return [
        row
        for row in rows
        if choice.year in (0, row.year)
        and (not choice.governorate or choice.governorate in row.governorates)
        and choice.sector in ("", row.sector)
    ]


def publish(fund: Fund) -> list[Told]:
    """What is told after each month."""
    return [told for told, _released, _holds in _months(fund)]


def _months(fund: Fund, safety: Safety = SAFETY) -> list[tuple[Told, Released, dict[str, frozenset[str]]]]:
    published, versions = Published([], [], {}), []
    waiting: list[Truth] = []
    for number, month in enumerate(MONTHS):
        due = [*waiting, *(truth for at, truth in fund if at == number)]
        waiting = _release(published, month, due, {truth.grant: at for at, truth in fund}, safety)
        versions.append((published.told, published.released, dict(published.holds)))
    return versions


def _release(
    published: Published, month: date, due: list[Truth], signed: dict[str, int], safety: Safety
) -> list[Truth]:
    """As the worker does it with the database (`releasing`), its own function filling each row."""
    batch = ReleaseBatch(month=month)
    told = release(due, safety)
    for truth in told.open:
        _tell(published, ReleasedGrant(batch=batch, currency="USD"), truth, signed)
    for pool in told.pools:
        stored = ReleasedPool(
            batch=batch, governorates=sorted(pool.governorates), sector=pool.sector, grants=len(pool.members),
            partners=pool.partners, amount_minor=pool.amount_minor, currency="USD", banded=pool.banded,
        )  # fmt: skip
        published.pools.append(stored)
        published.holds[sources.sum_code(stored)] = frozenset(truth.grant for truth in pool.members)
        common = len({signed[truth.grant] for truth in pool.members}) == 1
        for truth in pool.members:
            row = ReleasedGrant(batch=batch, currency="USD", pool=stored)
            _tell(published, row, truth, signed, month_is_common=common)
            if pool.banded:
                row.band_from_minor, row.band_below_minor = band_of(truth.amount_minor, safety)
    return list(told.waiting)


def _tell(
    published: Published, row: ReleasedGrant, truth: Truth, signed: dict[str, int], *, month_is_common: bool = True
) -> None:
    row.code = f"GR-{len(published.rows)}"
    releasing._fill(row, _grant(truth, signed), truth.withheld, truth.amount_minor, month_is_common=month_is_common)
    published.rows.append(row)
    published.holds[row.code] = frozenset({truth.grant})


def _grant(truth: Truth, signed: dict[str, int]) -> Any:
    """The fund's own record, with a word of the grant in everything that can be withheld."""
    moment = datetime.combine(MONTHS[signed[truth.grant]], datetime.min.time(), UTC).replace(day=15)
    return SimpleNamespace(
        amount_minor=truth.amount_minor, countersigned_at=moment, months=12, state="active", call=Call(),
        frozen_rules={"organisations": {"size_bands": [{"key": "small", "below_minor": None}]}},
        organisation=SimpleNamespace(
            name_ar=f"جمعية {truth.grant}", name_latin=f"Society {truth.grant}", type="association", women_led=True,
            youth_led=False, displaced_led=False, last_year_expenditure_minor=1,
        ),
        application=SimpleNamespace(
            title=f"Title {truth.grant}", governorates=sorted(truth.governorates), sector=truth.sector
        ),
    )  # fmt: skip


@cache
def _words() -> Wording:
    return giving360.wording()


def files(told: Told) -> dict[str, bytes]:
    """Every file that speaks of amounts, as it is served."""
    made = {one.name: one.make(NO_TIME) for one in hxl.files(told) if "schema" not in one.name}
    about = giving360.package(told)
    made[giving360.JSON] = package_json(records(told, about, _words()), about, made_at=NO_TIME)
    activities = [*map(iati._grant, told.open), *map(iati._sum, told.sums)]
    fund = FundActivity({"en": "Fund"}, {"en": "Fund"}, MONTHS[0])
    made[iati.IATI] = document(Publisher("XI-F", {"en": "F"}, "24"), fund, activities, made_at=NO_TIME)
    return made


def attack(fund: Fund, safety: Safety = SAFETY) -> list[str]:
    """What the attacker finds in all versions of all files of a fund told by ``safety``; nothing is what is promised."""
    secrets = {
        truth.grant: Secret(truth.partner, truth.amount_minor, truth.nameless, (truth.grant,), truth.pooled)
        for _at, truth in fund
    }
    found: set[Any] = set()
    holds: dict[str, frozenset[str]] = {}
    problems: list[str] = []
    partners = {truth.grant: truth.partner for _at, truth in fund}
    months = _months(fund, safety)
    for told, _released, behind in months:
        made = files(told)
        found.update(equations(made))
        holds |= behind
        problems += words_found(made, secrets.values()) + alike(told, behind, partners)
    found.update(lines(months[-1][1]))
    return problems + singled_out(found, holds, secrets, least=SAFETY.least_partners)


def alike(told: Told, holds: Mapping[str, frozenset[str]], partners: Mapping[str, str]) -> list[str]:
    """Nameless rows that say the same of place, sector and month are those of enough partners, where they say anything."""
    groups: dict[Any, set[str]] = {}
    for row in told.grants:
        if not row.name_ar and (row.governorates or row.sector):
            key = (row.governorates, row.sector, row.month, row.sum_code)
            groups.setdefault(key, set()).update(partners[grant] for grant in holds[row.code])
    return [f"{key}: {sorted(few)}" for key, few in groups.items() if len(few) < SAFETY.least_partners]
