"""Calls as CommonGrants 0.4 opportunities: the protocol's own document, its client, and what each filter means."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from common_grants_sdk.schemas.pydantic import OpportunityBase
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings

from grants.models import Call
from tests.factories import funds
from tests.factories import grants as factory
from tests.standards import STANDARDS, needs

pytestmark = pytest.mark.django_db

ROOT = "/common-grants/opportunities"
DOCUMENT = STANDARDS / "commongrants" / "openapi" / "openapi.0.4.0.yaml"
EXAMPLES = 12


@pytest.fixture(scope="module")
def _calls(standing: None) -> dict[str, Call]:
    """One call in every state that matters here."""
    contribution = funds.confirmed_contribution(2_000_000_00)
    said = {"contribution": contribution}
    closed = factory.closed_call(factory.open_call(envelope_minor=150 * factory.THOUSAND, **said))
    return {
        "closed": closed,
        "open": factory.open_call(title=factory.words("دعوة التعليم", "Call for schools"), **said),
        "forecasted": factory.published_call(title=factory.words("دعوة المياه", "Call for water"), **said),
        "draft": factory.draft_call(title=factory.words("مسودة", "Hidden draft"), **said),
    }


@pytest.fixture
def calls(_calls: dict[str, Call], db: None) -> dict[str, Call]:
    return _calls


@pytest.fixture
def server() -> Iterator[Any]:
    """The whole application as a web server calls it, in the test's own transaction."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


def get(path: str = "", *, status: int = 200, **query: Any) -> Any:
    answer = Client(headers={"accept-language": "en"}).get(ROOT + path, query)
    assert answer.status_code == status, answer.content
    return answer.json()


def search(*, status: int = 200, **body: Any) -> Any:
    answer = Client().post(f"{ROOT}/search", json.dumps(body), content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def ids(answer: Any) -> list[str]:
    return [item["id"] for item in answer["items"]]


def test_published_calls_are_listed_the_last_moved_first(calls: dict[str, Call]) -> None:
    told = get()
    assert set(ids(told)) == {str(calls[name].pk) for name in ("open", "forecasted", "closed")}
    changed = [item["lastModifiedAt"] for item in told["items"]]
    assert changed == sorted(changed, reverse=True)
    assert told["paginationInfo"] == {"page": 1, "pageSize": 100, "totalItems": 3, "totalPages": 1}
    assert "Hidden draft" not in json.dumps(told)


def test_each_item_says_state_money_and_dates(calls: dict[str, Call]) -> None:
    by_id = {item["id"]: item for item in get()["items"]}
    for name in ("open", "forecasted", "closed"):
        item = by_id[str(calls[name].pk)]
        assert item["status"]["value"] == name
        assert item["funding"]["maxAwardAmount"] == {"amount": "60000.00", "currency": "USD"}
        assert item["keyDates"]["closeDate"]["date"] == calls[name].closes_at.astimezone().date().isoformat()
        assert item["customFields"]["titles"]["value"]["en"] == item["title"]
        assert get(f"/{item['id']}")["data"] == item


def test_the_independent_client_reads_every_item(calls: dict[str, Call]) -> None:
    for item in get()["items"]:
        read = OpportunityBase.model_validate(item)
        assert (str(read.id), read.status.value) == (item["id"], item["status"]["value"])
        assert read.funding.max_award_amount.currency == "USD"


def test_pages_follow_each_other(calls: dict[str, Call]) -> None:
    pages = [get(page=number, pageSize=2) for number in (1, 2, 3)]
    assert [len(page["items"]) for page in pages] == [2, 1, 0]
    assert len({one for page in pages for one in ids(page)}) == 3
    assert pages[2]["paginationInfo"]["page"] == 3


def test_each_filter_means_what_it_says(calls: dict[str, Call]) -> None:
    key = {name: str(call.pk) for name, call in calls.items()}
    assert ids(search(search="SCHOOLS")) == ids(search(search="دعوه التعليم")) == [key["open"]]
    status = {"operator": "in", "value": ["open", "forecasted"]}
    assert set(ids(search(filters={"status": status}))) == {key["open"], key["forecasted"]}
    assert ids(search(filters={"status": {**status, "operator": "notIn"}})) == [key["closed"]]
    money = {"min": {"amount": "190000", "currency": "USD"}, "max": {"amount": "200000.00", "currency": "USD"}}
    within = search(filters={"totalFundingAvailableRange": {"operator": "between", "value": money}})
    assert set(ids(within)) == {key["open"], key["forecasted"]}
    money["min"]["currency"] = money["max"]["currency"] = "EUR"
    assert ids(search(filters={"totalFundingAvailableRange": {"operator": "outside", "value": money}})) == []
    day = calls["open"].closes_at.astimezone().date()
    dates = {"min": day.isoformat(), "max": (day + timedelta(days=1)).isoformat()}
    assert key["open"] in ids(search(filters={"closeDateRange": {"operator": "between", "value": dates}}))
    assert key["open"] not in ids(search(filters={"closeDateRange": {"operator": "outside", "value": dates}}))


def test_order_and_what_is_not_known_are_told(calls: dict[str, Call]) -> None:
    told = search(sorting={"sortBy": "funding.totalAmountAvailable", "sortOrder": "asc"})
    assert ids(told)[0] == str(calls["closed"].pk)
    assert told["sortInfo"] == {"sortBy": "funding.totalAmountAvailable", "sortOrder": "asc"}
    odd = search(sorting={"sortBy": "custom"}, filters={"customFilters": {"x": {"operator": "eq", "value": 1}}})
    assert odd["sortInfo"]["errors"]
    assert odd["filterInfo"]["errors"]
    assert odd["filterInfo"]["filters"] == {"customFilters": {"x": {"operator": "eq", "value": 1}}}


def test_what_is_not_possible_is_refused_in_the_protocols_shape(calls: dict[str, Call]) -> None:
    for wrong in ({"page": 0}, {"page": "one"}, {"pageSize": "-3"}):
        assert get(status=400, **wrong)["errors"]
    assert search(status=400, pagination={"page": "1"})["errors"] == ["pagination.page: int_type"]
    assert search(status=400, filters={"status": None})["status"] == 400
    for absent in ("/30a12e5e-5940-4c08-921c-17a8960fcf4b", f"/{calls['draft'].pk}", "/nothing", "/search/more"):
        assert get(absent, status=404) == {"status": 404, "message": "Nothing is here.", "errors": []}
    assert Client().delete(ROOT).status_code == 405


@needs("commongrants")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_schemathesis_finds_nothing(calls: dict[str, Call], server: Any, mode: str) -> None:
    """Against the protocol's own document. It names no answer for a bad request, so there the code alone is not judged."""
    import schemathesis
    from schemathesis.generation import GenerationMode
    from schemathesis.specs.openapi.checks import status_code_conformance

    document = schemathesis.openapi.from_path(DOCUMENT).include(path_regex=f"^{ROOT}")
    document.app = server
    excluded = [status_code_conformance] if mode == "negative" else []
    seen = []
    for found in document.get_all_operations():
        operation = found.ok()
        seen.append(operation.label)

        @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=GenerationMode(mode)))
        def conforms(case: Any) -> None:
            # The caller inside this process does not unpack what is compressed, as every client on a line does.
            case.call_and_validate(excluded_checks=excluded, headers={"Accept-Encoding": "identity"})

        conforms()
    assert len(seen) == 3
