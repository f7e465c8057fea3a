"""Where uploaded and signed files live: outside the web root, under names that say nothing."""

import re
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.deconstruct import deconstructible


class PrivateFiles(FileSystemStorage):
    """Files under ``settings.PRIVATE_ROOT``, readable by the process alone, without any URL.

    A view that has checked the person's right opens the file and sends it.
    """

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    # The folder is looked up at each use: tests and commands may point it elsewhere.
    @property
    def base_location(self) -> str:  # a cached property upstream
        return str(settings.PRIVATE_ROOT)

    @property
    def location(self) -> str:  # a cached property upstream
        return str(Path(self.base_location).absolute())

    def url(self, name: str | None) -> str:
        """Private files have no URL; raises ValueError."""
        raise ValueError("private files have no URL; send them through a view that checks who asks")


def private_storage() -> Storage:
    """The storage of every FileField: ``FileField(storage=private_storage, upload_to=UploadTo("slips"))``.

    ``STORAGES["private"]`` of the settings when there is one (S3 through django-storages), else `PrivateFiles`.
    """
    if "private" in settings.STORAGES:
        return storages["private"]
    return PrivateFiles()


@deconstructible
class UploadTo:
    """Names a stored file ``<folder>/<two hex digits>/<random id>.<extension>``.

    The name that a person gave never reaches the disk; the model keeps it in a column of its own when it is worth
    showing.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, instance: Any, filename: str) -> str:
        suffix = Path(filename).suffix.lower()
        safe = suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""
        name = uuid.uuid4().hex
        return f"{self.folder}/{name[:2]}/{name}{safe}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UploadTo) and other.folder == self.folder

    def __hash__(self) -> int:
        return hash(self.folder)
