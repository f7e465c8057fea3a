"""Django's PostgreSQL backend, which starts the embedded server before the first connection."""

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL; ``settings.EMBEDDED_SERVER`` is running when a connection is asked for."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, to a server that runs."""
        if settings.EMBEDDED_SERVER is not None:
            settings.EMBEDDED_SERVER.ensure_running()
        return super().get_new_connection(conn_params)
