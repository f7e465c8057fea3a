"""The passport of due diligence as a page: each item with its state, its end and what its reader can do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from charter.schema import PassportItemRules
from kernel.pieces import Tone
from organisations import rules, selectors
from organisations.models import Organisation, PassportItem
from organisations.states import PassportState

TONES: Final = {
    PassportState.WANTED: Tone.TODO,
    PassportState.SUBMITTED: Tone.OPEN,
    PassportState.ACCEPTED: Tone.DONE,
    PassportState.RETURNED: Tone.WARN,
    PassportState.WAIVED: Tone.OFF,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One item of the charter beside what the organisation gave for it."""

    key: str
    asked: PassportItemRules
    item: PassportItem | None

    @property
    def name(self) -> str:
        return self.asked.name.in_language(get_language() or "ar")

    @property
    def asks(self) -> str:
        return self.asked.asks.in_language(get_language() or "ar")

    @property
    def ended(self) -> bool:
        """Whether it was accepted and has come to its end."""
        item = self.item
        return item is not None and item.state == PassportState.ACCEPTED and not rules.in_date(item)

    @property
    def state(self) -> Any:
        """The state in words."""
        if self.ended:
            return _("past its date")
        return self.item.get_state_display() if self.item is not None else PassportState.WANTED.label

    @property
    def tone(self) -> Tone:
        return Tone.STOP if self.ended else TONES[PassportState(self.item.state if self.item else PassportState.WANTED)]

    @property
    def until(self) -> date | None:
        return self.item.valid_until if self.item is not None else None


def rows(organisation: Organisation) -> list[Row]:
    """All items that the charter asks of the organisation, in the charter's order."""
    given = selectors.passport_items(organisation)
    return [Row(key, asked, given.get(key)) for key, asked in rules.asked_of(organisation).items()]


def row(organisation: Organisation, key: str) -> Row | None:
    """One item; None for a key that the charter does not ask."""
    return next((one for one in rows(organisation) if one.key == key), None)


def settled(organisation: Organisation) -> tuple[int, int]:
    """How many items hold today, and of how many."""
    found = rows(organisation)
    return sum(one.item is not None and rules.in_date(one.item) for one in found), len(found)


def ending(user: Any, day: date) -> Iterator[tuple[PassportItem, str, bool]]:
    """Items of the organisations of ``user`` to be mended: item, name, whether it was returned (else it ends by ``day``)."""
    for item in selectors.own_items_to_mend(user, day):
        asked = rules.asked_of(item.organisation).get(item.key)
        if asked is not None:
            yield item, asked.name.in_language(get_language() or "ar"), item.state == PassportState.RETURNED
