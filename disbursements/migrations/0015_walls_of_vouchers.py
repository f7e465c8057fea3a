"""Row-level security of vouchers and of wrong codes: as that of the payments themselves."""

from django.db import migrations

from audit.walls import raise_wall


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0014_vouchers")]

    operations = [
        raise_wall("disbursements_voucher", "payment_id IN (SELECT id FROM disbursements_payment)"),
        raise_wall("disbursements_vouchertry", "voucher_id IN (SELECT id FROM disbursements_voucher)"),
    ]
