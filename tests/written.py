"""What a transaction has written, counted by PostgreSQL itself: also what it took back, and whatever table it was."""

from django.db import connection

NOT_THE_FUND = {"django_session", "usersessions_usersession"}
COUNTED = """
    SELECT relname,
        pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid) + pg_stat_get_xact_tuples_deleted(oid)
    FROM pg_class WHERE relkind IN ('r', 'm', 'p')
        AND relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace, 'information_schema'::regnamespace)
"""
"""What `pg_stat_xact_user_tables` says, without its joins: walks ask this around every request."""


def written() -> dict[str, int]:
    """How many rows of each table of the fund this transaction has written so far."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED)
        return {name: count for name, count in cursor.fetchall() if count and name not in NOT_THE_FUND}
