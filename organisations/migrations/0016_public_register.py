"""The public register, by consent."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django_fsm
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models

from audit.walls import raise_wall

ITS_PEOPLE = "(SELECT fund_organisations('preparer', 'signatory'))::uuid[]"
READERS = "(SELECT fund_holds('programme_officer', 'finance_officer', 'fund_manager', 'auditor'))"


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0006_data_keys'),
        ('organisations', '0015_signed_passports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Listing',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('moved_at', models.DateTimeField(editable=False, verbose_name='since')),
                ('state', django_fsm.FSMField(choices=[('listed', 'stands in the public register'), ('withdrawn', 'left')], default='listed', editable=False, max_length=50)),
                ('sectors', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('wash', 'Water, sanitation and hygiene'), ('health', 'Health'), ('nutrition', 'Nutrition'), ('food_security', 'Food security and agriculture'), ('shelter', 'Shelter and non-food items'), ('education', 'Education'), ('protection', 'Protection'), ('child_protection', 'Child protection'), ('gbv', 'Gender-based violence'), ('mine_action', 'Mine action'), ('hlp', 'Housing, land and property'), ('early_recovery', 'Early recovery and livelihoods'), ('cccm', 'Camp coordination and camp management'), ('cash', 'Multi-purpose cash assistance'), ('logistics', 'Logistics'), ('etc', 'Emergency telecommunications'), ('coordination', 'Coordination and common services'), ('social_cohesion', 'Social cohesion and peacebuilding'), ('institutional', 'Institutional strengthening'), ('local_knowledge', 'Local knowledge and research')], max_length=30), size=None, verbose_name='sectors of work')),
                ('tells_leadership', models.BooleanField(verbose_name='tells who leads it')),
                ('consented_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('leaf', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audit.leaf')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='organisations.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'listed')), fields=('organisation',), name='one_listing_at_a_time'), models.CheckConstraint(condition=models.Q(('sectors', []), _negated=True), name='listing_names_a_sector')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listing',
            trigger=pgtrigger.compiler.Trigger(name='legal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF TG_OP = 'INSERT' THEN\n        IF NEW.state <> 'listed' THEN\n            RAISE EXCEPTION '%: begins as listed, not %', TG_TABLE_NAME, NEW.state USING ERRCODE = 'check_violation';\n        END IF;\n        \n    IF NOT EXISTS (\n        SELECT 1 FROM audit_recordedevent e\n        WHERE e.leaf_id = NEW.leaf_id AND e.subject_id = NEW.id AND e.to_state = NEW.state\n    ) THEN\n        RAISE EXCEPTION '%: no recorded event for this change of %', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation';\n    END IF;\n\n    ELSIF NEW.state <> OLD.state THEN\n        IF NOT (OLD.state, NEW.state) IN (('listed', 'withdrawn')) THEN\n            RAISE EXCEPTION '%: illegal move % -> %', TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.leaf_id = OLD.leaf_id THEN\n            RAISE EXCEPTION '%: a move needs its own leaf', TG_TABLE_NAME USING ERRCODE = 'check_violation';\n        END IF;\n        \n    IF NOT EXISTS (\n        SELECT 1 FROM audit_recordedevent e\n        WHERE e.leaf_id = NEW.leaf_id AND e.subject_id = NEW.id AND e.to_state = NEW.state\n    ) THEN\n        RAISE EXCEPTION '%: no recorded event for this change of %', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation';\n    END IF;\n\n    ELSIF NEW.leaf_id <> OLD.leaf_id AND NOT (OLD.state, NEW.state) IN (('listed', 'withdrawn')) THEN\n        RAISE EXCEPTION '%: the leaf changes only with the state', TG_TABLE_NAME USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n    ", hash='722c42b0f72699a88def127999225cd95773d168', operation='INSERT OR UPDATE', pgid='pgtrigger_legal_moves_1f0a8', table='organisations_listing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listing',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='14ef0255122fa9d5dc95b45187d87678889c2eb1', operation='DELETE', pgid='pgtrigger_no_delete_5cc8e', table='organisations_listing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listing',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is kept for ever', TG_TABLE_NAME;", hash='00526ba34e7c64d2f7ae090d8901e51f75789181', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_0e05b', table='organisations_listing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='listing',
            trigger=pgtrigger.compiler.Trigger(name='fixed_fields', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.organisation_id IS DISTINCT FROM OLD.organisation_id THEN\n        RAISE EXCEPTION '%: organisation_id of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.sectors IS DISTINCT FROM OLD.sectors THEN\n        RAISE EXCEPTION '%: sectors of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.tells_leadership IS DISTINCT FROM OLD.tells_leadership THEN\n        RAISE EXCEPTION '%: tells_leadership of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.consented_by_id IS DISTINCT FROM OLD.consented_by_id THEN\n        RAISE EXCEPTION '%: consented_by_id of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;", hash='34effb712da117a4f514f7ae2fa66b58654b9f31', operation='UPDATE', pgid='pgtrigger_fixed_fields_dc2d8', table='organisations_listing', when='BEFORE')),
        ),
        raise_wall("organisations_listing", f"{READERS} OR organisation_id = ANY ({ITS_PEOPLE})"),
    ]
