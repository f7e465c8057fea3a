"""Questions about calls: everybody reads the answered ones, nobody but the asker who asked."""

import django.db.models.deletion
import django_fsm
import i18nfield.fields
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from audit.walls import raise_wall

READERS = "(SELECT fund_holds('programme_officer', 'fund_manager', 'auditor'))"


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0006_data_keys'),
        ('grants', '0017_fields_of_saves'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CallQuestion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('moved_at', models.DateTimeField(editable=False, verbose_name='since')),
                ('state', django_fsm.FSMField(choices=[('asked', 'waits for an answer'), ('answered', 'answered'), ('declined', 'not published')], default='asked', editable=False, max_length=50)),
                ('asked', models.TextField(max_length=600, verbose_name='as it was asked')),
                ('question', i18nfield.fields.I18nTextField(null=True, verbose_name='question as everybody reads it')),
                ('answer', i18nfield.fields.I18nTextField(null=True, verbose_name='answer to everybody')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked_questions', to='grants.call')),
                ('leaf', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audit.leaf')),
            ],
            options={
                'indexes': [models.Index(fields=['call', 'state', 'moved_at'], name='questions_of_a_call')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), models.Q(('answer__isnull', False), ('answered_by__isnull', False), ('question__isnull', False)), _connector='OR'), name='answered_question_has_its_answer')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callquestion',
            trigger=pgtrigger.compiler.Trigger(name='legal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF TG_OP = 'INSERT' THEN\n        IF NEW.state <> 'asked' THEN\n            RAISE EXCEPTION '%: begins as asked, not %', TG_TABLE_NAME, NEW.state USING ERRCODE = 'check_violation';\n        END IF;\n        \n    IF NOT EXISTS (\n        SELECT 1 FROM audit_recordedevent e\n        WHERE e.leaf_id = NEW.leaf_id AND e.subject_id = NEW.id AND e.to_state = NEW.state\n    ) THEN\n        RAISE EXCEPTION '%: no recorded event for this change of %', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation';\n    END IF;\n\n    ELSIF NEW.state <> OLD.state THEN\n        IF NOT (OLD.state, NEW.state) IN (('asked', 'answered'), ('asked', 'declined')) THEN\n            RAISE EXCEPTION '%: illegal move % -> %', TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.leaf_id = OLD.leaf_id THEN\n            RAISE EXCEPTION '%: a move needs its own leaf', TG_TABLE_NAME USING ERRCODE = 'check_violation';\n        END IF;\n        \n    IF NOT EXISTS (\n        SELECT 1 FROM audit_recordedevent e\n        WHERE e.leaf_id = NEW.leaf_id AND e.subject_id = NEW.id AND e.to_state = NEW.state\n    ) THEN\n        RAISE EXCEPTION '%: no recorded event for this change of %', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation';\n    END IF;\n\n    ELSIF NEW.leaf_id <> OLD.leaf_id AND NOT (OLD.state, NEW.state) IN (('asked', 'answered'), ('asked', 'declined')) THEN\n        RAISE EXCEPTION '%: the leaf changes only with the state', TG_TABLE_NAME USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n    ", hash='c82f76a229880c7341a749590eead6af41c060d9', operation='INSERT OR UPDATE', pgid='pgtrigger_legal_moves_17aad', table='grants_callquestion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callquestion',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='eff1ac901ac0d1f42a30509093274525abc4cbad', operation='DELETE', pgid='pgtrigger_no_delete_5a099', table='grants_callquestion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callquestion',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is kept for ever', TG_TABLE_NAME;", hash='46f67c6d0e36725374a774928f6ceeb3f66ce94a', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_8c4b6', table='grants_callquestion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='callquestion',
            trigger=pgtrigger.compiler.Trigger(name='fixed_fields', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.call_id IS DISTINCT FROM OLD.call_id THEN\n        RAISE EXCEPTION '%: call_id of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.asked IS DISTINCT FROM OLD.asked THEN\n        RAISE EXCEPTION '%: asked of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.asked_by_id IS DISTINCT FROM OLD.asked_by_id THEN\n        RAISE EXCEPTION '%: asked_by_id of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.question IS DISTINCT FROM OLD.question THEN\n        RAISE EXCEPTION '%: question of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.answer IS DISTINCT FROM OLD.answer THEN\n        RAISE EXCEPTION '%: answer of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.answered_by_id IS DISTINCT FROM OLD.answered_by_id THEN\n        RAISE EXCEPTION '%: answered_by_id of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;", hash='a210393f050e2b73f2645e4630e609be286dc897', operation='UPDATE', pgid='pgtrigger_fixed_fields_2bcb5', table='grants_callquestion', when='BEFORE')),
        ),
        raise_wall(
            "grants_callquestion", f"state = 'answered' OR {READERS} OR asked_by_id = (SELECT fund_person())"
        ),
    ]
