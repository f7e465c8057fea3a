"""Row-level security of changes of bank details: as that of the accounts themselves (`organisations.rules.bank_changes`)."""

from django.db import migrations

from audit.walls import raise_wall

READERS = "(SELECT fund_holds('finance_officer', 'fund_manager', 'auditor'))"
ITS_SIGNATORIES = "(SELECT fund_organisations('signatory'))::uuid[]"


class Migration(migrations.Migration):
    dependencies = [("organisations", "0019_bank_changes")]

    operations = [
        raise_wall("organisations_bankchange", f"{READERS} OR organisation_id = ANY ({ITS_SIGNATORIES})"),
        raise_wall(
            "organisations_bankchangeagreement",
            f"{READERS} OR change_id IN (SELECT id FROM organisations_bankchange)",
        ),
    ]
