"""What became of a gift, told on the papers of its giver: higher layers know it, papers of givers are drawn here."""

from collections.abc import Callable, Iterable

Telling = Callable[[Iterable[str]], dict[str, str]]
_tellings: list[Telling] = []


def tells_of_gifts(fn: Telling) -> Telling:
    """Register ``fn(references)``: a sentence in the language of now for each gift of which it knows something."""
    if fn not in _tellings:
        _tellings.append(fn)
    return fn


def told_of(references: Iterable[str]) -> list[tuple[str, str]]:
    """What is known of the gifts, in their order: reference and sentence."""
    asked = list(references)
    known = [fn(asked) for fn in _tellings]
    return [(one, told[one]) for one in asked for told in known if one in told]
