"""Without facts no picture is drawn; with many donors the small ones are one bar; an upload is done once."""

from decimal import Decimal

import pytest
from django.utils import timezone, translation

from committees.states import Constituency
from grants.promises import Kept, StageName
from transparency.figures.facts import Facts, Gift, Scope
from transparency.figures.told import Choice, Released, Told, Within
from transparency.models import HistoryImport
from transparency.selectors.own import OwnFacts
from transparency.services import runs
from transparency.services.pictures import giving, granting, timing
from transparency.services.pictures.own import BUILDERS
from transparency.services.pictures.own.words import OwnFrame
from transparency.services.pictures.words import Frame, kind_name


def frame(facts: Facts) -> Frame:
    return Frame(scope=Scope(), facts=facts, language="en", rtl=False, least_partners=3)


@pytest.mark.parametrize(
    "draw",
    [
        giving.contributions_by_year, giving.contributions_by_donor, granting.grants_by_year, granting.governorates,
        granting.sectors, granting.partner_kinds, granting.national_share, timing.grant_sizes, timing.durations,
        timing.decision_days,
    ],
)  # fmt: skip
def test_nothing_is_drawn_of_nothing(draw: object) -> None:
    assert draw(frame(Facts())) is None  # type: ignore[operator]


def own_frame(facts: OwnFacts) -> OwnFrame:
    return OwnFrame(Within(facts.released, Choice()), facts, "en", rtl=False)


def test_nothing_is_drawn_of_a_fund_that_has_nothing() -> None:
    nothing = own_frame(OwnFacts("USD", Released(), edges=(1,)))
    # That nobody appealed is said in a sentence.
    assert [key for key, draw in BUILDERS.items() if draw(nothing) is not None] == ["appeals"]


def test_a_large_fund_is_told_in_millions_with_what_was_paid_in_sums() -> None:
    grant = Told("GR-1", "o1", 2026, ("SY07",), "wash", amount=250_000_000_00, paid=100_000_000_00)
    seats = [(Constituency.CIVIL_SOCIETY, True, True, 4), (Constituency.CIVIL_SOCIETY, True, False, 2)]
    speed = [Kept(StageName.TOTAL, promised=60, ended=4, kept=3, middle=50, longest=70)]
    facts = OwnFacts("USD", Released([grant]), paid_in_sums=7_00, spent_in_sums=3_00, seats=seats, speed=speed)
    with translation.override("en"):
        drawn = {key: BUILDERS[key](own_frame(facts)) for key in ("by_year", "seats", "speed")}
    by_year = drawn["by_year"]
    assert by_year is not None
    assert "250.0 million" in by_year.sentence
    assert by_year.rows[-1][4:] == [100_000_007_00, 3_00]
    assert drawn["seats"] is not None
    assert "without a vote" in str(drawn["seats"].rows[1][0])
    assert drawn["speed"] is not None
    assert "kept in" in drawn["speed"].sentence


def test_small_donors_are_one_bar_and_stand_in_the_table() -> None:
    gifts = [Gift(fund="62", year=2026, donor=f"Donor {n:02}", amount=Decimal(100 - n)) for n in range(13)]
    with translation.override("en"):
        picture = giving.contributions_by_donor(frame(Facts(gifts=gifts)))
    assert picture is not None
    assert "Others (3)" in str(picture)
    assert "The five largest donors gave" in str(picture.sentence)
    assert "Donor 12" in str(picture)


def test_a_kind_that_no_list_knows_is_said_to_be_unknown() -> None:
    with translation.override("en"):
        assert (kind_name(None), kind_name(999)) == ("Kind not known", "Kind not known")


@pytest.mark.parametrize("act", [runs.check, runs.execute])
def test_an_upload_that_is_done_is_not_done_again(act: object) -> None:
    at = timezone.now()
    run = HistoryImport(uploaded_at=at, checked_at=at, confirmed_at=at, finished_at=at, progress=100)
    act(run)  # type: ignore[operator]
    assert (run.stage, run.progress, run.totals) == ("finished", 100, {})
