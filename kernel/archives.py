"""Workbooks that people upload (XLSX): a zip of XML, which can unfold without end, reach outside or carry programs."""

import io
import re
import zipfile
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_FILES: Final = 2_000
MOST_UNFOLDED: Final = 200 * 1024 * 1024
MOST_RATIO: Final = 100
SMALL: Final = 1024 * 1024
"""What is no larger than this may be packed as tightly as it likes."""
_OUTSIDE: Final = re.compile(rb'TargetMode\s*=\s*["\']External["\']', re.IGNORECASE)
_HYPERLINK: Final = re.compile(rb"relationships/hyperlink[\"']", re.IGNORECASE)
_PROGRAM: Final = re.compile(r"(?:vbaProject|activeX|embeddings/|macrosheets/|externalLinks/)", re.IGNORECASE)
_DECLARES: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)

MESSAGES: Final = {
    "workbook": _(
        "This is not a workbook that we can read. Save it anew as XLSX without a password, then choose it again."
    ),
    "unfolds": _("This file unfolds to far more than it shows. Copy your rows to a new workbook and choose that one."),
    "outside": _(
        "This workbook contains programs or fetches something from elsewhere. Copy your rows to a new workbook."
    ),
}


def check_workbook(data: bytes) -> None:
    """Refuse what no spreadsheet needs; nothing is unfolded beyond the limits. Raises ValidationError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise _refused("workbook") from error


def _refused(code: str) -> ValidationError:
    return ValidationError(MESSAGES[code], code=code)


def _check(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    if "[Content_Types].xml" not in names or len(set(names)) != len(names):
        raise _refused("workbook")
    if len(members) > MOST_FILES or sum(member.file_size for member in members) > MOST_UNFOLDED:
        raise _refused("unfolds")
    left = MOST_UNFOLDED
    for member in members:
        if _leads_away(member.filename) or _PROGRAM.search(member.filename):
            raise _refused("outside")
        left -= _read(archive, member, left)


def _leads_away(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> int:
    """Unfold one member no further than it may; its header is not believed."""
    allowed = min(most, max(SMALL, member.compress_size * MOST_RATIO))
    with archive.open(member) as file:
        data = file.read(allowed + 1)
    if len(data) > allowed:
        raise _refused("unfolds")
    if member.filename.endswith((".xml", ".rels")) and _declares(data):
        raise _refused("outside")
    if member.filename.endswith(".rels") and len(_OUTSIDE.findall(data)) > len(_HYPERLINK.findall(data)):
        raise _refused("outside")
    return len(data)


def _declares(data: bytes) -> bool:
    """Whether XML brings declarations of its own (entities that unfold or reach outside), in whatever encoding."""
    wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in data[:4]
    return bool(_DECLARES.search(data.replace(b"\x00", b"") if wide else data))
