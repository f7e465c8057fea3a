from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Reasons are compared in the language of the code; pages choose theirs by the request."""
    with translation.override("en"):
        yield
