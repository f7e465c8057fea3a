"""The queue's own database: the schema of ``pgmq`` that Celery's broker uses."""

import psycopg
from pgmq.install import get_embedded_sql_version, install_pgmq_from_sql


def is_installed(conninfo: str) -> bool:
    """Whether the schema of ``pgmq`` is there."""
    with psycopg.connect(conninfo) as connection:
        row = connection.execute("SELECT to_regclass('pgmq.meta') IS NOT NULL").fetchone()
    return bool(row and row[0])


def install(conninfo: str) -> str:
    """Install the schema that the package ``pgmq`` ships, unless it is there; returns the version shipped."""
    if not is_installed(conninfo):
        with psycopg.connect(conninfo) as connection:
            install_pgmq_from_sql(conn=connection)
    return get_embedded_sql_version()
