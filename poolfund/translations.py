"""One catalogue an app and language: extract, update, check, compile; no system gettext is needed.

An app's catalogue holds the strings of its Python and of ``templates/<app>/``. The house's holds those of ``poolfund``
and of every other template (base page, pieces, sign-in pages). ``# Translators:`` comments before a string are kept.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as babel_extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.reloader import translation_file_changed
from django.utils.translation.template import templatize

LANGUAGES = ("ar", "ku")
"""English is the language of the strings themselves."""
COMPLETE = ("ar",)
"""Languages in which nothing may be missing; in the others nothing of what `PUBLIC_MARK` or `PUBLIC_COMMENT` marks."""
PLURAL_FORMS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;",
    "ku": "nplurals=2; plural=(n != 1);",
}
"""As gettext and Django count (Babel has the last two Arabic forms the other way round)."""
PUBLIC_MARK = "{# public #}"
"""Stands in a template that strangers or applicants see; templates of the house's own catalogue need no mark."""
PUBLIC_COMMENT = "# public: "
"""Begins a line of a Python file whose strings strangers or applicants read; the line says where."""
HOUSE = "poolfund"
TEMPLATE_ENDINGS = {".html", ".txt", ".svg", ".xml"}
COMMENT_TAGS = ("Translators:",)
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")


@dataclass(frozen=True, slots=True)
class Found:
    """A string where it stands in the code."""

    place: str
    message: str | tuple[str, ...]
    context: str | None
    comments: list[str]


def apps() -> list[str]:
    """Apps that have a catalogue, lowest first, the house last."""
    return [*settings.FUND_APPS, HOUSE]


def path(app: str, language: str) -> Path:
    """The catalogue of ``app`` in ``language``."""
    folder: Path = settings.BASE_DIR / app / "locale" / language / "LC_MESSAGES"
    return folder / "django.po"


# Extraction -------------------------------------------------------------------------------------------------------


def _sources(app: str) -> Iterator[Path]:
    root: Path = settings.BASE_DIR
    for file in sorted((root / app).rglob("*.py")):
        if "migrations" not in file.parts:
            yield file
    for file in sorted((root / "templates").rglob("*")):
        first = file.relative_to(root / "templates").parts[0]
        owner = first if first in settings.FUND_APPS else HOUSE
        if owner == app and file.suffix in TEMPLATE_ENDINGS:
            yield file


def is_public(file: Path) -> bool:
    """Whether strangers or applicants see a template, or what a Python file says."""
    if file.suffix == ".py":
        return any(line.startswith(PUBLIC_COMMENT) for line in file.read_text(encoding="utf-8").splitlines())
    if file.suffix not in TEMPLATE_ENDINGS:
        return False
    first = file.relative_to(settings.BASE_DIR / "templates").parts[0]
    return first not in settings.FUND_APPS or PUBLIC_MARK in file.read_text(encoding="utf-8")


def strings(file: Path) -> Iterator[Found]:
    """Every translatable string of a Python file or template."""
    text = file.read_text(encoding="utf-8")
    place = file.relative_to(settings.BASE_DIR).as_posix()
    if file.suffix != ".py":
        # Django writes the tags as Python calls and blanks the rest, whose indentation means nothing.
        text = "\n".join(line.strip() for line in templatize(text, origin=place).split("\n"))
    source = BytesIO(text.encode())
    for _line, message, comments, context in babel_extract("python", source, KEYWORDS, COMMENT_TAGS):
        yield Found(place, message, context, [*comments])


def extract(app: str) -> Catalog:
    """The strings of ``app``, untranslated."""
    catalog = Catalog(project="poolfund", charset="utf-8")
    for file in _sources(app):
        for found in strings(file):
            catalog.add(
                found.message, locations=[(found.place, 0)], auto_comments=found.comments, context=found.context
            )
    return catalog


# Catalogues -------------------------------------------------------------------------------------------------------


def read(app: str, language: str) -> Catalog:
    """The catalogue as it stands in the file, or an empty one."""
    file = path(app, language)
    if not file.exists():
        return Catalog(locale=language, project="poolfund", charset="utf-8")
    with file.open("rb") as source:
        return read_po(source, locale=language, charset="utf-8")


def updated(app: str, language: str) -> Catalog:
    """The catalogue with every string of the code: translations kept, strings that are gone kept as obsolete."""
    catalog = read(app, language)
    catalog.update(extract(app), no_fuzzy_matching=True, update_header_comment=False)
    for message in catalog:
        message.locations = sorted({(place, 0) for place, _line in message.locations})
    return catalog


def written(catalog: Catalog) -> bytes:
    """The file of a catalogue: one order, no line numbers, no dates, so that it changes only when strings do."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=110, sort_output=False, sort_by_file=True, include_lineno=False, omit_header=True)
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {catalog.locale}\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {PLURAL_FORMS[str(catalog.locale)]}\\n"\n\n'
    )
    return header.encode() + buffer.getvalue().strip() + b"\n"


def update(app: str, language: str) -> bool:
    """Write the updated catalogue; whether the file changed."""
    catalog = updated(app, language)
    file = path(app, language)
    if not any(message.id for message in catalog) and not catalog.obsolete and not file.exists():
        return False
    new = written(catalog)
    if file.exists() and file.read_bytes() == new:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(new)
    return True


def compile_all() -> int:
    """Write the ``.mo`` files that are older than their catalogues; how many."""
    count = 0
    for app in apps():
        for language in LANGUAGES:
            source = path(app, language)
            target = source.with_suffix(".mo")
            if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
                continue
            buffer = BytesIO()
            write_mo(buffer, read(app, language), use_fuzzy=False)
            # Several processes may compile at once: the file appears whole.
            draft = target.with_suffix(f".{id(buffer):x}.tmp")
            draft.write_bytes(buffer.getvalue())
            draft.replace(target)
            # What this process has read before is forgotten.
            translation_file_changed(None, target)
            count += 1
    return count


# Checks -----------------------------------------------------------------------------------------------------------


def _missing(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    return not all(texts)


def _broken_placeholders(message: Message) -> bool:
    """Whether a translation names a placeholder that its string has not, or a single string loses one."""
    ids = message.id if isinstance(message.id, tuple | list) else [message.id]
    wanted = {name for text in ids for name in PLACEHOLDER.findall(text)}
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    for text in filter(None, texts):
        found = set(PLACEHOLDER.findall(text))
        if found - wanted or (len(ids) == 1 and found != wanted):
            return True
    return False


def _public_strings(app: str) -> set[tuple[str | None, str]]:
    return {
        (found.context, found.message if isinstance(found.message, str) else found.message[0])
        for file in _sources(app)
        if is_public(file)
        for found in strings(file)
    }


def problems(app: str, language: str) -> list[str]:
    """What is wrong with a catalogue, one sentence each."""
    stored = read(app, language)
    catalog = updated(app, language)
    demanded = None if language in COMPLETE else _public_strings(app)
    found = []
    for message in catalog:
        if not message.id:
            continue
        first = message.id[0] if isinstance(message.id, tuple | list) else message.id
        where = f"{app} [{language}] {message.locations[0][0] if message.locations else '?'}: {first!r}"
        if stored.get(message.id, message.context) is None and (
            demanded is None or (message.context, first) in demanded
        ):
            found.append(f"{where} is not in the catalogue yet")
        elif message.fuzzy:
            found.append(f"{where} is fuzzy")
        elif _missing(message) and (demanded is None or (message.context, first) in demanded):
            found.append(f"{where} is not translated")
        elif _broken_placeholders(message):
            found.append(f"{where} has other placeholders than its translation")
    return found


def contradictions(language: str) -> list[str]:
    """Strings that two catalogues translate differently; only one of them could ever be seen."""
    seen: dict[tuple[str | None, object], tuple[str, object]] = {}
    found = []
    for app in apps():
        for message in read(app, language):
            if not message.id or _missing(message):
                continue
            key = (message.context, message.id)
            app_before, before = seen.setdefault(key, (app, message.string))
            if before != message.string:
                found.append(f"[{language}] {message.id!r}: {before!r} in {app_before}, {message.string!r} in {app}")
    return found
