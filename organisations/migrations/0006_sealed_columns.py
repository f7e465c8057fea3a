"""Sealed columns beside the old ones, which keep their text until the next two migrations have moved it."""

import django.db.models.deletion
import pgtrigger.migrations
from django.db import migrations, models

from audit.sealed import SealedTextField


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_data_keys"), ("organisations", "0005_rights_end_by_events")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(model_name="bankaccount", name="fixed_fields"),
        migrations.RenameField("bankaccount", "number", "plain_number"),
        migrations.AlterField("bankaccount", "plain_number", models.CharField(max_length=40, null=True)),
        migrations.AddField("bankaccount", "number", SealedTextField(max_length=40, null=True, subject="organisation_id", verbose_name="IBAN or account number")),
        migrations.RenameField("bankaccount", "bank", "plain_bank"),
        migrations.AlterField("bankaccount", "plain_bank", models.CharField(max_length=140, null=True)),
        migrations.AddField("bankaccount", "bank", SealedTextField(max_length=140, null=True, subject="organisation_id", verbose_name="bank")),
        migrations.RenameField("bankaccount", "holder_ar", "plain_holder_ar"),
        migrations.AlterField("bankaccount", "plain_holder_ar", models.CharField(max_length=140, null=True)),
        migrations.AddField("bankaccount", "holder_ar", SealedTextField(max_length=140, null=True, subject="organisation_id", verbose_name="account holder in Arabic")),
        migrations.RenameField("bankaccount", "holder_latin", "plain_holder_latin"),
        migrations.AlterField("bankaccount", "plain_holder_latin", models.CharField(max_length=140, null=True)),
        migrations.AddField("bankaccount", "holder_latin", SealedTextField(max_length=140, null=True, subject="organisation_id", verbose_name="account holder in Latin script")),
        migrations.RenameField("organisation", "email", "plain_email"),
        migrations.AlterField("organisation", "plain_email", models.EmailField(max_length=254, null=True)),
        migrations.AddField("organisation", "email", SealedTextField(max_length=254, null=True, subject="pk", verbose_name="e-mail address")),
        migrations.RenameField("organisation", "phone", "plain_phone"),
        migrations.AlterField("organisation", "plain_phone", models.CharField(max_length=30, null=True)),
        migrations.AddField("organisation", "phone", SealedTextField(max_length=30, null=True, subject="pk", verbose_name="phone")),
        migrations.AddField(
            "organisation",
            "data_key",
            models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.datakey"
            ),
        ),
        migrations.AddField(
            "bankaccount",
            "data_key",
            models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.datakey"
            ),
        ),
        migrations.AddField(
            "bankaccount", "number_index", models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64)
        ),
    ]
