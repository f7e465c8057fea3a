"""Rates of exchange, and old and new pounds."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import Role
from kernel.money import Money
from kernel.permissions import Refused
from ledger.models import ReferenceRate
from ledger.rates import Rates, Series, gap_percent, in_new_pounds, mixed_up, series_fits
from ledger.selectors import rate_before, rates_on
from ledger.services import record_rate
from tests.factories import accounts

DAY = date(2026, 5, 1)


@given(st.integers(-(10**12), 10**12), st.integers(0, 99))
def test_a_falling_currency_is_never_worth_more_and_nothing_is_made_by_rounding(minor: int, fall: int) -> None:
    rates = Rates("USD", {"SYP": Decimal("113.5")})
    worth = rates.valued(Money(minor, "SYP"))
    fallen = rates.valued(Money(minor, "SYP"), fall_percent=fall)
    back = rates.valued(Money(-minor, "SYP"))
    assert worth is not None
    assert fallen is not None
    assert back is not None
    assert abs(fallen) <= abs(worth) + 1
    assert worth + back in {0, -1}
    assert rates.valued(Money(minor, "EUR")) is None


def test_pounds_of_both_series() -> None:
    assert in_new_pounds(1_000_000_00, Series.OLD) == 10_000_00
    assert in_new_pounds(1_000_00, Series.NEW) == 1_000_00
    with pytest.raises(ValueError, match="whole pounds"):
        in_new_pounds(1_000_01, Series.OLD)
    assert not series_fits(Series.NEW, date(2025, 12, 31))
    assert series_fits(Series.OLD, DAY), "both notes are accepted for a time"
    assert mixed_up(11_000, 110)
    assert mixed_up(Decimal("1.2"), 110)
    assert not mixed_up(130, 110)
    assert not mixed_up(110, 0)
    assert gap_percent(Decimal(99), Decimal(110)) == Decimal("-10.00")


def rate(**fields: Any) -> ReferenceRate:
    values = {"day": DAY, "base": "USD", "currency": "SYP", "series": "new", "units": Decimal(110), "source": "ن 1"}
    return record_rate(actor=accounts.officer(Role.FINANCE_OFFICER), **{**values, **fields})


@pytest.mark.django_db
def test_the_latest_rate_counts_and_old_pounds_are_a_hundredth() -> None:
    rate()
    rate(units=Decimal(120))
    rate(day=DAY + timedelta(days=9), units=Decimal(150))
    assert rates_on("USD", DAY + timedelta(days=8)).units == {"SYP": 120}
    rate(day=DAY + timedelta(days=2), series="old", units=Decimal(13_000))
    assert rates_on("USD", DAY + timedelta(days=8)).units == {"SYP": 130}
    assert rates_on("USD", DAY - timedelta(days=1)).units == {}
    assert str(rate_before("USD", "SYP", "old", DAY + timedelta(days=2))) == "13000 SYP old"
    with pytest.raises(Refused):
        record_rate(
            day=DAY, base="USD", currency="EUR", units=Decimal(1), source="x", actor=accounts.officer(Role.AUDITOR)
        )
    for wrong in ({"series": ""}, {"currency": "EUR"}, {"units": Decimal(0)}, {"currency": "USD", "series": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rate(**wrong)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReferenceRate.objects.update(units=Decimal(1))


@pytest.mark.django_db
def test_a_hundredfold_jump_asks_again() -> None:
    rate()
    client = Client(headers={"accept-language": "en"})
    accounts.sign_in(client, accounts.officer(Role.FINANCE_OFFICER))
    typed = {"day": timezone.localdate().isoformat(), "currency": "SYP", "units": "١١٥٠٠", "source": "CB 7"}
    url = reverse("ledger:rate_record")
    assert "Say whether" in client.post(url, typed).content.decode()
    typed["series"] = "new"
    assert "a hundred times" in client.post(url, typed).content.decode()
    assert "above zero" in client.post(url, {**typed, "units": "0"}).content.decode()
    past = {**typed, "day": "2025-06-01"}
    assert "old pounds only" in client.post(url, past).content.decode()
    assert ReferenceRate.objects.count() == 1
    assert client.post(url, {**typed, "sure": "on"}).status_code == 302
    assert "CB 7" in client.get(reverse("ledger:rate_list")).content.decode()
    auditor = Client(headers={"accept-language": "en"})
    accounts.sign_in(auditor, accounts.officer(Role.AUDITOR))
    assert auditor.get(reverse("ledger:rate_list")).status_code == 200
    assert auditor.post(url, typed).status_code == 403
