"""Row-level security of what partners report and of what applicants are answered."""

from django.db import migrations

from audit.walls import raise_wall

READERS = (
    "(SELECT fund_holds('programme_officer', 'finance_officer', 'fund_manager', 'board_member', 'auditor'))"
)
JUDGES = "(SELECT fund_holds('appeals_panelist'))"
ITS_PEOPLE = "(SELECT fund_organisations('preparer', 'signatory'))::uuid[]"
ANSWERS = (
    f"{READERS} OR {JUDGES} OR application_id IN"
    f" (SELECT id FROM grants_application WHERE organisation_id = ANY ({ITS_PEOPLE}))"
)
GRANTED = (
    "SELECT content_object_id FROM grants_applicationuserobjectpermission"
    " WHERE user_id = (SELECT fund_person()) AND expires_at >= (SELECT fund_today())"
)


class Migration(migrations.Migration):
    dependencies = [("grants", "0011_rapid_hours"), ("organisations", "0004_second_wall")]

    operations = [
        raise_wall(
            "grants_report",
            f"{READERS} OR grant_id IN (SELECT id FROM grants_grant WHERE organisation_id = ANY ({ITS_PEOPLE}))",
        ),
        # As the report itself, whose own wall answers the sub-select.
        raise_wall("grants_reportline", f"{READERS} OR report_id IN (SELECT id FROM grants_report)"),
        raise_wall("grants_feedback", ANSWERS),
        # Scorers who see an application see its letters as well, while their grant to read it lasts.
        raise_wall("grants_letter", f"{ANSWERS} OR application_id IN ({GRANTED})"),
    ]
