"""Bytes become rows, or problems with a line; hostile uploads are not opened."""

import io
import zipfile

import pytest

from tests.factories import transparency as make
from transparency.ocha import bundle as bundles
from transparency.ocha.bundle import BundleRefused, from_uploads
from transparency.ocha.layouts import PROJECTS
from transparency.ocha.reading import SourceFile, read

TWO = [make.project("XXX-20/1"), make.project("XXX-20/2")]


def problems(source: SourceFile) -> list[tuple[int, str, str, bool]]:
    return [(p.line, p.column, p.code, p.grave) for p in source.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_by_their_mark(encoding: str) -> None:
    source = read(make.as_csv(TWO).decode().encode(encoding), PROJECTS)

    assert [row["PrjCode"] for _line, row in source.rows] == ["XXX-20/1", "XXX-20/2"]
    assert [line for line, _row in source.rows] == [2, 3]
    assert source.problems == []


def test_lines_are_those_of_the_file_even_after_breaks_inside_quotes() -> None:
    rows = [make.project("A", PrjTitle="one\ntwo\nthree"), make.project("B", PrgBdg="x")]

    source = read(make.as_csv(rows), PROJECTS)

    assert [line for line, _row in source.rows] == [2, 5]


def test_a_byte_that_is_no_text_is_named_with_its_line() -> None:
    data = make.as_csv(TWO).replace(b"XXX-20/2", b"XXX\xe9")

    source = read(data, PROJECTS)

    assert problems(source) == [(3, "", "wrong_byte", True)]
    assert source.problems[0].params == {"byte": "0xE9", "encoding": "UTF-8"}
    assert source.rows == []


def test_a_row_of_another_width_is_left_out_alone() -> None:
    lines = make.as_csv(TWO).splitlines(keepends=True)

    source = read(lines[0] + b"a,b,c\r\n" + lines[1] + b"x," * 100_000 + b"\r\n" + lines[2], PROJECTS)

    assert problems(source) == [(2, "", "row_width", True), (4, "", "row_width", True)]
    assert [line for line, _row in source.rows] == [3, 5]


def test_a_torn_quotation_is_a_problem_of_its_line() -> None:
    lines = make.as_csv(TWO).splitlines(keepends=True)

    source = read(lines[0] + lines[1] + b'99,"open and never closed\r\n' + lines[2], PROJECTS)

    assert problems(source) == [(3, "", "torn_row", True)]
    assert len(source.rows) == 1


def test_nul_characters_and_endless_fields() -> None:
    rows = [make.project("A", PrjTitle="a\x00b"), make.project("B", PrjTitle="x" * 1_100_000), make.project("C")]

    source = read(make.as_csv(rows), PROJECTS)

    assert problems(source) == [(2, "PrjTitle", "nul_character", True), (3, "", "torn_row", True)]
    assert [row["PrjCode"] for _line, row in source.rows] == ["C"]


def test_headers_must_be_whole() -> None:
    data = make.as_csv(TWO)

    assert problems(read(data.replace(b"PrgBdg", b"Budget"), PROJECTS)) == [(1, "PrgBdg", "missing_column", True)]
    assert (1, "PrjCode", "column_twice", True) in problems(read(data.replace(b"PrjTitle", b"PrjCode"), PROJECTS))
    assert problems(read(b"," * 100_000, PROJECTS)) == [(0, "", "empty_file", True)]
    assert problems(read(b"a," * 100_000, PROJECTS)) == [(1, "", "too_many_columns", True)]
    assert problems(read(b"", PROJECTS)) == [(0, "", "empty_file", True)]


def test_an_unknown_column_is_a_doubt_and_its_text_is_kept() -> None:
    source = read(make.as_csv([{**make.project(), "NewColumn": "kept"}]), PROJECTS)

    assert problems(source) == [(1, "NewColumn", "unknown_column", False)]
    assert source.rows[0][1]["NewColumn"] == "kept"


def zipped(files: dict[str, bytes]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    packed.seek(0)
    return packed


def test_a_zip_is_opened_by_known_names_wherever_they_lie() -> None:
    data = make.as_csv(TWO)
    upload = zipped({"deep/../../Projects.CSV": data, "history.csv": b"x", "readme.txt": b"x"})

    bundle = from_uploads([("all.zip", upload)])

    assert bundle.files == {"projects.csv": data}
    assert bundle.not_read == {"history.csv": "derived", "readme.txt": "unknown_file"}


def test_what_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "MAX_FILE_BYTES", 1024 * 1024)
    bomb = zipped({"projects.csv": b"0" * 50_000_000})
    assert len(bomb.getvalue()) < 60_000
    broken = io.BytesIO(zipped({"projects.csv": b"a" * 9000}).getvalue()[:-30] + b"PK\x05\x06" + b"\xff" * 18)
    data = make.as_csv(TWO)
    cases = {
        "file_too_large": [("bomb.zip", bomb)],
        "file_twice": [("projects.csv", io.BytesIO(data)), ("a.zip", zipped({"x/projects.csv": data}))],
        "nothing_to_read": [("notes.csv", io.BytesIO(b"x"))],
        "too_many_entries": [("many.zip", zipped({f"{i}.txt": b"" for i in range(51)}))],
        "zip_broken": [("broken.zip", broken)],
    }

    for code, uploads in cases.items():
        with pytest.raises(BundleRefused) as caught:
            from_uploads(uploads)
        assert caught.value.code == code


def test_a_protected_zip_is_named_as_such() -> None:
    upload = bytearray(zipped({"projects.csv": b"secret"}).getvalue())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        upload[upload.index(signature) + offset] |= 1

    with pytest.raises(BundleRefused) as caught:
        from_uploads([("locked.zip", io.BytesIO(bytes(upload)))])

    assert caught.value.code == "zip_encrypted"
