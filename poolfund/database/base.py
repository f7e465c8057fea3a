"""Django's PostgreSQL backend: it starts the embedded server, and tells PostgreSQL for whom it asks."""

import select
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.backends.postgresql import base
from django.db.utils import NotSupportedError
from psycopg._preparing import Prepare, PrepareManager
from psycopg.pq import ExecStatus, TransactionStatus

from kernel import identity

if TYPE_CHECKING:
    from psycopg.pq.abc import PGresult


class KeptPlans(PrepareManager):
    """What a connection prepared stays prepared after a rollback, also after one to a savepoint.

    psycopg forgets all of it there, for what a transaction made and its end unmade; the application's role makes nothing. A
    plan of what is dropped or altered elsewhere PostgreSQL itself makes anew. Every refusal that undoes what a service had
    begun, and every test, would plan everything once more.
    """

    _UNMADE = (b"DROP", b"ALTER", b"DISCARD ALL", b"DEALLOCATE ALL")
    outdated = False
    """Whether PostgreSQL refused a plan: a migration changed the kind of what it reads while the connection lived."""

    def clear(self) -> bool:
        """Forget what is outdated; psycopg calls it after a rollback."""
        outdated, self.outdated = self.outdated, False
        return outdated and super().clear()

    def _should_discard(self, prep: Prepare, results: "Sequence[PGresult]", *_compiled: Any) -> bool:
        """After a rollback to a savepoint; what a connection changes itself (a migration, as the owner) is outdated at once."""
        said = [result.command_status or b"" for result in results]
        self.outdated |= any(one.startswith(self._UNMADE) for one in said)
        return (self.outdated or b"ROLLBACK" in said) and self.clear()

    def validate(self, key: Any, prep: Prepare, name: bytes, results: "Sequence[PGresult]") -> None:
        """A statement that a guard refuses stays prepared too; else each refusal would leave a plan that nobody asks for."""
        if prep is not Prepare.NO and any(result.status == ExecStatus.FATAL_ERROR for result in results):
            self._rotate()
        else:
            super().validate(key, prep, name, results)


class DatabaseWrapper(base.DatabaseWrapper):
    """PostgreSQL; ``settings.EMBEDDED_SERVER`` is running when a connection is asked for.

    Before a statement the connection is told the identity of `kernel.identity` where it does not know it: so a
    connection that lives on after a request never carries the request's person into the next one.
    """

    health_check_done: bool  # Django's, which its stubs forget

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told: str | None = None
        self._plans = KeptPlans()
        self.execute_wrappers.append(self._tell_then_execute)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect, to a server that runs and that knows nobody yet."""
        if settings.EMBEDDED_SERVER is not None:
            settings.EMBEDDED_SERVER.ensure_running()
        self._told = None
        connection = super().get_new_connection(conn_params)
        self._plans = KeptPlans()
        self._plans.prepare_threshold, self._plans.prepared_max = connection.prepare_threshold, settings.PREPARED_MOST
        connection._prepared = self._plans  # noqa: SLF001 -- psycopg has no other way to give a connection its own
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
        try:
            return execute(sql, params, many, context)
        except NotSupportedError:
            self._plans.outdated = True
            if self.connection is not None and self.connection.info.transaction_status == TransactionStatus.IDLE:
                self._plans.clear()
            raise

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
