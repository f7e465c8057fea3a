"""What a transaction has written, counted by PostgreSQL itself: also what it took back, and whatever table it was."""

from django.db import connection

NOT_THE_FUND = {"django_session", "usersessions_usersession"}


def written() -> dict[str, int]:
    """How many rows of each table of the fund this transaction has written so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return {name: count for name, count in cursor.fetchall() if count and name not in NOT_THE_FUND}
