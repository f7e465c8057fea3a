"""Settings of a machine without PostgreSQL: the embedded server, or what ``DATABASE_URL`` names."""

from typing import Any

from poolfund import embedded, environment


def databases(server: embedded.EmbeddedServer) -> tuple[dict[str, Any], embedded.EmbeddedServer | None]:
    """The default database as the application's role, and the server to start for it (None: it runs elsewhere)."""
    url = environment.read("DATABASE_URL")
    if url:
        return environment.database(url), None
    settings = {
        "ENGINE": "poolfund.database",
        "NAME": embedded.DATABASE,
        "USER": embedded.APP,
        "PASSWORD": "",
        "HOST": str(server.socket_folder),
        "PORT": "5432",
        # As in production (poolfund.environment): a new connection for each request would know no table yet.
        "CONN_MAX_AGE": environment.KEPT_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(environment.PREPARED),
    }
    return settings, server


def queue(server: embedded.EmbeddedServer) -> tuple[str, dict[str, Any]]:
    """Celery's broker and its options: ``CELERY_BROKER_URL``, or the embedded server's queue."""
    url = environment.read("CELERY_BROKER_URL")
    if url:
        return environment.broker(url)
    conninfo = server.conninfo(user=embedded.QUEUE, database=embedded.QUEUE_DATABASE)
    return "pgmq://localhost", environment.queue_options(conninfo)
