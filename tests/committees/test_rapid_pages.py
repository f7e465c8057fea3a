"""Pages of the rapid window: each person sees his part, strangers nothing, the public clocks without names."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from committees.models import Alert, Rota
from committees.rules import facts
from organisations.models import Organisation
from tests.factories import accounts, files
from tests.factories import committees as make
from tests.factories import rapid as window
from tests.factories.organisations import eligible_organisation, preparer_of

pytestmark = pytest.mark.django_db

CANARY = "غمرت المياه مئة وعشرين خيمة"


def client_of(user: Any) -> Client:
    client = Client()
    accounts.sign_in(client, user, second_factor=True)
    return client


def page(user: Any, name: str, *args: Any) -> Any:
    return client_of(user).get(reverse(f"committees:{name}", args=args))


def test_a_signatory_raises_an_alert_on_the_page_and_others_find_no_page() -> None:
    window.rota()
    body = eligible_organisation(governorates=["SY07"])
    url = reverse("committees:alert_form")
    assert client_of(preparer_of(body)).get(url).status_code == 404
    assert client_of(accounts.user()).post(url, {}).status_code == 404
    client = client_of(window.signatory(body))
    empty = client.post(url, {"organisation": body.pk})
    assert set(empty.context["form"].errors) == {"kind", "governorates", "place", "reason"}
    other = eligible_organisation()
    typed = {
        "organisation": other.pk, "kind": "flood", "governorates": ["SY07"], "place": "إدلب", "reason": CANARY,
        "people": "٦٤٠", "evidence": files.pdf(),
    }  # fmt: skip
    assert "organisation" in client.post(url, typed).context["form"].errors
    done = client.post(url, {**typed, "organisation": body.pk, "evidence": files.pdf()}, follow=True)
    alert = Alert.objects.get()
    assert done.redirect_chain[-1][0] == reverse("committees:alert_detail", args=[alert.pk])
    assert (alert.people, alert.organisation, len(alert.evidence_sha256)) == (640, body, 64)
    assert CANARY in done.content.decode()


def test_who_sees_which_page_of_an_alert_and_its_words() -> None:
    alert = window.raised()
    first, second, _third = window.panel_of(alert)
    off = next(one for one in facts.membership(alert.rota.committee).members if one not in window.panel_of(alert))
    detail, evidence = ("alert_detail", alert.pk), ("alert_evidence", alert.pk)
    for stranger in (accounts.user(), off.user, window.signatory(eligible_organisation())):
        for name in ("alert_detail", "alert_evidence", "alert_declare", "alert_answer", "alert_withdraw"):
            assert page(stranger, name, alert.pk).status_code == 404, name
    assert CANARY not in page(first.user, *detail).content.decode()
    assert page(first.user, *evidence).status_code == 404
    assert page(first.user, "alert_answer", alert.pk).status_code == 302
    said = client_of(first.user).post(
        reverse("committees:alert_declare", args=[alert.pk]), {"kind": "none"}, follow=True
    )
    assert CANARY in said.content.decode()
    assert page(first.user, *evidence).getvalue().startswith(b"%PDF")
    out = {"kind": "hard", "ground": "family"}
    gone = client_of(second.user).post(reverse("committees:alert_declare", args=[alert.pk]), out, follow=True)
    assert gone.status_code == 200
    assert page(second.user, *detail).status_code == 404
    for reader in (make.officer(), alert.raised_by):
        assert CANARY in page(reader, *detail).content.decode()
        assert page(reader, *evidence).getvalue().startswith(b"%PDF")
    assert page(make.officer(), "alert_answer", alert.pk).status_code == 404
    assert page(make.officer(), "alert_withdraw", alert.pk).status_code == 403


def test_members_answer_on_the_page_and_the_organisation_reads_why_not() -> None:
    alert = window.raised()
    for seat in window.panel_of(alert):
        client = client_of(seat.user)
        client.post(reverse("committees:alert_declare", args=[alert.pk]), {"kind": "none"})
        url = reverse("committees:alert_answer", args=[alert.pk])
        assert client.post(url, {"choice": "reject"}).context["form"].errors
        client.post(url, {"choice": "reject", "sentence": "تستجيب جهة أخرى منذ الأمس."})
        assert client.post(url, {"choice": "approve"}).status_code in {302, 404}
    alert.refresh_from_db()
    assert (alert.state, alert.tally) == ("declined", {"approve": 0, "reject": 3})
    shown = page(alert.raised_by, "alert_detail", alert.pk).content.decode()
    assert "تستجيب جهة أخرى" in shown
    assert all(seat.user.full_name not in shown for seat in window.panel_of(alert))


def test_the_secretariat_publishes_and_withdraws_rotas() -> None:
    committee = make.constituted_committee()
    seats = make.members(committee)
    client = client_of(make.officer())
    url = reverse("committees:rota_form", args=[committee.pk])
    chosen = {"first_day": "2030-01-01", "last_day": "2029-01-01", "members": [one.pk for one in seats[:3]]}
    assert "last_day" in client.post(url, chosen).context["form"].errors
    today = facts.today().isoformat()
    client.post(url, {**chosen, "first_day": today, "last_day": today})
    rota = Rota.objects.get()
    assert rota.members == [one.pk for one in seats[:3]]
    assert seats[0].user.full_name in page(seats[5].user, "rota_list").content.decode()
    assert page(accounts.user(), "rota_list").status_code == 404
    assert page(seats[0].user, "rota_form", committee.pk).status_code == 403
    assert page(seats[0].user, "rota_withdraw", rota.pk).status_code == 403
    client.post(reverse("committees:rota_withdraw", args=[rota.pk]), {"reason": "تبديل"})
    rota.refresh_from_db()
    assert rota.state == "withdrawn"


def test_the_public_reads_hours_and_never_names_places_or_words(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    url = reverse("transparency:rapid_window")
    assert client.get(url).status_code == 200
    alert = window.accepted()
    shown = client.get(url).content.decode()
    assert alert.reference in shown
    for secret in (CANARY, alert.place, alert.organisation.name_ar, window.panel_of(alert)[0].user.full_name):
        assert secret not in shown
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    window.raised()
    window.raised()
    with django_assert_num_queries(len(one)):
        client.get(url)
    assert Organisation.objects.count() == 3
