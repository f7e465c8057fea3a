"""The wording of notices: each app registers what its kinds say in ``notice_texts.py``, imported in ``ready``."""

from collections.abc import Callable, Mapping
from typing import Any

from kernel.mail import Letter

Wording = Callable[[Mapping[str, Any]], "tuple[Any, Any] | Letter"]
_wordings: dict[str, Wording] = {}
_urgent: set[str] = set()


def wording(kind: str, *, urgent: bool = False) -> Callable[[Wording], Wording]:
    """Register ``fn(params)``: the subject and body of notices of ``kind``, in the language that is active.

    An ``urgent`` kind waits for no quiet hours and no digest; nor does any whose ``due`` is within a day.
    """

    def decorate(fn: Wording) -> Wording:
        if _wordings.setdefault(kind, fn) is not fn:
            raise ValueError(f"notices of kind {kind!r} are worded twice")
        if urgent:
            _urgent.add(kind)
        return fn

    return decorate


def is_registered(kind: str) -> bool:
    """Whether an app knows how to word ``kind``."""
    return kind in _wordings


def is_urgent(kind: str) -> bool:
    """Whether notices of ``kind`` are told at any hour."""
    return kind in _urgent


def kinds() -> list[str]:
    """All registered kinds, sorted."""
    return sorted(_wordings)


def word(kind: str, params: Mapping[str, Any]) -> Letter:
    """The notice in the active language; `LookupError` for a kind that nobody words."""
    try:
        fn = _wordings[kind]
    except KeyError:
        raise LookupError(f"no wording for notices of kind {kind!r}") from None
    said = fn(params)
    return said if isinstance(said, Letter) else Letter(subject=str(said[0]), body=str(said[1]))
