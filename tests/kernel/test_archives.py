"""Workbooks that pretend: bombs, entities that reach outside, programs."""

import io
import time
import zipfile

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook

from kernel.archives import MESSAGES, check_workbook


def workbook() -> bytes:
    made, out = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    sheet.append(["بند", '=HYPERLINK("http://x.example")', 12])
    sheet["D1"].hyperlink = "https://fund.example/"
    made.save(out)
    return out.getvalue()


def with_member(name: str, data: bytes) -> bytes:
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


XXE = '<?xml version="1.0"{}?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
LINK = b'<Relationships><Relationship Id="1" Type="http://x/relationships/%s" Target="http://x.example/" TargetMode="External"/></Relationships>'


def test_an_honest_workbook_passes_with_its_links() -> None:
    check_workbook(workbook())
    check_workbook(with_member("xl/worksheets/_rels/sheet9.xml.rels", LINK % b"hyperlink"))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "workbook"),
        (b"PK\x03\x04 not a zip", "workbook"),
        (workbook()[:-30], "workbook"),
        (with_member("xl/bomb.xml", b"\0" * 150_000_000), "unfolds"),
        (with_member("xl/sheet.xml", XXE.format("").encode()), "outside"),
        (with_member("xl/sheet.xml", XXE.format(' encoding="UTF-16"').encode("utf-16")), "outside"),
        (with_member("xl/vbaProject.bin", b"x"), "outside"),
        (with_member("../../run.sh", b"x"), "outside"),
        (with_member("xl/_rels/a.rels", LINK % b"image"), "outside"),
        (with_member("xl/externalLinks/externalLink1.xml", b"<x/>"), "outside"),
    ],
    ids=["empty", "no zip", "cut", "bomb", "xxe", "xxe in utf-16", "macro", "path", "fetches", "other workbook"],
)
def test_what_no_workbook_needs_is_refused_at_once(data: bytes, code: str) -> None:
    began = time.process_time()
    with pytest.raises(ValidationError) as caught:
        check_workbook(data)
    assert time.process_time() - began < 2
    assert caught.value.code == code
    assert caught.value.messages == [str(MESSAGES[code])]
