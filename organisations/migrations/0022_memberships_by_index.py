"""Whose member a person is, is found by the index.

The table has a wall of its own, and behind a wall PostgreSQL looks nothing up by a value that it works out with functions that
might tell of the rows; it read every person of every organisation instead, two dozen times for one saved field. A value
that is worked out before the table is read can be looked up.
"""

from importlib import import_module

from django.db import migrations

_WALLS = import_module("organisations.migrations.0014_walls_of_people")
_BODY = """
    SELECT coalesce((
        SELECT array_agg(organisation_id) FROM organisations_person
        WHERE user_id = (SELECT fund_person()) AND role = ANY (roles)
            AND starts_on <= (SELECT fund_today()) AND (ends_on IS NULL OR ends_on > (SELECT fund_today()))
    ), '{}')
"""
UP = f"{_WALLS._HEAD} SECURITY DEFINER SET search_path FROM CURRENT AS $$ {_BODY} $$"


class Migration(migrations.Migration):
    dependencies = [("organisations", "0021_moves_that_stay_are_witnessed")]

    operations = [migrations.RunSQL(UP, _WALLS.UP)]
