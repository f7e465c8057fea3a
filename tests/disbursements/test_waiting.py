"""What a tranche waits for: said to the partner, met by a further report, stated in the request of a small grant."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from audit import fsck
from disbursements import waiting
from disbursements.models import DisbursementRequest, Tranche
from disbursements.rules import tranches as rules
from disbursements.services import closing, payments, tranches
from grants.models import Grant, Report
from grants.selectors import grants as read
from grants.services import reports
from kernel.permissions import Allowed, Refused
from kernel.work import work_for
from ledger.selectors import trial_balance
from notices.models import Notice
from tests.factories import awards as made
from tests.factories import charter, files, shelf
from tests.factories import disbursements as money
from tests.factories.accounts import sign_in
from tests.factories.organisations import eligible_organisation, preparer_of, signatory_of, usable_bank_account

pytestmark = pytest.mark.django_db
THOUSAND = made.THOUSAND
OF_TWO_TRANCHES: dict[str, Any] = {"tier": "L", "amount_minor": 10 * THOUSAND}
"""80 and 20 %."""


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(scope="module", autouse=True)
def ready(standing: None) -> None:
    shelf.keep(made.active_grant, **OF_TWO_TRANCHES)
    shelf.keep(short_of_spending)


def visitor(person: Any) -> Client:
    """A person at the browser, who reads English."""
    client = Client(headers={"accept-language": "en"})
    sign_in(client, person, second_factor=True)
    return client


def page(name: str, thing: Any) -> str:
    return reverse(f"disbursements:{name}", args=[thing.pk])


@shelf.keepable
def short_of_spending(*, spent_minor: int = 3 * THOUSAND) -> Grant:
    """A grant of two tranches (80 and 20 % of 10,000) whose only progress report shows too little spent."""
    grant = made.active_grant(**OF_TWO_TRANCHES)
    money.pay(money.due_tranche(grant))
    money.accepted_report(grant, spent_minor=spent_minor)
    return Grant.objects.get(pk=grant.pk)


def second(grant: Grant) -> Tranche:
    return Tranche.objects.get(grant=grant, number=2)


def further(grant: Grant, *, spent_minor: int) -> Report:
    """A further report of the partner, accepted."""
    begun = reports.begin_further_report(grant, actor=preparer_of(grant.organisation))
    line = begun.lines.order_by("category")[0].category
    words = {"achieved": "تمّت المرحلة الثانية", "did_not_work": "لا شيء", "participation": "لجنة", "people_reached": 5}
    reports.save_report(
        begun, narrative=words, spent={line: spent_minor}, explanations={}, actor=preparer_of(grant.organisation)
    )
    return money.accepted(reports.submit_report(begun, actor=made.signatory(grant)))


def work_kinds(person: Any) -> dict[str, str]:
    return {str(item.kind): item.url for item in work_for(person)}


# A further report --------------------------------------------------------------------------------------------------


def test_a_further_report_opens_the_way_to_the_next_tranche() -> None:
    grant = short_of_spending()
    signatory = made.signatory(grant)
    with pytest.raises(Refused, match="2,600"):
        money.requested_tranche(second(grant))
    assert Notice.objects.filter(user=signatory, kind="disbursements.tranche_waits").count() == 1
    assert "Tranches that wait for spending" in work_kinds(signatory)
    one = further(grant, spent_minor=2_600_00)
    assert (one.label, one.kind, one.state) == ("1.1", "progress", "accepted")
    assert "Tranches you may request" in work_kinds(signatory)
    assert Notice.objects.filter(user=signatory, kind="disbursements.tranche_due").count() == 2
    money.pay(second(grant))
    final = money.accepted_report(grant, spent_minor=4_400_00)
    assert (final.kind, read.spending_of(final).total_minor) == ("final", grant.amount_minor)
    assert list(fsck.findings()) == []
    assert all(trial.balanced for trial in trial_balance())


def test_two_further_reports_add_up_in_order() -> None:
    grant = short_of_spending()
    first = further(grant, spent_minor=1_000_00)
    other = further(grant, spent_minor=1_600_00)
    assert [first.label, other.label] == ["1.1", "1.2"]
    assert read.spending_of(other).before_minor == 4 * THOUSAND
    assert [one.label for one in read.reports_of(grant)] == ["1", "1.1", "1.2", "2"]
    assert waiting.unmet(second(grant)) == []


def test_a_further_report_is_begun_only_while_a_tranche_waits_for_it() -> None:
    fresh = made.active_grant(**OF_TWO_TRANCHES)
    someone = made.signatory(fresh)
    with pytest.raises(Refused, match="between two reports"):
        reports.begin_further_report(fresh, actor=someone)
    money.pay(money.due_tranche(fresh))
    money.accepted_report(fresh, spent_minor=7 * THOUSAND)
    with pytest.raises(Refused, match="No tranche waits"):
        reports.begin_further_report(fresh, actor=someone)
    grant = short_of_spending()
    for person in (signatory_of(eligible_organisation()), made.programme_officer()):
        with pytest.raises(Refused):
            reports.begin_further_report(grant, actor=person)
    begun = reports.begin_further_report(grant, actor=made.signatory(grant))
    with pytest.raises(Refused, match=r"1\.1 is not finished"):
        reports.begin_further_report(grant, actor=made.signatory(grant))
    with pytest.raises(Refused, match="earlier report"):
        reports.open_report(grant.reports.get(kind="final"), actor=made.signatory(grant))
    final = money.written_report(fresh, spent_minor=1)
    with pytest.raises(Refused, match="asks for this"):
        reports.take_back_report(final, actor=someone)
    assert reports.take_back_report(begun, actor=preparer_of(grant.organisation)).state == "waived"
    assert reports.begin_further_report(grant, actor=made.signatory(grant)).label == "1.2"


def test_postgresql_keeps_one_further_report_of_progress() -> None:
    grant = short_of_spending()
    begun = reports.begin_further_report(grant, actor=made.signatory(grant))
    for change in ("extra = 7", "extra = 0", "kind = 'final'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE grants_report SET {change} WHERE id = %s", [begun.pk])


# What the pages say ------------------------------------------------------------------------------------------------


def test_the_request_page_says_what_a_tranche_waits_for() -> None:
    grant = made.active_grant(**OF_TWO_TRANCHES)
    tranche, url = second(grant), page("tranche_request", second(grant))
    client = visitor(made.signatory(grant))
    said = client.get(url)
    assert said.status_code == 200
    for words in ("Report 1 is not accepted yet: scheduled", "An earlier tranche has not been received", "70 %"):
        assert words in said.content.decode()
    assert "authorised signatory" in visitor(preparer_of(grant.organisation)).get(url).content.decode()
    assert visitor(signatory_of(eligible_organisation())).get(url).status_code == 404
    assert visitor(made.programme_officer()).get(url).status_code == 403
    tranches.hold(tranche, reason="ننتظر رأي المدقق", actor=made.manager())
    assert "ننتظر رأي المدقق" in client.get(url).content.decode()


def test_the_partner_begins_and_takes_back_a_further_report_on_the_page() -> None:
    grant = short_of_spending()
    client, url = visitor(preparer_of(grant.organisation)), page("tranche_detail", second(grant))
    said = client.get(url).content.decode()
    assert "What this tranche waits for" in said
    assert "Begin a further report" in said
    assert "Begin a further report" not in visitor(made.programme_officer()).get(url).content.decode()
    stranger = visitor(signatory_of(eligible_organisation()))
    assert stranger.post(page("report_begin", grant)).status_code == 404
    assert visitor(made.programme_officer()).post(page("report_begin", grant)).status_code == 403
    answer = client.post(page("report_begin", grant))
    begun = grant.reports.get(extra=1)
    assert answer["Location"] == page("report_edit", begun)
    assert "Write report 1.1" in client.get(url).content.decode()
    assert client.get(page("report_take_back", begun)).status_code == 200
    assert client.post(page("report_take_back", begun)).status_code == 302
    begun.refresh_from_db()
    assert begun.state == "waived"
    assert client.post(page("report_take_back", grant.reports.get(number=1, extra=0))).status_code == 403


def test_a_report_that_changed_is_not_accepted_and_the_page_shows_the_new_one() -> None:
    grant = made.active_grant(**OF_TWO_TRANCHES)
    report = money.submitted_report(grant, spent_minor=1_234_00)
    client, url = visitor(made.programme_officer()), page("report_accept", report)
    read_first = client.get(url).context["form"]["content_sha256"].value()
    money.returned(report, note="اشرحوا")
    money.submitted_report(grant, spent_minor=4_321_00)
    answer = client.post(url, {"content_sha256": read_first})
    assert answer.status_code == 200
    assert "changed after you opened it" in answer.content.decode()
    assert "4,321.00" in answer.content.decode()
    again = answer.context["form"]["content_sha256"].value()
    assert client.post(url, {"content_sha256": again}).status_code == 302


# Small grants ------------------------------------------------------------------------------------------------------


def light_grant(**wishes: Any) -> Grant:
    """A grant of the charter's light reporting: one final report, whatever its tranches."""
    charter.ratified_charter()
    return made.active_grant(**{"tier": "E", "months": 24, "amount_minor": 20 * THOUSAND, **wishes})


def test_a_small_grant_owes_one_final_report() -> None:
    grant = light_grant()
    assert [(one.number, one.kind, one.period_start) for one in grant.reports.all()] == [(1, "final", grant.starts_on)]
    assert grant.tranches.count() == 4
    over = made.active_grant(tier="M", amount_minor=20 * THOUSAND + 1)
    assert over.reports.filter(kind="progress").count() == 1


def test_a_small_grant_states_its_spending_in_the_request() -> None:
    grant = light_grant()
    money.pay(money.due_tranche(grant))
    two = second(grant)
    assert two.state == "due"
    with pytest.raises(Refused, match="70"):
        money.requested_tranche(two, spent_minor=5_599_99)
    asked = money.requested_tranche(two, spent_minor=5_600_00)
    assert asked.requests.get().spent_minor == 5_600_00
    money.pay_requested(asked)
    three = Tranche.objects.get(grant=grant, number=3)
    assert three.state == "due"
    tranches.cancel(three, reason="لا حاجة إليها", actor=made.manager())
    four = Tranche.objects.get(grant=grant, number=4)
    assert four.state == "due"
    money.pay_requested(money.requested_tranche(four, spent_minor=14_000_00))
    money.accepted_report(grant, spent_minor=16_000_00)
    refund = closing.compute_refund(grant, disallowed_minor=0, actor=made.finance_officers()[0])
    assert refund.amount_minor == 0
    assert closing.close_grant(Grant.objects.get(pk=grant.pk), actor=made.manager()).state == "closed"
    assert list(fsck.findings()) == []


def test_the_request_of_a_small_grant_asks_what_was_spent() -> None:
    grant = light_grant(tier="L", months=12, amount_minor=10 * THOUSAND)
    first = money.due_tranche(grant)
    client = visitor(made.signatory(grant))
    assert "spent_minor" not in client.get(page("tranche_request", first)).content.decode()
    money.pay(first)
    url = page("tranche_request", second(grant))
    assert 'name="spent_minor"' in client.get(url).content.decode()
    account = grant.organisation.bank_accounts.get()
    stated = {"bank_account": account.pk, "cash_on_hand_minor": "0", "forecast_minor": "2000"}
    short = client.post(url, {**stated, "spent_minor": "٥٥٩٩٫٩٩"})
    assert short.status_code == 200
    assert "0.01" in short.content.decode()
    assert client.post(url, {**stated, "spent_minor": "٥٦٠٠"}).status_code == 302
    assert "5,600.00" in visitor(made.programme_officer()).get(page("tranche_detail", second(grant))).content.decode()


def test_postgresql_refuses_a_request_before_enough_is_spent(monkeypatch: pytest.MonkeyPatch) -> None:
    grant = light_grant(tier="L", months=12)
    money.pay(money.due_tranche(grant))
    monkeypatch.setattr(rules, "enough_is_stated", lambda request: Allowed())  # a rule that somebody broke
    with pytest.raises(IntegrityError, match="less than 70 %"), transaction.atomic():
        money.requested_tranche(second(grant), spent_minor=1)


# Currency and slips ------------------------------------------------------------------------------------------------


def test_money_goes_to_an_account_in_its_own_currency(monkeypatch: pytest.MonkeyPatch) -> None:
    grant = made.active_grant(**OF_TWO_TRANCHES)
    tranche, euro = money.due_tranche(grant), usable_bank_account(grant.organisation, currency="EUR")
    ask: dict[str, Any] = {"cash_on_hand_minor": 0, "forecast_minor": 1, "actor": made.signatory(grant)}
    with pytest.raises(Refused, match="kept in EUR; the grant is paid in USD"):
        tranches.request_tranche(tranche, bank_account=euro, **ask)
    form = visitor(made.signatory(grant)).get(page("tranche_request", tranche)).context["form"]
    assert euro not in form.fields["bank_account"].queryset
    monkeypatch.setattr(rules, "is_payable", lambda account, grant: Allowed())  # a rule that somebody broke
    with pytest.raises(IntegrityError, match="not kept in USD"), transaction.atomic():
        tranches.request_tranche(tranche, bank_account=euro, **ask)
    dollars = grant.organisation.bank_accounts.get(currency="USD")
    asked = tranches.request_tranche(tranche, bank_account=dollars, **ask)
    approved = money.approved_tranche(asked)
    monkeypatch.setattr(payments, "current_request", lambda tranche: DisbursementRequest(bank_account=euro))
    monkeypatch.setattr(payments, "payload_hash", lambda *_: "0" * 64)
    with pytest.raises(IntegrityError, match="currency of the payment"), transaction.atomic():
        payments.prepare_payment(approved, actor=made.finance_officers()[0])


def test_a_refused_release_leaves_no_slip(settings: Any, tmp_path: Any) -> None:
    payment = money.prepared_payment(tier="L")
    settings.PRIVATE_ROOT = folder = tmp_path / "slips"
    slip = {"bank_reference": "X", "sent_on": timezone.localdate()}
    with pytest.raises(Refused):
        payments.send_payment(payment, slip=files.pdf(), actor=payment.maker, **slip)
    assert not list(folder.rglob("*.pdf"))
    sent = payments.send_payment(payment, slip=files.pdf(), actor=made.finance_officers()[1], **slip)
    assert [one.relative_to(folder).as_posix() for one in folder.rglob("*.pdf")] == [sent.slip.name]


# Waivers -----------------------------------------------------------------------------------------------------------


def test_the_fund_manager_waives_the_share_that_must_be_spent() -> None:
    grant = short_of_spending()
    signatory, waive = made.signatory(grant), {"condition": "spending", "reason": "دمّر الزلزال المستودع"}
    for person in (made.programme_officer(), made.finance_officers()[0], made.board_member(), signatory):
        with pytest.raises(Refused):
            tranches.waive_condition(second(grant), actor=person, **waive)
    with pytest.raises(Refused, match="does not hold"):
        tranches.waive_condition(second(grant), actor=made.manager(), condition="overdue_report", reason="سبب")
    tranches.waive_condition(second(grant), actor=made.manager(), **waive)
    assert waiting.unmet(second(grant)) == []
    assert "Tranches you may request" in work_kinds(signatory)
    assert Notice.objects.filter(user=signatory, kind="disbursements.condition_waived").count() == 1
    money.pay(second(grant))
    with pytest.raises(Refused, match="does not hold"):
        tranches.waive_condition(second(grant), actor=made.manager(), **waive)
    assert list(fsck.findings()) == []


def test_a_waiver_is_asked_for_on_the_page_of_the_tranche() -> None:
    grant = short_of_spending()
    detail, url = page("tranche_detail", second(grant)), page("tranche_waive", second(grant))
    boss = visitor(made.manager())
    assert url in boss.get(detail).content.decode()
    assert url not in visitor(made.programme_officer()).get(detail).content.decode()
    assert visitor(made.programme_officer()).get(url).status_code == 403
    assert visitor(made.signatory(grant)).get(url).status_code == 403
    assert visitor(signatory_of(eligible_organisation())).get(url).status_code == 403
    assert boss.post(url, {"condition": "spending", "reason": ""}).status_code == 200
    assert boss.post(url, {"condition": "overdue_report", "reason": "سبب"}).status_code == 200
    assert boss.post(url, {"condition": "spending", "reason": "سبب"}).status_code == 302
    said = visitor(made.signatory(grant)).get(detail).content.decode()
    assert "Waived for this tranche" in said
    assert "What this tranche waits for" not in said


def test_an_overdue_report_may_be_waived_for_one_tranche() -> None:
    grant = short_of_spending(spent_minor=8 * THOUSAND)
    reports.open_report(grant.reports.get(kind="final"), actor=None)
    with time_machine.travel(timezone.now() + timedelta(days=800)):
        assert [str(one.reason) for one in waiting.unmet(second(grant))] == [
            "A report is overdue by more than 14 days."
        ]
        tranches.waive_condition(second(grant), condition="overdue_report", reason="سبب", actor=made.manager())
        assert waiting.unmet(second(grant)) == []
