"""Writing what can be found. Whatever stops being public leaves the index in the same transaction (`writing.alone`)."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any, Final

from django.conf import settings
from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Q, Value
from django.utils.translation import override

from grants.models import Call
from kernel.places import Governorate
from kernel.sectors import Sector
from organisations.states import OrganisationType
from transparency.api.shapes import text
from transparency.models import FoundKind, ReleasedGrant, SearchRow
from transparency.search.folding import folded, trigrams
from transparency.selectors import open_books, published
from transparency.services import writing

CHUNK: Final = 500
_WRITTEN: Final = ("titles", "texts", "sectors", "governorates", "month", "vector", "trigrams")


@transaction.atomic
def index_call(call: Call) -> None:
    """Let a call be found as it stands now; one that is not public cannot be found."""
    writing.alone()
    found = open_books.public_calls().filter(pk=call.pk)
    _put([_of_call(one) for one in found])
    if not found.exists():
        _rows(FoundKind.CALL, [str(call.pk)]).delete()


@transaction.atomic
def index_grants(grants: Iterable[Any]) -> None:
    """Let released grants, and the organisations that hold them, be found as they are told now."""
    writing.alone()
    rows = list(ReleasedGrant.objects.filter(grant__in=list(grants)).select_related("grant"))
    told = {row.pk for row in published.told().filter(pk__in=[row.pk for row in rows])}
    _put([_of_grant(row) for row in rows if row.pk in told])
    _rows(FoundKind.GRANT, [row.code for row in rows if row.pk not in told]).delete()
    _index_organisations({row.grant.organisation_id for row in rows})


def index_beside(row: ReleasedGrant) -> None:
    """The same for a grant and all that are told with it: a withholding of one may hide parts of the others."""
    batches = [row.batch_id, *([row.pool.batch_id] if row.pool else [])]
    together = ReleasedGrant.objects.filter(Q(batch__in=batches) | Q(pool__batch__in=batches))
    index_grants(together.values_list("grant", flat=True))


def index_all() -> int:
    """Everything anew, a part at a time; what is not public any more is dropped. The number of rows."""
    kept: dict[str, set[str]] = {kind: set() for kind in FoundKind.values}
    for part in _parts():
        for kind, ref in part:
            kept[kind].add(ref)
    with transaction.atomic():
        writing.alone()
        gone = Q()
        for kind, refs in kept.items():
            gone |= Q(kind=kind) & ~Q(ref__in=refs)
        SearchRow.objects.filter(gone).delete()
    return SearchRow.objects.count()


def _batched(keys: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(keys), CHUNK):
        yield keys[start : start + CHUNK]


def _parts() -> Iterator[list[tuple[str, str]]]:
    for keys in _batched(list(open_books.public_calls().values_list("pk", flat=True))):
        with transaction.atomic():
            writing.alone()
            yield _put([_of_call(one) for one in open_books.public_calls().filter(pk__in=keys)])
    for keys in _batched(list(published.told().values_list("pk", flat=True))):
        with transaction.atomic():
            writing.alone()
            yield _put([_of_grant(row) for row in published.told().filter(pk__in=keys)])
    named = published.told().exclude(name_ar="").order_by()
    for holders in _batched(list(named.values_list("grant__organisation", flat=True).distinct())):
        with transaction.atomic():
            writing.alone()
            yield _index_organisations(set(holders))


# Rows -------------------------------------------------------------------------------------------------------------


def _rows(kind: FoundKind, refs: Iterable[str]) -> Any:
    return SearchRow.objects.filter(kind=kind, ref__in=list(refs))


def _put(rows: list[SearchRow]) -> list[tuple[str, str]]:
    SearchRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["kind", "ref"], update_fields=list(_WRITTEN)
    )
    return [(row.kind, row.ref) for row in rows]


def _in_every_language(labels: Iterable[Any]) -> str:
    said = []
    labels = list(labels)
    for language, _name in settings.LANGUAGES:
        with override(language):
            said += [str(label) for label in labels]
    return " ".join(said)


def _row(
    kind: FoundKind, ref: str, *, titles: dict[str, str], texts: dict[str, str], also: str = "", **fields: Any
) -> SearchRow:
    """A row whose title weighs more than its text, and both more than ``also`` (codes, sectors, places)."""
    sectors, governorates = fields.get("sectors", []), fields.get("governorates", [])
    labels = [*map(Sector, sectors), *map(Governorate, governorates)]
    parts = {
        "A": folded(*titles.values()),
        "B": folded(*texts.values()),
        "C": folded(also, _in_every_language(one.label for one in labels)),
    }
    vectors = [
        SearchVector(Value(part), config=config, weight=weight)
        for weight, part in parts.items()
        for config in ("arabic", "english", "simple")
    ]
    vector: Any = vectors[0]
    for one in vectors[1:]:
        vector = vector + one
    # Places and sectors stand on every row: only titles, names and texts are searched for slips.
    return SearchRow(
        kind=kind, ref=ref, titles=titles, texts=texts, vector=vector,
        trigrams=sorted(trigrams(f"{parts['A']} {parts['B']}")), **fields,
    )  # fmt: skip


def _of_call(call: Call) -> SearchRow:
    texts = {
        language: f"{text(call.summary).get(language, '')}\n{said}".strip()
        for language, said in {**text(call.summary), **text(call.text)}.items()
    }
    return _row(
        FoundKind.CALL,
        str(call.pk),
        titles=text(call.title),
        texts=texts,
        also=call.reference,
        sectors=call.sectors,
        governorates=call.governorates,
        month=call.opens_at.date().replace(day=1),
    )


def _names(row: ReleasedGrant) -> dict[str, str]:
    return {language: name for language, name in (("ar", row.name_ar), ("en", row.name_latin)) if name}


def _of_grant(row: ReleasedGrant) -> SearchRow:
    return _row(
        FoundKind.GRANT,
        row.code,
        titles={"ar": row.title} if row.title else {},
        texts=_names(row),
        also=row.code,
        sectors=[row.sector] if row.sector else [],
        governorates=row.governorates,
        month=row.month,
    )


def organisation_key(organisation: Any) -> str:
    """A key that stands for an organisation in public and leads back to nothing."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.FUND_ID}/organisation/{organisation}"))


def _index_organisations(organisations: set[Any]) -> list[tuple[str, str]]:
    """Those that are told by name can be found, all others cannot."""
    named = published.told().exclude(name_ar="").filter(grant__organisation__in=organisations)
    rows = named.select_related("grant").order_by("grant__organisation", "-batch__month", "code")
    found = {
        holder: _of_organisation(holder, list(held))
        for holder, held in groupby(rows, lambda row: row.grant.organisation_id)
    }
    _rows(FoundKind.ORGANISATION, [organisation_key(one) for one in organisations - set(found)]).delete()
    return _put(list(found.values()))


def _of_organisation(holder: Any, held: list[ReleasedGrant]) -> SearchRow:
    latest = held[0]
    months: list[date] = [row.month for row in held if row.month]
    return _row(
        FoundKind.ORGANISATION,
        organisation_key(holder),
        titles=_names(latest),
        texts={},
        also=" ".join([_in_every_language([OrganisationType(latest.kind).label]), *(row.code for row in held)]),
        sectors=sorted({row.sector for row in held if row.sector}),
        governorates=sorted({place for row in held for place in row.governorates}),
        month=max(months, default=None),
    )
