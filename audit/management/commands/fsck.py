"""``manage.py fsck``: recompute the books and the record, and say what is wrong."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit import fsck


class Command(BaseCommand):
    """Prints one line a finding and fails when there is one."""

    help = "Recomputes balances, sums, states against events, leaves and guards, and says what is wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for finding in fsck.findings():
            count += 1
            self.stdout.write(finding)
        if count:
            raise CommandError(f"{count} findings")
        self.stdout.write("no findings: the books and the record are whole")
