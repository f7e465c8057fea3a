"""Row-level security of tranches, and of all that the fund holds of banks and providers.

Beside the rules: tranches are seen with their grant (`disbursements.selectors.visible_tranches`), the bank's papers by
those who see bank details (`organisations.rules.bank.BANK_READERS`).
"""

from django.db import migrations

from audit.walls import raise_wall

READERS = "(SELECT fund_holds('programme_officer', 'finance_officer', 'fund_manager', 'board_member', 'auditor'))"
BANK_READERS = "(SELECT fund_holds('finance_officer', 'fund_manager', 'auditor'))"
OF_THE_BANK = (
    "disbursements_fundaccount",
    "disbursements_paymentrun",
    "disbursements_paymentrunline",
    "disbursements_bankstatement",
    "disbursements_statementline",
    "disbursements_linedecision",
    "disbursements_providerscreening",
)


class Migration(migrations.Migration):
    dependencies = [
        ("disbursements", "0009_payment_channels"),
        ("grants", "0016_walls_of_applications_and_grants"),
    ]

    operations = [
        raise_wall("disbursements_tranche", f"{READERS} OR grant_id IN (SELECT id FROM grants_grant)"),
        *(raise_wall(table, BANK_READERS) for table in OF_THE_BANK),
        # Who reads a payment reads who carries it; the payment's own wall answers the sub-select.
        raise_wall(
            "disbursements_paymentprovider",
            f"{BANK_READERS} OR id IN (SELECT provider_id FROM disbursements_payment WHERE provider_id IS NOT NULL)",
        ),
    ]
