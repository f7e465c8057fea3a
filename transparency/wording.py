"""Numbers in sentences and charts: the same digits in every language, kept apart from the direction round them."""

from decimal import Decimal

from django.utils.translation import gettext as _

FSI, LRI, PDI = "\u2068", "\u2066", "\u2069"
MILLION = 1_000_000


def isolate(text: str) -> str:
    """``text`` kept apart from the direction round it."""
    return f"{FSI}{text}{PDI}"


def number(value: int) -> str:
    """A whole number with separators, as everywhere in the fund."""
    return f"{value:,}"


def millions(value: Decimal | int) -> str:
    """Millions with one decimal, the bare number of a chart; small amounts keep their first digits."""
    in_millions = Decimal(value) / MILLION
    return f"{in_millions:.1f}" if abs(in_millions) >= Decimal("0.05") or not value else f"{in_millions:.2f}"


def round_millions(value: Decimal | int) -> str:
    """Millions without decimals, with one below ten: what fits above a column."""
    in_millions = Decimal(value) / MILLION
    return f"{in_millions:.0f}" if abs(in_millions) >= 10 or not value else f"{in_millions:.1f}"


def dollars(value: Decimal | int) -> str:
    """An amount in a sentence: millions with one decimal, smaller ones in whole dollars."""
    exact = Decimal(value)
    if abs(exact) >= MILLION:
        return isolate(_("USD %(amount)s million") % {"amount": f"{exact / MILLION:,.1f}"})
    return isolate(_("USD %(amount)s") % {"amount": f"{exact:,.0f}"})


def percent(value: Decimal | None) -> str:
    """A share to one place, or a dash for the share of nothing."""
    return "–" if value is None else f"{LRI}{value:.1f}\u00a0%{PDI}"


def years_text(years: list[int]) -> str:
    """A span of years."""
    if years[0] == years[-1]:
        return isolate(str(years[0]))
    # Translators: a span of years behind "In", as in "In 2015–2025 projects were granted …"
    return _("%(first)s–%(last)s") % {"first": isolate(str(years[0])), "last": isolate(str(years[-1]))}
