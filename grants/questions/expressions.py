"""Expressions of forms (``relevant``, ``constraint``, ``calculation``): the part of XPath that Kobo's forms live on.

``${name}`` is the answer to a question, ``.`` the answer that is being judged. An answer is a text, a number or a day
(in ISO form); nothing answered is the empty text; the chosen keys of a list stand in one text with spaces between them.
All answers of a repeated question together are nodes. What is not understood is refused by name, never guessed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, DecimalException
from functools import lru_cache
from typing import Final

from grants.questions.patterns import Pattern, PatternError, compiled
from grants.questions.values import NUMBERS, Nodes, Scalar, Value, as_number, as_text, as_truth, first

MOST_CHARACTERS: Final = 2_000
MOST_DEPTH: Final = 40
"""Brackets within brackets."""
MOST_HEIGHT: Final = 150
"""Parts within parts: also the terms of one long sum."""


class ExpressionError(ValueError):
    """An expression that cannot be used: ``code`` says why, ``what`` is the part it is about.

    Codes: ``empty``, ``too_long``, ``character``, ``unfinished``, ``function``, ``arguments``, ``path``, ``pattern``,
    ``literal_pattern``, ``deep``.
    """

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code}: {what}")
        self.code = code
        self.what = what


@dataclass(frozen=True, slots=True)
class Node:
    """A part of an expression: ``kind`` is ``value``, ``name``, ``this``, an operator or ``call``; ``said`` what it says."""

    kind: str
    said: str | Decimal = ""
    parts: "tuple[Node, ...]" = ()
    height: int = 0

    @classmethod
    def of(cls, kind: str, said: str, parts: "tuple[Node, ...]") -> "Node":
        """A part over other parts. Raises `ExpressionError` where they stand too deep."""
        height = 1 + max((part.height for part in parts), default=0)
        if height > MOST_HEIGHT:
            raise ExpressionError("deep")
        return cls(kind, said, parts, height)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression is evaluated in: the answers by name, the answer that is judged, the day."""

    answer: Callable[[str], Value]
    this: Value = ""
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was understood; ``names`` are the questions that it looks at."""

    source: str
    root: Node
    names: frozenset[str]

    def value(self, scope: Scope) -> Scalar:
        """What the expression comes to."""
        return first(_evaluate(self.root, scope))

    def holds(self, scope: Scope) -> bool:
        """Whether the expression comes to something true."""
        return as_truth(_evaluate(self.root, scope))


# Reading ----------------------------------------------------------------------------------------------------------

_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<number>\d+(?:\.\d*)?|\.\d+)
  | (?P<text>'[^']*'|"[^"]*")
  | \$\{\s*(?P<name>[^{}$]*?)\s*\}
  | (?P<sign><=|>=|!=|[=<>+\-*(),])
  | (?P<word>[^\W\d][\w.\-]*)
  | (?P<path>\.\.|[/\[\]@|:])
  | (?P<this>\.)
    )""",
    re.VERBOSE,
)
NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_\-]*", re.ASCII)
"""How a question may be called."""

_LEVELS: Final = (("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))
_ARGUMENTS: Final[dict[str, tuple[int, int]]] = {
    "not": (1, 1), "true": (0, 0), "false": (0, 0), "selected": (2, 2), "count": (1, 1), "sum": (1, 1),
    "if": (3, 3), "string-length": (0, 1), "regex": (2, 2), "count-selected": (1, 1), "coalesce": (2, 2),
    "concat": (1, 30), "min": (1, 30), "max": (1, 30), "round": (1, 2), "int": (1, 1), "number": (1, 1),
    "string": (1, 1), "boolean": (1, 1), "today": (0, 0),
}  # fmt: skip
FUNCTIONS: Final = tuple(sorted(_ARGUMENTS))
"""The functions that are understood."""


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    at = 0
    while source[at:].strip():
        found = _TOKEN.match(source, at)
        if found is None:
            raise ExpressionError("character", source[at:].strip()[:1])
        at = found.end()
        kind = found.lastgroup or ""
        said = found[kind]
        if kind == "path":
            raise ExpressionError("path", said)
        if kind == "name" and not NAME.fullmatch(said):
            raise ExpressionError("path", "${" + said + "}")
        yield kind, said
    yield "end", ""


@lru_cache(maxsize=4096)
def parse(source: str) -> Expression:
    """The expression that ``source`` writes. Raises `ExpressionError`."""
    if len(source) > MOST_CHARACTERS:
        raise ExpressionError("too_long", str(MOST_CHARACTERS))
    if not source.strip():
        raise ExpressionError("empty")
    reader = _Parser(list(_tokens(source)))
    root = reader.whole()
    return Expression(source, root, frozenset(reader.names))


class _Parser:
    """Reads tokens by the precedence of XPath."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.names: set[str] = set()

    def whole(self) -> Node:
        node = self._level(0)
        kind, said = self.tokens[self.at]
        if kind != "end":
            raise ExpressionError("unfinished", said)
        return node

    def _take(self) -> tuple[str, str]:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def _expect(self, sign: str) -> None:
        kind, said = self._take()
        if (kind, said) != ("sign", sign):
            raise ExpressionError("unfinished", said or sign)

    def _level(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        if level == 0:
            self.depth += 1
            if self.depth > MOST_DEPTH:
                raise ExpressionError("deep")
        node = self._level(level + 1)
        while self.tokens[self.at][0] in {"sign", "word"} and self.tokens[self.at][1] in _LEVELS[level]:
            operator = self._take()[1]
            node = Node.of(operator, "", (node, self._level(level + 1)))
        if level == 0:
            self.depth -= 1
        return node

    def _unary(self) -> Node:
        signs = 0
        while self.tokens[self.at] == ("sign", "-"):
            self.at += 1
            signs += 1
        node = self._one()
        return Node.of("negative", "", (node,)) if signs % 2 else node

    def _one(self) -> Node:
        kind, said = self._take()
        match kind:
            case "number":
                if len(said) > 30:
                    raise ExpressionError("too_long", said[:30])
                return Node("value", Decimal(said))
            case "text":
                return Node("value", said[1:-1])
            case "name":
                self.names.add(said)
                return Node("name", said)
            case "this":
                return Node("this")
            case "word":
                return self._call(said)
        if (kind, said) == ("sign", "("):
            node = self._level(0)
            self._expect(")")
            return node
        raise ExpressionError("unfinished", said)

    def _call(self, name: str) -> Node:
        if self.tokens[self.at] != ("sign", "("):
            raise ExpressionError("path", name)
        if name not in _ARGUMENTS:
            raise ExpressionError("function", f"{name}()")
        self.at += 1
        parts = tuple(self._arguments())
        least, most = _ARGUMENTS[name]
        if not least <= len(parts) <= most:
            raise ExpressionError("arguments", f"{name}()")
        if name == "regex":
            _check_pattern(parts[1])
        return Node.of("call", name, parts)

    def _arguments(self) -> Iterator[Node]:
        if self.tokens[self.at] == ("sign", ")"):
            self.at += 1
            return
        while True:
            yield self._level(0)
            kind, said = self._take()
            if (kind, said) == ("sign", ")"):
                return
            if (kind, said) != ("sign", ","):
                raise ExpressionError("unfinished", said or ")")


def _check_pattern(node: Node) -> None:
    if node.kind != "value" or not isinstance(node.said, str):
        raise ExpressionError("literal_pattern", "regex()")
    try:
        compiled(node.said)
    except PatternError as error:
        raise ExpressionError("pattern", error.what) from error


# Evaluating -------------------------------------------------------------------------------------------------------


def _evaluate(node: Node, scope: Scope) -> Value:  # noqa: PLR0911 -- one answer a kind
    match node.kind:
        case "value":
            return node.said
        case "name":
            return scope.answer(str(node.said))
        case "this":
            return scope.this
        case "negative":
            number = as_number(_evaluate(node.parts[0], scope))
            return None if number is None else NUMBERS.minus(number)
        case "and":
            return all(as_truth(_evaluate(part, scope)) for part in node.parts)
        case "or":
            return any(as_truth(_evaluate(part, scope)) for part in node.parts)
        case "call":
            return _CALLS[str(node.said)](node.parts, scope)
    left, right = (_evaluate(part, scope) for part in node.parts)
    if node.kind in _ORDER:
        return _compare(node.kind, left, right)
    return _reckon(node.kind, as_number(left), as_number(right))


_ORDER: Final = frozenset({"=", "!=", "<", "<=", ">", ">="})


def _compare(operator: str, left: Value, right: Value) -> bool:
    """Nodes compare true when one of them does, as in XPath."""
    lefts: Nodes = left if isinstance(left, tuple) else (left,)
    rights: Nodes = right if isinstance(right, tuple) else (right,)
    return any(_compare_two(operator, one, other) for one in lefts for other in rights)


def _compare_two(operator: str, left: Scalar, right: Scalar) -> bool:
    if operator in {"=", "!="}:
        return _same(left, right) == (operator == "=")
    one, other = as_number(left), as_number(right)
    if one is None or other is None:
        return False
    return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[operator]


def _same(left: Scalar, right: Scalar) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return as_truth(left) == as_truth(right)
    if left is None or right is None:
        return False
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        one, other = as_number(left), as_number(right)
        return one is not None and other is not None and one == other
    return left == right


def _reckon(operator: str, left: Decimal | None, right: Decimal | None) -> Decimal | None:
    """A result that is no number, or beyond all bounds, is None."""
    if left is None or right is None:
        return None
    acts: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
        "+": NUMBERS.add, "-": NUMBERS.subtract, "*": NUMBERS.multiply, "div": NUMBERS.divide, "mod": NUMBERS.remainder,
    }  # fmt: skip
    try:
        return acts[operator](left, right)
    except DecimalException:
        return None


Parts = tuple[Node, ...]


def _nodes(node: Node, scope: Scope) -> Nodes:
    value = _evaluate(node, scope)
    return value if isinstance(value, tuple) else (value,)


def _numbers(parts: Parts, scope: Scope) -> list[Decimal]:
    """All numbers among the arguments; what was not answered does not count."""
    found = [as_number(one) for part in parts for one in _nodes(part, scope)]
    return [number for number in found if number is not None]


def _sum(parts: Parts, scope: Scope) -> Decimal | None:
    total: Decimal | None = Decimal(0)
    for number in _numbers(parts, scope):
        total = _reckon("+", total, number)
    return total


def _selected(parts: Parts, scope: Scope) -> bool:
    return as_text(_evaluate(parts[1], scope)).strip() in as_text(_evaluate(parts[0], scope)).split()


def _if(parts: Parts, scope: Scope) -> Value:
    condition, then, otherwise = parts
    return _evaluate(then if as_truth(_evaluate(condition, scope)) else otherwise, scope)


def _coalesce(parts: Parts, scope: Scope) -> Value:
    value = first(_evaluate(parts[0], scope))
    return value if value not in ("", None) else first(_evaluate(parts[1], scope))


def _round(parts: Parts, scope: Scope) -> Decimal | None:
    number = as_number(_evaluate(parts[0], scope))
    digits = as_number(_evaluate(parts[1], scope)) if len(parts) > 1 else Decimal(0)
    if number is None or digits is None or not 0 <= digits <= 10:
        return None
    try:
        return number.quantize(Decimal(1).scaleb(-int(digits)), "ROUND_HALF_UP", NUMBERS)
    except DecimalException:
        return None


def _int(parts: Parts, scope: Scope) -> Decimal | None:
    number = as_number(_evaluate(parts[0], scope))
    return None if number is None else number.to_integral_value("ROUND_DOWN")


def _length(parts: Parts, scope: Scope) -> Decimal:
    return Decimal(len(as_text(_evaluate(parts[0], scope) if parts else scope.this)))


def _regex(parts: Parts, scope: Scope) -> bool:
    pattern: Pattern = compiled(str(parts[1].said))
    return pattern.matches(as_text(_evaluate(parts[0], scope)))


_CALLS: Final[dict[str, Callable[[Parts, Scope], Value]]] = {
    "not": lambda parts, scope: not as_truth(_evaluate(parts[0], scope)),
    "true": lambda _parts, _scope: True,
    "false": lambda _parts, _scope: False,
    "selected": _selected,
    "count": lambda parts, scope: Decimal(sum(1 for one in _nodes(parts[0], scope) if one not in ("", None))),
    "sum": _sum,
    "if": _if,
    "string-length": _length,
    "regex": _regex,
    "count-selected": lambda parts, scope: Decimal(len(as_text(_evaluate(parts[0], scope)).split())),
    "coalesce": _coalesce,
    "concat": lambda parts, scope: "".join(as_text(_evaluate(part, scope)) for part in parts),
    "min": lambda parts, scope: min(_numbers(parts, scope), default=None),
    "max": lambda parts, scope: max(_numbers(parts, scope), default=None),
    "round": _round,
    "int": _int,
    "number": lambda parts, scope: as_number(_evaluate(parts[0], scope)),
    "string": lambda parts, scope: as_text(_evaluate(parts[0], scope)),
    "boolean": lambda parts, scope: as_truth(_evaluate(parts[0], scope)),
    "today": lambda _parts, scope: scope.today.isoformat() if scope.today else "",
}
