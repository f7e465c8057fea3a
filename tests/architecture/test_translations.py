"""What people read exists in their language."""

import pytest
from django.utils import translation

from audit.events import registered
from poolfund import translations
from tests.architecture.tree import APPS

LANGUAGES = translations.LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("app", APPS)
def test_catalogues_are_complete(app: str, language: str) -> None:
    assert translations.problems(app, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogues_agree(language: str) -> None:
    assert translations.contradictions(language) == []


def test_every_event_is_told_in_arabic() -> None:
    untold = []
    for kind, event in registered().items():
        with translation.override("ar"):
            arabic = str(event.sentence)
        with translation.override("en"):
            english = str(event.sentence)
        if arabic == english and not kind.startswith("tests"):
            untold.append(kind)
    assert untold == []
