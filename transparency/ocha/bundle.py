"""Opening what people hand in: a folder, several CSV files or one zip, within limits.

A zip is read by counting what comes out, never by what its directory promises; names inside it are only compared with
the known file names, so a path in an archive can lead nowhere.
"""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from transparency.ocha.layouts import BY_FILENAME, KNOWN_BUT_NOT_READ
from transparency.ocha.reading import shown

_MEGABYTE = 1024 * 1024
MAX_UPLOAD_BYTES = 40 * _MEGABYTE
MAX_FILE_BYTES = 80 * _MEGABYTE
MAX_ENTRIES = 50
_ENCRYPTED = 0x1
"""The bit of an entry's flags that says that it needs a password."""


class BundleRefused(ValueError):
    """An upload that is not opened; ``code`` and ``params`` say why."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(slots=True)
class Bundle:
    """The files found, by name; ``not_read`` are names that were seen and left alone, with the reason's code."""

    files: dict[str, bytes] = field(default_factory=dict)
    not_read: dict[str, str] = field(default_factory=dict)

    def offer(self, name: str, stream: BinaryIO) -> None:
        """Take a file when its name is known and it was not there before."""
        base = PurePosixPath(name.replace("\\", "/")).name.casefold()
        if base not in BY_FILENAME:
            self.not_read[shown(base)] = KNOWN_BUT_NOT_READ.get(base, "unknown_file")
            return
        if base in self.files:
            raise BundleRefused("file_twice", name=base)
        self.files[base] = _read_within(stream, base)

    def checked(self) -> "Bundle":
        """The bundle itself, refused when nothing in it can be read."""
        if not self.files:
            raise BundleRefused("nothing_to_read", names=", ".join(BY_FILENAME))
        return self


def _read_within(stream: BinaryIO, name: str) -> bytes:
    taken = io.BytesIO()
    while piece := stream.read(_MEGABYTE):
        taken.write(piece)
        if taken.tell() > MAX_FILE_BYTES:
            raise BundleRefused("file_too_large", name=name, most=MAX_FILE_BYTES // _MEGABYTE)
    return taken.getvalue()


def from_folder(folder: Path) -> Bundle:
    """The known files of a folder."""
    if not folder.is_dir():
        raise BundleRefused("no_folder", name=str(folder))
    bundle = Bundle()
    for path in sorted(folder.glob("*.csv")):
        with path.open("rb") as stream:
            bundle.offer(path.name, stream)
    return bundle.checked()


def from_uploads(uploads: Iterable[tuple[str, BinaryIO]]) -> Bundle:
    """The known files among uploads; a zip is opened, zips inside it are not."""
    bundle = Bundle()
    for name, stream in uploads:
        is_zip = zipfile.is_zipfile(stream)
        stream.seek(0)
        if is_zip:
            _open_zip(bundle, name, stream)
        else:
            bundle.offer(name, stream)
    return bundle.checked()


def _open_zip(bundle: Bundle, name: str, stream: BinaryIO) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            for entry in _entries(archive, name):
                with archive.open(entry) as inside:
                    bundle.offer(entry.filename, inside)  # type: ignore[arg-type]
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise BundleRefused("zip_broken", name=shown(name)) from error
    except RuntimeError as error:  # what zipfile raises for an entry that needs a password
        raise BundleRefused("zip_encrypted", name=shown(name)) from error


def _entries(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """The files that the archive lists; refused when they are too many or locked."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_ENTRIES:
        raise BundleRefused("too_many_entries", name=shown(name), most=MAX_ENTRIES)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise BundleRefused("zip_encrypted", name=shown(name))
    return entries
