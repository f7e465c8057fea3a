"""``manage.py fsck``: recompute the books and the record, and say what is wrong."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import fsck


class Command(BaseCommand):
    """Prints one line a finding and fails when there is one."""

    help = "Recomputes balances, sums, states against events, leaves and guards, and says what is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--log", action="store_true", help="only the log: leaves, tree, signatures, projection")

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for finding in fsck.findings(log_only=options["log"]):
            count += 1
            self.stdout.write(finding)
        if count:
            raise CommandError(f"{count} findings")
        what = "the log is" if options["log"] else "the books and the record are"
        self.stdout.write(f"no findings: {what} whole")
