"""Row-level security of what was asked for, approved, paid and paid back, with its documents."""

from django.db import migrations

from audit.walls import raise_wall

READERS = (
    "(SELECT fund_holds('programme_officer', 'finance_officer', 'fund_manager', 'board_member', 'auditor'))"
)
ITS_PEOPLE = "(SELECT fund_organisations('preparer', 'signatory'))::uuid[]"
OWN = f"SELECT id FROM grants_grant WHERE organisation_id = ANY ({ITS_PEOPLE})"
OF_A_TRANCHE = (
    "disbursements_disbursementrequest",
    "disbursements_approval",
    "disbursements_conditionwaiver",
    "disbursements_payment",
)


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0006_bank_statements"), ("organisations", "0004_second_wall")]

    operations = [
        *(
            raise_wall(
                table, f"{READERS} OR tranche_id IN (SELECT id FROM disbursements_tranche WHERE grant_id IN ({OWN}))"
            )
            for table in OF_A_TRANCHE
        ),
        raise_wall("disbursements_refund", f"{READERS} OR grant_id IN ({OWN})"),
    ]
