"""What a web process reads once, before its workers are born: each of them then answers from its first moment on."""

from django.conf import settings
from django.template.loader import get_template
from django.urls import is_valid_path
from django.utils import translation


def warm() -> int:
    """Read addresses, languages and pages; returns how many pages.

    A worker that takes the place of a dead one would else spend its first seconds with it, in the middle of a rush.
    """
    is_valid_path("/")  # reads every urls.py
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext("Save")
    folder = settings.BASE_DIR / "templates"
    pages = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.html"))]
    for page in pages:
        get_template(page)
    return len(pages)
