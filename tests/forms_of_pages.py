"""The forms of a page as a browser finds them, and what a tired or hostile hand would type into each of their fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

TYPED = {"text", "textarea", "number", "date", "datetime-local", "time", "month", "email", "tel", "url", "search"}
"""Controls into which people type words of their own."""
CHOSEN = {"select", "radio", "checkbox"}
FILLER = "لا 1e3 1_000 ٣١/٠٢/٢٠٢٦ <b>&amp; " * 600
"""No number, no date, no address, no code; longer than any field of the fund is."""


@dataclass
class Control:
    """A field of a form: its kind as in HTML, and what stands in it."""

    name: str
    kind: str
    value: str = ""


@dataclass
class Form:
    """A form that is sent by POST to ``action`` (empty: to its own page)."""

    action: str
    controls: list[Control] = field(default_factory=list)

    @property
    def typed(self) -> list[str]:
        """Names of the controls into which one types, once each."""
        return list(dict.fromkeys(one.name for one in self.controls if one.kind in TYPED))

    @property
    def asks(self) -> bool:
        """Whether it asks anything: a bare button does not."""
        return any(one.kind in TYPED | CHOSEN | {"file"} for one in self.controls)

    def mark(self, name: str) -> str:
        """What is typed into the control, as it can be found again."""
        return f"قمامة{self.typed.index(name)}"

    def garbage(self) -> dict[str, Any]:
        """Hidden controls as they are; everything else filled with what no field can take."""
        sent: dict[str, Any] = {}
        for one in self.controls:
            if one.kind == "hidden":
                sent[one.name] = one.value
            elif one.kind in TYPED:
                sent[one.name] = f"{self.mark(one.name)} {FILLER}"
            elif one.kind == "file":
                sent[one.name] = SimpleUploadedFile("قمامة.exe", b"MZ\x90\x00 rubbish")
            elif one.kind in CHOSEN - {"checkbox"}:
                sent[one.name] = "no-such-choice"
        return sent


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._in: Form | None = None
        self._area: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._in = Form(at.get("action", ""))
            if at.get("method", "").lower() == "post":
                self.forms.append(self._in)
        elif self._in is not None and "name" in at and "disabled" not in at:
            if tag == "input":
                self._in.controls.append(Control(at["name"], at.get("type", "text"), at.get("value", "")))
            elif tag == "select":
                self._in.controls.append(Control(at["name"], "select"))
            elif tag == "textarea":
                self._in.controls.append(Control(at["name"], "textarea"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in = None


def forms_of(page: str) -> list[Form]:
    """Every form of a page that is sent by POST."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms
