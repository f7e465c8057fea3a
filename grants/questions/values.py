"""The values of expressions: texts, numbers, truth, and several of them (nodes)."""

import re
from datetime import date
from decimal import Context, Decimal
from typing import Final

NUMBERS: Final = Context(prec=34, Emax=60, Emin=-60)

Scalar = str | Decimal | bool | None
"""None is what is no number (XPath's NaN)."""
Nodes = tuple[Scalar, ...]
Value = Scalar | Nodes

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER: Final = re.compile(r"-?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})", re.ASCII)
_EPOCH: Final = date(1970, 1, 1).toordinal()


def first(value: Value) -> Scalar:
    """A value as one: the first of several nodes, the empty text of none."""
    return (value[0] if value else "") if isinstance(value, tuple) else value


def as_number(value: Value) -> Decimal | None:
    """A value as a number; a day is the number of days since 1970, what is no number is None."""
    one = first(value)
    if isinstance(one, bool):
        return Decimal(int(one))
    if one is None or isinstance(one, Decimal):
        return one
    text = one.strip()
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    if _DAY.fullmatch(text):
        try:
            return Decimal(date.fromisoformat(text).toordinal() - _EPOCH)
        except ValueError:
            return None
    return None


def as_text(value: Value) -> str:
    """A value as text; whole numbers without a point, what is no number as nothing."""
    one = first(value)
    if one is None:
        return ""
    if isinstance(one, bool):
        return "true" if one else "false"
    return one if isinstance(one, str) else number_text(one)


def number_text(number: Decimal) -> str:
    """A number in plain digits, without zeros at the end of its fraction."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def as_truth(value: Value) -> bool:
    """A value as true or false: nothing, zero and no node are false."""
    if isinstance(value, tuple):
        return bool(value)
    if isinstance(value, bool):
        return value
    return bool(value)
