"""The catalogues' own tools: what is found, what is kept, what is wrong."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation
from django.utils.translation import gettext, ngettext

from poolfund import translations

TEMPLATE = """{# public #}
{% extends "base.html" %}{% load i18n %}
<p>  {% translate "Hello" %}{% translate "Open" context "state" %}
   {% blocktranslate trimmed count n=items|length %}
      one thing of {{ name }}
 {% plural %}
        {{ n }} things of {{ name }}
  {% endblocktranslate %}{{ _("Said in a variable") }}</p>
"""
PYTHON = """
from django.utils.translation import gettext_lazy as _, npgettext, pgettext
# Translators: a person, not a thing
A = _("Author")
B = pgettext("verb", "Report")
C = npgettext("money", "%(n)s dollar", "%(n)s dollars", 3)
D = _("one " "sentence")
E = _(unknown)
"""


@pytest.fixture
def project(tmp_path: Path, settings: Any) -> Path:
    """A small project with one app."""
    settings.BASE_DIR = tmp_path
    settings.FUND_APPS = ["grants"]
    for folder in ("grants", "poolfund", "templates/grants", "templates/account"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "grants" / "views.py").write_text(PYTHON)
    (tmp_path / "templates" / "grants" / "call_detail.html").write_text(TEMPLATE)
    (tmp_path / "templates" / "account" / "login.html").write_text('{% load i18n %}{% translate "Sign in" %}')
    return tmp_path


def ids(catalog: Catalog) -> set[tuple[str | None, object]]:
    return {(message.context, message.id) for message in catalog if message.id}


def test_strings_of_python_and_templates_are_found(project: Path) -> None:
    assert ids(translations.extract("grants")) == {
        (None, "Author"),
        ("verb", "Report"),
        ("money", ("%(n)s dollar", "%(n)s dollars")),
        (None, "one sentence"),
        (None, "Hello"),
        ("state", "Open"),
        (None, ("one thing of %(name)s", "%(n)s things of %(name)s")),
        (None, "Said in a variable"),
    }
    assert ids(translations.extract("poolfund")) == {(None, "Sign in")}


def test_comments_for_translators_are_kept(project: Path) -> None:
    message = translations.extract("grants").get("Author")
    assert message is not None
    assert message.auto_comments == ["Translators: a person, not a thing"]


def test_an_update_keeps_translations_and_changes_nothing_twice(project: Path) -> None:
    assert translations.update("grants", "ar") is True
    file = translations.path("grants", "ar")
    file.write_text(file.read_text().replace('msgid "Hello"\nmsgstr ""', 'msgid "Hello"\nmsgstr "مرحباً"'))
    assert translations.update("grants", "ar") is False
    (project / "templates" / "grants" / "call_detail.html").write_text('{% load i18n %}{% translate "New" %}')
    assert translations.update("grants", "ar") is True
    catalog = translations.read("grants", "ar")
    assert catalog.get("New") is not None
    assert [message.string for message in catalog.obsolete.values() if message.id == "Hello"] == ["مرحباً"]


def test_missing_strings_are_named_by_place(project: Path) -> None:
    translations.update("grants", "ar")
    found = translations.problems("grants", "ar")
    assert len(found) == 8
    assert "grants [ar] grants/views.py: 'Author' is not translated" in found


def test_kurmanji_is_asked_for_what_strangers_see(project: Path) -> None:
    translations.update("grants", "ku")
    found = translations.problems("grants", "ku")
    assert len(found) == 4
    assert all("templates/grants/call_detail.html" in line for line in found)


def test_kurmanji_is_asked_for_what_marked_python_says(project: Path) -> None:
    (project / "grants" / "states.py").write_text("# public: states of applications\n" + PYTHON)
    translations.update("grants", "ku")
    found = translations.problems("grants", "ku")
    assert len(found) == 8
    assert sum("templates/grants" in line for line in found) == 4


def test_a_string_that_is_not_in_the_catalogue_is_stale(project: Path) -> None:
    assert all(line.endswith("is not in the catalogue yet") for line in translations.problems("grants", "ar"))
    with pytest.raises(CommandError, match="problems of translation"):
        call_command("translations", "--check")


@pytest.mark.parametrize(
    ("english", "arabic", "broken"),
    [
        ("by %(due)s", "قبل %(due)s", False),
        ("by %(due)s", "قبل", True),
        ("by %(due)s", "قبل %(date)s", True),
        (("%(n)s day", "%(n)s days"), ("بلا أيام", "يوم", "يومان", "%(n)s أيام", "%(n)s يوماً", "%(n)s يوم"), False),
    ],
)
def test_placeholders_are_compared(english: Any, arabic: Any, broken: bool) -> None:
    assert translations._broken_placeholders(Message(english, arabic)) is broken


def test_arabic_counts_as_arabs_do(project: Path) -> None:
    """Eleven to ninety-nine take the fifth form, a hundred the sixth, as everywhere but in Babel."""
    translations.update("grants", "ar")
    with translations.path("grants", "ar").open("rb") as file:
        expression = read_po(file).plural_expr
    plural = {0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 99: 4, 100: 5, 102: 5, 103: 3}
    compiled = __import__("gettext").c2py(expression)
    assert {number: compiled(number) for number in plural} == plural


def test_two_catalogues_may_not_disagree(project: Path) -> None:
    (project / "poolfund" / "words.py").write_text('A = _("Hello")\n')
    for app, word in (("grants", "مرحباً"), ("poolfund", "أهلاً")):
        translations.update(app, "ar")
        file = translations.path(app, "ar")
        file.write_text(file.read_text().replace('msgid "Hello"\nmsgstr ""', f'msgid "Hello"\nmsgstr "{word}"'))
    assert translations.contradictions("ar") == ["[ar] 'Hello': 'مرحباً' in grants, 'أهلاً' in poolfund"]


def test_what_is_compiled_is_shown(project: Path, settings: Any) -> None:
    translations.update("grants", "ar")
    file = translations.path("grants", "ar")
    text = file.read_text().replace('msgid "Hello"\nmsgstr ""', 'msgid "Hello"\nmsgstr "مرحباً"')
    forms = "\n".join(f'msgstr[{form}] "شكل {form}"' for form in range(6))
    empty = "\n".join(f'msgstr[{form}] ""' for form in range(6))
    file.write_text(text.replace(empty, forms, 2))
    settings.LOCALE_PATHS = [file.parents[2]]
    assert translations.compile_all() == 1
    assert translations.compile_all() == 0
    with translation.override("ar"):
        assert gettext("Hello") == "مرحباً"
        assert ngettext("one thing of %(name)s", "%(n)s things of %(name)s", 11) == "شكل 4"


GIVEN_UP = {
    "": ("şirîk", "puan", "dosye", "lijne"),
    "grant": ("bexş", "alîkarî"),
    "tranche": ("dayîna %(number)s",),
}
"""Kurmanji words for what has another one (docs/how-to/work-on-the-code.md), where the English has the key."""


def test_kurmanji_says_one_thing_in_one_word() -> None:
    found = []
    for path in Path(settings.BASE_DIR).glob("*/locale/ku/LC_MESSAGES/django.po"):
        for message in read_po(BytesIO(path.read_bytes())):
            english, kurmanji = (
                " ".join(one) if isinstance(one, tuple) else one for one in (message.id, message.string)
            )
            words = [word for key, some in GIVEN_UP.items() if key in english.lower() for word in some]
            found += [
                (path.parts[-5], kurmanji)
                for word in words
                if re.search(rf"\b{re.escape(word)}", kurmanji, re.IGNORECASE)
            ]
    assert found == []
