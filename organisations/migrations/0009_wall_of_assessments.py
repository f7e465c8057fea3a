"""Row-level security of how able an organisation was found: for its people and the offices that judge it."""

from django.db import migrations

from audit.walls import raise_wall

READERS = (
    "(SELECT fund_holds('programme_officer', 'finance_officer', 'fund_manager', 'board_member', 'auditor'))"
)
ITS_PEOPLE = "(SELECT fund_organisations('preparer', 'signatory'))::uuid[]"


class Migration(migrations.Migration):
    dependencies = [("organisations", "0008_sealed_only")]

    operations = [
        raise_wall("organisations_capacityassessment", f"{READERS} OR organisation_id = ANY ({ITS_PEOPLE})")
    ]
