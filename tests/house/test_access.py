"""The access middleware: the first wall before every view."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from kernel.access import Access, public, role, signed_in
from kernel.permissions import Refused
from poolfund import access, demo_sign_in
from poolfund.middleware import AccessMiddleware

Ask = Callable[..., HttpResponse | None]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask the middleware about a request for a URL with the given row."""

    def _ask(row: Access | None, *, method: str = "GET", user: Any = None) -> HttpResponse | None:
        monkeypatch.setattr(access, "table", lambda: {"thing:detail": row} if row else {})
        request: HttpRequest = RequestFactory().generic(method, "/thing/?page=2")
        request.user = user or AnonymousUser()
        request.resolver_match = SimpleNamespace(view_name="thing:detail")  # type: ignore[assignment]
        return AccessMiddleware(lambda _request: HttpResponse()).process_view(request, lambda: None, (), {})

    return _ask


def person(**fields: Any) -> Any:
    """A signed-in person who is not in the database."""
    return get_user_model()(email="samar@fund.example", full_name="Samar", **fields)


def test_public_pages_are_open(ask: Ask) -> None:
    assert ask(public()) is None


def test_strangers_are_sent_to_sign_in_and_come_back(ask: Ask) -> None:
    answer = ask(signed_in("own"))
    assert answer is not None
    assert (answer.status_code, answer["Location"]) == (302, f"{reverse('account_login')}?next=/thing/%3Fpage%3D2")


def test_signed_in_people_pass(ask: Ask) -> None:
    assert ask(signed_in("own"), user=person()) is None


@pytest.mark.django_db
def test_pages_of_officers_are_closed_to_others_with_a_reason(ask: Ask) -> None:
    somebody = get_user_model().objects.create_user(email="samar@fund.example", full_name="Samar")
    with pytest.raises(Refused) as refusal:
        ask(role("finance_officer"), user=somebody)
    assert str(refusal.value.reason)


@pytest.mark.parametrize(
    ("row", "method", "allowed"),
    [
        (public().reading(), "POST", "GET, HEAD"),
        (public().acting(), "GET", "POST"),
        (public(), "DELETE", "GET, HEAD, POST"),
    ],
)
def test_other_methods_are_refused(ask: Ask, row: Access, method: str, allowed: str) -> None:
    answer = ask(row, method=method)
    assert answer is not None
    assert (answer.status_code, answer["Allow"]) == (405, allowed)


def test_an_unlisted_url_is_an_error_in_tests(ask: Ask) -> None:
    with pytest.raises(ImproperlyConfigured, match="thing:detail"):
        ask(None)


def test_an_unlisted_url_does_not_exist_in_production(
    ask: Ask, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.STRICT_ACCESS = False
    with pytest.raises(Http404):
        ask(None)
    assert [record.message for record in caplog.records] == ["a URL stands in no access table"]


# Health, error pages, the demonstration's links -----------------------------------------------------------------


@pytest.mark.django_db
def test_probes_need_no_name_of_the_host(client: Client) -> None:
    assert client.get("/healthz", headers={"host": "10.0.0.7"}).content == b"ok\n"
    assert client.get("/readyz", headers={"host": "10.0.0.7"}).content == b"ok\n"


def test_not_ready_without_the_database(client: Client) -> None:
    """This test may not touch the database, so neither may the probe: it answers 503 and no traceback."""
    from django.db import DatabaseError, connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "cursor", lambda: (_ for _ in ()).throw(DatabaseError()))
        assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_headers_of_every_page(client: Client) -> None:
    headers = client.get(reverse("account_login")).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "geolocation=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
def test_a_missing_page_says_so_in_arabic(client: Client) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert 'dir="rtl"' in answer.content.decode()


@pytest.mark.django_db
def test_a_link_of_the_demonstration_signs_in(client: Client) -> None:
    somebody = get_user_model().objects.create_user(email="samar@fund.example", full_name="Samar")
    answer = client.get(demo_sign_in.SignInLink("Finance officer", somebody.email).path)
    assert answer.status_code == 302
    assert client.session["_auth_user_id"] == str(somebody.pk)


@pytest.mark.django_db
def test_a_forged_or_old_link_does_not_exist(client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    get_user_model().objects.create_user(email="samar@fund.example", full_name="Samar")
    path = demo_sign_in.SignInLink("Finance officer", "samar@fund.example").path
    assert client.get(path[:-5] + "xxxx/").status_code == 404
    monkeypatch.setattr(demo_sign_in, "LIFETIME", -1)
    assert client.get(path).status_code == 404
    monkeypatch.setattr(demo_sign_in, "LIFETIME", 60)
    settings.DEMO = False
    assert client.get(path).status_code == 404
    assert "_auth_user_id" not in client.session


# The second factor of the table ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_door_refuses_a_page_that_forgot_its_second_factor(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row of a page loses its mark: the act is refused before anything is written."""
    from dataclasses import replace

    from accounts.models import StaffSession
    from audit.confirmation import Unconfirmed
    from tests.factories import accounts as make

    rows = access.table()
    admin = make.administrator()
    forgotten = rows | {"accounts:staff_session": replace(rows["accounts:staff_session"], second_factor=False)}
    monkeypatch.setattr(access, "table", lambda: forgotten)
    make.sign_in(client, admin)
    before = StaffSession.objects.count()
    with pytest.raises(Unconfirmed, match=r"accounts\.staff_session\.opened"):
        client.post(reverse("accounts:staff_session"), {"reason": "a reason that is long enough"})
    assert StaffSession.objects.count() == before


@pytest.mark.django_db
def test_the_books_refuse_a_page_that_forgot_its_second_factor() -> None:
    from audit import confirmation
    from tests.factories import ledger

    account, other = ledger.funded(10_000), ledger.source()
    with confirmation.of_request(), pytest.raises(confirmation.Unconfirmed):
        ledger.moved(4_000, debit=account, credit=other)
    with confirmation.of_request():
        confirmation.given()
        assert ledger.moved(4_000, debit=account, credit=other).amount_minor == 4_000


@pytest.mark.django_db
def test_who_may_not_open_a_page_is_told_so_before_a_second_factor_is_asked(client: Client) -> None:
    from tests.factories import accounts, organisations

    organisation = organisations.registered_organisation()
    page = reverse("organisations:invite", args=[organisation.pk])
    accounts.sign_in(client, accounts.user())
    assert client.get(page).status_code == 404
    accounts.sign_in(client, organisations.preparer_of(organisation))
    assert client.get(page).status_code == 403
    accounts.sign_in(client, organisations.signatory_of(organisation))
    assert client.get(page)["Location"].startswith(reverse("accounts:second_factor"))
