"""The fund's first page, and the public register of what its committees decided."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from charter.selectors import find_charter_in_force, rules_to_begin_with
from grants.selectors import calls
from transparency.selectors import home as selectors
from transparency.selectors import rapid

MOST_CALLS = 6


def home(request: HttpRequest) -> HttpResponse:
    """What the fund is, what is open now, what it paid out, how it decides."""
    charter = find_charter_in_force()
    context = {
        "open_calls": calls.open_now()[:MOST_CALLS],
        "totals": selectors.totals((charter.rules if charter else rules_to_begin_with()).currency),
        "charter": charter,
        "rules": charter.rules if charter else None,
    }
    return render(request, "transparency/home.html", context)


def decision_register(request: HttpRequest) -> HttpResponse:
    """How every decided call ended, in numbers; names and reasons stay with those concerned."""
    return render(request, "transparency/decision_register.html", {"outcomes": selectors.outcomes()})


def rapid_window(request: HttpRequest) -> HttpResponse:
    """Promised and reached hours of each stage of each alert, and who answers for a clock that was missed."""
    charter = find_charter_in_force()
    context = {"window": rapid.rapid_window(), "promised": charter.rules.deadlines if charter else None}
    return render(request, "transparency/rapid_window.html", context)
