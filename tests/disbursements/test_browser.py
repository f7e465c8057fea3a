"""Files for the bank, statements and providers in Chromium, in Arabic, on a phone and on a desk."""

from typing import Any

import pytest
from django.urls import reverse

from disbursements.models import StatementLine
from grants.models import Grant
from grants.services import extensions
from tests.accessibility import look
from tests.disbursements.test_revisions import approved, asked, reviewed
from tests.disbursements.test_statement_files import camt, entry
from tests.disbursements.test_statements import given
from tests.factories import awards as made
from tests.factories import committees
from tests.factories import disbursements as money
from tests.factories.funds import confirmed_contribution, founded, made_pledge

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pages_of_the_bank(page: Any, live_server: Any) -> None:
    run = money.prepared_run(money.prepared_payment(tier="L"))
    provider = money.approved_provider()
    statement = given(camt(entry("35.00", reference="BK99999", text="Quarterly account fee")))
    line = StatementLine.objects.get()

    def at(name: str, *args: Any) -> str:
        return reverse(f"disbursements:{name}", args=args)

    urls = [
        at("run_list"), at("run_detail", run.pk), at("run_release", run.pk), at("fund_account_new"), at("run_new"),
        at("provider_list"), at("provider_new"), at("provider_detail", provider.pk), at("statement_list"),
        at("statement_new"), at("statement_detail", statement.pk), at("difference_list") + "?whose=all",
        at("line_detail", line.pk), at("line_explain", line.pk),
    ]  # fmt: skip
    assert look(page, live_server, made.finance_officers()[1], urls) == []


def test_pages_of_liquidity(page: Any, live_server: Any) -> None:
    money.due_tranche(tier="L")
    giver = confirmed_contribution(900_000_00).donor
    made_pledge(100_000_00, donor=giver)
    forecast = reverse("disbursements:forecast")
    urls = [
        f"{forecast}?stop={giver.pk}&late=3&fall=x", reverse("disbursements:calendar"), reverse("ledger:rate_list"),
        reverse("ledger:rate_record"),
    ]  # fmt: skip
    assert look(page, live_server, made.finance_officers()[0], urls) == []


def test_pages_of_waqfs(page: Any, live_server: Any) -> None:
    waqf = founded(sectors=["health"])
    confirmed_contribution(90_000_00, donor=waqf.donor, waqf=waqf, restriction_class="END")
    statement = reverse("disbursements:waqf_statement", args=[waqf.pk])
    urls = [
        reverse("funds:waqf_detail", args=[waqf.pk]), reverse("funds:waqf_add", args=[waqf.donor_id]),
        reverse("disbursements:waqf_list"), statement,
        reverse("disbursements:waqf_figure", args=[waqf.pk, "capital", "USD", "closing"]),
    ]  # fmt: skip
    assert look(page, live_server, made.finance_officers()[0], urls) == []


def test_pages_of_a_changed_budget(page: Any, live_server: Any) -> None:
    grant = made.active_grant(tier="M")
    signatory = made.signatory(grant)
    new = reverse("disbursements:revision_new", args=[grant.pk])
    assert look(page, live_server, signatory, [new]) == []
    revision = approved(reviewed(asked(grant, 50)))

    def at(name: str) -> str:
        return reverse(f"disbursements:revision_{name}", args=[revision.pk])

    urls = [at("detail"), at("sign"), at("withdraw"), reverse("disbursements:grant_detail", args=[grant.pk])]
    assert look(page, live_server, signatory, urls) == []


def test_pages_of_an_extension(page: Any, live_server: Any) -> None:
    case = committees.deliberating(number=1)
    committees.decided(committees.open_meeting(case), case.applications[0], "approve")
    grant = made.in_force(Grant.objects.get(application=case.applications[0]))
    signatory = made.signatory(grant)
    assert look(page, live_server, signatory, [reverse("disbursements:extension_new", args=[grant.pk])]) == []
    revision = extensions.request(grant, months=9, reason="تأخر الترخيص من البلدية", actor=signatory)
    detail = reverse("disbursements:revision_detail", args=[revision.pk])
    assert look(page, live_server, signatory, [detail]) == []
    agree = reverse("committees:extension_agree", args=[revision.pk])
    assert look(page, live_server, case.seats[2].user, [agree]) == []
