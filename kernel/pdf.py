"""Documents of the fund (agreements, letters, receipts, minutes) as PDF, drawn by Typst.

A document is a template ``templates/<app>/<name>.typ`` and data. The data reach the template as JSON values, never as
markup, so nothing that a person wrote can change the document's code. The same data give the same bytes: fonts come from the
project's packages alone, and no time of making is written into the file.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext, override
from fontpkg_ibm_plex_sans_arabic import ROOT as PLEX_ARABIC  # type: ignore[import-untyped]  # no types inside

FONT_FOLDERS: Final = [PLEX_ARABIC / "files"]
_EPOCH: Final = 0


@cache
def _fonts() -> typst.Fonts:
    """All fonts that a document may use, read once: to read them took longer than to draw a letter of one page."""
    return typst.Fonts(include_system_fonts=False, font_paths=FONT_FOLDERS)


def fund_name(language: str) -> str:
    """The fund's name in ``language``: from ``FUND_NAME`` of the settings, else the translated default."""
    names: Mapping[str, str] = getattr(settings, "FUND_NAME", {})
    with override(language):
        return names.get(language) or gettext("Pooled Fund for Syrian Civil Society")


def canonical_json(data: Mapping[str, Any]) -> str:
    """``data`` as JSON that is the same for equal data; dates, ids, decimals and lazy texts become text."""
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _template_path(template: str) -> tuple[Path, Path]:
    folders: Any = settings.TEMPLATES[0]["DIRS"]
    for folder in folders:
        root = Path(folder).resolve()
        path = (root / template).resolve()
        if path.suffix == ".typ" and path.is_relative_to(root) and path.is_file():
            return root, path
    raise FileNotFoundError(f"no Typst template {template!r} under {folders}")


def render_pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF that ``template`` (``"grants/agreement.typ"``) makes of ``data``.

    ``data`` is made of what JSON knows, dates, ids and lazy texts; ``data["language"]`` (ar, en, ku) rules the direction and
    the language that lazy texts are resolved in. The template finds the data through ``/_pieces/document.typ``, whose footer
    shows their SHA-256. Raises FileNotFoundError without a template, KeyError without a language, typst.TypstError for a
    template that does not compile.
    """
    root, path = _template_path(template)
    language = data["language"]
    with override(language):
        content = canonical_json({"fund": fund_name(language), **data})
    document: bytes = typst.compile(
        path,
        root=root,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": content, "fingerprint": hashlib.sha256(content.encode()).hexdigest()},
        timestamp=_EPOCH,
    )
    return document
