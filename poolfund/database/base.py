"""Django's PostgreSQL backend: it starts the embedded server, and tells PostgreSQL for whom it asks."""

import select
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from kernel import identity
from poolfund.environment import PREPARED_MOST


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL; ``settings.EMBEDDED_SERVER`` is running when a connection is asked for.

    Before a statement the connection is told the identity of `kernel.identity` where it does not know it: so a
    connection that lives on after a request never carries the request's person into the next one.
    """

    health_check_done: bool  # Django's, which its stubs forget

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told: str | None = None
        self.execute_wrappers.append(self._tell_then_execute)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, to a server that runs and that knows nobody yet."""
        if settings.EMBEDDED_SERVER is not None:
            settings.EMBEDDED_SERVER.ensure_running()
        self._told = None
        connection = super().get_new_connection(conn_params)
        connection.prepared_max = PREPARED_MOST
        return connection

    def close_if_health_check_failed(self) -> None:
        """Before a request's first statement: ask the server whether it is there only where it has said something.

        On an idle connection a server speaks when it goes away. Django asks `SELECT 1` each time: one question in
        twelve of a page that saves itself.
        """
        if self.connection is not None and not self.health_check_done and not _spoke(self.connection):
            self.health_check_done = True
        else:
            super().close_if_health_check_failed()

    def _tell_then_execute(
        self,
        execute: Callable[..., Any],
        sql: Any,
        params: Any,
        many: bool,  # noqa: FBT001 -- Django's signature
        context: dict[str, Any],
    ) -> Any:
        if self.connection is not None and not identity.is_unheeded():
            wanted = identity.current()
            if self._told is None or not identity.reads_alike(wanted, self._told):
                self._tell(wanted)
        return execute(sql, params, many, context)

    def _tell(self, wanted: str) -> None:
        # A transaction that failed reads nothing and takes no setting; it is told after its end.
        if self.connection.info.transaction_status != TransactionStatus.INERROR:
            with self.wrap_database_errors:
                self.connection.execute("SELECT set_config('poolfund.identity', %s, false)", [wanted])
            self._told = wanted

    def _rollback(self) -> None:
        # What is rolled back takes settings with it.
        self._told = None
        super()._rollback()  # type: ignore[misc]  # the stubs keep it from us

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._told = None


def _spoke(connection: Any) -> bool:
    """Whether something has arrived on an idle connection, its end included."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
