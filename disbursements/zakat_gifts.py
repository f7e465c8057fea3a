"""What became of zakat that was given by card, for the papers of its givers."""

from collections.abc import Iterable
from datetime import date

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from disbursements.selectors import zakat
from disbursements.selectors.zakat import Share
from funds.giving_ends import tells_of_gifts
from kernel.money import format_money
from kernel.pieces.words import day_in_words


@tells_of_gifts
def distributed(references: Iterable[str]) -> dict[str, str]:
    """How much of each gift was paid to recipients, as far as it can be told apart from gifts gathered with it."""
    today = timezone.localdate()
    return {one.gift: _sentence(one, today) for one in zakat.shares_of(references)}


def _sentence(one: Share, today: date) -> str:
    language = get_language() or "ar"
    words = {
        "paid": format_money(one.paid, language),
        "held": format_money(one.held, language),
        "day": day_in_words(today, language=language),
        "due": day_in_words(one.due_on, language=language),
    }
    if one.paid == one.held:
        return _("All of this zakat, %(paid)s, was paid to its recipients.") % words
    return (
        _(
            "By %(day)s %(paid)s of this zakat of %(held)s was paid to its recipients: its share of all gifts gathered with it. "
            "The rest is with them by %(due)s."
        )
        % words
    )
