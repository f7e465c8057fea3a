"""Invented funds of the size that a decade of a large pooled fund reaches: 15,000 projects, 150,000 locations."""

import uuid
from datetime import date
from decimal import Decimal
from hashlib import sha256
from random import Random

from django.db import connection

from charter.calendar import add_months
from grants.models import Grant
from kernel.places import Governorate
from kernel.sectors import Sector
from organisations.states import OrganisationType
from poolfund.database.roles import as_owner
from tests.factories.awards import active_grant
from transparency.models import HistoryLocation, HistoryProject, ReleaseBatch, ReleasedGrant, ReleasedPool

PROJECTS, LOCATIONS_EACH = 15_000, 10
PLACES_EACH, ORGANISATIONS, MONTHS, POOL = 12, 900, 120, 5
_YEARS = range(2016, 2026)


def history(projects: int = PROJECTS, locations_each: int = LOCATIONS_EACH) -> None:
    """Store projects of two other funds, the second of which withholds its partners."""
    rng = Random(7)
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


def fund(projects: int = PROJECTS) -> None:
    """So many released grants over ten years, one in eight of them told in a sum; nothing where they stand already."""
    if ReleasedGrant.objects.count() >= projects:
        return
    like = active_grant(tier="L")
    ids = [uuid.uuid4() for _ in range(projects)]
    _grants(like, ids)
    chance, places, sectors = Random(7), Governorate.values, Sector.values
    months = [add_months(date(2016, 1, 1), n) for n in range(MONTHS)]
    batches = ReleaseBatch.objects.bulk_create([ReleaseBatch(month=month) for month in months])
    rows: list[ReleasedGrant] = []
    for begin in range(0, projects, POOL * 8):
        group = ids[begin : begin + POOL * 8]
        batch = chance.choice(batches)
        pool = ReleasedPool.objects.create(
            batch=batch, grants=POOL, partners=POOL, amount_minor=0, currency="USD", banded=False
        )
        for number, grant in enumerate(group):
            amount = chance.randint(500_000, 40_000_000)
            row = ReleasedGrant(batch=batch, grant_id=grant, code=f"GR-{grant.hex[:16]}", currency="USD")
            if number < POOL:
                row.pool = pool
                pool.amount_minor += amount
            else:
                _tell(row, like, amount, chance.sample(places, PLACES_EACH), chance.choice(sectors), chance)
            rows.append(row)
        pool.save()
    ReleasedGrant.objects.bulk_create(rows, batch_size=1000)


def _tell(row: ReleasedGrant, like: Grant, amount: int, places: list[str], sector: str, chance: Random) -> None:
    row.name_ar, row.name_latin, row.title = "جمعية المثال", "Example Association", "عمل"
    row.kind, row.size = chance.choice(OrganisationType.values), chance.choice(["micro", "small", "medium", "large"])
    row.women_led, row.youth_led, row.displaced_led = (chance.random() < share for share in (0.3, 0.2, 0.1))
    row.governorates, row.sector, row.call = places, sector, like.call
    row.month, row.months, row.state = row.batch.month, 12, "active"
    row.amount_minor, row.paid_minor, row.spent_minor = amount, amount // 2, amount // 4
    row.payments = {add_months(row.month, n).isoformat(): amount // 4 for n in (0, 3)}
    row.planned = {add_months(row.month, n).isoformat(): amount // 4 for n in (6, 9)}
    row.people_planned = 100


def _grants(like: Grant, ids: list[uuid.UUID]) -> None:
    """Copies of a grant for the released rows to stand on; this database is thrown away, so its guards may sleep."""
    new = {"id": "new.id", "reference": "left(new.id::text, 20)", "application_id": "gen_random_uuid()"}
    new["frozen_rules"] = "'{}'::jsonb"
    new["organisation_id"] = f"md5((new.place %% {ORGANISATIONS})::text)::uuid"
    columns = [field.column for field in Grant._meta.concrete_fields if field.column]
    chosen = ", ".join(new.get(column, f'g."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE grants_grant DISABLE TRIGGER USER")
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'grants_grant'::regclass AND contype = 'f' "
            "AND confrelid = ANY(ARRAY['grants_application', 'organisations_organisation']::regclass[])"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE grants_grant DROP CONSTRAINT "{name}"')
        cursor.execute(
            f"INSERT INTO grants_grant ({names}) SELECT {chosen} FROM grants_grant g, "
            "unnest(%s::uuid[]) WITH ORDINALITY AS new(id, place) WHERE g.id = %s",
            [ids, like.pk],
        )
        cursor.execute("ALTER TABLE grants_grant ENABLE TRIGGER USER")
