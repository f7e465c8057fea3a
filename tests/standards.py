"""Published standards' own test files, which lie beside the checkout (``../shared/data/standards``)."""

import os
from pathlib import Path

import pytest
from django.conf import settings

STANDARDS: Path = settings.BASE_DIR.parent / "shared" / "data" / "standards"


def needs(folder: str) -> pytest.MarkDecorator:
    """Skip, and say so, where the folder is absent; with REQUIRE_ALL a missing folder is a failure instead."""
    return pytest.mark.skipif(
        not (STANDARDS / folder).is_dir() and not os.environ.get("REQUIRE_ALL"),
        reason=f"the standard's own files do not lie beside this checkout (../shared/data/standards/{folder})",
    )
