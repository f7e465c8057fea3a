"""A condition of an award as the committee words it: what must be done, by when, and what waits for it.

In records it is a line of text (it holds the signature, due within the charter's days) or a mapping with ``text``,
``blocks``, ``tranche`` and ``due``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from grants.states import ConditionBlocks
from grants.words import Words, day

Asked = str | dict[str, str | int]
"""A condition in records."""


@dataclass(frozen=True, slots=True)
class ConditionDraft:
    """One condition. ``tranche`` is the number of the first tranche that waits; ``due`` is None for the charter's days."""

    text: str
    blocks: str = ConditionBlocks.SIGNATURE
    tranche: int | None = None
    due: date | None = None

    @classmethod
    def of(cls, said: Asked) -> Self:
        """Read a condition out of a record. Raises ValueError for one that no record holds."""
        if isinstance(said, str):
            return cls(said)
        due = said.get("due")
        blocks, number = ConditionBlocks(str(said["blocks"])), said.get("tranche")
        return cls(
            str(said["text"]), blocks, int(number) if number else None, date.fromisoformat(str(due)) if due else None
        )

    @property
    def said(self) -> Asked:
        """The condition for a record; `of` reads it back."""
        if self == ConditionDraft(self.text):
            return self.text
        parts: dict[str, Any] = {
            "text": self.text,
            "blocks": str(self.blocks),
            "tranche": self.tranche,
            "due": self.due.isoformat() if self.due else None,
        }
        return {name: value for name, value in parts.items() if value is not None}

    @property
    def words(self) -> Words:
        """The condition with what waits for it and its day, as a reader reads it."""
        effect = in_words(self.blocks, self.tranche)
        if self.due is None:
            return format_lazy("{} ({})", self.text, effect)
        return format_lazy("{} ({}; {})", self.text, effect, format_lazy(_("due on {day}"), day=day(self.due)))


def in_words(blocks: str, tranche: int | None) -> Words:
    """What waits for a condition."""
    if blocks == ConditionBlocks.TRANCHE:
        return format_lazy(_("before tranche {number}"), number=tranche)
    return ConditionBlocks(blocks).label


def listed(conditions: Iterable[Asked]) -> list[Words]:
    """Conditions of a record, each in words."""
    return [ConditionDraft.of(one).words for one in conditions]
