"""``manage.py import_sanctions un FILE``: take a version of a list of sanctions, for a daily job that fetches the lists."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError, no_translations

from organisations.models import SanctionsList
from organisations.screening_words import refusal_in_words
from organisations.services import screening
from organisations.states import ListSource, ListState


class Command(BaseCommand):
    """Read a version at once and say what changed; organisations are then compared by the worker."""

    help = "Take a version of a list of sanctions (un: consolidated XML; ofac: sdn.csv and alt.csv)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The list and its files."""
        parser.add_argument("source", choices=ListSource.values)
        parser.add_argument("file", type=Path)
        parser.add_argument("--aliases", type=Path, help="OFAC's alt.csv")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        """Take and read; exit with an error for a file that is no such list."""
        files = [_file(options["file"]), _file(options["aliases"]) if options["aliases"] else None]
        version = screening.take_list(options["source"], files[0], aliases=files[1], actor=None)
        while version.state == ListState.TAKEN:
            screening.read_list({"version": str(version.pk), "start": version.entries_read})
            version = SanctionsList.objects.get(pk=version.pk)
            self.stdout.write(f"read {version.entries_read} entries")
        if version.state == ListState.REFUSED:
            raise CommandError(f"{options['file']}: {refusal_in_words(version.refusal)}")
        self.stdout.write(
            f"{version}: {version.entries} entries, {version.added} new, {version.changed} changed, {version.gone} taken off"
        )


def _file(path: Path) -> "ContentFile[bytes]":
    try:
        return ContentFile(path.read_bytes(), name=path.name)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}") from error
