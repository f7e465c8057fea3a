"""`kernel.files`: nothing private has a URL or a telling name."""

import re
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from django.test import override_settings

from kernel.files import PrivateFiles, UploadTo, private_storage


def test_files_go_under_the_private_root_and_only_we_read_them(settings: Any, tmp_path: Path) -> None:
    storage = private_storage()
    settings.PRIVATE_ROOT = tmp_path / "first"
    name = storage.save("slips/a.pdf", ContentFile(b"x"))
    path = tmp_path / "first" / name
    assert path.read_bytes() == b"x"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    settings.PRIVATE_ROOT = tmp_path / "second"
    assert not storage.exists(name)


def test_private_files_have_no_url() -> None:
    with pytest.raises(ValueError, match="no URL"):
        PrivateFiles().url("slips/a.pdf")


def test_settings_may_name_another_storage(settings: Any) -> None:
    other = {**settings.STORAGES, "private": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    with override_settings(STORAGES=other):
        assert isinstance(private_storage(), InMemoryStorage)


@pytest.mark.parametrize(
    ("given", "suffix"),
    [("slip.PDF", ".pdf"), ("ملف سري.jpg", ".jpg"), ("a.b/../c", ""), ("x.p\u202ef", ""), ("none", "")],
)
def test_the_stored_name_says_nothing(given: str, suffix: str) -> None:
    name = UploadTo("slips")(None, given)
    assert re.fullmatch(rf"slips/[0-9a-f]{{2}}/[0-9a-f]{{32}}{re.escape(suffix)}", name)
    assert UploadTo("slips")(None, given) != name


def test_upload_targets_compare_by_folder() -> None:
    assert UploadTo("a") == UploadTo("a")
    assert UploadTo("a") != UploadTo("b")
    assert len({UploadTo("a"), UploadTo("a")}) == 1
    path, args, kwargs = UploadTo("a").deconstruct()  # type: ignore[attr-defined]  # added by the decorator
    assert (path, args, kwargs) == ("kernel.files.UploadTo", ("a",), {})
