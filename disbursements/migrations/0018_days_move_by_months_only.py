
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('disbursements', '0017_tranches_move_with_extensions'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='tranche',
            name='moved_by_extension',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tranche',
            trigger=pgtrigger.compiler.Trigger(name='moved_by_extension', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.state = OLD.state AND NEW.state IN ('planned', 'held', 'scheduled') AND (NEW.due_on <> OLD.due_on) AND NOT (NEW.due_on >= OLD.due_on AND EXISTS (\n        SELECT 1 FROM grants_revision r JOIN grants_grant g ON g.id = r.grant_id\n        WHERE r.grant_id = NEW.grant_id AND r.state = 'effective' AND r.months > 0 AND r.new_end = g.ends_on\n    )) THEN\n        RAISE EXCEPTION '%: days move by an extension in force only, and never back', TG_TABLE_NAME\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='b5427a8e1778ce92f66edad9894c9f12bff72898', operation='UPDATE', pgid='pgtrigger_moved_by_extension_cfb5c', table='disbursements_tranche', when='BEFORE')),
        ),
    ]
