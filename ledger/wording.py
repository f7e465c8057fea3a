"""What accounts are for and why transfers happened: kept as a key with its facts, said in the reader's language.

An app registers its wordings in its `books.py`; what it gets back makes the `Said` of one account or transfer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Said:
    """The key of a registered wording and the names, codes and numbers that it mentions."""

    key: str
    facts: Mapping[str, str] = field(default_factory=dict)


_wordings: dict[str, str | Promise] = {}


def wording(key: str, words: str | Promise) -> Callable[..., Said]:
    """Register ``words`` under ``key`` (``app.name``); the answer takes the facts that the words mention.

    Raises ValueError for a key that other words have.
    """
    if _wordings.setdefault(key, words) is not words:
        raise ValueError(f"the books have other words for {key}")

    def say(**facts: Any) -> Said:
        return Said(key, {name: str(value) for name, value in facts.items()})

    return say


def as_said(words: Said | str) -> Said:
    """Plain text as it stands, without facts."""
    return words if isinstance(words, Said) else Said(words)


def is_wording(key: str) -> bool:
    """Whether ``key`` is of a registered wording, and no plain text that somebody wrote."""
    return key in _wordings


def in_words(key: str, facts: Mapping[str, str]) -> str:
    """What is kept, in the reader's language; plain text is said as it stands."""
    words = _wordings.get(key)
    return key if words is None else str(words) % facts
