

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grants', '0025_savings_of_reports'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='application',
            name='content_fixed',
        ),
        migrations.AddField(
            model_name='application',
            name='expected_minor',
            field=models.BigIntegerField(editable=False, null=True, verbose_name='amount planned'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='application',
            trigger=pgtrigger.compiler.Trigger(name='content_fixed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                IF OLD.state NOT IN ('draft', 'returned_for_completion') AND (NEW.call_id IS DISTINCT FROM OLD.call_id OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id OR NEW.reference IS DISTINCT FROM OLD.reference OR NEW.title IS DISTINCT FROM OLD.title OR NEW.summary IS DISTINCT FROM OLD.summary OR NEW.sector IS DISTINCT FROM OLD.sector OR NEW.governorates IS DISTINCT FROM OLD.governorates OR NEW.months IS DISTINCT FROM OLD.months OR NEW.starts_on IS DISTINCT FROM OLD.starts_on OR NEW.people_reached IS DISTINCT FROM OLD.people_reached OR NEW.expected_minor IS DISTINCT FROM OLD.expected_minor OR NEW.requested_minor IS DISTINCT FROM OLD.requested_minor) THEN\n                    RAISE EXCEPTION '%: % is fixed since it was submitted', TG_TABLE_NAME, OLD.reference\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                RETURN NEW;\n                ", hash='031427b44e892b4a94f8c20bcd2175b5cd559481', operation='UPDATE', pgid='pgtrigger_content_fixed_86c16', table='grants_application', when='BEFORE')),
        ),
    ]
