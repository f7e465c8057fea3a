"""Invented funds of the size that a decade of a large pooled fund reaches: 15,000 projects, 150,000 locations."""

import random
from datetime import date
from decimal import Decimal
from hashlib import sha256

from kernel.places import Governorate
from kernel.sectors import Sector
from transparency.models import HistoryLocation, HistoryProject
from transparency.release.told import Told, ToldGrant, ToldSum

PROJECTS, LOCATIONS_EACH = 15_000, 10
WITHHELD = 0.12
"""Of grants, so many have a partner that is not named."""
_YEARS = range(2016, 2026)


def history(projects: int = PROJECTS, locations_each: int = LOCATIONS_EACH) -> None:
    """Store projects of two other funds, the second of which withholds its partners."""
    rng = random.Random(7)
    rows, places = [], []
    for number in range(projects):
        fund, year = rng.choice(("901", "902")), rng.choice(_YEARS)
        code = f"EX-{year}/{number:05}"
        rows.append(
            HistoryProject(
                key=f"{fund}|{code}", fund=fund, year=year, code=code, title=f"Example project {number}", raw={},
                raw_sha256=sha256(code.encode()).hexdigest(), partner_name=f"Example organisation {number % 400}",
                partner_kind=1 + number % 4, partner_code=f"P{number % 400}", partner_withheld=fund == "902",
                budget=Decimal(rng.randrange(2_000_000, 200_000_000)).scaleb(-2), starts_on=date(year, 3, 1),
                ends_on=date(year + 1, 2, 27), approved_on=date(year, 2, 1),
            )
        )  # fmt: skip
        places += [
            HistoryLocation(
                key=f"{fund}|{code}|{place}", fund=fund, year=year, project_code=code, raw={}, raw_sha256="0" * 64,
                place="Example", governorate=rng.choice(Governorate.values), level=1, budget=rows[-1].budget / locations_each,
                clusters=[{"cluster": str(1 + number % 12), "percent": "60"}, {"cluster": "7", "percent": "40"}],
                men=1, women=1, boys=1, girls=1,
            )
            for place in range(locations_each)
        ]  # fmt: skip
    HistoryProject.objects.bulk_create(rows, batch_size=1000)
    HistoryLocation.objects.bulk_create(places, batch_size=2000)


def told(grants: int = PROJECTS) -> Told:
    """The released table of a fund of so many grants, as the files are made of it."""
    rng = random.Random(11)
    rows: list[ToldGrant] = []
    sums: list[ToldSum] = []
    hidden: list[tuple[ToldGrant, int]] = []
    for number in range(grants):
        month, amount = date(rng.choice(_YEARS), rng.randrange(1, 13), 1), rng.randrange(500_000, 30_000_000)
        code = f"GR-{month.year}-{number:06}"
        if rng.random() < WITHHELD:
            hidden.append((ToldGrant(code, None, "USD"), amount))
            continue
        rows.append(
            ToldGrant(
                code=code, month=month, currency="USD", name_ar=f"جمعية المثال {number % 900}", months=12, state="active",
                name_latin=f"Example Association {number % 900}", kind="association", title=f"مشروع تجريبي {number}",
                governorates=tuple(sorted(rng.sample(Governorate.values, 2))), sector=rng.choice(Sector.values),
                amount_minor=amount, paid_minor=amount, payments=tuple((date(month.year, m, 1), amount // 4) for m in (1, 4, 7, 10)),
                planned=tuple((date(month.year, m, 1), amount // 4) for m in (1, 4, 7, 10)), people_planned=100,
            )
        )  # fmt: skip
    for first in range(0, len(hidden) - 3, 4):
        group = hidden[first : first + 4]
        code = f"SUM-{first:08x}-0000-4000-8000-000000000000"
        sums.append(ToldSum(code, date(2025, 1, 1), 4, 4, sum(amount for _grant, amount in group), "USD"))
        rows += [ToldGrant(grant.code, None, "USD", sum_code=code) for grant, _amount in group]
    return Told(tuple(rows), tuple(sums))
