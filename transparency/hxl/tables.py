"""Grants, payments by month and calls as tables with HXL tags, and the schema of each.

The first row of a table names its columns in words, the second tags them. Amounts are whole units with cents. A row without
an amount belongs to the sum whose code it names; the sums are rows of the same table, and so is what was added later to
grants told in sums: one row a currency. So the amounts add up.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kernel.money import Money
from transparency.release.told import Told, ToldCall, ToldGrant, ToldSum

GRANT, SUM, ADDED = "grant", "sum", "added"
Row = list[Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its English name (a key of the data dictionary), its tag, and what the schema asks of its values."""

    name: str
    tag: str
    required: bool = False
    kind: str = ""
    """Of HXL: ``number`` or ``date``; empty: text."""
    pattern: str = ""
    allowed: tuple[str, ...] = ()
    least: str = ""


MONTH = "^[0-9]{4}-(0[1-9]|1[0-2])$"
DAY = "^[0-9]{4}-(0[1-9]|1[0-2])-[0-9]{2}$"
PLACES = "^SY(0[1-9]|1[0-4])(;SY(0[1-9]|1[0-4]))*$"
CURRENCY = "^[A-Z]{3}$"
YES_NO = ("yes", "no")


def _money(name: str, tag: str, *, required: bool = False) -> Column:
    return Column(name, tag, required=required, kind="number", least="0")


GRANTS: tuple[Column, ...] = (
    Column("code", "#activity+code", required=True, pattern="^(GR-[0-9A-Z-]+|SUM-[0-9a-f-]+|ADDED-[A-Z]{3})$"),
    Column("row", "#meta+row+type", required=True, allowed=(GRANT, SUM, ADDED)),
    Column("organisation_ar", "#org+impl+name+i_ar"),
    Column("organisation_latin", "#org+impl+name+i_en"),
    Column("organisation_type", "#org+impl+type+code"),
    Column("women_led", "#org+impl+indicator+women_led", allowed=YES_NO),
    Column("youth_led", "#org+impl+indicator+youth_led", allowed=YES_NO),
    Column("displaced_led", "#org+impl+indicator+displaced_led", allowed=YES_NO),
    Column("title", "#activity+name"),
    Column("sector", "#sector+code"),
    Column("governorates", "#adm1+code+list", pattern=PLACES),
    Column("month", "#date+signed", kind="date", pattern=MONTH),
    Column("months", "#activity+duration+months", kind="number", least="1"),
    Column("state", "#status+code"),
    _money("amount", "#value+committed"),
    _money("paid", "#value+spent"),
    _money("amount_from", "#value+committed+min"),
    _money("amount_below", "#value+committed+max"),
    Column("currency", "#currency+code", required=True, pattern=CURRENCY),
    Column("sum", "#meta+sum+code"),
    Column("grants_in_sum", "#meta+sum+grants", kind="number", least="2"),
    Column("organisations_in_sum", "#meta+sum+orgs", kind="number", least="2"),
    Column("people_planned", "#targeted", kind="number", least="10"),
    Column("people_reached", "#reached", kind="number", least="10"),
    _money("passed_on", "#value+subgrants"),
    _money("passed_on_to_syrian", "#value+subgrants+syrian"),
    _money("added", "#value+committed+added"),
)
PAYMENTS: tuple[Column, ...] = (
    Column("row", "#meta+row+type", required=True, allowed=(GRANT, SUM)),
    Column("code", "#activity+code", pattern="^GR-[0-9A-Z-]+$"),
    Column("month", "#date+paid", kind="date", pattern=MONTH),
    _money("paid", "#value+spent", required=True),
    Column("currency", "#currency+code", required=True, pattern=CURRENCY),
)
CALLS: tuple[Column, ...] = (
    Column("code", "#activity+code", required=True, pattern="^[A-Z]+-[0-9A-Z-]+$"),
    Column("title_ar", "#activity+name+i_ar"),
    Column("title_en", "#activity+name+i_en"),
    Column("title_ku", "#activity+name+i_ku"),
    Column("state", "#status+code", required=True),
    Column("grant_type", "#activity+grant_type", required=True),
    Column("sectors", "#sector+code+list"),
    Column("governorates", "#adm1+code+list", pattern=PLACES),
    _money("envelope", "#value+envelope", required=True),
    _money("smallest_grant", "#value+grant+min", required=True),
    _money("largest_grant", "#value+grant+max", required=True),
    Column("currency", "#currency+code", required=True, pattern=CURRENCY),
    Column("opens", "#date+start", required=True, kind="date", pattern=DAY),
    Column("closes", "#date+end", required=True, kind="date", pattern=DAY),
)


def grants(told: Told) -> Iterable[Row]:
    """Every row of the released table, then every sum, then what was added to grants told in sums."""
    yield from map(_grant, told.grants)
    yield from map(_sum, told.sums)
    yield from (_added(currency, minor) for currency, minor in told.added_in_sums)


def payments(told: Told) -> Iterable[Row]:
    """What each openly told grant was paid in each month; what those in sums were paid is one row a currency."""
    for grant in told.open:
        for day, minor in grant.payments:
            yield [GRANT, grant.code, f"{day:%Y-%m}", _amount(minor, grant.currency), grant.currency]
    for currency, minor in told.paid_in_sums:
        yield [SUM, "", "", _amount(minor, currency), currency]


def calls(told: Told) -> Iterable[Row]:
    """Every call that was ever published."""
    yield from map(_call, told.calls)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the name of its files, its columns, and its rows."""

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[Told], Iterable[Row]]


TABLES = (Table("grants", GRANTS, grants), Table("payments", PAYMENTS, payments), Table("calls", CALLS, calls))


def schema(columns: Iterable[Column]) -> list[Row]:
    """The rules of a table as HXL writes them: its own tags first, then a row of each column."""
    head = ["#valid_tag", "#valid_required", "#valid_datatype", "#valid_value+min", "#valid_value+regex",
            "#valid_value+list", "#description"]  # fmt: skip
    return [
        head,
        *(
            [one.tag, "true" if one.required else "", one.kind, one.least, one.pattern, "|".join(one.allowed), one.name]
            for one in columns
        ),
    ]


def _amount(minor: int | None, currency: str) -> Decimal | str:
    return "" if minor is None else Money(minor, currency).amount


def _leadership(grant: ToldGrant) -> Row:
    flags = (grant.women_led, grant.youth_led, grant.displaced_led)
    return ["" if flag is None else YES_NO[not flag] for flag in flags]


def _grant(grant: ToldGrant) -> Row:
    on = dict(grant.passed_on)
    return [
        grant.code, GRANT, grant.name_ar, grant.name_latin, grant.kind, *_leadership(grant), grant.title, grant.sector, ";".join(grant.governorates),
        f"{grant.month:%Y-%m}" if grant.month else "", grant.months or "", grant.state, _amount(grant.amount_minor, grant.currency),
        _amount(grant.paid_minor, grant.currency), _amount(grant.band_from_minor, grant.currency), _amount(grant.band_below_minor, grant.currency), grant.currency,
        grant.sum_code, "", "", grant.people_planned or "", grant.people_reached or "",
        *(_amount(minor or None, grant.currency) for minor in (sum(on.values()), on.get("syrian", 0))),
        _amount(sum(minor for _day, minor in grant.added) or None, grant.currency),
    ]  # fmt: skip


def _sum(one: ToldSum) -> Row:
    said = {
        "code": one.code, "row": SUM, "sector": one.sector, "governorates": ";".join(one.governorates),
        "month": f"{one.month:%Y-%m}", "amount": _amount(one.amount_minor, one.currency), "currency": one.currency,
        "grants_in_sum": one.grants, "organisations_in_sum": one.partners,
    }  # fmt: skip
    return [said.get(column.name, "") for column in GRANTS]


def _added(currency: str, minor: int) -> Row:
    amount = _amount(minor, currency)
    said = {"code": f"ADDED-{currency}", "row": ADDED, "amount": amount, "currency": currency, "added": amount}
    return [said.get(column.name, "") for column in GRANTS]


def _call(call: ToldCall) -> Row:
    return [
        call.code, call.titles.get("ar", ""), call.titles.get("en", ""), call.titles.get("ku", ""), call.state, call.kind,
        ";".join(call.sectors), ";".join(call.governorates), _amount(call.envelope_minor, call.currency), _amount(call.floor_minor, call.currency),
        _amount(call.ceiling_minor, call.currency), call.currency, call.opens.isoformat(), call.closes.isoformat(),
    ]  # fmt: skip
