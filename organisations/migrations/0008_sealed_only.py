"""The text is gone from the tables; a row that was not sealed would stop this migration."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from audit.sealed import SealedTextField


class Migration(migrations.Migration):
    dependencies = [("organisations", "0007_seal_what_is_there")]

    operations = [
        migrations.AlterField("bankaccount", "number", SealedTextField(max_length=40, subject="organisation_id", verbose_name="IBAN or account number")),
        migrations.AlterField("bankaccount", "bank", SealedTextField(max_length=140, subject="organisation_id", verbose_name="bank")),
        migrations.AlterField("bankaccount", "holder_ar", SealedTextField(max_length=140, subject="organisation_id", verbose_name="account holder in Arabic")),
        migrations.AlterField("bankaccount", "holder_latin", SealedTextField(max_length=140, subject="organisation_id", verbose_name="account holder in Latin script")),
        migrations.AlterField("organisation", "email", SealedTextField(max_length=254, subject="pk", verbose_name="e-mail address")),
        migrations.AlterField("organisation", "phone", SealedTextField(max_length=30, subject="pk", verbose_name="phone")),
        migrations.AlterField(
            "organisation",
            "data_key",
            models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.datakey"
            ),
        ),
        migrations.AlterField(
            "bankaccount",
            "data_key",
            models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.datakey"
            ),
        ),
        migrations.AlterField(
            "bankaccount", "number_index", models.CharField(blank=True, db_index=True, editable=False, max_length=64)
        ),
        migrations.RemoveField("bankaccount", "plain_number"),
        migrations.RemoveField("bankaccount", "plain_bank"),
        migrations.RemoveField("bankaccount", "plain_holder_ar"),
        migrations.RemoveField("bankaccount", "plain_holder_latin"),
        migrations.RemoveField("organisation", "plain_email"),
        migrations.RemoveField("organisation", "plain_phone"),
        pgtrigger.migrations.AddTrigger(
            model_name='bankaccount',
            trigger=pgtrigger.compiler.Trigger(name='fixed_fields', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.organisation_id IS DISTINCT FROM OLD.organisation_id THEN\n        RAISE EXCEPTION '%: organisation_id of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.data_key_id IS DISTINCT FROM OLD.data_key_id THEN\n        RAISE EXCEPTION '%: data_key_id of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.holder_latin IS DISTINCT FROM OLD.holder_latin THEN\n        RAISE EXCEPTION '%: holder_latin of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.holder_ar IS DISTINCT FROM OLD.holder_ar THEN\n        RAISE EXCEPTION '%: holder_ar of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.bank IS DISTINCT FROM OLD.bank THEN\n        RAISE EXCEPTION '%: bank of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.number IS DISTINCT FROM OLD.number THEN\n        RAISE EXCEPTION '%: number of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.currency IS DISTINCT FROM OLD.currency THEN\n        RAISE EXCEPTION '%: currency of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.fingerprint IS DISTINCT FROM OLD.fingerprint THEN\n        RAISE EXCEPTION '%: fingerprint of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.recorded_by_id IS DISTINCT FROM OLD.recorded_by_id THEN\n        RAISE EXCEPTION '%: recorded_by_id of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.verified_by_id IS DISTINCT FROM OLD.verified_by_id THEN\n        RAISE EXCEPTION '%: verified_by_id of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.usable_from IS DISTINCT FROM OLD.usable_from THEN\n        RAISE EXCEPTION '%: usable_from of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;", hash='023602e6b828591af8e6972c09ad73147ba38e10', operation='UPDATE', pgid='pgtrigger_fixed_fields_273e7', table='organisations_bankaccount', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('state', 'retired'), _negated=True), models.Q(('number_index', ''), _negated=True)), fields=('organisation', 'number_index', 'currency'), name='number_recorded_once'),
        ),
    ]
