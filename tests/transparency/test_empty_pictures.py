"""Without facts no picture is drawn; with many donors the small ones are one bar; an upload is done once."""

from decimal import Decimal

import pytest
from django.utils import timezone, translation

from transparency.figures.facts import Facts, Gift, Scope
from transparency.models import HistoryImport
from transparency.services import runs
from transparency.services.pictures import giving, granting, timing
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
