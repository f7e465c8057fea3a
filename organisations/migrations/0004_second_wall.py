"""Row-level security of bank details and of documents of registration."""

from django.db import migrations

from audit.walls import raise_wall

UP = """
CREATE FUNCTION fund_organisations(VARIADIC roles text[]) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT coalesce((
        SELECT array_agg(organisation_id) FROM organisations_person
        WHERE user_id = fund_person() AND role = ANY (roles)
            AND starts_on <= fund_today() AND (ends_on IS NULL OR ends_on > fund_today())
    ), '{}')
$$;
"""
ITS_PEOPLE = "(SELECT fund_organisations('preparer', 'signatory'))::uuid[]"
ITS_SIGNATORIES = "(SELECT fund_organisations('signatory'))::uuid[]"
READERS = "fund_holds('programme_officer', 'finance_officer', 'fund_manager', 'board_member', 'auditor')"


class Migration(migrations.Migration):
    dependencies = [("organisations", "0003_fixed_fields"), ("accounts", "0004_offices_of_the_identity")]

    operations = [
        migrations.RunSQL(UP, "DROP FUNCTION fund_organisations(VARIADIC text[])"),
        raise_wall(
            "organisations_bankaccount",
            "(SELECT fund_holds('finance_officer', 'fund_manager', 'auditor'))"
            f" OR organisation_id = ANY ({ITS_SIGNATORIES})",
        ),
        raise_wall(
            "organisations_registrationproof", f"(SELECT {READERS}) OR organisation_id = ANY ({ITS_PEOPLE})"
        ),
    ]
