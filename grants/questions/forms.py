"""What a form means: which questions are asked, what is reckoned, what an answer must keep to.

A form is a tree of items: pages hold questions, groups and repeats; groups hold the same; a repeat holds questions that
are answered once for each of several things. Everything here is plain data and arithmetic.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

from grants.questions.expressions import Expression, ExpressionError, Scope, parse
from grants.questions.proportion import AMOUNT
from grants.questions.values import Scalar, Value, as_text, as_truth

PAGE, GROUP, REPEAT, NOTE, CALCULATED = "page", "group", "repeat", "note", "calculated"
HOLDERS: Final = frozenset({PAGE, GROUP, REPEAT})
MOST_DEEP: Final = 6
"""Groups within groups."""
MOST_INSTANCES: Final = 60
"""How often a repeat can be answered."""


@dataclass(frozen=True, slots=True)
class Item:
    """A page, group, repeat, note or question; expressions as they were written, empty where there is none."""

    key: str
    kind: str
    items: "tuple[Item, ...]" = ()
    relevant: str = ""
    constraint: str = ""
    calculation: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps a form from being used: ``code`` and what it is about, at the item ``key``.

    Codes are those of `ExpressionError` and ``name``, ``twice``, ``unknown``, ``circle``, ``inside_repeat``, ``deep``,
    ``constraint_without_answer``, ``no_calculation``, ``group_as_answer``.
    """

    key: str
    code: str
    what: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """An item with the holders above it; ``repeat`` is the key of the repeat that it stands in."""

    item: Item
    above: tuple[Item, ...]
    repeat: str = ""


Answers = Mapping[str, Scalar]
Instances = Mapping[str, Sequence[Answers]]


@lru_cache(maxsize=4096)
def _read(source: str) -> Expression | None:
    try:
        return parse(source) if source.strip() else None
    except ExpressionError:
        return None


def _walk(items: Iterable[Item], above: tuple[Item, ...] = (), repeat: str = "") -> Iterator[_Place]:
    for item in items:
        yield _Place(item, above, repeat)
        if len(above) <= MOST_DEEP:
            yield from _walk(item.items, (*above, item), item.key if item.kind == REPEAT else repeat)


@dataclass(frozen=True)
class Form:
    """A form that can be asked; ``problems`` says why not."""

    pages: tuple[Item, ...]

    @cached_property
    def places(self) -> dict[str, _Place]:
        """Items by their key; pages are not answered and may be called like a question."""
        return {place.item.key: place for place in _walk(self.pages) if place.item.kind != PAGE}

    @cached_property
    def has_logic(self) -> bool:
        """Whether any expression stands in the form."""
        return any(
            place.item.relevant or place.item.constraint or place.item.calculation for place in _walk(self.pages)
        )

    def names_in(self, item: Item) -> frozenset[str]:
        """The questions that the item and what it holds look at."""
        places = _walk((item,))
        return frozenset(
            name
            for place in places
            for source in (place.item.relevant, place.item.constraint, place.item.calculation)
            if (read := _read(source))
            for name in read.names
        )

    @cached_property
    def order(self) -> list[str]:
        """The items, each after all that its relevance and its calculation look at; those in a circle are left out."""
        waiting = {key: set(self._looks_at(place)) & self.places.keys() for key, place in self.places.items()}
        needed_by: dict[str, list[str]] = {}
        for key, names in waiting.items():
            for name in names:
                needed_by.setdefault(name, []).append(key)
        ready = [key for key, names in waiting.items() if not names]
        found: list[str] = []
        while ready:
            key = ready.pop()
            found.append(key)
            for other in needed_by.get(key, ()):
                waiting[other].discard(key)
                if not waiting[other]:
                    ready.append(other)
        return found

    def _looks_at(self, place: _Place) -> Iterator[str]:
        holders = [*place.above, place.item]
        sources = [one.relevant for one in holders]
        if place.item.kind == CALCULATED:
            sources.append(place.item.calculation)
        for source in sources:
            if (read := _read(source)) is not None:
                yield from read.names
        if place.item.kind == REPEAT:
            yield from (one.item.key for one in _walk(place.item.items, place.above) if one.item.kind == CALCULATED)

    def problems(self) -> list[Problem]:
        """All that is wrong with the form, in its order."""
        found = list(self._structure())
        for place in _walk(self.pages):
            for column in ("relevant", "constraint", "calculation"):
                found += self._expression(place.item, column, getattr(place.item, column))
        asked = set(self.order)
        return found + [Problem(key, "circle", key) for key in self.places if key not in asked]

    def _structure(self) -> Iterator[Problem]:
        seen: set[str] = set()
        for place in _walk(self.pages):
            item = place.item
            if item.kind == PAGE:
                continue
            if item.key in seen or item.key == AMOUNT:
                yield Problem(item.key, "twice", item.key)
            seen.add(item.key)
            if item.kind == REPEAT and place.repeat:
                yield Problem(item.key, "inside_repeat", place.repeat)
            if len(place.above) >= MOST_DEEP:
                yield Problem(item.key, "deep", item.key)
            if item.kind == CALCULATED and not item.calculation.strip():
                yield Problem(item.key, "no_calculation", item.key, "calculation")
            if item.constraint and item.kind in {NOTE, CALCULATED, *HOLDERS}:
                yield Problem(item.key, "constraint_without_answer", item.key, "constraint")

    def _expression(self, item: Item, column: str, source: str) -> Iterator[Problem]:
        if not source.strip():
            return
        try:
            read = parse(source)
        except ExpressionError as error:
            yield Problem(item.key, error.code, error.what, column)
            return
        for name in sorted(read.names - {AMOUNT}):
            if name not in self.places:
                yield Problem(item.key, "unknown", "${" + name + "}", column)
            elif self.places[name].item.kind in {GROUP, NOTE}:
                yield Problem(item.key, "group_as_answer", "${" + name + "}", column)

    def judge(self, answers: Answers, instances: Instances, *, today: date | None = None) -> "Judgement":
        """The form over ``answers``: by key, and for each repeat the answers of each time."""
        judged = Judgement(self, dict(answers), {key: list(rows) for key, rows in instances.items()}, today)
        judged.settle()
        return judged


@dataclass(slots=True)
class Judgement:
    """A form with its answers: what is asked, what was reckoned, what breaks a rule.

    A place is a key, or a key with the number of the time that its repeat is answered.
    """

    form: Form
    answers: dict[str, Scalar]
    instances: dict[str, list[Answers]]
    today: date | None = None
    reckoned: dict[tuple[str, int | None], Scalar] = field(default_factory=dict)
    unasked: set[tuple[str, int | None]] = field(default_factory=set)

    def settle(self) -> None:
        """Work out all items, each after those that it looks at."""
        for key in self.form.order:
            place = self.form.places[key]
            for number in self._numbers(place):
                if not self._asked(place, number):
                    self.unasked.add((key, number))
                elif place.item.kind == CALCULATED and (read := _read(place.item.calculation)) is not None:
                    self.reckoned[key, number] = _kept(read.value(self._scope(place, number)))

    def is_asked(self, key: str, number: int | None = None) -> bool:
        """Whether the item is asked for, as the answers stand."""
        return (key, number) not in self.unasked

    def page_is_asked(self, page: Item) -> bool:
        """Whether a page is asked for."""
        read = _read(page.relevant)
        return read is None or read.holds(Scope(lambda name: self.value(name, None), today=self.today))

    def keeps(self, key: str, answer: Scalar, number: int | None = None) -> bool:
        """Whether ``answer`` keeps to the item's constraint; nothing answered breaks no rule."""
        place = self.form.places[key]
        read = _read(place.item.constraint)
        if read is None or answer in ("", None):
            return True
        return read.holds(self._scope(place, number, answer))

    def value(self, name: str, number: int | None) -> Value:
        """What stands for ``${name}`` in a place; ``number`` says which time, where both stand in the same repeat."""
        place = self.form.places.get(name)
        if place is None:
            return self.answers.get(name, "")
        if place.item.kind == REPEAT:
            return ("1",) * len(self.instances.get(name, ())) if self.is_asked(name) else ()
        if not place.repeat:
            return self._one(name, None)
        if number is not None:
            return self._one(name, number)
        return tuple(self._one(name, one) for one in range(len(self.instances.get(place.repeat, ()))))

    def _one(self, name: str, number: int | None) -> Scalar:
        if (name, number) in self.unasked:
            return ""
        if (name, number) in self.reckoned:
            return self.reckoned[name, number]
        if number is None:
            return self.answers.get(name, "")
        return self.instances[self.form.places[name].repeat][number].get(name, "")

    def _numbers(self, place: _Place) -> Iterable[int | None]:
        return range(len(self.instances.get(place.repeat, ()))) if place.repeat else (None,)

    def _scope(self, place: _Place, number: int | None, this: Scalar = "") -> Scope:
        def answer(name: str) -> Value:
            other = self.form.places.get(name)
            together = other is not None and other.repeat == place.repeat
            return self.value(name, number if together else None)

        return Scope(answer, this, self.today)

    def _asked(self, place: _Place, number: int | None) -> bool:
        for one in (*place.above, place.item):
            read = _read(one.relevant)
            if read is None:
                continue
            home = self.form.places.get(one.key) if one.kind != PAGE else None
            inside = home is not None and bool(home.repeat)
            scope = self._scope(home if inside and home else _Place(one, ()), number if inside else None)
            if not as_truth(read.value(scope)):
                return False
        return True


def _kept(value: Scalar) -> Scalar:
    """A reckoned value as it is kept: text."""
    return as_text(value)
