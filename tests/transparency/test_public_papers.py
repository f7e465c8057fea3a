"""Reports of years and calls: drawn from released figures, approved by the board, published; nothing withheld in them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from i18nfield.strings import LazyI18nString

from accountability.selectors import Numbers
from accounts.models import User
from accounts.roles import Role
from funds.models import Contribution
from grants.models import Call
from kernel.permissions import Refused
from kernel.work import work_for
from tests.factories import accounts, disbursements
from tests.factories.awards import board_member, manager, programme_officer, signatory
from tests.factories.transparency import birds
from tests.transparency.test_home import decide_all
from transparency.models import FundChart, PublicPaper
from transparency.selectors import published
from transparency.services import drawing_own, papers, releasing, withholding
from transparency.services.papers.calling import call_sections
from transparency.services.papers.parts import in_language, merged
from transparency.services.papers.yearly import year_sections
from transparency.states import Ground, PaperState

pytestmark = [pytest.mark.django_db, pytest.mark.database("four_birds")]


@given(st.dictionaries(st.text(min_size=1, max_size=4), st.integers(0, 30), max_size=10), st.integers(2, 6))
def test_no_small_number_stands_alone_and_none_is_lost(counts: dict[str, int], least: int) -> None:
    counts.pop("rest", None)
    told = merged(counts, least, "rest")
    assert all(number >= least for number in told.values())
    assert sum(told.values()) == (sum(counts.values()) if sum(counts.values()) >= least else 0)


class World:
    def __init__(self) -> None:
        self.grants = birds(4)
        self.hidden = self.grants[2]
        withholding.withhold(
            self.hidden,
            parts=["name", "place"],
            ground=Ground.PARTNER,
            reason="Armed men.",
            actor=signatory(self.hidden),
        )
        disbursements.pay(self.grants[0].tranches.get(number=1))
        releasing.release_due(timezone.localdate() + timedelta(days=70))


@pytest.fixture(scope="module")
def _world(standing: None) -> World:
    return World()


@pytest.fixture
def world(_world: World, db: None) -> World:
    return _world


def drawn(**of: Any) -> PublicPaper:
    learned = LazyI18nString({"ar": "تعلّمنا أن نسأل أبكر.", "en": "We learned to ask earlier."})
    paper = papers.ask(learned=learned, actor=programme_officer(), **of)
    made = papers.draw(paper.pk)
    assert made is not None
    assert papers.draw(paper.pk) is None
    return made


def this_year() -> int:
    return timezone.localdate().year


def words_of(paper: PublicPaper) -> str:
    return str(paper.figures)


def test_a_year_adds_up_to_the_books_and_names_nobody(world: World) -> None:
    paper = drawn(year=this_year())
    said = words_of(paper)
    for grant in world.grants:
        for secret in (grant.organisation.name_latin, grant.organisation.name_ar, grant.reference, str(grant.pk)):
            assert secret not in said
    assert "19,073.31" not in said
    whole = sum(one.amount_minor for one in world.grants)
    assert published.sums("USD").total.minor == whole
    received = Contribution.objects.filter(state="confirmed").aggregate(total=Sum("amount_minor"))["total"]
    money = paper.figures["en"]["sections"][0]["rows"]
    assert money[0][1].replace("\u00a0", " ") == f"USD {received / 100:,.2f}"
    assert money[1][1].replace("\u00a0", " ") == f"USD {whole / 100:,.2f}"
    where = paper.figures["en"]["sections"][1]["rows"]
    assert where[-1][2] == money[1][1]
    assert "We learned to ask earlier." in said


def test_overhead_and_complaints_are_the_dashboards_and_of_no_later_year(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Numbers(date(2026, 7, 1), {"fraud": 2, "process": 14, "programme": 11})
    monkeypatch.setattr("transparency.selectors.own.numbers", lambda: counted)
    drawing_own.draw_fund()
    for language in ("ar", "en"):
        with in_language(language):
            sections = {one.title: one for one in year_sections(this_year()).sections}
            before = {one.title for one in year_sections(this_year() - 1).sections}
        for key in ("complaints", "overhead"):
            chart = FundChart.objects.get(chart=key, language=language, year=0, governorate="", sector="")
            section = sections[chart.title]
            assert section.sentence == chart.sentence
            assert [row[0] for row in section.rows] == [row[0] for row in chart.rows if chart.svg]
            assert (chart.title in before) == (key == "complaints"), (
                "last year's report tells nothing of this year's grants"
            )
    with in_language("en"):
        (costs,) = (one for one in year_sections(this_year() - 1).sections if one.title == "What the fund itself cost")
    assert costs.sentence.endswith("0.00. Nothing was received in the year.")
    assert {row[0]: row[1] for row in sections["Complaints"].rows}["Fraud, corruption, misuse of money"] == "–"


def test_both_languages_are_papers_with_pictures(world: World) -> None:
    paper = drawn(year=this_year())
    for content in (paper.pdf_ar, paper.pdf_en):
        assert bytes(content).startswith(b"%PDF")
    assert "<svg" in paper.figures["ar"]["sections"][0]["svg"]
    assert year_sections(2001).sections[0].rows[1][1].strip("\u2068\u2069")


def test_the_board_approves_what_it_read_and_another_publishes(world: World) -> None:
    paper, board, officer = drawn(year=this_year()), board_member(), programme_officer()
    detail, pdf = (
        reverse("transparency:paper_detail", args=[paper.pk]),
        reverse("transparency:paper_pdf", args=[paper.pk, "en"]),
    )
    for url in (detail, pdf):
        assert Client().get(url).status_code == 404
        assert browser(signatory(world.grants[0])).get(url).status_code == 404
        assert browser(board).get(url).status_code == 200
    assert detail in {item.url for item in work_for(board)}
    with pytest.raises(Refused):
        papers.approve(paper, sha256="0" * 64, actor=board)
    with pytest.raises(Refused):
        papers.approve(paper, sha256=paper.sha256, actor=officer)
    approve = reverse("transparency:paper_approve", args=[paper.pk])
    publish = reverse("transparency:paper_publish", args=[paper.pk])
    for person, url in ((board, approve), (officer, publish)):
        assert browser(person).post(url, {"sha256": paper.sha256}).status_code == 403  # without the second factor
        assert browser(person, second_factor=True).post(url, {"sha256": paper.sha256}).status_code == 302
    paper.refresh_from_db()
    assert (paper.state, paper.approved_by, paper.published_by) == (PaperState.PUBLISHED, board, officer)
    assert "Where" in Client(headers={"accept-language": "en"}).get(detail).content.decode()
    assert Client().get(pdf).content.startswith(b"%PDF")
    assert detail in Client().get(reverse("transparency:paper_list")).content.decode()


def browser(user: User, *, second_factor: bool = False) -> Client:
    client = Client(headers={"accept-language": "en"})
    accounts.sign_in(client, user, second_factor)
    return client


def test_who_approved_does_not_publish(world: World) -> None:
    both = accounts.officer(Role.BOARD_MEMBER)
    accounts.appointment(both, Role.FUND_MANAGER)
    paper = drawn(year=this_year())
    paper = papers.approve(paper, sha256=paper.sha256, actor=both)
    with pytest.raises(Refused):
        papers.publish(paper, sha256=paper.sha256, actor=both)
    assert papers.discard(paper, reason="A figure is late.", actor=manager()).state == PaperState.DISCARDED


def test_a_call_is_reported_once_it_is_decided(world: World) -> None:
    running = Call.objects.get(pk=world.grants[0].call_id)
    with pytest.raises(Refused):
        papers.ask(call=running, actor=programme_officer())
    with in_language("en"):
        undecided = call_sections(running)
    assert "has not decided" in undecided.sections[0].sentence
    assert len(undecided.sections[1].rows) == 2, "what a few asked for is not told"
    assert "Too few" in undecided.sections[-1].sentence
    assert undecided.drawn("en", reference="r", learned=" ")["sections"][-1]["title"] == undecided.sections[-1].title
    decide_all(3)
    call = Call.objects.get(state="decided")
    paper = drawn(call=call)
    said = words_of(paper)
    sections = {one["title"]: one for one in paper.figures["en"]["sections"]}
    assert ["Applications", "3"] in sections["Applications"]["rows"]
    assert sections["Scores by criterion"]["sentence"]
    for application in call.applications.all():
        for secret in (application.organisation.name_latin, application.title, application.reference):
            assert secret not in said


def test_the_secretariat_asks_for_one_thing(world: World) -> None:
    officer = browser(programme_officer())
    page = reverse("transparency:paper_work")
    assert "Choose either a year or a call" in officer.post(page, {"year": ""}).content.decode()
    assert officer.post(page, {"year": this_year()}).status_code == 302
    assert browser(accounts.user()).get(page).status_code == 403
