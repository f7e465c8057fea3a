"""`kernel.pdf`: the same data give the same bytes, Arabic comes out in its letters, people's text is never code."""

import hashlib
import io
import re
import shutil
import unicodedata
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest
import typst
from django.conf import settings as project_settings
from django.utils.translation import gettext_lazy
from pypdf import PdfReader

from kernel.pdf import canonical_json, render_pdf

TEMPLATE = """#import "/_pieces/document.typ": *
#show: paper.with(title: data.title, reference: data.reference)
= #data.title
#written(data.summary)
#facts((("A", money(data.minor)), ("B", [#data.day])))
#grid-table(
  columns: (auto, 1fr, auto), head: ("No.", "What", "USD"), numbers: (0, 2),
  rows: data.rows.map(row => (row.at(0), row.at(1), number(row.at(2)))),
  foot: ("", "", number(data.minor)),
)
#signatures(("A", "B"))
"""
LETTERS = re.compile("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]")


@pytest.fixture(autouse=True)
def templates(settings: Any, tmp_path: Path) -> Path:
    folders: Any = project_settings.TEMPLATES[0]["DIRS"]
    pieces = Path(folders[0]) / "_pieces" / "document.typ"
    (tmp_path / "_pieces").mkdir()
    shutil.copy(pieces, tmp_path / "_pieces")
    (tmp_path / "example.typ").write_text(TEMPLATE)
    settings.TEMPLATES = [{**project_settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    return tmp_path


def data(language: str = "ar", **other: Any) -> dict[str, Any]:
    return {
        "language": language,
        "title": "اتفاقية المنحة" if language == "ar" else "Grant agreement",
        "reference": "GR-2026-7K3QF2XM",
        "summary": "وافقت اللجنة على المقترح رقم 12 المقدَّم من جمعية الأمل (Al-Amal).\nسطر ثانٍ.",
        "minor": 123450,
        "day": date(2026, 11, 1),
        "rows": [["1", "الدفعة الأولى", 100000], ["2", "الدفعة الثانية", 23450]],
    } | other


def read(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document))


def text_of(document: bytes) -> str:
    return unicodedata.normalize("NFKC", "\n".join(page.extract_text() for page in read(document).pages))


@pytest.mark.parametrize("language", ["ar", "en", "ku"])
def test_equal_data_give_equal_bytes(language: str) -> None:
    assert render_pdf("example.typ", data(language)) == render_pdf(
        "example.typ", dict(reversed(data(language).items()))
    )


def test_other_data_give_other_bytes() -> None:
    assert render_pdf("example.typ", data()) != render_pdf("example.typ", data(minor=123451))


def test_arabic_comes_out_whole_in_the_fonts_of_the_project() -> None:
    document = render_pdf("example.typ", data())
    text = text_of(document)
    wanted = set("".join(LETTERS.findall(data()["title"] + "صفحةبصمةدولار")))
    assert wanted <= set(text)
    fonts = {str(font["/BaseFont"]) for page in read(document).pages for font in fonts_of(page)}
    assert any("IBMPlexSansArabic" in font for font in fonts)
    assert all("IBMPlexSansArabic" in font or "DejaVuSansMono" in font for font in fonts), fonts


def fonts_of(page: pypdf.PageObject) -> list[Any]:
    resources: Any = page["/Resources"]
    return [font.get_object() for font in resources["/Font"].values()]


def test_arabic_letters_are_joined() -> None:
    """Four shapes of one letter: alone, at the beginning, in the middle, at the end of a word."""
    document = render_pdf("example.typ", data(title="ببب ب"))
    shapes = set()
    for font in fonts_of(read(document).pages[0]):
        mapping = font["/ToUnicode"].get_data().decode("ascii")
        shapes |= {(font["/BaseFont"], glyph) for glyph in re.findall(r"<([0-9A-Fa-f]{4})> <0628>", mapping)}
    bold = {glyph for name, glyph in shapes if "Bold" in name}
    assert len(bold) >= 4


def test_figures_and_the_fingerprint_of_the_data_are_on_the_page() -> None:
    text = text_of(render_pdf("example.typ", data("en")))
    assert "1,234.50" in text
    assert "GR-2026-7K3QF2XM" in text
    fingerprint = re.search(r"[0-9a-f]{64}", text)
    assert fingerprint is not None
    content = canonical_json({"fund": "Pooled Fund for Syrian Civil Society", **data("en")})
    assert fingerprint[0] == hashlib.sha256(content.encode()).hexdigest()


def test_long_tables_run_over_pages_with_their_number() -> None:
    rows = [[str(n), "دفعة", n] for n in range(1, 90)]
    document = render_pdf("example.typ", data(rows=rows))
    assert len(read(document).pages) == 3
    assert len(read(render_pdf("example.typ", data())).pages) == 1
    assert "3" in read(document).pages[2].extract_text()


def test_the_document_says_its_title_and_no_time_of_making() -> None:
    metadata = read(render_pdf("example.typ", data())).metadata
    assert metadata is not None
    assert metadata.title == "اتفاقية المنحة"
    assert metadata.creation_date is None


@pytest.mark.parametrize("text", ['#panic("x")', "*bold* _it_ $x$ #import", "]", '"', "\\", "<label> @ref", "= x"])
def test_what_people_write_is_never_code(text: str) -> None:
    document = render_pdf("example.typ", data("en", title=text, summary=text))
    metadata = read(document).metadata
    assert metadata is not None
    assert metadata.title == text


@pytest.mark.parametrize(
    ("minor", "shown"), [(0, "0.00"), (5, "0.05"), (-123456, "-1,234.56"), (100000000, "1,000,000.00"), (99, "0.99")]
)
def test_amounts(minor: int, shown: str) -> None:
    assert f"USD\u00a0{shown}".replace("\u00a0", " ") in text_of(render_pdf("example.typ", data("en", minor=minor)))


def test_lazy_texts_speak_the_language_of_the_document(settings: Any) -> None:
    settings.FUND_NAME = {"en": "Example Fund"}
    document = render_pdf("example.typ", data("en", title=gettext_lazy("Health")))
    assert "Health" in text_of(document)
    assert "Example Fund" in text_of(document)


def test_json_is_canonical() -> None:
    key = uuid.UUID(int=1)
    assert canonical_json({"b": date(2026, 1, 2), "a": key}) == f'{{"a":"{key}","b":"2026-01-02"}}'


@pytest.mark.parametrize("template", ["none.typ", "../secret.typ", "/etc/passwd", "_pieces", "example.html"])
def test_only_templates_of_the_project(template: str, templates: Path) -> None:
    (templates.parent / "secret.typ").write_text("secret")
    (templates / "example.html").write_text("x")
    with pytest.raises(FileNotFoundError, match="no Typst template"):
        render_pdf(template, data())


def test_a_broken_template_is_an_error(templates: Path) -> None:
    (templates / "broken.typ").write_text('#import "/_pieces/document.typ": *\n#data.nothing')
    with pytest.raises(typst.TypstError, match="nothing"):
        render_pdf("broken.typ", data())


def test_a_document_has_a_language() -> None:
    with pytest.raises(KeyError, match="language"):
        render_pdf("example.typ", {"title": "x"})
