"""Row-level security of the rates of payments: as that of the payments themselves."""

from django.db import migrations

from audit.walls import raise_wall


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0012_conversions")]

    operations = [
        raise_wall("disbursements_conversion", "payment_id IN (SELECT id FROM disbursements_payment)"),
    ]
