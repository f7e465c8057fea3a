"""What pages refuse, keep and count."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from disbursements.models import Payment, Tranche
from kernel.work import work_for
from tests.factories import accounts, files
from tests.factories import awards as made
from tests.factories import disbursements as money
from tests.factories.accounts import sign_in
from tests.factories.organisations import eligible_organisation, preparer_of, signatory_of

pytestmark = pytest.mark.django_db


def visitor(person: Any, *, second_factor: bool = True) -> Client:
    client = Client()
    sign_in(client, person, second_factor=second_factor)
    return client


def text_of(answer: Any) -> str:
    """What a file that was sent holds."""
    return b"".join(answer).decode("utf-8-sig")


def page(name: str, thing: Any = None) -> str:
    return reverse(f"disbursements:{name}", args=[thing.pk] if thing is not None else [])


@pytest.mark.database("active_grant")
def test_another_organisation_sees_nothing() -> None:
    payment = money.sent_payment(tier="L")
    tranche, grant = payment.tranche, payment.tranche.grant
    report = grant.reports.get(number=1)
    client = visitor(signatory_of(eligible_organisation()))
    pages = [
        *(
            page(name, grant)
            for name in ("grant_detail", "offer", "agreement", "agreement_ar", "closing", "agreement_sign")
        ),
        *(page(name, tranche) for name in ("tranche_detail", "tranche_request")),
        *(page(name, payment) for name in ("payment_detail", "payment_slip", "payment_confirm")),
        *(page(name, report) for name in ("report_detail", "report_edit", "report_submit")),
    ]
    assert {client.get(url).status_code for url in pages} == {404}
    for name in ("grant_list", "payment_list"):
        assert grant.reference not in client.get(page(name)).content.decode()


def test_a_preparer_reads_but_does_not_sign() -> None:
    grant = made.agreed_grant()
    client = visitor(preparer_of(grant.organisation))
    assert client.get(page("agreement", grant)).status_code == 200
    answer = client.post(page("agreement_sign", grant), {"read": "on", **made.hashes(grant)})
    assert answer.status_code == 403
    grant.refresh_from_db()
    assert grant.state == "agreement_drafted"


def test_signing_needs_a_fresh_second_factor() -> None:
    grant = made.agreed_grant()
    client = visitor(made.signatory(grant), second_factor=False)
    assert client.get(page("agreement_sign", grant)).status_code == 302
    assert client.post(page("agreement_sign", grant), {"read": "on", **made.hashes(grant)}).status_code == 403


@pytest.mark.database("active_grant")
def test_a_tampered_hash_approves_nothing() -> None:
    tranche = money.requested_tranche(tier="L")
    client = visitor(made.programme_officer())
    answer = client.post(page("approve_programme", tranche), {"payload_sha256": "0" * 64})
    assert answer.status_code == 200
    assert Tranche.objects.get(pk=tranche.pk).state == "requested"
    assert not tranche.approvals.exists()


@pytest.mark.database("active_grant")
def test_a_page_that_calls_itself_a_slip_is_refused_and_the_rest_is_kept() -> None:
    payment = money.prepared_payment(tier="L")
    client = visitor(made.finance_officers()[1])
    slip = SimpleUploadedFile("slip.pdf", b"<html><script>alert(1)</script></html>", content_type="application/pdf")
    typed = {"bank_reference": "TRX-77", "sent_on": timezone.localdate().isoformat(), "slip": slip}
    answer = client.post(page("payment_release", payment), typed)
    assert answer.status_code == 200
    assert "TRX-77" in answer.content.decode()
    assert "slip" in answer.context["form"].errors
    assert Payment.objects.get(pk=payment.pk).state == "prepared"


@pytest.mark.database("active_grant")
def test_the_maker_does_not_release() -> None:
    payment = money.prepared_payment(tier="L")
    client = visitor(payment.maker)
    assert client.get(page("payment_release", payment)).status_code == 403


@pytest.mark.database("active_grant")
def test_numbers_as_people_type_them() -> None:
    tranche = money.due_tranche(tier="L")
    client = visitor(made.signatory(tranche.grant))
    account = tranche.grant.organisation.bank_accounts.get()
    typed = {"bank_account": str(account.pk), "cash_on_hand_minor": "1e3", "forecast_minor": "١٢٬٠٠٠٫٥٠"}
    answer = client.post(page("tranche_request", tranche), typed)
    body = answer.content.decode()
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["cash_on_hand_minor"]
    assert 'value="1e3"' in body
    assert "١٢٬٠٠٠٫٥٠" in body
    assert client.post(page("tranche_request", tranche), {**typed, "cash_on_hand_minor": "٠"}).status_code == 302
    assert tranche.requests.get().forecast_minor == 12_000_50


@pytest.mark.database("active_grant")
def test_a_report_keeps_what_can_be_read() -> None:
    grant = made.active_grant(tier="L")
    client = visitor(preparer_of(grant.organisation))
    report = grant.reports.get(number=1)
    assert client.post(page("report_open", report)).status_code == 302
    line = report.lines.order_by("category")[0]
    answer = client.post(
        page("report_edit", report), {"q-achieved": "ماء نظيف", f"q-line-{line.category}-spent": "12,3,4"}
    )
    assert answer.status_code == 200
    assert "12,3,4" in answer.content.decode()
    report.refresh_from_db()
    assert (report.achieved, report.spent_minor) == ("ماء نظيف", 0)
    assert "12,3,4" in client.get(page("report_edit", report)).content.decode(), (
        "what cannot be read waits to be mended"
    )
    assert client.post(page("report_submit", report)).status_code == 200
    report.refresh_from_db()
    assert report.state == "open"


@pytest.mark.database("active_grant")
def test_files_leave_as_private_downloads() -> None:
    payment = money.sent_payment(tier="L")
    client = visitor(made.signatory(payment.tranche.grant))
    for url in (page("payment_slip", payment), page("agreement_ar", payment.tranche.grant)):
        answer = client.get(url)
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
        assert b"".join(getattr(answer, "streaming_content")).startswith(b"%PDF")  # noqa: B009 -- the test client hides it
    preparer = visitor(preparer_of(payment.tranche.grant.organisation))
    assert preparer.get(page("payment_slip", payment)).status_code == 403
    assert payment.bank_account.number not in preparer.get(page("payment_detail", payment)).content.decode()


def _queries(client: Client, url: str) -> int:
    assert b"".join(client.get(url))
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(url)
        assert b"".join(answer)
    assert answer.status_code == 200
    return len(caught)


@pytest.mark.database("active_grant")
def test_lists_ask_the_same_number_of_questions() -> None:
    money.sent_payment(tier="L")
    client = visitor(made.manager())
    urls = [
        page("grant_list"),
        page("payment_list"),
        page("grant_list") + "?format=csv",
        page("payment_list") + "?format=csv",
    ]
    few = [_queries(client, url) for url in urls]
    for _more in range(2):
        money.sent_payment(tier="L")
    assert [_queries(client, url) for url in urls] == few


@pytest.mark.database("active_grant")
def test_work_asks_the_same_number_of_questions() -> None:
    money.requested_tranche(tier="L")
    officer = made.programme_officer()

    def asked() -> int:
        person = type(officer).objects.get(pk=officer.pk)
        with CaptureQueriesContext(connection) as caught:
            work_for(person)
        return len(caught)

    few = asked()
    for _more in range(2):
        money.requested_tranche(tier="L")
    assert asked() == few


def test_filters_narrow_list_sums_and_file_alike() -> None:
    one, other = (
        made.active_grant(tier="L", amount_minor=10_000_00),
        made.awarded_grant(tier="L", amount_minor=12_000_00),
    )
    client = visitor(made.manager())
    answer = client.get(page("grant_list"), {"state": "active"})
    body = answer.content.decode()
    assert one.reference in body
    assert other.reference not in body
    assert [sum_.minor for sum_ in answer.context["sums"]] == [10_000_00]
    lines = text_of(client.get(page("grant_list"), {"state": "active", "format": "csv"})).splitlines()
    assert len(lines) == 2
    assert one.reference in lines[1]
    assert client.get(page("grant_list"), {"text": other.reference}).context["grants"][0] == other


def test_a_formula_in_a_name_stays_text_in_the_file() -> None:
    organisation = eligible_organisation("L", name_ar="=HYPERLINK(1)")
    made.awarded_grant(organisation=organisation)
    body = text_of(visitor(made.manager()).get(page("grant_list") + "?format=csv"))
    assert "'=HYPERLINK(1)" in body


def _kinds(person: Any) -> set[str]:
    fresh = type(person).objects.get(pk=person.pk)
    return {str(item.url) for item in work_for(fresh)}


@pytest.mark.database("active_grant")
def test_the_button_on_top_leads_to_the_act_and_never_to_where_one_stands() -> None:
    def leads(person: Any) -> str:
        found = visitor(person).get(page("tranche_detail", tranche))
        step = found.context["step"]
        return step.url if step.mine else ""

    tranche = money.requested_tranche(tier="L")
    assert leads(made.programme_officer()) == page("approve_programme", tranche)
    assert leads(made.signatory(tranche.grant)) == ""
    money.approved_tranche(tranche)
    first, second = made.finance_officers()
    assert leads(second) == page("payment_prepare", tranche)
    payment = money.prepared_payment(Tranche.objects.get(pk=tranche.pk))
    assert leads(payment.maker) == ""
    other = next(one for one in (first, second) if one != payment.maker)
    assert leads(other) == page("payment_detail", payment)


@pytest.mark.database("active_grant_of_tier_m")
def test_every_page_of_a_running_grant_names_the_same_next_step() -> None:
    grant = made.active_grant(tier="M")
    for person in (made.finance_officers()[0], made.signatory(grant)):
        client = accounts.browser_of(person, "ar")
        names = ("grant_detail", "offer", "agreement", "closing")
        shown = {one: client.get(reverse(f"disbursements:{one}", args=[grant.pk])).context["step"] for one in names}
        assert len(set(shown.values())) == 1, shown


def test_my_work_follows_the_grant() -> None:
    grant = made.offered_grant(tier="L")
    partner = made.signatory(grant)
    assert page("offer", grant) in _kinds(partner)
    assert page("offer", grant) not in _kinds(preparer_of(grant.organisation))
    tranche = money.requested_tranche(tier="L")
    assert page("tranche_detail", tranche) in _kinds(made.programme_officer())
    approved = money.approved_tranche(tranche)
    assert page("tranche_detail", approved) in _kinds(made.finance_officers()[0])
    payment = money.prepared_payment(approved)
    assert page("payment_detail", payment) not in _kinds(payment.maker)
    assert page("payment_detail", payment) in _kinds(made.finance_officers()[1])
    money.sent_payment(payment)
    assert page("payment_confirm", payment) in _kinds(made.signatory(approved.grant))


@pytest.mark.database("active_grant")
@pytest.mark.parametrize("name", ["approve_programme", "approve_finance", "approve_manager", "tranche_hold"])
def test_officers_acts_are_closed_to_partners(name: str) -> None:
    tranche = money.requested_tranche(tier="L")
    assert visitor(made.signatory(tranche.grant)).get(page(name, tranche)).status_code == 403
    assert visitor(accounts.officer("auditor")).get(page(name, tranche)).status_code == 403


@pytest.mark.database("active_grant")
def test_slips_are_real_documents() -> None:
    payment = money.prepared_payment(tier="L")
    client = visitor(made.finance_officers()[1])
    typed = {"bank_reference": "TRX-1", "sent_on": timezone.localdate().isoformat(), "slip": files.pdf()}
    assert client.post(page("payment_release", payment), typed).status_code == 302
    assert Payment.objects.get(pk=payment.pk).slip_sha256
