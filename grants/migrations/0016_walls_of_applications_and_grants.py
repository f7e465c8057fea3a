"""Row-level security of applications, of who was given one to read, and of grants with their conditions and sources.

Beside the rules: `grants.rules.applications` (`READERS`, `submitted_q`, `granted_q`), `grants.rules.grants.visible_grants`.
The board and who judges appeals read applications with what hangs on them; members of committees come with a gate of
their own layer.
"""

from django.db import migrations

from audit.walls import raise_wall

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
SEEN = f"{READERS} OR grant_id IN (SELECT id FROM grants_grant)"


class Migration(migrations.Migration):
    dependencies = [("grants", "0015_calls_that_end_empty"), ("organisations", "0004_second_wall")]

    operations = [
        # No circle: applications ask this table, and it asks none of them.
        raise_wall(
            "grants_applicationuserobjectpermission",
            f"(SELECT fund_holds('programme_officer', 'fund_manager', 'auditor')) OR user_id = {PERSON}",
        ),
        raise_wall(
            "grants_application",
            f"submitted_at IS NOT NULL AND {WITH_JUDGES} OR organisation_id = ANY ({ITS_PEOPLE}) OR id IN ({GRANTED})",
        ),
        raise_wall("grants_grant", f"{READERS} OR organisation_id = ANY ({ITS_PEOPLE})"),
        # As the grant itself, whose own wall answers the sub-select.
        raise_wall("grants_grantfunding", SEEN),
        raise_wall("grants_awardcondition", SEEN),
        raise_wall("grants_conditionevidence", f"{READERS} OR condition_id IN (SELECT id FROM grants_awardcondition)"),
    ]
