"""Everything that anybody can read, walked from link to link: no word of what is withheld, before and after it was withheld.

The walk begins at every public address, follows every link within the site (files, feeds, other languages, filters, pages of
lists), and keeps status, headers and text of each answer; spreadsheets and PDFs are read as a reader reads them.
"""

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from itertools import combinations, product
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pypdfium2
import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.exceptions import NoReverseMatch
from django.utils import timezone
from i18nfield.strings import LazyI18nString
from openpyxl import load_workbook

from grants.models import Grant
from kernel.access import Audience
from poolfund import access
from tests.factories import disbursements, funds
from tests.factories.awards import board_member, programme_officer
from tests.factories.transparency import BIRDS, birds, withhold
from transparency.figures.catalogue import CHARTS, Source
from transparency.models import FundEdition, OpenDataFile, PublicPaper, ReleasedGrant, ReleasedPool
from transparency.services import drawing_own, indexing, open_data, papers, releasing
from transparency.states import PaperState

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.database("four_birds")]

THOUSAND = 100_000
AMOUNTS = BIRDS[:6]
HIDDEN, LATER = 2, 5
MOST_PAGES, MOST_ALIKE = 260, 3
LINK = re.compile(r'(?:href|src)="([^"]+)"|<link>([^<]+)</link>|<loc>([^<]+)</loc>')
PAGE = re.compile(r"https?://[^\s\"'<>]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader got: also headers and the name of a file are read."""

    status: int
    text: str
    tag: str = ""


@dataclass
class World:
    grants: list[Grant]
    donor: Any
    paper: PublicPaper
    walked: dict[str, Answer] = field(default_factory=dict)


def later() -> date:
    return timezone.localdate() + timedelta(days=70)


def words_of(grant: Grant) -> list[str]:
    """Everything by which the grant and its organisation can be found, its amount in every writing among it."""
    organisation, application = grant.organisation, grant.application
    whole, cents = divmod(grant.amount_minor, 100)
    return [
        organisation.name_ar, organisation.name_latin, str(organisation.pk), grant.reference, str(grant.pk),
        application.title, application.reference, str(application.pk), f"{whole:,}.{cents}", f"{whole}.{cents}",
        str(grant.amount_minor),
    ]  # fmt: skip


def published_report() -> PublicPaper:
    learned = LazyI18nString({"ar": "تعلّمنا.", "en": "We learned."})
    asked = papers.ask(year=timezone.localdate().year, learned=learned, actor=programme_officer())
    drawn = papers.draw(asked.pk)
    assert drawn is not None
    approved = papers.approve(drawn, sha256=drawn.sha256, actor=board_member())
    return papers.publish(approved, sha256=approved.sha256, actor=programme_officer())


def tell_all() -> None:
    releasing.release_due(later())
    drawing_own.draw_fund()
    open_data.write_all()
    indexing.index_all()


@pytest.fixture(scope="module")
def _world(standing: None) -> World:
    grants = birds(6)
    withhold(grants[HIDDEN], "name", "place")
    disbursements.pay(grants[HIDDEN].tranches.get(number=1))
    donor = funds.confirmed_contribution(77_077_77).donor
    donor.__class__.objects.filter(pk=donor.pk).update(withhold_name=True)
    tell_all()
    world = World(grants, donor, published_report())
    world.walked = walk()
    return world


@pytest.fixture
def world(_world: World, db: None) -> World:
    return _world


# The walk ---------------------------------------------------------------------------------------------------------


def beginnings() -> Iterator[str]:
    """Every public address that needs nothing to be named."""
    for name, row in access.table().items():
        if row.audience == Audience.PUBLIC and "GET" in row.methods:
            try:
                yield reverse(name)
            except NoReverseMatch:
                continue
    yield from (
        reverse("transparency:api_grant", args=[code]) for code in ReleasedGrant.objects.values_list("code", flat=True)
    )
    for name, day in OpenDataFile.objects.values_list("name", "day"):
        yield reverse("transparency:open_data_version", args=[day.isoformat(), name])
    for name in ("feed_news", "calls_calendar"):
        yield from (reverse(f"transparency:{name}", args=[language]) for language, _name in settings.LANGUAGES)


def kind_of(address: str) -> str:
    """Addresses that are alike: ids, codes and numbers count for one, so that a few of each are walked."""
    return re.sub(r"[0-9a-f-]{36}|[A-Z]{2,4}-\d{4}-\w+|\d+|=[^&]+", "*", address)


def walk() -> dict[str, Answer]:
    """All that can be reached, a few of everything that is alike."""
    client = Client(raise_request_exception=False)
    found: dict[str, Answer] = {}
    seen: dict[str, int] = {}
    waiting = list(beginnings())
    while waiting and len(found) < MOST_PAGES:
        address = waiting.pop(0)
        alike = kind_of(address)
        of_each_grant = "/grants/*" in alike or "/search/" in alike
        if address in found or seen.get(alike, 0) >= (len(AMOUNTS) if of_each_grant else MOST_ALIKE):
            continue
        seen[alike] = seen.get(alike, 0) + 1
        found[address] = read(client, address)
        waiting += [link for link in links(address, found[address].text) if link not in found]
    for address in [one for one in found if "?" not in one][:20]:
        for language in ("en", "ku"):
            found[f"{address}#{language}"] = read(client, address, language)
    return found


def links(base: str, text: str) -> Iterator[str]:
    """Addresses of this site in a page, a feed or an answer for machines."""
    named = [unescape(next(filter(None, groups))) for groups in LINK.findall(text)] + PAGE.findall(text)
    for link in named:
        parts = urlsplit(urljoin(f"{settings.SITE_URL}{base}", link))
        if parts.netloc in (urlsplit(settings.SITE_URL).netloc, "testserver") and not parts.path.startswith("/static/"):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def read(client: Client, address: str, language: str = "ar", **headers: str) -> Answer:
    """An answer as text, with its headers."""
    answer: Any = client.get(address.partition("#")[0], headers={"accept-language": language, **headers})
    return Answer(answer.status_code, f"{answer.headers}\n{_text(answer)}", answer.headers.get("ETag", ""))


def _text(answer: Any) -> str:
    body, kind = answer.getvalue() if answer.streaming else answer.content, answer.headers.get("Content-Type", "")
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    if "spreadsheetml" in kind:
        sheets = load_workbook(BytesIO(body)).worksheets
        return "\n".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)
    if kind.startswith("application/pdf"):
        return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(body))
    return str(body.decode("utf-8", errors="replace"))


def told(walked: dict[str, Answer], words: list[str]) -> list[str]:
    """Which words stand where."""
    marks = [(word, re.compile(rf"(?<![\w.,]){re.escape(word)}(?![\w])")) for word in words]
    return [
        f"{address}: {word}"
        for address, one in walked.items()
        for word, mark in marks
        # A search says again what was looked for.
        if word in one.text and mark.search(one.text) and word not in unquote(address)
    ]


# What it finds ----------------------------------------------------------------------------------------------------


def test_the_walk_reaches_every_kind_of_output(world: World) -> None:
    """It would find what is withheld if it were there: what is told it finds in every kind of output."""
    assert [f"{address} {one.status}" for address, one in world.walked.items() if one.status >= 500] == []
    where = {
        line.partition(": ")[0].partition("?")[0].partition("#")[0]
        for line in told(world.walked, words_of(world.grants[LATER]))
    }
    names = {get_resolver().resolve(address).view_name for address in where}
    for name in (
        "grants_told", "grant_told", "search", "api_grants", "api_grant", "api_organisations", "open_data_file",
        "open_data_version",
    ):  # fmt: skip
        assert f"transparency:{name}" in names, name
    kinds = {address.rpartition(".")[2] for address in world.walked if "." in address.rpartition("/")[2]}
    assert kinds >= {"csv", "xlsx", "json", "xml", "atom", "ics", "pdf"}
    assert reverse("transparency:paper_pdf", args=[world.paper.pk, "ar"]) in world.walked


def test_nothing_that_is_withheld_stands_in_any_output(world: World) -> None:
    hidden = world.grants[HIDDEN]
    payment = hidden.tranches.get(number=1).amount_minor
    secret = [*words_of(hidden), f"nest{HIDDEN}q", "Armed men", f"{payment / 100:,.2f}", f"{payment / 100:.2f}"]
    donor = [text for text in world.donor.name.data.values() if text]
    assert told(world.walked, [*secret, *donor]) == []
    never = [one.organisation.email for one in world.grants]
    never += [person.user.email for one in world.grants for person in one.organisation.people.select_related("user")]
    assert told(world.walked, never) == []


def test_what_is_withheld_later_is_at_no_address_any_more(world: World) -> None:
    """Old versions, permanent links, copies with a tag: whoever knew an address reads nothing of it there."""
    hidden, client = world.grants[LATER], Client(raise_request_exception=False)
    assert told(world.walked, words_of(hidden))
    withhold(hidden, "name")
    assert not FundEdition.objects.exclude(tag="").exists(), "no chart is shown until they are drawn anew"
    assert PublicPaper.objects.get(pk=world.paper.pk).state == PaperState.TAKEN_BACK
    for redrawn in (False, True):
        if redrawn:
            tell_all()
        again = {
            address: read(client, address, address.partition("#")[2] or "ar", **({"if-none-match": one.tag} if one.tag else {}))
            for address, one in world.walked.items()
        }  # fmt: skip
        assert told(again, words_of(hidden)) == []
        kept = [address for address, one in again.items() if one.status == 304]
        assert told({address: world.walked[address] for address in kept}, words_of(hidden)) == []
    paper = reverse("transparency:paper_detail", args=[world.paper.pk])
    assert again[paper].status == 410
    assert again[reverse("transparency:paper_pdf", args=[world.paper.pk, "en"])].status == 404
    assert PublicPaper.objects.filter(state=PaperState.ASKED, year=world.paper.year, version=2).exists()


def test_sums_of_every_filter_hold_whole_pools_and_add_up(world: World) -> None:
    """Filters of the list and the API, and their pages: what is subtracted of each other never reaches below a pool."""
    client = Client()
    row = ReleasedGrant.objects.get(grant=world.grants[HIDDEN])
    places = {place for one in world.grants for place in one.application.governorates}
    for query in [
        {},
        *({"governorate": place} for place in sorted(places)),
        {"sector": world.grants[0].application.sector},
    ]:
        sums = [json.loads(client.get("/api/v1/pools", {**query, "per_page": 200}).content)["items"]]
        for pool in sums[0]:
            assert pool["organisations"] >= 3
        rows = [
            one
            for page in (1, 2, 3)
            for one in json.loads(client.get("/api/v1/grants", {**query, "per_page": 3, "page": page}).content)["items"]
        ]
        nameless = [one for one in rows if one["organisation"] is None]
        assert all(one["amount"] is None and one["payments"] == {} for one in nameless)
        if query:
            assert row.code not in {one["code"] for one in nameless}
        else:
            openly = sum(round(float(one["amount"]["amount"]) * 100) for one in rows if one["amount"])
            assert openly + sum(round(float(one["amount"]["amount"]) * 100) for one in sums[0]) == sum(AMOUNTS)


def test_every_table_of_the_dashboards_adds_up_grants_and_sums_that_are_told(world: World) -> None:
    """All tables, by year and by place or sector: each line is a sum of whole records, and every table comes to the books."""
    client = Client(headers={"accept-language": "en"})
    openly = {row.amount_minor for row in ReleasedGrant.objects.filter(amount_minor__isnull=False)}
    pools = {pool.amount_minor for pool in ReleasedPool.objects.all()}
    records = sorted(openly | pools)
    sums = {sum(some) for size in range(len(records) + 1) for some in combinations(records, size)}
    choices = FundEdition.objects.get().choices
    for chart in (one for one in CHARTS if one.source == Source.GRANTS):
        for year, part in product(["", *choices["years"]], ["", *choices["governorates"], *choices["sectors"]]):
            asked = {name: value for name, value in (("year", year), ("of", part)) if value}
            answer = client.get(reverse("transparency:dashboard_table", args=[chart.topic, chart.key, "csv"]), asked)
            if answer.status_code == 404:
                continue
            lines = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))[1:]
            amounts = [round(float(line[2]) * 100) for line in lines]
            assert set(amounts) <= sums, (chart.key, asked)
            if not part:
                assert amounts[-1] == sum(AMOUNTS), (chart.key, asked)


def test_no_error_page_says_a_word(world: World, settings: Any) -> None:
    hidden, client = world.grants[HIDDEN], Client(raise_request_exception=False, enforce_csrf_checks=True)
    row = ReleasedGrant.objects.get(grant=hidden)
    settings.ALLOWED_HOSTS = ["testserver"]
    answers = {
        "404 by its id": client.get(reverse("transparency:public_view", args=[hidden.pk])),
        "404 by reference": client.get(reverse("transparency:grant_told", args=[hidden.reference])),
        "404 of the API": client.get(f"/api/v1/grants/{hidden.reference}"),
        "422": client.get("/api/v1/grants", {"year": hidden.reference, "page": "x"}),
        "400": client.get("/", headers={"host": "elsewhere.example"}),
        "403": client.post(reverse("set_language"), {"language": "ar", "next": str(hidden.pk)}),
        "405": Client().post(reverse("transparency:grants_told")),
        "413": client.post(reverse("audit:cosignatures"), hidden.reference * 90_000, content_type="text/plain"),
        "a page that is none": client.get(reverse("transparency:grants_told"), {"page": "99\x00", "sector": "none"}),
        "the nameless row itself": client.get(reverse("transparency:grant_told", args=[row.code])),
    }
    settings.API_REQUESTS_PER_MINUTE = 0
    answers["429"] = client.get("/api/v1/grants")
    settings.API_REQUESTS_PER_MINUTE = "a mistake"
    answers["500"] = client.get("/api/v1/grants")
    said = {name: Answer(one.status_code, f"{one.headers}\n{_text(one)}") for name, one in answers.items()}
    statuses = {name: one.status for name, one in said.items()}
    assert {400, 403, 404, 405, 413, 422, 429, 500} <= set(statuses.values()), statuses
    typed = {hidden.reference, str(hidden.pk)}
    assert told(said, [word for word in words_of(hidden) if word not in typed]) == []
