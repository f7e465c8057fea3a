"""What figures of donors' money are made of: contributions and promises, each of which opens further."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from funds import selectors
from funds.models import Contribution, Pledge
from kernel.money import Money
from kernel.pieces.words import day_in_words
from ledger.figures import Piece


def contribution(one: Contribution) -> Piece:
    """A contribution; once it is in the books it opens into its receipts."""
    name = "funds:contribution_received" if one.account_id else "funds:contribution_detail"
    hint = f"{one.get_state_display()} · {_day(one.received_on)}"
    return Piece(one.reference, Money(one.amount_minor, one.currency), reverse(name, args=[one.pk]), hint)


def pledge(one: Pledge) -> Piece:
    """A promise, which opens into what arrived of it and what did not."""
    hint = f"{one.get_state_display()} · {_day(one.expected_on)}"
    url = reverse("funds:pledge_figure", args=[one.pk])
    return Piece(str(one.donor), Money(one.amount_minor, one.currency), url, hint)


def of_pledge(one: Pledge) -> Iterator[Piece]:
    """What arrived of a promise, what was given up of it, and what is still awaited."""
    whole, received = Money(one.amount_minor, one.currency), selectors.received_of(one)
    given_up = selectors.written_off(one)
    if received:
        yield Piece(_("Received of it"), received, reverse("funds:pledge_received", args=[one.pk]))
    if given_up:
        yield Piece(_("Written off"), given_up, reverse("funds:pledge_written_off", args=[one.pk]))
    if rest := whole - received - given_up:
        page = reverse("funds:pledge_detail", args=[one.pk])
        words = _("More arrived than was promised") if rest.minor < 0 else _("Not received")
        yield Piece(words, rest, page, f"{one.get_state_display()} · {_day(one.expected_on)}")


def _day(day: object) -> str:
    return day_in_words(day, language=get_language() or "ar")  # type: ignore[arg-type]
