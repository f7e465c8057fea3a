"""Patterns of text that are matched in a time that grows with the text alone, whatever the pattern.

Python's own ``re`` follows one guess after another and can be made to guess for years. Here a pattern becomes a machine
of at most `MOST_STATES` states, all of which are followed at once. What a machine cannot do (references back, looking
ahead) is refused by name. A pattern matches the whole text, as in ODK; digits of any script count as 0–9.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

MOST_STATES: Final = 800
MOST_TEXT: Final = 1_000
"""Characters of a text that are looked at; a longer one matches no pattern."""
_MOST_REMEMBERED: Final = 5_000
_MOST_DEPTH: Final = 30

Test = Callable[[str], bool]


class PatternError(ValueError):
    """A pattern that cannot be used; ``what`` is the part that is not understood."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(slots=True)
class _Machine:
    """States with their silent steps, and at most one step that reads a character."""

    silent: list[list[int]] = field(default_factory=list)
    reads: list[tuple[Test, int] | None] = field(default_factory=list)

    def state(self) -> int:
        if len(self.silent) >= MOST_STATES:
            raise PatternError("{}")
        self.silent.append([])
        self.reads.append(None)
        return len(self.silent) - 1


# What was read: a tree of tuples, built into the machine afterwards, so that a counted part can be built many times.
_Tree = tuple[str, Any]


class Pattern:
    """A pattern that was understood."""

    def __init__(self, source: str) -> None:
        self.source = source
        tree = _Reader(source).read()
        self._machine = _Machine()
        self._start = self._machine.state()
        self._end = _build(tree, self._machine, self._start)
        # A counted part is built many times with the same test: each test is asked once for each character.
        self._tests = {id(step[0]): step[0] for step in self._machine.reads if step is not None}
        self._takes: dict[str, frozenset[int]] = {}
        self._steps: dict[tuple[frozenset[int], str], frozenset[int]] = {}

    def matches(self, text: str) -> bool:
        """Whether the whole of ``text`` is as the pattern says."""
        if len(text) > MOST_TEXT:
            return False
        states = self._closure({self._start})
        for char in map(_plain, text):
            states = self._step(states, char)
            if not states:
                return False
        return self._end in states

    def _step(self, states: frozenset[int], char: str) -> frozenset[int]:
        known = self._steps.get((states, char))
        if known is not None:
            return known
        reads, takes = self._machine.reads, self._taking(char)
        found = {step[1] for state in states if (step := reads[state]) is not None and id(step[0]) in takes}
        reached = self._closure(found)
        if len(self._steps) < _MOST_REMEMBERED:
            self._steps[states, char] = reached
        return reached

    def _taking(self, char: str) -> frozenset[int]:
        known = self._takes.get(char)
        if known is None:
            known = frozenset(key for key, test in self._tests.items() if test(char))
            if len(self._takes) < _MOST_REMEMBERED:
                self._takes[char] = known
        return known

    def _closure(self, states: set[int]) -> frozenset[int]:
        waiting, found = list(states), set(states)
        while waiting:
            for other in self._machine.silent[waiting.pop()]:
                if other not in found:
                    found.add(other)
                    waiting.append(other)
        return frozenset(found)


@lru_cache(maxsize=256)
def compiled(source: str) -> Pattern:
    """The pattern that ``source`` writes. Raises `PatternError`."""
    return Pattern(source)


def _plain(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)


def _build(tree: _Tree, machine: _Machine, start: int) -> int:
    """Put ``tree`` behind the state ``start``; returns the state in which it ends."""
    kind, said = tree
    if kind == "read":
        end = machine.state()
        machine.reads[start] = (said, end)
        # A state that reads is left by reading alone; silent steps lead to it from elsewhere.
        return end
    if kind == "all":
        for part in said:
            start = _build(part, machine, _fresh(machine, start))
        return start
    if kind == "any":
        end = machine.state()
        for part in said:
            machine.silent[_build(part, machine, _fresh(machine, start))].append(end)
        return end
    part, least, most = said
    return _repeated(part, machine, start, least, most)


def _fresh(machine: _Machine, start: int) -> int:
    made = machine.state()
    machine.silent[start].append(made)
    return made


def _repeated(part: _Tree, machine: _Machine, start: int, least: int, most: int | None) -> int:
    for _number in range(least):
        start = _build(part, machine, _fresh(machine, start))
    end = machine.state()
    machine.silent[start].append(end)
    if most is None:
        inner = _fresh(machine, start)
        after = _build(part, machine, inner)
        machine.silent[after] += [inner, end]
        return end
    for _number in range(most - least):
        start = _build(part, machine, _fresh(machine, start))
        machine.silent[start].append(end)
    return end


_CLASSES: Final[dict[str, Test]] = {
    "d": lambda char: "0" <= char <= "9",
    "w": lambda char: char.isalnum() or char == "_" or unicodedata.category(char) == "Mn",
    "s": str.isspace,
}
_CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r"}


def _class(letter: str) -> Test | None:
    test = _CLASSES.get(letter.lower())
    if test is None:
        return None
    return test if letter.islower() else lambda char: not test(char)


class _Reader:
    """Reads a pattern from left to right."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.depth = 0

    def read(self) -> _Tree:
        if self.source.startswith("^"):
            self.at = 1
        tree = self._either()
        if self.at < len(self.source):
            raise PatternError(self.source[self.at])
        return tree

    def _peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def _take(self) -> str:
        char = self._peek()
        if not char:
            raise PatternError(self.source[-1:] or "^")
        self.at += 1
        return char

    def _either(self) -> _Tree:
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            raise PatternError("(")
        found = [self._sequence()]
        while self._peek() == "|":
            self.at += 1
            found.append(self._sequence())
        self.depth -= 1
        return found[0] if len(found) == 1 else ("any", found)

    def _sequence(self) -> _Tree:
        found: list[_Tree] = []
        while (char := self._peek()) and char not in "|)":
            if char == "$" and self.at == len(self.source) - 1:
                self.at += 1
                break
            found.append(self._counted(self._one()))
        return "all", found

    def _one(self) -> _Tree:
        char = self._take()
        if char == "(":
            return self._group()
        if char == "[":
            return "read", self._set()
        if char == ".":
            return "read", lambda one: one != "\n"
        if char == "\\":
            return "read", self._escaped()
        if char in "*+?{^$":
            raise PatternError(char)
        return "read", _is(char)

    def _group(self) -> _Tree:
        if self._peek() == "?":
            if not self.source.startswith("?:", self.at):
                raise PatternError("(" + self.source[self.at : self.at + 2])
            self.at += 2
        tree = self._either()
        if self._peek() != ")":
            raise PatternError("(")
        self.at += 1
        return tree

    def _escaped(self) -> Test:
        char = self._take()
        if (test := _class(char)) is not None:
            return test
        if char in _CONTROLS:
            return _is(_CONTROLS[char])
        if char.isalnum():
            raise PatternError("\\" + char)
        return _is(char)

    def _set(self) -> Test:
        negated = self._peek() == "^"
        self.at += negated
        tests: list[Test] = []
        while (char := self._take()) != "]" or not tests:
            tests.append(self._member(char))
        if negated:
            return lambda one: not any(test(one) for test in tests)
        return lambda one: any(test(one) for test in tests)

    def _member(self, char: str) -> Test:
        if char == "[" and self._peek() == ":":
            raise PatternError("[:")
        if char == "\\":
            if _class(self._peek()) is not None:
                return self._escaped()
            char = self._literal_escape()
        following = self.source[self.at + 1 : self.at + 2]
        if self._peek() != "-" or following in {"", "]"}:
            return _is(char)
        self.at += 1
        last = self._take()
        if last == "\\":
            last = self._literal_escape()
        first, last = _plain(char), _plain(last)
        if last < first:
            raise PatternError(f"{first}-{last}")
        return lambda one: first <= one <= last

    def _literal_escape(self) -> str:
        char = self._take()
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char.isalnum():
            raise PatternError("\\" + char)
        return char

    def _counted(self, tree: _Tree) -> _Tree:
        least: int
        most: int | None
        match self._peek():
            case "*":
                least, most = 0, None
            case "+":
                least, most = 1, None
            case "?":
                least, most = 0, 1
            case "{":
                return self._many(tree)
            case _:
                return tree
        self.at += 1
        return self._lazily(("times", (tree, least, most)))

    def _many(self, tree: _Tree) -> _Tree:
        end = self.source.find("}", self.at)
        said = self.source[self.at + 1 : end] if end > 0 else ""
        first, comma, last = said.partition(",")
        if not _is_count(first) or (last and not _is_count(last)):
            raise PatternError("{" + said)
        self.at = end + 1
        least = int(first)
        most = None if comma and not last else int(last or first)
        if most is not None and most < least:
            raise PatternError("{" + said + "}")
        return self._lazily(("times", (tree, least, most)))

    def _lazily(self, tree: _Tree) -> _Tree:
        """Greedy or not, the whole text matches or it does not; a second count is a slip."""
        if self._peek() == "?":
            self.at += 1
        if self._peek() and self._peek() in "*+{?":
            raise PatternError(self._peek())
        return tree


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 3


def _is(char: str) -> Test:
    wanted = _plain(char)
    return lambda one: one == wanted
