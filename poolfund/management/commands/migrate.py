"""`migrate` as the owner of the tables; then what the application's role may do with them is set anew."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from poolfund.database import roles
from poolfund.database.quick_states import quick_states


class Command(migrate.Command):
    """Django's migrate, run by the owner."""

    help = "Bring the database to the state of the code, as the owner of its tables."

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, create the cache table, grant."""
        alias = options["database"]
        application = str(connections[alias].settings_dict["USER"])
        with roles.as_owner(alias) as connection:
            with _pace(connection):
                super().handle(*args, **options)
            if options["plan"] or options["check_unapplied"]:
                return
            call_command("createcachetable", database=alias, verbosity=0)
            roles.grant(connection, application=application)


def _pace(connection: BaseDatabaseWrapper) -> AbstractContextManager[None]:
    """Quick while no table stands yet, and on the embedded server; else exactly as Django migrates."""
    quick = settings.EMBEDDED_SERVER is not None or not MigrationRecorder(connection).has_table()
    return quick_states() if quick else nullcontext()
