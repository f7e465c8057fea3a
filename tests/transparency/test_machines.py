"""What programs read: only what is public, page by page, counted, and in the shape that is promised."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from funds.services import add_donor
from grants.models import Call, Grant
from grants.services import calls
from kernel.money import Money
from organisations.models import Organisation
from tests.factories import funds
from tests.factories import grants as factory
from tests.factories.awards import signatory
from tests.factories.organisations import eligible_organisation
from tests.factories.transparency import named_grant
from tests.transparency.test_telling import AMOUNTS, later, mentions
from transparency.models import ReleasedGrant
from transparency.search.folding import folded
from transparency.selectors import finding, published
from transparency.services import indexing, releasing, withholding
from transparency.states import Ground

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund_of_full_reports")]

HIDDEN = 2
LISTS = ("calls", "grants", "pools", "contributions", "organisations", "decisions")


NAMES = {
    0: ("مؤسّسة أُفُق الخابور للتعليم", "Khabour Horizon Foundation"),
    HIDDEN: ("جمعية الزهور القرمزية", "Crimson Blossoms Society"),
}


def named(number: int) -> Organisation | None:
    """An eligible organisation of our own name, None where the factory's will do."""
    if number not in NAMES:
        return None
    arabic, latin = NAMES[number]
    return eligible_organisation("M", name_ar=arabic, name_latin=latin, last_year_expenditure_minor=2 * AMOUNTS[number])


@pytest.fixture(scope="module")
def _world(standing: None) -> list[Grant]:
    """Four released grants, one of them nameless; an open call, one to come and a draft; a donor who is not named."""
    made = [named_grant(amount_minor=amount, organisation=named(number)) for number, amount in enumerate(AMOUNTS)]
    hidden = made[HIDDEN]
    withholding.withhold(
        hidden, parts=["name", "place"], ground=Ground.PARTNER, reason="Armed men.", actor=signatory(hidden)
    )
    releasing.release_due(later())
    unnamed = add_donor(
        factory.words("مانح لا يريد أن يُعرف", "A shy donor"),
        kind="person",
        withhold_name=True,
        actor=funds.keepers()[0],
    )
    funds.confirmed_contribution(donor=unnamed)
    factory.open_call(title=factory.words("دعوة مفتوحة للتعليم", "An open call for education"))
    factory.published_call()
    factory.draft_call(title=factory.words("مسودة سرية", "A secret draft"))
    indexing.index_all()
    return made


@pytest.fixture
def world(_world: list[Grant], db: None) -> list[Grant]:
    return _world


def get(name: str, *, status: int = 200, **query: Any) -> Any:
    answer = Client(headers={"accept-language": "en"}).get(f"/api/v1/{name}", query)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/json")
    return answer.json()


def everything(name: str) -> Iterator[dict[str, Any]]:
    """All items of a list, a page of one after the other, by the addresses that the answers give."""
    address = f"/api/v1/{name}?per_page=1"
    while address:
        answer = Client().get(address).json()
        yield from answer["items"]
        address = answer["next"]


def minor(amount: dict[str, str]) -> int:
    return Money.of(amount["amount"], amount["currency"]).minor


def test_every_list_is_read_to_its_end_page_by_page(world: list[Grant]) -> None:
    for name in LISTS:
        found = list(everything(name))
        assert len(found) == get(name)["count"]
    assert {one["code"] for one in everything("grants")} == set(published.told().values_list("code", flat=True))
    assert get("grants", page=99)["items"] == []


def test_grants_and_sums_add_up_to_all_that_is_released(world: list[Grant]) -> None:
    opened = sum(minor(one["amount"]) for one in everything("grants") if one["amount"])
    pooled = sum(minor(one["amount"]) for one in everything("pools"))
    assert opened + pooled == sum(AMOUNTS)
    named = sum(minor(one["told_openly"]) for one in everything("organisations"))
    assert named == opened
    assert {one["code"] for one in everything("grants") if one["organisation"]} == {
        code for one in everything("organisations") for code in one["codes"]
    }


def test_payments_are_told_by_month_and_together(world: list[Grant]) -> None:
    row = ReleasedGrant.objects.filter(amount_minor__isnull=False)[0]
    ReleasedGrant.objects.filter(pk=row.pk).update(
        paid_minor=30_00, payments={"2026-01-01": 10_00, "2026-02-01": 20_00}
    )
    told = get("payments")
    assert told["months"] == [
        {"month": "2026-01", "amount": {"amount": "10.00", "currency": "USD"}},
        {"month": "2026-02", "amount": {"amount": "20.00", "currency": "USD"}},
    ]
    assert minor(told["total"]) == 30_00 + minor(told["in_sums"])
    assert get(f"grants/{row.code}")["payments"]["2026-01"] == {"amount": "10.00", "currency": "USD"}


def test_nothing_private_is_in_any_answer(world: list[Grant]) -> None:
    hidden = world[HIDDEN]
    secrets = (
        hidden.organisation.name_latin, hidden.organisation.name_ar, hidden.application.title, hidden.reference,
        str(hidden.pk), str(hidden.organisation_id), "19000", "secret draft", "مسودة", "لا يريد أن يُعرف", "A shy donor", "Armed men",
    )  # fmt: skip
    told = [json.dumps(list(everything(name)), ensure_ascii=False) for name in LISTS]
    told += [
        Client().get(address).content.decode() for address in ("/api/", "/api/v1/openapi.json", "/api/v1/payments")
    ]
    for answer in told:
        assert [secret for secret in secrets if mentions(answer, secret)] == []
    assert any(one["donor"] is None for one in everything("contributions"))
    draft = Call.objects.get(title__icontains="secret draft")
    assert get(f"calls/{draft.pk}", status=404)["error"]["code"] == "not_found"


def test_calls_are_narrowed_by_what_one_can_do(world: list[Grant]) -> None:
    opened = get("calls", state="open", sector="education")
    call = next(one for one in opened["items"] if one["title"]["en"] == "An open call for education")
    assert call["title"]["ar"] == "دعوة مفتوحة للتعليم"
    assert call["criteria"]
    assert get(f"calls/{call['id']}") == call
    assert get("calls", state="open", governorate="SY14")["count"] == 0
    assert get("calls", state="forthcoming")["count"] == 1


def test_errors_have_one_shape(world: list[Grant]) -> None:
    assert "per_page" in get("grants", status=422, per_page="1000")["error"]["message"]
    for address in (
        "nothing/of/this",
        "grants/GR-2026-XXXXXX",
        "grants/%00",
        "calls/30a12e5e-5940-4c08-921c-17a8960fcf4b",
    ):
        assert get(address, status=404)["error"]["code"] == "not_found"
    for sector in ("money", "\x00", "education' OR 1=1"):
        assert get("grants", status=422, sector=sector)["error"]["code"] == "invalid_parameters"
    assert Client().post("/api/v1/grants").status_code == 405


def test_unchanged_answers_are_not_sent_again_and_any_website_may_read(world: list[Grant]) -> None:
    first = Client().get("/api/v1/grants")
    assert first["Access-Control-Allow-Origin"] == "*"
    assert "public" in first["Cache-Control"]
    again = Client().get("/api/v1/grants", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().get("/api/v1/grants", {"per_page": 1}, headers={"if-none-match": first["ETag"]}).status_code == 200
    assert Client().head("/api/v1/grants").status_code == 200
    assert not first.cookies


def test_who_asks_too_often_waits(world: list[Grant], settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    answers = [Client().get("/api/v1/payments") for _time in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert 1 <= int(answers[2]["Retry-After"]) <= 60
    assert answers[2].json()["error"]["code"] == "too_many_requests"


@pytest.mark.parametrize("name", ["grants", "calls", "organisations", "contributions"])
def test_a_longer_list_needs_no_more_queries(world: list[Grant], name: str) -> None:
    asked = []
    for size in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            assert len(get(name, per_page=size)["items"]) == size
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_page_names_every_address_and_field(world: list[Grant]) -> None:
    for language in ("ar", "en", "ku"):
        page = Client(headers={"accept-language": language}).get(reverse("transparency:api_page")).content.decode()
        for name in (*LISTS, "payments", "grants/{code}"):
            assert f"/api/v1/{name}" in page
        assert "told_openly" in page


# Search -----------------------------------------------------------------------------------------------------------


def found(query: str = "", **narrowed: str) -> list[str]:
    """The titles in both scripts of what the API finds, in its order."""
    return [" / ".join(one["title"].values()) for one in get("search", q=query, **narrowed)["items"]]


def refs(query: str) -> set[str]:
    return {one["ref"] for one in get("search", q=query)["items"]}


@pytest.mark.parametrize(
    "query",
    [
        "مؤسسة أفق الخابور", "مؤسسه افق الخابور للتعليم", "الخـــابور", "خابور", "أُفُقُ", "الخاب", "التعليم الخابور", "الخانور",
        "khabour", "KHABOUR horizon", "Khab", "horizons khabour", "Kabour", "Khabuor",
    ],
)  # fmt: skip
def test_an_organisation_is_found_however_it_is_written(world: list[Grant], query: str) -> None:
    assert " / ".join(NAMES[0]) in found(query, kind="organisation")
    code = ReleasedGrant.objects.get(name_latin=NAMES[0][1]).code
    assert code in {one["ref"] for one in get("search", q=query, kind="grant")["items"]}


def test_the_best_stands_first_and_filters_narrow(world: list[Grant]) -> None:
    assert (
        found("دعوة مفتوحة للتعليم")[0]
        == "دعوة مفتوحة للتعليم / An open call for education / An open call for education"
    )
    assert found("open calls", kind="call", sector="education")
    assert found("open calls", kind="call", governorate="SY14") == []
    assert found("خابور", kind="call") == []
    code = ReleasedGrant.objects.get(name_latin=NAMES[0][1]).code
    assert code in refs(code.lower())
    assert found("zzzzzz") == found("؟؟؟ !!", kind="organisation", sector="health") == []
    assert len(found(kind="organisation")) == get("organisations")["count"]


SPELLINGS = (
    "جمعية الزهور القرمزية", "الزهور", "زهور", "القرمزيه", "قرمز", "الزُّهُور", "الزهـــور", "Crimson Blossoms Society", "crimson",
    "blossom", "BLOSSOMS", "Blosoms", "crimsn",
)  # fmt: skip


def _index() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row::text, ' ') FROM transparency_searchrow row")
        return str(cursor.fetchone()[0])


def test_a_withheld_name_is_found_by_no_spelling(world: list[Grant]) -> None:
    hidden = ReleasedGrant.objects.get(grant=world[HIDDEN])
    for query in SPELLINGS:
        assert not {hidden.code, indexing.organisation_key(world[HIDDEN].organisation_id)} & refs(query)
    index = _index()
    unlike = [word for word in folded(*NAMES[HIDDEN]).split() if word not in {"جمعيه", "society"}]
    for part in (*NAMES[HIDDEN], *unlike, "زهور", "crimson", "blossom", str(world[HIDDEN].pk)):
        assert part not in index
    assert hidden.code in refs(hidden.code)


def test_neither_the_answer_nor_the_work_tells_a_withheld_name_from_one_that_never_was(world: list[Grant]) -> None:
    answers = []
    for query in ("Crimson Blossoms", "Scarlet Windmills"):
        with CaptureQueriesContext(connection) as queries:
            answer = get("search", q=query)
        assert answer["count"] == 0
        answers.append((answer, len(queries)))
    assert answers[0] == answers[1]


def test_what_is_withheld_later_leaves_the_index_at_once_and_no_rebuild_brings_it_back(world: list[Grant]) -> None:
    assert found("خابور", kind="organisation")
    withholding.withhold(world[0], parts=["name"], ground=Ground.PARTNER, reason="Danger.", actor=signatory(world[0]))
    for _time in range(2):
        assert found("خابور") == found("khabour") == []
        assert "خابور" not in _index()
        indexing.index_all()


def test_calls_are_found_as_long_as_they_are_public(world: list[Grant]) -> None:
    assert found("secret draft", kind="call") == []
    call = Call.objects.get(title__icontains="An open call for education")
    assert str(call.pk) in refs("educational")
    calls.cancel(call, actor=factory.board_member(), reason="الظروف تغيرت كثيراً")
    assert str(call.pk) not in refs("دعوة مفتوحة للتعليم")


def test_an_index_is_used_and_pages_ask_no_more_when_more_is_found(world: list[Grant]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    exact = finding.find(finding.Asked("khabour")).rows
    assert isinstance(exact, QuerySet)
    assert "search_by_words" in exact.explain()
    assert "search_by_trigrams" in finding.alike(finding.Asked("khabuor")).explain()
    asked = []
    for size in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            assert len(get("search", q="تجريبية", per_page=size)["items"]) == size
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.parametrize("language", ["ar", "en", "ku"])
def test_the_page_marks_what_was_found_and_escapes_the_rest(world: list[Grant], language: str) -> None:
    factory.open_call(title=factory.words("<script>مياه</script>", "<script>Wells</script>"))
    browser = Client(headers={"accept-language": language})
    page = browser.get(reverse("transparency:search"), {"q": "مياه wells"}).content.decode()
    assert "<mark>Wells</mark>" in page or "<mark>مياه</mark>" in page
    assert "&lt;script&gt;" in page
    assert "<script>" not in page.replace('<script src="/static/', "")
    empty = browser.get(reverse("transparency:search"), {"q": '"><b>', "kind": "x", "page": "y"})
    assert (empty.status_code, "><b>" in empty.content.decode()) == (200, False)


def test_a_told_grant_has_a_page_of_its_own(world: list[Grant]) -> None:
    for row in published.told():
        page = Client(headers={"accept-language": "en"}).get(reverse("transparency:grant_told", args=[row.code]))
        body = page.content.decode()
        assert row.code in body
        assert (row.name_latin or "name withheld") in body
        assert not any(name in body for name in NAMES[HIDDEN])
    for code in ("GR-2026-XXXXXX", world[0].reference, "%00"):
        assert Client().get(f"/figures/grants/{code}/").status_code == 404
