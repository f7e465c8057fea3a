"""The forms of a page as a browser finds them, and what a tired or hostile hand would type into each of their fields."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import html

TYPED = {"text", "textarea", "number", "date", "datetime-local", "time", "month", "email", "tel", "url", "search"}
"""Controls into which people type words of their own."""
CHOSEN = {"select", "radio", "checkbox"}
PASSWORD = "كلمة"
"""Nobody's password, and too short for a new one; no page shows again what was typed as one."""
FILLER = "لا 1e3 1_000 ٣١/٠٢/٢٠٢٦ <b>&amp; " * 600
"""No number, no date, no address, no code; longer than any field of the fund is."""
NO_NUMBERS = ("1e3", "1_000", "1\u202e000.5.0", "-٥", "9" * 40, "١٢ ألف", "∞", "0x1F")
"""Numbers that are none here: scientific, with underscores, turned round and with two points, below zero, too large, in words."""
NO_DAYS = ("31.02.2026", "٣١/٠٢/٢٠٢٦", "2026-13-01", "غدًا", "1/1/99999", "0000-00-00")
BROKEN = "\x00\u202e\u2066"
"""What no text may hold: a null byte and turns of direction that are never closed."""


@dataclass
class Control:
    """A field of a form: its kind as in HTML, what stands in it, and whether a number belongs into it."""

    name: str
    kind: str
    value: str = ""
    number: bool = False

    @property
    def chosen(self) -> bool:
        """Whether it is one of several choices: a lone box to tick takes whatever is sent for a tick."""
        return self.kind in CHOSEN and (self.kind != "checkbox" or self.value not in {"", "on", "1", "true"})


@dataclass
class Form:
    """A form that is sent by POST to ``action`` (empty: to its own page)."""

    action: str
    controls: list[Control] = field(default_factory=list)
    button: dict[str, str] = field(default_factory=dict)
    """What the button that is pressed sends along: the first of the form, where it has a name."""

    @property
    def typed(self) -> list[str]:
        """Names of the controls into which one types, once each."""
        return list(dict.fromkeys(one.name for one in self.controls if one.kind in TYPED))

    @property
    def passwords(self) -> list[str]:
        """Names of the controls into which one types unseen."""
        return [one.name for one in self.controls if one.kind == "password"]

    @property
    def asks(self) -> bool:
        """Whether it asks anything: a bare button does not."""
        return any(one.kind in TYPED | CHOSEN | {"file", "password"} for one in self.controls)

    @property
    def strict(self) -> bool:
        """Whether it asks for more than text and consent: for numbers, days or a choice."""
        return any(
            one.number or one.chosen or one.kind not in {"text", "textarea", "checkbox", "hidden"}
            for one in self.controls
        )

    @property
    def hidden(self) -> dict[str, str]:
        """Hidden controls as they are."""
        return {one.name: one.value for one in self.controls if one.kind == "hidden"}

    def mark(self, name: str) -> str:
        """What is typed into the control, as it can be found again."""
        return f"قمامة{self.typed.index(name)}"

    def kept(self, sent: dict[str, Any]) -> list[str]:
        """What was typed, as it is to be found again: a text by its mark, a number or a day as it was sent."""
        marked = {name: self.mark(name) for name in self.typed}
        return [marked[name] if marked[name] in sent[name] else sent[name] for name in marked if name in sent]

    def garbage(self) -> dict[str, Any]:
        """Hidden controls as they are; everything else filled with what no field can take."""
        sent: dict[str, Any] = self.hidden | self.button
        for one in self.controls:
            if one.kind in TYPED:
                sent[one.name] = f"{self.mark(one.name)} {FILLER}"
            elif one.kind == "password":
                sent[one.name] = PASSWORD
            elif one.kind == "file":
                sent[one.name] = SimpleUploadedFile("قمامة.exe", b"MZ\x90\x00 rubbish")
            elif one.chosen:
                sent[one.name] = "no-such-choice"
        return sent

    def slips(self, other: UUID) -> dict[str, Any]:
        """What almost could be: numbers and days in forms that are refused, broken text, the id of what is another's."""
        sent: dict[str, Any] = self.hidden | self.button
        for place, one in enumerate(self.controls):
            if one.kind in {"date", "datetime-local"}:
                sent[one.name] = NO_DAYS[place % len(NO_DAYS)]
            elif one.kind in TYPED and (one.number or one.kind == "number"):
                sent[one.name] = NO_NUMBERS[place % len(NO_NUMBERS)]
            elif one.kind in TYPED:
                sent[one.name] = f"{self.mark(one.name)}{BROKEN}"
            elif one.kind == "password":
                sent[one.name] = f"{PASSWORD}{BROKEN}"
            elif one.kind == "file":
                sent[one.name] = SimpleUploadedFile("\u202efdp.exe", b"")
            elif one.chosen:
                sent[one.name] = str(other)
        return sent

    def forged(self) -> dict[str, Any]:
        """Nothing but its hidden controls, none of them as it was; nothing at all where it has none."""
        return dict.fromkeys(self.hidden, f"\x00{FILLER[:300]}")


def forms_of(page: str) -> list[Form]:
    """Every form of a page that is sent by POST."""
    shown = [one for one in html.fromstring(page).iter("form") if one.get("method", "").lower() == "post"]
    return [
        Form(action, list(_controls(element)), _button(element)) for element in shown for action in _actions(element)
    ]


def _actions(form: html.HtmlElement) -> list[str]:
    """Where a form is sent, by whichever of its buttons."""
    return [form.get("action", ""), *(one.get("formaction") for one in form.iter("button") if one.get("formaction"))]


def _button(form: html.HtmlElement) -> dict[str, str]:
    first = next(form.iter("button"), None)
    return {first.get("name"): first.get("value", "")} if first is not None and first.get("name") else {}


def _controls(form: html.HtmlElement) -> Iterator[Control]:
    for element in form.iter("input", "select", "textarea"):
        name = element.get("name", "")
        if name and "disabled" not in element.attrib:
            kind = element.get("type", "text") if element.tag == "input" else element.tag
            number = element.get("inputmode") in {"numeric", "decimal"}
            yield Control(name, kind, element.get("value", ""), number)


def errors_of(page: str) -> tuple[list[str], list[str]]:
    """What the page says is wrong with its fields, and the errors to which no control points (`aria-describedby`)."""
    tree = html.fromstring(page)
    pointed = {one for value in tree.xpath("//@aria-describedby") for one in value.split()}
    said, loose = [], []
    for element in tree.xpath('//*[contains(concat(" ", @class, " "), " error ")]'):
        text = " ".join(element.text_content().split())
        said.append(text)
        if "nonfield" not in element.get("class", "") and element.get("id", "") not in pointed:
            loose.append(text)
    return said, loose


def summary_of(page: str) -> list[str]:
    """What stands above the form: the same errors, and why nothing was done though each field can be read."""
    return [" ".join(one.text_content().split()) for one in html.fromstring(page).xpath('//*[@id="errors"]//li')]
