"""Words of the interface in several languages at once, for files that everybody reads in their own."""

from collections.abc import Callable, Mapping, Sequence

from django.utils import translation

LANGUAGES = ("ar", "en")


def said(text: Callable[[], str]) -> dict[str, str]:
    """A text of the interface in the files' languages."""
    words = {}
    for language in LANGUAGES:
        with translation.override(language):
            words[language] = str(text())
    return words


def in_line(text: Callable[[], str]) -> str:
    """The text in the files' languages on one line, for fields that know no language."""
    return " / ".join(dict.fromkeys(said(text).values()))


def labels(choices: Mapping[str, object] | Sequence[tuple[str, object]]) -> dict[str, str]:
    """Each code's label in the files' languages."""
    return {code: in_line(lambda label=label: str(label)) for code, label in dict(choices).items()}  # type: ignore[misc]
