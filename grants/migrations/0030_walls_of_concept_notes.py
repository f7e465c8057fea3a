"""Row-level security of concept notes: who oversees, and judges an appeal, reads them from their sending on.

Beside the rules: `grants.rules.applications`. An application that was only started, and a full proposal that is being written,
stay with their organisation; members of committees come with the gate of their own layer.
"""

from django.db import migrations

from audit.walls import ITSELF, raise_wall

READERS = "(SELECT fund_holds('programme_officer', 'finance_officer', 'fund_manager', 'board_member', 'auditor'))"
WITH_JUDGES = (
    "(SELECT fund_holds('programme_officer', 'finance_officer', 'fund_manager', 'board_member', 'auditor',"
    " 'appeals_panelist'))"
)
PERSON = "(SELECT fund_person())"
ITS_PEOPLE = "(SELECT fund_organisations('preparer', 'signatory'))::uuid[]"
GRANTED = (
    "SELECT content_object_id FROM grants_applicationuserobjectpermission"
    f" WHERE user_id = {PERSON} AND expires_at >= (SELECT fund_today())"
)


def wall(sent: str) -> str:
    """The wall of applications, where ``sent`` says which ones offices read."""
    condition = f"{ITSELF} OR ({sent}) AND {WITH_JUDGES} OR organisation_id = ANY ({ITS_PEOPLE}) OR id IN ({GRANTED})"
    return f"ALTER POLICY second_wall ON grants_application USING ({condition}) WITH CHECK ({condition});"


class Migration(migrations.Migration):
    dependencies = [("grants", "0029_two_stages")]

    operations = [
        migrations.RunSQL(
            wall("submitted_at IS NOT NULL OR state = 'concept_sent'"), wall("submitted_at IS NOT NULL")
        ),
        raise_wall(
            "grants_conceptnote",
            f"{READERS} OR application_id IN"
            f" (SELECT id FROM grants_application WHERE organisation_id = ANY ({ITS_PEOPLE}))",
        ),
    ]
