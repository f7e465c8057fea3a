"""The donors' place, the register of decisions and reports to everybody in Chromium: Arabic and English, phone and desk."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from tests.accessibility import look
from tests.factories import accounts, disbursements, funds
from tests.factories.awards import active_grant, board_member, programme_officer, signatory
from transparency.models import SafetyReview
from transparency.services import papers, releasing, safety, withholding
from transparency.states import Ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pages_of_donors_and_reports(page: Any, live_server: Any) -> None:
    contribution = funds.confirmed_contribution(90_000_00)
    grants = [active_grant(amount_minor=10_000_00, sources={contribution: 30_000_00}) for _ in range(2)]
    withholding.withhold(grants[1], parts=["name"], ground=Ground.PARTNER, reason="خطر", actor=signatory(grants[1]))
    disbursements.pay(grants[0].tranches.get(number=1))
    report = disbursements.accepted_report(grants[0], spent_minor=5_000_00, number=1)
    review = SafetyReview.objects.get(report=report)
    review = safety.propose(review, hidden_parts=["people"], hidden_words=["المضخة"], actor=programme_officer())
    manager = accounts.officer(Role.FUND_MANAGER)
    review = safety.clear(review, shown_sha256=review.shown_sha256, actor=manager)
    funds.made_pledge(donor=contribution.donor)
    releasing.release_due(timezone.localdate() + timedelta(days=70))
    paper = papers.ask(year=timezone.localdate().year, learned="تعلّمنا", actor=programme_officer())
    assert papers.draw(paper.pk) is not None
    donor = contribution.donor_id

    def at(name: str, *args: Any) -> str:
        return reverse(f"transparency:{name}", args=args)

    urls = [
        at("donor_place", donor), at("donor_statement", donor), at("donor_portfolio", donor),
        at("donor_grant", donor, grants[0].reference), at("donor_documents", donor), at("donor_alerts", donor),
        at("donor_document", donor, grants[0].reference, 1, 0), at("decision_list"), at("decision_register"), at("paper_list"),
    ]  # fmt: skip
    assert look(page, live_server, funds.representative(contribution.donor), urls) == []
    page.context.clear_cookies()
    assert look(page, live_server, board_member(), [at("paper_detail", paper.pk)]) == []
    page.context.clear_cookies()
    reviews = [at("safety_list"), at("safety_review", review.pk), at("safety_keep_back", review.pk)]
    reviews += [at("paper_work"), at("paper_discard", paper.pk)]
    assert look(page, live_server, programme_officer(), reviews) == []
