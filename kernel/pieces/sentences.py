"""What the drawings show, said in words: for those who do not see them, and to be quoted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kernel.money import Money, format_money
from kernel.pieces.seats import SeatCount
from kernel.pieces.tranches import TranchePart, TrancheState, total

NEAR_DAYS = 3
"""From how many days before it a deadline is shown as near."""


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Time until a deadline in words; ``nearness`` is ``near``, ``late`` or nothing."""

    words: str
    nearness: str


def time_left(due: datetime, *, now: datetime) -> TimeLeft:
    """How long there is until ``due``, in whole days, or in hours on the last two days; both are aware moments."""
    seconds = int((due - now).total_seconds())
    hours, days = abs(seconds) // 3600, abs(seconds) // 86400
    if seconds < 0:
        if days:
            return TimeLeft(ngettext("late by %(n)d day", "late by %(n)d days", days) % {"n": days}, "late")
        return TimeLeft(ngettext("late by %(n)d hour", "late by %(n)d hours", hours or 1) % {"n": hours or 1}, "late")
    if hours < 1:
        return TimeLeft(_("less than an hour left"), "near")
    if hours < 48:
        return TimeLeft(ngettext("%(n)d hour left", "%(n)d hours left", hours) % {"n": hours}, "near")
    words = ngettext("%(n)d day left", "%(n)d days left", days) % {"n": days}
    return TimeLeft(words, "near" if days <= NEAR_DAYS else "")


def of_seats(number: SeatCount) -> str:
    """The seat arc in sentences: the seats, who is missing, and who holds the majority of those who may vote."""
    seats = ngettext("%(n)d seat", "%(n)d seats", number.seats) % {"n": number.seats}
    said = [_("%(seats)s, %(cs)d of civil society.") % {"seats": seats, "cs": number.civil_society}]
    missing = [
        ngettext("%(n)d recused", "%(n)d recused", number.recused) % {"n": number.recused} if number.recused else "",
        ngettext("%(n)d absent", "%(n)d absent", number.away) % {"n": number.away} if number.away else "",
        ngettext("%(n)d vacant", "%(n)d vacant", number.vacant) % {"n": number.vacant} if number.vacant else "",
    ]
    if any(missing):
        said.append(_("%(list)s.") % {"list": _(", ").join(filter(None, missing))})
    return " ".join([*said, _of_voters(number)])


def _of_voters(number: SeatCount) -> str:
    if not number.voters:
        return _("Nobody may vote.")
    counts = {"n": number.voters, "cs": number.civil_society_voters}
    if number.majority:
        return (
            ngettext(
                "%(n)d may vote, %(cs)d of civil society: civil society has the majority.",
                "%(n)d may vote, %(cs)d of civil society: civil society has the majority.",
                number.voters,
            )
            % counts
        )
    return (
        ngettext(
            "%(n)d may vote, %(cs)d of civil society: civil society has no majority, so nothing can be decided.",
            "%(n)d may vote, %(cs)d of civil society: civil society has no majority, so nothing can be decided.",
            number.voters,
        )
        % counts
    )


def of_tranches(parts: Sequence[TranchePart], *, language: str) -> str:
    """The tranche bar in a sentence: how much of the whole is paid, due, planned and held."""
    whole, paid = total(parts), total(parts, TrancheState.PAID)
    said = _("%(paid)s of %(whole)s are paid (%(percent)d%%)") % {
        "paid": format_money(paid, language),
        "whole": format_money(whole, language),
        "percent": 100 * paid.minor // (whole.minor or 1),
    }
    rest = [
        words % {"money": format_money(money, language)}
        for state, words in _rest().items()
        if (money := total(parts, state)).minor
    ]
    return _("%(said)s; %(list)s.") % {"said": said, "list": _(", ").join(rest)} if rest else f"{said}."


def _rest() -> dict[TrancheState, str]:
    return {
        TrancheState.DUE: _("due: %(money)s"),
        TrancheState.PLANNED: _("planned: %(money)s"),
        TrancheState.HELD: _("held: %(money)s"),
    }


def tranche_words() -> dict[TrancheState, str]:
    """What the parts of the tranche bar are called."""
    return {
        TrancheState.PAID: pgettext("tranche", "Paid"),
        TrancheState.DUE: pgettext("tranche", "Due"),
        TrancheState.PLANNED: pgettext("tranche", "Planned"),
        TrancheState.HELD: pgettext("tranche", "Held"),
    }


def tranche_legend(parts: Sequence[TranchePart]) -> list[tuple[TrancheState, str, Money]]:
    """The states that occur in ``parts``, with their names and sums."""
    occurring = {part.state for part in parts}
    return [(state, name, total(parts, state)) for state, name in tranche_words().items() if state in occurring]
