"""Partners' reports in the donors' place: after two people read them, without what they took out, for whose money paid."""

import io
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from accounts.models import User
from accounts.roles import Role
from funds.models import Contribution, Donor
from grants.models import Report
from kernel import identity
from kernel.permissions import Allowed, Refused
from kernel.work import work_for
from tests.factories import accounts, disbursements, funds
from tests.factories.awards import active_grant, signatory
from tests.factories.grants import programme_officer
from transparency.models import SafetyReview
from transparency.safety.redaction import BLACK, not_found, without
from transparency.selectors import giving
from transparency.services import safety, withholding
from transparency.states import Ground, SafetyState

pytestmark = pytest.mark.database("fund_of_full_reports")
THOUSAND = 100_000


# Taking words out ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("قالت أمل إنّ الأمل كبير.", ["أمل"], f"قالت {BLACK} إنّ ال{BLACK} كبير."),
        ("في حَيّ السَّــلام بحمص", ["حي السلام"], f"في {BLACK} بحمص"),
        ("حي\nالسلام", ["حي السلام"], BLACK),
        ("IDLEB and Idlib", ["idleb"], f"{BLACK} and Idlib"),
        ("العدد ٤٢ بيتاً", ["42"], f"العدد {BLACK} بيتاً"),
        ("Amal Amalia", ["Amal", "Amalia"], f"{BLACK} {BLACK}"),
        ("nothing here", ["", " "], "nothing here"),
    ],
)
def test_words_go_however_they_are_spelt(text: str, words: list[str], left: str) -> None:
    assert without(text, words) == left


@given(st.text("abاأىيم ةه\nـَ", max_size=40), st.lists(st.text("abاأىيم ةه", min_size=1, max_size=4), max_size=3))
def test_no_word_is_left(text: str, words: list[str]) -> None:
    left = without(text, words)
    for piece in left.split(BLACK):
        sought = [word for word in words if word.strip()]
        assert set(not_found(sought, [piece])) == set(sought)


# The fund ----------------------------------------------------------------------------------------------------------------


class Fund:
    """A grant paid by two donors' money, with an accepted report; a third donor gave for something else."""

    def __init__(self) -> None:
        self.first = funds.confirmed_contribution(60 * THOUSAND)
        self.second = funds.confirmed_contribution(60 * THOUSAND)
        self.third = funds.confirmed_contribution(60 * THOUSAND, restriction_class="RES-SECTOR", sectors=["education"])
        self.grant = active_grant(amount_minor=12 * THOUSAND, sources={self.first: 36 * THOUSAND})
        disbursements.pay(self.grant.tranches.get(number=1))
        self.report = disbursements.accepted_report(self.grant, spent_minor=8 * THOUSAND, number=1)
        self.officer, self.manager = programme_officer(), accounts.officer(Role.FUND_MANAGER)


@pytest.fixture(scope="module")
def _fund(standing: None) -> Fund:
    return Fund()


@pytest.fixture
def fund(_fund: Fund, db: None) -> Fund:
    return _fund


def review_of(report: Report) -> SafetyReview:
    return SafetyReview.objects.get(report=report)


def browser(user: User, *, confirmed: bool = False) -> Client:
    client = Client(headers={"accept-language": "en"})
    accounts.sign_in(client, user, second_factor=confirmed)
    return client


def code_of(donor: Donor, grant: Any) -> str:
    return giving.told_to(donor, [grant])[grant.pk].code


def status(client: Client, contribution: Contribution, fund: Fund, *, pdf: bool = False) -> int:
    donor = contribution.donor
    url = reverse("transparency:donor_document", args=[donor.pk, code_of(donor, fund.grant), 1, 0])
    return client.get(url, {"format": "pdf"} if pdf else {}).status_code


def read(client: Client, contribution: Contribution, fund: Fund) -> tuple[str, str]:
    """The page and the PDF in words."""
    donor = contribution.donor
    url = reverse("transparency:donor_document", args=[donor.pk, code_of(donor, fund.grant), 1, 0])
    page, paper = client.get(url), client.get(url, {"format": "pdf"})
    assert page.status_code == paper.status_code == 200
    assert page["Cache-Control"] == paper["Cache-Control"] == "private, no-store"
    return page.content.decode(), "".join(one.extract_text() for one in PdfReader(io.BytesIO(paper.content)).pages)


def cleared(fund: Fund, **taken_out: Any) -> SafetyReview:
    review = review_of(fund.report)
    review = safety.propose(review, **{"hidden_parts": [], "hidden_words": [], **taken_out}, actor=fund.officer)
    return safety.clear(review, shown_sha256=review.shown_sha256, actor=fund.manager)


@pytest.mark.django_db
def test_two_people_clear_it_and_only_who_paid_reads_what_is_left(fund: Fund) -> None:
    review, donor = review_of(fund.report), fund.first.donor
    person = browser(funds.representative(donor, "programme"))
    page = reverse("transparency:safety_review", args=[review.pk])
    assert status(person, fund.first, fund) == 404
    assert all(page in [item.url for item in work_for(one)] for one in (fund.officer, fund.manager))
    officer, manager = browser(fund.officer), browser(fund.manager, confirmed=True)
    missing = officer.post(page, {"hidden_words": "المضخّة\nسليمى"}).content.decode()
    assert "does not stand in the report" in missing
    assert "سليمى" in missing  # nothing typed is lost
    assert officer.post(page, {"hidden_parts": ["did_not_work"], "hidden_words": "الْمِضَخَة"}).status_code == 302
    review.refresh_from_db()
    assert page not in [item.url for item in work_for(fund.officer)]
    assert status(person, fund.first, fund) == 404
    clear, shown = reverse("transparency:safety_clear", args=[review.pk]), {"shown": review.shown_sha256}
    browser(fund.officer, confirmed=True).post(clear, shown)
    manager.post(clear, {"shown": "0" * 64})
    assert review_of(fund.report).state == SafetyState.PROPOSED
    assert browser(fund.manager).post(clear, shown).status_code == 403  # without a second factor
    assert review_of(fund.report).state == SafetyState.PROPOSED
    manager.post(clear, shown)
    for text in read(person, fund.first, fund):
        assert BLACK in text
        assert "المضخة" not in text
        assert "المور" not in text
    assert "8,000.00" in read(person, fund.first, fund)[0]
    # Unearmarked money is everybody's in proportion: the second donor's paid a part of it too.
    assert status(browser(funds.representative(fund.second.donor)), fund.second, fund) == 200
    third = browser(funds.representative(fund.third.donor))
    assert status(third, fund.third, fund) == 404
    assert (
        fund.grant.reference
        not in third.get(reverse("transparency:donor_documents", args=[fund.third.donor_id])).content.decode()
    )
    assert status(third, fund.first, fund) == status(browser(accounts.user()), fund.first, fund) == 404
    assert status(browser(funds.representative(donor, "finance")), fund.first, fund) == 403
    # One person takes it back, and the next request finds nothing.
    back = reverse("transparency:safety_keep_back", args=[review.pk])
    assert officer.post(back, {"reason": ""}).status_code == 200
    officer.post(back, {"reason": "سُئل عن اللجنة."})
    assert status(person, fund.first, fund) == status(person, fund.first, fund, pdf=True) == 404
    review.refresh_from_db()
    assert (review.state, review.cleared_by) == (SafetyState.KEPT_BACK, None)
    assert page not in [item.url for item in work_for(fund.manager)]  # not before its day


@pytest.mark.django_db
def test_a_withheld_partner_stays_withheld_in_its_report_and_more_withheld_takes_it_back(fund: Fund) -> None:
    cleared(fund)
    person = browser(funds.representative(fund.first.donor))
    assert status(person, fund.first, fund) == 200
    why = {"parts": ["name", "place"], "ground": Ground.PARTNER, "reason": "سُئل عنّا."}
    withholding.withhold(fund.grant, actor=signatory(fund.grant), **why)
    assert review_of(fund.report).state == SafetyState.WAITING
    assert status(person, fund.first, fund) == 404
    cleared(fund)
    page, paper = read(person, fund.first, fund)
    for text in (page, paper):
        assert "8,000.00" not in text
        assert "100 %" in text
        for secret in (fund.grant.organisation.name_ar, fund.grant.organisation.name_latin, fund.grant.reference):
            assert secret not in text
    other = browser(funds.representative(fund.third.donor))
    listed = other.get(reverse("transparency:donor_documents", args=[fund.third.donor_id])).content.decode()
    assert "No report yet" in listed


@pytest.mark.django_db
def test_strangers_read_no_review_and_postgresql_wants_two_people(fund: Fund, monkeypatch: Any) -> None:
    review = review_of(fund.report)
    page = reverse("transparency:safety_review", args=[review.pk])
    for stranger in (accounts.user(), funds.representative(fund.first.donor), signatory(fund.grant)):
        assert browser(stranger).get(page).status_code == 403
        with identity.person(stranger.pk):
            assert SafetyReview.objects.count() == 0
        with pytest.raises(Refused):
            safety.propose(review, hidden_parts=[], hidden_words=[], actor=stranger)
    with identity.person(fund.officer.pk):
        assert SafetyReview.objects.count() > 0
    assert browser(fund.officer).get(reverse("transparency:safety_review", args=[uuid4()])).status_code == 404
    review = safety.propose(review, hidden_parts=[], hidden_words=[], actor=fund.officer)
    monkeypatch.setattr("audit.rules.ask", lambda *_args, **_named: Allowed())
    for one in (fund.officer, fund.report.submitted_by):
        with pytest.raises(IntegrityError, match="report_cleared_by"):
            safety.clear(review, shown_sha256=review.shown_sha256, actor=one)
        review = review_of(fund.report)
