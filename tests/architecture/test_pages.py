"""Templates and styles: nothing inline, nothing physical, nothing unescaped."""

import re

from tests.architecture.tree import ROOT, name, templates

PHYSICAL = re.compile(
    r"(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right)\b"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
    r"|(?<![-\w])(?:left|right)\s*:"
    r"|text-align\s*:\s*(?:left|right)\b"
    r"|(?<![-\w])(?:float|clear)\s*:\s*(?:left|right)\b"
)
INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style\b(?![^>]*data-svg)", re.IGNORECASE),
    "an inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)(?![^>]*type=[\"']application/json)", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "something from another site": re.compile(
        r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
    ),
    "unescaped text": re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off"),
}
COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|/\*.*?\*/", re.DOTALL)
UNTRIMMED = re.compile(r"{%\s*blocktrans(?:late)?\b(?![^%]*\btrimmed\b)[^%]*%}[^{]*\n")


def test_styles_know_no_left_and_right() -> None:
    found = [
        f"{name(file)}: {match.group()}"
        for file in sorted((ROOT / "static").rglob("*.css"))
        for match in PHYSICAL.finditer(COMMENT.sub("", file.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_templates_obey_the_content_security_policy() -> None:
    found = [
        f"{name(file)}: {what}"
        for file in templates()
        for what, pattern in INLINE.items()
        if pattern.search(COMMENT.sub("", file.read_text(encoding="utf-8")))
    ]
    assert found == []


def test_long_translations_are_trimmed() -> None:
    found = [name(file) for file in templates() if UNTRIMMED.search(file.read_text(encoding="utf-8"))]
    assert found == []
