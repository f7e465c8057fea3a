"""Row-level security of who belongs to an organisation, and of the items of its passport.

Beside the rules: `organisations.rules.people` (`READERS`, `memberships_of`), `organisations.rules.passport`. Most walls ask who
belongs where. The function that answers runs as the owner of the tables, who reads past this one wall, else the table
would ask itself for ever.
"""

from django.db import migrations

from audit.walls import raise_wall

_BODY = """
    SELECT coalesce((
        SELECT array_agg(organisation_id) FROM organisations_person
        WHERE user_id = fund_person() AND role = ANY (roles)
            AND starts_on <= fund_today() AND (ends_on IS NULL OR ends_on > fund_today())
    ), '{}')
"""
_HEAD = "CREATE OR REPLACE FUNCTION fund_organisations(VARIADIC roles text[]) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE"
UP = f"{_HEAD} SECURITY DEFINER SET search_path FROM CURRENT AS $$ {_BODY} $$"
DOWN = f"{_HEAD} AS $$ {_BODY} $$"
ASKED_BY_WALLS = (
    "(SELECT current_user = pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'organisations_person'::regclass)"
)
READERS = "(SELECT fund_holds('programme_officer', 'finance_officer', 'fund_manager', 'board_member', 'auditor'))"
ITS_PEOPLE = "(SELECT fund_organisations('preparer', 'signatory'))::uuid[]"


class Migration(migrations.Migration):
    dependencies = [("organisations", "0013_screening")]

    operations = [
        migrations.RunSQL(UP, DOWN),
        raise_wall(
            "organisations_person",
            f"{ASKED_BY_WALLS} OR {READERS} OR user_id = (SELECT fund_person()) OR organisation_id = ANY ({ITS_PEOPLE})",
        ),
        raise_wall("organisations_passportitem", f"{READERS} OR organisation_id = ANY ({ITS_PEOPLE})"),
    ]
