"""Reading XML of strangers: no document type, no entity, bounded depth and size; names without their namespace.

A file that is exchanged between machines declares nothing: whatever does (entities, external references, bombs of entities)
is refused before any of it is looked at. What is read is an ordinary tree.
"""

from typing import Any, Final, NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

_DEPTH: Final = 40
_ELEMENTS: Final = 2_000_000


class UnreadableError(ValueError):
    """A file that cannot be taken; ``code`` says why: ``xml``, ``declares``, ``size``, ``kind``, ``empty``, ``content``."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class _Builder:
    def __init__(self) -> None:
        self.tree = TreeBuilder()
        self.depth = 0
        self.count = 0
        self.namespace = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > _DEPTH or self.count > _ELEMENTS:
            raise UnreadableError("size")
        namespace, _, local = name.rpartition(" ")
        if self.depth == 1:
            self.namespace = namespace
        self.tree.start(local, attributes)

    def end(self, name: str) -> None:
        self.depth -= 1
        self.tree.end(name.rpartition(" ")[2])


def _declared(*_args: Any) -> NoReturn:
    raise UnreadableError("declares")


def parsed(content: bytes) -> tuple[Element, str]:
    """The tree of an XML file and the namespace of its root; raises `UnreadableError`."""
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _declared
    parser.EntityDeclHandler = _declared
    parser.ExternalEntityRefHandler = _declared
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.tree.data
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError("xml", str(error)) from error
    return builder.tree.close(), builder.namespace
