"""The pieces of pages: their drawings, their sentences, and all of them together in the gallery."""

import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import brotli
import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from kernel.money import Money
from kernel.pieces import Presence, Seat, TranchePart, TrancheState, seats, sentences, tranches
from kernel.pieces.words import day_in_words, moment_in_words
from tests.kernel import gallery

ROOT = Path(__file__).parents[2]


def rendered(source: str, **data: object) -> str:
    return Template("{% load fund %}" + source).render(Context(data))


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("ar", "10 كانون الأول 2026", "الخميس 10 كانون الأول 2026، 16:00 بتوقيت دمشق"),
        ("en", "10 December 2026", "Thursday 10 December 2026, 16:00 Damascus time"),
        ("ku", "10 berfanbar 2026", "pêncşem 10 berfanbar 2026, 16:00 bi dema Şamê"),
    ],
)
def test_days_have_the_month_names_of_the_reader(language: str, day: str, moment: str) -> None:
    at = datetime(2026, 12, 10, 13, 0, tzinfo=UTC)
    assert day_in_words(date(2026, 12, 10), language=language) == day
    assert moment_in_words(at, language=language) == moment


def test_a_moment_late_at_night_is_the_next_day_in_damascus() -> None:
    assert day_in_words(datetime(2026, 12, 9, 22, 30, tzinfo=UTC), language="en") == "10 December 2026"


@pytest.mark.parametrize("language", ["ar", "en", "ku"])
def test_an_amount_is_one_unbroken_isolated_piece(language: str) -> None:
    with translation.override(language):
        shown = rendered("{{ minor|money:'USD' }}", minor=1250050)
    assert shown.startswith('<bdi class="money">')
    assert "12,500.50" in shown
    assert " " not in shown[18:]


def test_nothing_is_shown_for_no_amount_and_no_day() -> None:
    assert rendered("[{{ none|money }}{{ none|day }}{{ none|moment }}{% time_left none %}]", none=None) == "[]"


@pytest.mark.parametrize(
    ("left", "nearness"),
    [
        (timedelta(days=9), ""),
        (timedelta(days=3), "near"),
        (timedelta(hours=5), "near"),
        (timedelta(minutes=5), "near"),
        (timedelta(minutes=-5), "late"),
        (timedelta(days=-4), "late"),
    ],
)
def test_a_deadline_says_when_it_is_near_or_past(left: timedelta, nearness: str) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    assert sentences.time_left(now + left, now=now).nearness == nearness


def test_time_left_is_told_in_hours_on_the_last_two_days() -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    with translation.override("en"):
        assert sentences.time_left(now + timedelta(hours=47, minutes=30), now=now).words == "47 hours left"
        assert sentences.time_left(now + timedelta(hours=49), now=now).words == "2 days left"
        assert sentences.time_left(now - timedelta(days=1), now=now).words == "late by 1 day"


def test_the_arc_counts_who_may_vote_after_recusals() -> None:
    number = seats.count(gallery.committee())
    assert (number.seats, number.civil_society, number.recused, number.away, number.vacant) == (9, 5, 1, 1, 1)
    assert (number.voters, number.civil_society_voters, number.majority) == (6, 4, True)
    with translation.override("en"):
        assert sentences.of_seats(number) == (
            "9 seats, 5 of civil society. 1 recused, 1 absent, 1 vacant. "
            "6 may vote, 4 of civil society: civil society has the majority."
        )


def test_half_is_no_majority() -> None:
    number = seats.count([Seat("networks", "N", civil_society=True), Seat("experts", "E", 2)])
    assert not number.majority
    with translation.override("en"):
        assert "no majority" in sentences.of_seats(number)


def test_nobody_may_vote_when_all_are_recused() -> None:
    number = seats.count([Seat("networks", "N", civil_society=True, presence=Presence.RECUSED)])
    with translation.override("en"):
        assert sentences.of_seats(number).endswith("Nobody may vote.")


@pytest.mark.parametrize("number", [1, 3, 9, 15, 30])
def test_every_seat_is_drawn_once_and_inside_the_picture(number: int) -> None:
    drawing = seats.draw([Seat("networks", "N")] * number, rtl=True)
    circles = re.findall(r'<circle cx="([\d.-]+)" cy="([\d.-]+)" r="(\d+)"', drawing)
    assert len(circles) == number
    for x, y, radius in circles:
        assert float(x) - int(radius) >= 0
        assert float(x) + int(radius) <= seats.WIDTH
        assert float(y) - int(radius) >= 0
        assert float(y) + int(radius) <= seats.HEIGHT


def test_seats_of_one_row_do_not_touch() -> None:
    drawing = seats.draw([Seat("networks", "N")] * 11, rtl=False)
    points = [(float(x), float(y)) for x, y in re.findall(r'<circle cx="([\d.-]+)" cy="([\d.-]+)"', drawing)]
    gaps = [((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 for (x1, y1), (x2, y2) in pairwise(points)]
    assert min(gaps) > 2 * seats.SEAT


def test_the_arc_is_mirrored_for_pages_from_right_to_left() -> None:
    committee = gallery.committee()
    first = re.compile(r'<circle cx="([\d.]+)"')
    to_left, to_right = (first.findall(seats.draw(committee, rtl=rtl)) for rtl in (True, False))
    assert [float(x) + float(y) for x, y in zip(to_left, to_right, strict=True)] == pytest.approx([seats.WIDTH] * 9)


def test_letters_are_escaped_in_the_drawing() -> None:
    assert "<b>" not in seats.draw([Seat("x", "<b>")], rtl=False)


def test_the_bar_gives_each_part_its_share() -> None:
    drawing = tranches.draw(gallery.tranches(), rtl=False)
    assert '<rect class="paid" x="0.00%" width="40.00%"' in drawing
    assert '<rect class="due" x="40.00%" width="26.67%"' in drawing
    assert drawing.count('class="held"') == 4
    assert re.findall(r">(\d{4})</text>", drawing) == ["2026", "2027"]


def test_the_bar_starts_at_the_right_in_arabic() -> None:
    assert '<rect class="paid" x="60.00%" width="40.00%"' in tranches.draw(gallery.tranches(), rtl=True)


def test_the_bar_says_in_words_what_it_shows() -> None:
    with translation.override("en"):
        said = sentences.of_tranches(gallery.tranches(), language="en").replace("\u00a0", " ")
    assert said == (
        "USD 18,000.00 of USD 45,000.00 are paid (40%); due: USD 12,000.00, planned: USD 6,000.00, held: USD 9,000.00."
    )


def test_a_grant_without_money_draws_an_empty_bar() -> None:
    nothing = [TranchePart(Money(0, "USD"), date(2026, 1, 1), TrancheState.PLANNED)]
    assert 'width="0.00%"' in tranches.draw(nothing, rtl=False)
    assert rendered("{% tranche_bar parts %}", parts=[]).strip() == ""


def test_the_query_keeps_filters_and_goes_back_to_the_first_page() -> None:
    request = RequestFactory().get("/", {"status": "open", "place": "SY02", "page": "4"})
    source = "{% load fund %}{% query place=None sort='due' %}"
    assert Template(source).render(Context({"request": request})) == "?status=open&amp;sort=due"


@pytest.mark.parametrize("language", ["ar", "en", "ku"])
def test_the_gallery_shows_every_piece_without_inline_style_or_script(language: str) -> None:
    with translation.override(language):
        page = render_to_string("_pieces/gallery.html", gallery.sample())
    assert not re.search(r"\sstyle=|\son\w+=|<script(?![^>]* src=)|<style", page)
    assert page.count("<svg") == 3
    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page


def test_errors_are_beside_their_fields_and_in_the_summary() -> None:
    with translation.override("en"):
        page = render_to_string("_pieces/form.html", {"form": gallery.sample()["form"], "submit": "Save"})
    assert 'href="#id_email"' in page
    assert 'href="#id_kind_group"' in page
    assert 'id="id_email_error"' in page
    assert 'aria-describedby="id_email_error"' in page
    assert 'id="id_need_helptext"' in page
    assert "Up to 2000 characters" in page
    assert 'value="60000"' in page, "what was typed is kept"


def test_the_stylesheet_is_logical_and_light() -> None:
    css = (ROOT / "static/css/fund.css").read_text()
    assert not re.search(r"(?<![\w-])(left|right)(?![\w-])|(margin|padding|border|inset)-(left|right|top|bottom)", css)
    assert len(brotli.compress(css.encode())) <= 9 * 1024


def test_a_form_page_comes_in_the_first_round_trip() -> None:
    page = render_to_string("_pieces/gallery.html", gallery.sample())
    css = (ROOT / "static/css/fund.css").read_bytes()
    assert len(brotli.compress(page.encode(), quality=5)) + len(brotli.compress(css)) <= 14_600


@pytest.mark.parametrize("page", [("fund", "draft", "sw"), ("fund", "verify")])
def test_the_scripts_of_a_page_are_small(page: tuple[str, ...]) -> None:
    """Uncompressed, what design allows compressed."""
    assert sum((ROOT / f"static/js/{name}.js").stat().st_size for name in page) <= 30_000


def test_every_script_belongs_to_a_page_that_is_weighed() -> None:
    assert {path.stem for path in (ROOT / "static/js").glob("*.js")} == {"fund", "draft", "files", "sw", "verify"}


def tokens(scheme: str) -> dict[str, str]:
    """The colours of the light or the dark scheme, by name."""
    css = (ROOT / "static/css/fund.css").read_text()
    light, dark = css.split("@media (prefers-color-scheme: dark)", 1)
    named = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", light))
    if scheme == "dark":
        named |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", dark.split("*, ::before", 1)[0]))
    return named


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(one * 2 for one in digits) if len(digits) == 3 else digits
    parts = [int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "grounds"),
    [
        ("ink", "paper surface stone brand-tint accent-tint warn-tint danger-tint"),
        ("ink-soft", "paper surface stone accent-tint"),
        ("brand", "paper surface brand-tint stone"),
        ("accent", "paper surface accent-tint"),
        ("danger", "paper surface danger-tint stone"),
        ("warn", "paper surface warn-tint accent-tint stone"),
        ("figure", "paper surface"),
        ("on-brand", "brand"),
        ("on-accent", "accent"),
    ],
)
def test_text_can_be_read_on_every_ground(scheme: str, text: str, grounds: str) -> None:
    named = tokens(scheme)
    poor = {ground: contrast(named[text], named[ground]) for ground in grounds.split()}
    assert {ground: ratio for ground, ratio in poor.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_inputs_and_seats_can_be_seen(scheme: str) -> None:
    named = tokens(scheme)
    names = ["edge", "c1", "c2", "c3", "c4", "c5", "c6"]
    assert [name for name in names if contrast(named[name], named["paper"]) < 3] == []
