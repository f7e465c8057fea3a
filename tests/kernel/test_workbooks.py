"""Workbooks that pretend: bombs, entities that reach outside, programs."""

import io
import time
import zipfile

import pytest
from openpyxl import Workbook

from kernel.workbooks import WorkbookError, check_workbook


def workbook() -> bytes:
    made, out = Workbook(), io.BytesIO()
    sheet = made.active
    assert sheet is not None
    sheet.append(["بند", "ماء", 12])
    sheet["D1"].hyperlink = "https://fund.example/"
    made.save(out)
    return out.getvalue()


def with_member(name: str, data: bytes) -> bytes:
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


BOMB = b"made when it is needed: every process of the tests reads this module"
XXE = '<?xml version="1.0"{}?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
LINK = b'<Relationships><Relationship Id="1" Type="http://x/relationships/%s" Target="http://x.example/" TargetMode="External"/></Relationships>'


def test_an_honest_workbook_passes_with_its_links() -> None:
    check_workbook(workbook())
    check_workbook(with_member("xl/worksheets/_rels/sheet9.xml.rels", LINK % b"hyperlink"))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_a_workbook"),
        (b"PK\x03\x04 not a zip", "not_a_workbook"),
        (workbook()[:-30], "not_a_workbook"),
        (BOMB, "bomb"),
        (with_member("xl/sheet.xml", XXE.format("").encode()), "declares"),
        (with_member("xl/sheet.xml", XXE.format(' encoding="UTF-16"').encode("utf-16")), "declares"),
        (with_member("xl/vbaProject.bin", b"x"), "program"),
        (with_member("../../run.sh", b"x"), "not_a_workbook"),
        (with_member("xl/_rels/a.rels", LINK % b"image"), "link"),
        (with_member("xl/externalLinks/externalLink1.xml", b"<x/>"), "link"),
    ],
    ids=["empty", "no zip", "cut", "bomb", "xxe", "xxe in utf-16", "macro", "path", "fetches", "other workbook"],
)
def test_what_no_workbook_needs_is_refused_at_once(data: bytes, code: str) -> None:
    if data is BOMB:
        data = with_member("xl/bomb.xml", b"<x>" + b" " * 150_000_000)
    began = time.process_time()
    with pytest.raises(WorkbookError) as caught:
        check_workbook(data)
    assert time.process_time() - began < 2
    assert caught.value.code == code
