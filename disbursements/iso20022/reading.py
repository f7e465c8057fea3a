"""Small questions to the tree of a bank's file (`kernel.xml_files` reads it)."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element

from kernel.xml_files import UnreadableError


def text_at(element: Element | None, *paths: str) -> str:
    """The text under the first of ``paths`` that has any, on one line; empty when none has."""
    if element is None:
        return ""
    for path in paths:
        found = element.findtext(path)
        if found and found.strip():
            return " ".join(found.split())
    return ""


def texts_at(element: Element, path: str) -> str:
    """All texts under ``path``, joined by a space."""
    return " ".join(" ".join((one.text or "").split()) for one in element.iterfind(path) if (one.text or "").strip())


def minor_of(text: str, digits: int) -> int:
    """An amount as banks write it (``27.050``) in minor units; raises `UnreadableError` when it has a smaller part."""
    try:
        exact = Decimal(text.strip()).scaleb(digits)
    except InvalidOperation as error:
        raise UnreadableError("content", text[:40]) from error
    if not exact.is_finite() or exact != exact.to_integral_value() or abs(exact) >= Decimal(10) ** 17:
        raise UnreadableError("content", text[:40])
    return int(exact)


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children of ``element`` that are called one of ``names``."""
    return (child for child in element if child.tag in names)
