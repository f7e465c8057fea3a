"""Row-level security of what organisations write in their applications; who judges an appeal reads it too."""

from django.db import migrations

from audit.walls import open_gate, raise_wall

READERS = "fund_holds('programme_officer', 'finance_officer', 'fund_manager', 'auditor')"
CONTENT = f"""
    EXISTS (
        SELECT FROM grants_application a
        WHERE a.id = application_id AND (
            a.state <> 'draft' AND (SELECT {READERS})
            OR a.organisation_id = ANY ((SELECT fund_organisations('preparer', 'signatory'))::uuid[])
        )
    )
    OR application_id IN (
        SELECT content_object_id FROM grants_applicationuserobjectpermission
        WHERE user_id = (SELECT fund_person()) AND expires_at >= (SELECT fund_today())
    )
"""
TABLES = ("grants_answer", "grants_eligibilityanswer", "grants_budgetline", "grants_sectionsave")


class Migration(migrations.Migration):
    dependencies = [("grants", "0007_appeals"), ("organisations", "0004_second_wall")]

    operations = [
        *(raise_wall(table, CONTENT) for table in TABLES),
        *(open_gate(table, "appeals_panel", "(SELECT fund_holds('appeals_panelist'))") for table in TABLES),
    ]
