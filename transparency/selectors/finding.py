"""Finding published calls, released grants and named organisations by words. Always the same number of queries."""

from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.core.paginator import Page, Paginator
from django.db.models import F, Func, IntegerField, QuerySet, Value

from transparency.models import SearchRow
from transparency.search import folding

PER_PAGE = 20
MOST_SIMILAR = 100
"""Of what is only written similarly, the most alike are shown: nobody reads further, and the rest is chance."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; empty values narrow nothing."""

    query: str = ""
    kind: str = ""
    sector: str = ""
    governorate: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is asked."""
        return not (folding.words(self.query) or self.kind or self.sector or self.governorate)


@dataclass(frozen=True, slots=True)
class Found:
    """The rows in order, the words they were compared with, and whether these were only taken for similar ones."""

    rows: QuerySet[SearchRow] | list[SearchRow]
    words: list[str] = field(default_factory=list)
    similar: bool = False


class Shared(Func):
    """How many elements of the first array stand in the second; none stands twice in the first."""

    template = "(SELECT count(*) FROM unnest(%(expressions)s))"
    arg_joiner = ") AS one WHERE one = ANY("
    output_field = IntegerField()


def find(asked: Asked) -> Found:
    """Rows whose words stem or begin alike, the best first; if there are none, rows written similarly."""
    words = folding.words(asked.query)
    rows = _narrowed(asked)
    if not words:
        return Found(rows.order_by(F("month").desc(nulls_last=True), "kind", "ref"))
    query = reduce(and_, [_word(word) for word in words])
    exact = rows.filter(vector=query).annotate(rank=SearchRank(F("vector"), query))
    if exact.exists():
        return Found(exact.order_by("-rank", F("month").desc(nulls_last=True), "kind", "ref"), words)
    # Read once: how much a row shares is the dear part, and a count of its own would reckon it again.
    return Found(list(alike(asked)[:MOST_SIMILAR]), words, similar=True)


def page_of(found: Found, number: Any) -> Page[SearchRow]:
    """A page of what was found; a number that is none is the first."""
    return Paginator(found.rows, PER_PAGE).get_page(number)


def _narrowed(asked: Asked) -> QuerySet[SearchRow]:
    rows = SearchRow.objects.defer("vector", "trigrams")
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.sector:
        rows = rows.filter(sectors__contains=[asked.sector])
    if asked.governorate:
        rows = rows.filter(governorates__contains=[asked.governorate])
    return rows


def _word(word: str) -> Any:
    """A folded word (letters and digits only): as a beginning, by its Arabic stem, by its English stem."""
    return (
        SearchQuery(f"{word}:*", config="simple", search_type="raw")
        | SearchQuery(word, config="arabic")
        | SearchQuery(word, config="english")
    )


def alike(asked: Asked) -> QuerySet[SearchRow]:
    """Rows written similarly to the words that are asked, the most alike first."""
    rows, grams = _narrowed(asked), folding.trigrams(" ".join(folding.words(asked.query)))
    if not grams:
        return rows.none()
    shared = Shared(F("trigrams"), Value(sorted(grams), output_field=SearchRow._meta.get_field("trigrams")))
    near = rows.filter(trigrams__overlap=sorted(grams)).annotate(shared=shared)
    return near.filter(shared__gte=folding.enough(grams)).order_by(
        "-shared", F("month").desc(nulls_last=True), "kind", "ref"
    )
