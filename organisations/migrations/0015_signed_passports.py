"""Passports that the fund signs, and those that other funds signed."""

import audit.sealed
import django.db.models.deletion
import django_fsm
import kernel.files
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
        ('organisations', '0014_walls_of_people'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PassportKey',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('moved_at', models.DateTimeField(editable=False, verbose_name='since')),
                ('state', django_fsm.FSMField(choices=[('signing', 'signs passports'), ('retired', 'signs no longer'), ('revoked', 'revoked')], default='signing', editable=False, max_length=50)),
                ('key_id', models.CharField(max_length=64, unique=True)),
                ('public', models.JSONField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SignedPassport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('moved_at', models.DateTimeField(editable=False, verbose_name='since')),
                ('state', django_fsm.FSMField(choices=[('asked', 'waits for the signature'), ('signed', 'signed')], default='asked', editable=False, max_length=50)),
                ('signed', audit.sealed.SealedTextField(max_length=262144, subject='organisation_id', verbose_name='signed passport')),
                ('claims', models.JSONField(default=list)),
                ('ends_at', models.DateTimeField(null=True, verbose_name='valid until')),
            ],
        ),
        migrations.CreateModel(
            name='TrustedFund',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('moved_at', models.DateTimeField(editable=False, verbose_name='since')),
                ('state', django_fsm.FSMField(choices=[('trusted', 'passports are taken'), ('ended', 'ended')], default='trusted', editable=False, max_length=50)),
                ('name', models.CharField(max_length=120, verbose_name='name of the fund')),
                ('issuer', models.URLField(verbose_name='address under which it signs')),
                ('keys', models.JSONField(verbose_name='its public keys')),
            ],
        ),
        migrations.AlterField(
            model_name='registrationproof',
            name='file',
            field=models.FileField(blank=True, storage=kernel.files.private_storage, upload_to=kernel.files.UploadTo('proofs'), verbose_name='document'),
        ),
        migrations.CreateModel(
            name='PassportImport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(editable=False)),
                ('serial', models.CharField(max_length=100)),
                ('issued_at', models.DateTimeField(verbose_name='issued')),
                ('ends_at', models.DateTimeField(verbose_name='valid until')),
                ('file', audit.sealed.SealedTextField(max_length=262144, subject='organisation_id', verbose_name='file')),
                ('data_key', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audit.datakey')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('leaf', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audit.leaf')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imported_passports', to='organisations.organisation')),
            ],
        ),
        migrations.AddField(
            model_name='passportanswer',
            name='vouched',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='organisations.passportimport'),
        ),
        migrations.AddField(
            model_name='registrationproof',
            name='vouched',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='organisations.passportimport'),
        ),
        migrations.AddConstraint(
            model_name='registrationproof',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('file', ''), _negated=True), ('vouched__isnull', False), _connector='OR'), name='proof_has_a_file_or_a_voucher'),
        ),
        migrations.AddField(
            model_name='passportkey',
            name='leaf',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audit.leaf'),
        ),
        migrations.AddField(
            model_name='signedpassport',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='signedpassport',
            name='data_key',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audit.datakey'),
        ),
        migrations.AddField(
            model_name='signedpassport',
            name='key',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.passportkey'),
        ),
        migrations.AddField(
            model_name='signedpassport',
            name='leaf',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audit.leaf'),
        ),
        migrations.AddField(
            model_name='signedpassport',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signed_passports', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='trustedfund',
            name='leaf',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='audit.leaf'),
        ),
        migrations.AddField(
            model_name='passportimport',
            name='fund',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.trustedfund'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='passportkey',
            trigger=pgtrigger.compiler.Trigger(name='legal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF TG_OP = 'INSERT' THEN\n        IF NEW.state <> 'signing' THEN\n            RAISE EXCEPTION '%: begins as signing, not %', TG_TABLE_NAME, NEW.state USING ERRCODE = 'check_violation';\n        END IF;\n        \n    IF NOT EXISTS (\n        SELECT 1 FROM audit_recordedevent e\n        WHERE e.leaf_id = NEW.leaf_id AND e.subject_id = NEW.id AND e.to_state = NEW.state\n    ) THEN\n        RAISE EXCEPTION '%: no recorded event for this change of %', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation';\n    END IF;\n\n    ELSIF NEW.state <> OLD.state THEN\n        IF NOT (OLD.state, NEW.state) IN (('retired', 'revoked'), ('signing', 'retired'), ('signing', 'revoked')) THEN\n            RAISE EXCEPTION '%: illegal move % -> %', TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.leaf_id = OLD.leaf_id THEN\n            RAISE EXCEPTION '%: a move needs its own leaf', TG_TABLE_NAME USING ERRCODE = 'check_violation';\n        END IF;\n        \n    IF NOT EXISTS (\n        SELECT 1 FROM audit_recordedevent e\n        WHERE e.leaf_id = NEW.leaf_id AND e.subject_id = NEW.id AND e.to_state = NEW.state\n    ) THEN\n        RAISE EXCEPTION '%: no recorded event for this change of %', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation';\n    END IF;\n\n    ELSIF NEW.leaf_id <> OLD.leaf_id AND NOT (OLD.state, NEW.state) IN (('retired', 'revoked'), ('signing', 'retired'), ('signing', 'revoked')) THEN\n        RAISE EXCEPTION '%: the leaf changes only with the state', TG_TABLE_NAME USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n    ", hash='79c36777a4bc25a812baec46cddc5b59e3ffb97f', operation='INSERT OR UPDATE', pgid='pgtrigger_legal_moves_9d7f7', table='organisations_passportkey', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='passportkey',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='caed1ccb281c72580e0070924083975e14b34ca1', operation='DELETE', pgid='pgtrigger_no_delete_52078', table='organisations_passportkey', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='passportkey',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is kept for ever', TG_TABLE_NAME;", hash='3547350804f396794e3e34e814d2b2b0b3c3a532', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_4c565', table='organisations_passportkey', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='passportkey',
            trigger=pgtrigger.compiler.Trigger(name='fixed_fields', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.key_id IS DISTINCT FROM OLD.key_id THEN\n        RAISE EXCEPTION '%: key_id of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.public IS DISTINCT FROM OLD.public THEN\n        RAISE EXCEPTION '%: public of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;", hash='8a3556e4e0dcdb5e4cca07d45f01f5fb10852182', operation='UPDATE', pgid='pgtrigger_fixed_fields_719ee', table='organisations_passportkey', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='signedpassport',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('organisation',), name='one_passport_waits_to_be_signed'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signedpassport',
            trigger=pgtrigger.compiler.Trigger(name='legal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF TG_OP = 'INSERT' THEN\n        IF NEW.state <> 'asked' THEN\n            RAISE EXCEPTION '%: begins as asked, not %', TG_TABLE_NAME, NEW.state USING ERRCODE = 'check_violation';\n        END IF;\n        \n    IF NOT EXISTS (\n        SELECT 1 FROM audit_recordedevent e\n        WHERE e.leaf_id = NEW.leaf_id AND e.subject_id = NEW.id AND e.to_state = NEW.state\n    ) THEN\n        RAISE EXCEPTION '%: no recorded event for this change of %', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation';\n    END IF;\n\n    ELSIF NEW.state <> OLD.state THEN\n        IF NOT (OLD.state, NEW.state) IN (('asked', 'signed')) THEN\n            RAISE EXCEPTION '%: illegal move % -> %', TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.leaf_id = OLD.leaf_id THEN\n            RAISE EXCEPTION '%: a move needs its own leaf', TG_TABLE_NAME USING ERRCODE = 'check_violation';\n        END IF;\n        \n    IF NOT EXISTS (\n        SELECT 1 FROM audit_recordedevent e\n        WHERE e.leaf_id = NEW.leaf_id AND e.subject_id = NEW.id AND e.to_state = NEW.state\n    ) THEN\n        RAISE EXCEPTION '%: no recorded event for this change of %', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation';\n    END IF;\n\n    ELSIF NEW.leaf_id <> OLD.leaf_id AND NOT (OLD.state, NEW.state) IN (('asked', 'signed')) THEN\n        RAISE EXCEPTION '%: the leaf changes only with the state', TG_TABLE_NAME USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n    ", hash='b8e5724054ec80c4a43c43ca770504b8e1e18762', operation='INSERT OR UPDATE', pgid='pgtrigger_legal_moves_03b36', table='organisations_signedpassport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signedpassport',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='033d405d361c17b6923fa4c03c7f59de6d3358fb', operation='DELETE', pgid='pgtrigger_no_delete_b7ee4', table='organisations_signedpassport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signedpassport',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is kept for ever', TG_TABLE_NAME;", hash='79cd2ab5aeb99498fecbe1a9d482b41bd963e500', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_85e5b', table='organisations_signedpassport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signedpassport',
            trigger=pgtrigger.compiler.Trigger(name='fixed_fields', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.organisation_id IS DISTINCT FROM OLD.organisation_id THEN\n        RAISE EXCEPTION '%: organisation_id of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.data_key_id IS DISTINCT FROM OLD.data_key_id THEN\n        RAISE EXCEPTION '%: data_key_id of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.asked_by_id IS DISTINCT FROM OLD.asked_by_id THEN\n        RAISE EXCEPTION '%: asked_by_id of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.signed IS DISTINCT FROM OLD.signed THEN\n        RAISE EXCEPTION '%: signed of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.claims IS DISTINCT FROM OLD.claims THEN\n        RAISE EXCEPTION '%: claims of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.key_id IS DISTINCT FROM OLD.key_id THEN\n        RAISE EXCEPTION '%: key_id of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.ends_at IS DISTINCT FROM OLD.ends_at THEN\n        RAISE EXCEPTION '%: ends_at of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;", hash='652b16e8c49c16b61d9c74e63cd8ffa4ec222692', operation='UPDATE', pgid='pgtrigger_fixed_fields_c2910', table='organisations_signedpassport', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='trustedfund',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'trusted')), fields=('issuer',), name='one_trust_in_an_issuer'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trustedfund',
            trigger=pgtrigger.compiler.Trigger(name='legal_moves', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF TG_OP = 'INSERT' THEN\n        IF NEW.state <> 'trusted' THEN\n            RAISE EXCEPTION '%: begins as trusted, not %', TG_TABLE_NAME, NEW.state USING ERRCODE = 'check_violation';\n        END IF;\n        \n    IF NOT EXISTS (\n        SELECT 1 FROM audit_recordedevent e\n        WHERE e.leaf_id = NEW.leaf_id AND e.subject_id = NEW.id AND e.to_state = NEW.state\n    ) THEN\n        RAISE EXCEPTION '%: no recorded event for this change of %', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation';\n    END IF;\n\n    ELSIF NEW.state <> OLD.state THEN\n        IF NOT (OLD.state, NEW.state) IN (('trusted', 'ended')) THEN\n            RAISE EXCEPTION '%: illegal move % -> %', TG_TABLE_NAME, OLD.state, NEW.state USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.leaf_id = OLD.leaf_id THEN\n            RAISE EXCEPTION '%: a move needs its own leaf', TG_TABLE_NAME USING ERRCODE = 'check_violation';\n        END IF;\n        \n    IF NOT EXISTS (\n        SELECT 1 FROM audit_recordedevent e\n        WHERE e.leaf_id = NEW.leaf_id AND e.subject_id = NEW.id AND e.to_state = NEW.state\n    ) THEN\n        RAISE EXCEPTION '%: no recorded event for this change of %', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation';\n    END IF;\n\n    ELSIF NEW.leaf_id <> OLD.leaf_id AND NOT (OLD.state, NEW.state) IN (('trusted', 'ended')) THEN\n        RAISE EXCEPTION '%: the leaf changes only with the state', TG_TABLE_NAME USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n    ", hash='31410248a9e877031b2bd0638652f26435d7aa6f', operation='INSERT OR UPDATE', pgid='pgtrigger_legal_moves_a6f92', table='organisations_trustedfund', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trustedfund',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='3ba7a492162e7d9213ec39663ea4663d7770bcbc', operation='DELETE', pgid='pgtrigger_no_delete_8e18c', table='organisations_trustedfund', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trustedfund',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is kept for ever', TG_TABLE_NAME;", hash='2bccac01a16c4afe2a96f6b89bf09caceba700b0', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_7322f', table='organisations_trustedfund', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trustedfund',
            trigger=pgtrigger.compiler.Trigger(name='fixed_fields', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.name IS DISTINCT FROM OLD.name THEN\n        RAISE EXCEPTION '%: name of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.issuer IS DISTINCT FROM OLD.issuer THEN\n        RAISE EXCEPTION '%: issuer of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.keys IS DISTINCT FROM OLD.keys THEN\n        RAISE EXCEPTION '%: keys of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;", hash='b4e97661bfe8c852b83a15ea654c02d99289a3bc', operation='UPDATE', pgid='pgtrigger_fixed_fields_e7e22', table='organisations_trustedfund', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='passportimport',
            constraint=models.UniqueConstraint(fields=('fund', 'serial', 'organisation'), name='passport_given_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='passportimport',
            trigger=pgtrigger.compiler.Trigger(name='no_update', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='9975ebffbc2a6b44f6d9650e88d8944691075f37', operation='UPDATE', pgid='pgtrigger_no_update_da79d', table='organisations_passportimport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='passportimport',
            trigger=pgtrigger.compiler.Trigger(name='no_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='448f3920f4517613295e2ba1c068da5a9eebcc72', operation='DELETE', pgid='pgtrigger_no_delete_a9360', table='organisations_passportimport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='passportimport',
            trigger=pgtrigger.compiler.Trigger(name='no_truncate', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION '% is kept for ever', TG_TABLE_NAME;", hash='4571628016483c574ed978a7a2d55da76079e23f', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_no_truncate_8db58', table='organisations_passportimport', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='passportimport',
            trigger=pgtrigger.compiler.Trigger(name='is_witnessed', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NOT EXISTS (\n        SELECT 1 FROM audit_recordedevent e\n        WHERE e.leaf_id = NEW.leaf_id AND e.subject_id = NEW.id\n    ) THEN\n        RAISE EXCEPTION '%: no recorded event for this change of %', TG_TABLE_NAME, NEW.id USING ERRCODE = 'check_violation';\n    END IF;\nRETURN NEW;", hash='3d79e8b3d9c0cc0aa28bb846171f9032e9adc305', operation='INSERT', pgid='pgtrigger_is_witnessed_668e2', table='organisations_passportimport', when='BEFORE')),
        ),
        raise_wall("organisations_signedpassport", f"organisation_id = ANY ({ITS_PEOPLE})"),
        raise_wall("organisations_passportimport", f"{READERS} OR organisation_id = ANY ({ITS_PEOPLE})"),
    ]
