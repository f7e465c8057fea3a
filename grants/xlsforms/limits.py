"""Limits of a question as XLSForm says them: bounds and lengths are part of the constraint there."""

import re
from dataclasses import dataclass
from typing import Final

_PARTS: Final = {
    "minimum": re.compile(r"\.\s*>=\s*(\d{1,15})"),
    "maximum": re.compile(r"\.\s*<=\s*(\d{1,15})"),
    "max_length": re.compile(r"string-length\(\s*\.\s*\)\s*<=\s*(\d{1,6})"),
}
_BELOW_ZERO: Final = re.compile(r"\.\s*>=?\s*-\s*\d")


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a number (whole units), characters of a text."""

    minimum: int | None = None
    maximum: int | None = None
    max_length: int | None = None


def written(limits: Limits, constraint: str) -> str:
    """The limits and the rest of the constraint as one expression."""
    parts = []
    if limits.minimum is not None:
        parts.append(f". >= {limits.minimum}")
    if limits.maximum is not None:
        parts.append(f". <= {limits.maximum}")
    if limits.max_length is not None:
        parts.append(f"string-length(.) <= {limits.max_length}")
    if constraint.strip():
        parts.append(f"({constraint.strip()})" if parts else constraint.strip())
    return " and ".join(parts)


def read(constraint: str, names: frozenset[str]) -> tuple[Limits, str]:
    """The limits ``names`` that ``constraint`` begins with, and what is left of it."""
    found: dict[str, int] = {}
    rest = constraint.strip()
    while rest:
        name, match = next(
            ((name, match) for name in names - found.keys() if (match := _PARTS[name].match(rest))), ("", None)
        )
        after = rest[match.end() :].lstrip() if match else ""
        if match is None or (after and not re.match(r"and\b", after)):
            break
        found[name] = int(match[1])
        rest = after.removeprefix("and").strip() if after else ""
    if found and _is_bracketed(rest):
        rest = rest[1:-1].strip()
    elif found and re.search(r"\bor\b", rest):
        # "a and b or c" is not "a" and something else: nothing was taken out of it.
        return Limits(), constraint.strip()
    return Limits(**found), rest


def _is_bracketed(text: str) -> bool:
    """Whether the first bracket closes at the very end."""
    if not (text.startswith("(") and text.endswith(")")):
        return False
    depth, quote = 0, ""
    for place, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        else:
            depth += (char == "(") - (char == ")")
            if depth == 0:
                return place == len(text) - 1
    return False


def goes_below_zero(constraint: str) -> bool:
    """Whether a constraint asks for numbers below zero, which are not read."""
    return bool(_BELOW_ZERO.search(constraint))
