"""``manage.py import_places FILE…``: take OCHA's list of administrative places (COD-AB), as CSV or XLSX."""

import csv
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations

from grants.gazetteer import UnusableListError, read
from grants.services.places import take
from kernel.sheets import sheets_of
from kernel.workbooks import WorkbookError

MOST_ROWS = 20_000
WRONG = {
    "no_codes": "no column of codes (ADM1_PCODE, admin4Pcode, adm3_pcode …) was found",
    "code": "this is no code",
    "name": "the place has no name, or one that is too long",
    "parent": "the place stands in the list twice, in two other places",
    "governorate": "the place lies in no governorate that the fund knows",
}


class Command(BaseCommand):
    """Read the whole list, or say what is wrong with it and change nothing."""

    help = "Take OCHA's list of administrative places (COD-AB) as CSV or XLSX; take it again when a new version comes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files, for example one for each level."""
        parser.add_argument("files", type=Path, nargs="+")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        """Take them in their order; exit with an error for a file that is no such list."""
        for path in options["files"]:
            for rows in _tables(path):
                try:
                    taken = take(read(rows))
                except UnusableListError as error:
                    where = f", row {error.row}" if error.row else ""
                    raise CommandError(f"{path}{where}: {WRONG[error.code]} {error.what}".rstrip()) from error
                self.stdout.write(f"{path}: {taken.places} places, {taken.new} new, {taken.changed} changed")


def _tables(path: Path) -> Iterator[Sequence[Sequence[str]]]:
    try:
        data = path.read_bytes()
        if path.suffix.lower() == ".xlsx":
            yield from (rows for rows in sheets_of(data, most=MOST_ROWS) if rows)
        else:
            yield list(csv.reader(data.decode("utf-8-sig").splitlines()))
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path}: this is neither an XLSX workbook nor CSV in UTF-8") from error
    except WorkbookError as error:
        raise CommandError(f"{path}: the workbook is not taken ({error.code}); save the sheet as CSV") from error
