"""Row-level security of gifts by card: who gave, what Stripe sent and moved, refunds and differences.

A giver is nobody whom the database knows: the fund itself reads for whoever holds the giver's signed link.
"""

from django.db import migrations

from audit.walls import raise_wall

READERS = "(SELECT fund_holds('finance_officer', 'fund_manager', 'auditor'))"
TABLES = (
    "funds_giver",
    "funds_gift",
    "funds_webhookdelivery",
    "funds_cardentry",
    "funds_payoutarrival",
    "funds_giftrefund",
    "funds_carddifference",
    "funds_givingcertificate",
)


class Migration(migrations.Migration):
    dependencies = [("funds", "0006_gifts_by_card"), ("accounts", "0004_offices_of_the_identity")]

    operations = [raise_wall(table, READERS) for table in TABLES]
