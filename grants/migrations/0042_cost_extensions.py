
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0006_data_keys'),
        ('grants', '0041_walls_of_extensions'),
        ('ledger', '0005_months_of_the_books'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='grant',
            name='fixed_fields',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='grant',
            name='new_end_by_extension',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='report',
            name='moved_by_extension',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='revision',
            name='takes_effect_whole',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='revision',
            name='fixed_fields',
        ),
        migrations.RemoveConstraint(
            model_name='grantfunding',
            name='one_funding_per_envelope',
        ),
        migrations.RemoveConstraint(
            model_name='revision',
            name='extension_adds_months',
        ),
        migrations.AddField(
            model_name='grantfunding',
            name='revision',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='funding', to='grants.revision'),
        ),
        migrations.AddField(
            model_name='revision',
            name='added_minor',
            field=models.BigIntegerField(default=0, verbose_name='money more'),
        ),
        migrations.AddField(
            model_name='revision',
            name='old_minor',
            field=models.BigIntegerField(null=True, verbose_name='amount before'),
        ),
        migrations.AddField(
            model_name='revision',
            name='paid_from',
            field=models.DateField(null=True, verbose_name='needed from'),
        ),
        migrations.AlterField(
            model_name='revision',
            name='kind',
            field=models.CharField(choices=[('budget', 'change of the budget'), ('no_cost', 'no-cost extension'), ('cost', 'cost extension')], default='budget', max_length=10, verbose_name='what changes'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='grant',
            trigger=pgtrigger.compiler.Trigger(name='sources_sum_to_grant', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\n    IF (SELECT SUM(f.amount_minor) FROM grants_grantfunding f WHERE f.grant_id = NEW.id)\n       IS DISTINCT FROM (SELECT g.amount_minor FROM grants_grant g WHERE g.id = NEW.id) THEN\n        RAISE EXCEPTION '%: its sources do not sum to the grant', TG_TABLE_NAME USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NULL;\n", hash='56b820db0df0319e1a1ec7cead34dc1b9332341c', operation='UPDATE OF "amount_minor"', pgid='pgtrigger_sources_sum_to_grant_f0d76', table='grants_grant', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='grant',
            trigger=pgtrigger.compiler.Trigger(name='new_amount_by_extension', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.amount_minor IS DISTINCT FROM OLD.amount_minor AND NOT EXISTS (\n        SELECT 1 FROM grants_revision r\n        WHERE r.grant_id = NEW.id AND r.state = 'effective' AND r.kind = 'cost'\n          AND r.old_minor = OLD.amount_minor AND r.old_minor + r.added_minor = NEW.amount_minor\n    ) THEN\n        RAISE EXCEPTION '%: the amount of a grant grows by an extension in force only', TG_TABLE_NAME\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='2035ae06f699be83b88e262098b0dccd87bf1e96', operation='UPDATE', pgid='pgtrigger_new_amount_by_extension_c216e', table='grants_grant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='grant',
            trigger=pgtrigger.compiler.Trigger(name='new_end_by_extension', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.ends_on IS DISTINCT FROM OLD.ends_on AND OLD.countersigned_at IS NOT NULL AND NOT EXISTS (\n        SELECT 1 FROM grants_revision r\n        WHERE r.grant_id = NEW.id AND r.state = 'effective' AND r.months > 0\n          AND r.old_end = OLD.ends_on AND r.new_end = NEW.ends_on\n    ) THEN\n        RAISE EXCEPTION '%: a signed grant gets another end by an extension in force only', TG_TABLE_NAME\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='15edc602d2d0d57e734355baa9e9f06dfa643b1d', operation='UPDATE', pgid='pgtrigger_new_end_by_extension_e81e0', table='grants_grant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='grant',
            trigger=pgtrigger.compiler.Trigger(name='fixed_fields', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.reference IS DISTINCT FROM OLD.reference THEN\n        RAISE EXCEPTION '%: reference of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.application_id IS DISTINCT FROM OLD.application_id THEN\n        RAISE EXCEPTION '%: application_id of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.call_id IS DISTINCT FROM OLD.call_id THEN\n        RAISE EXCEPTION '%: call_id of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.organisation_id IS DISTINCT FROM OLD.organisation_id THEN\n        RAISE EXCEPTION '%: organisation_id of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.currency IS DISTINCT FROM OLD.currency THEN\n        RAISE EXCEPTION '%: currency of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.months IS DISTINCT FROM OLD.months THEN\n        RAISE EXCEPTION '%: months of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.tier IS DISTINCT FROM OLD.tier THEN\n        RAISE EXCEPTION '%: tier of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.frozen_rules IS DISTINCT FROM OLD.frozen_rules THEN\n        RAISE EXCEPTION '%: frozen_rules of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.charter_number IS DISTINCT FROM OLD.charter_number THEN\n        RAISE EXCEPTION '%: charter_number of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.amount_minor IS DISTINCT FROM OLD.amount_minor THEN\n        RAISE EXCEPTION '%: amount_minor of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.starts_on IS DISTINCT FROM OLD.starts_on THEN\n        RAISE EXCEPTION '%: starts_on of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.ends_on IS DISTINCT FROM OLD.ends_on THEN\n        RAISE EXCEPTION '%: ends_on of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.step_due IS DISTINCT FROM OLD.step_due THEN\n        RAISE EXCEPTION '%: step_due of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.agreement_ar_sha256 IS DISTINCT FROM OLD.agreement_ar_sha256 THEN\n        RAISE EXCEPTION '%: agreement_ar_sha256 of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.agreement_en_sha256 IS DISTINCT FROM OLD.agreement_en_sha256 THEN\n        RAISE EXCEPTION '%: agreement_en_sha256 of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.signed_by_id IS DISTINCT FROM OLD.signed_by_id THEN\n        RAISE EXCEPTION '%: signed_by_id of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.signed_at IS DISTINCT FROM OLD.signed_at THEN\n        RAISE EXCEPTION '%: signed_at of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.countersigned_by_id IS DISTINCT FROM OLD.countersigned_by_id THEN\n        RAISE EXCEPTION '%: countersigned_by_id of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.countersigned_at IS DISTINCT FROM OLD.countersigned_at THEN\n        RAISE EXCEPTION '%: countersigned_at of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.closed_at IS DISTINCT FROM OLD.closed_at THEN\n        RAISE EXCEPTION '%: closed_at of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;", hash='0e1d22b064b8078181255271830f34be7effa03c', operation='UPDATE', pgid='pgtrigger_fixed_fields_a1d59', table='grants_grant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='report',
            trigger=pgtrigger.compiler.Trigger(name='moved_by_extension', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.state = OLD.state AND NEW.state IN ('planned', 'held', 'scheduled') AND (NEW.due_on <> OLD.due_on OR NEW.period_start <> OLD.period_start OR NEW.period_end <> OLD.period_end) AND NOT (NEW.due_on >= OLD.due_on AND NEW.period_start >= OLD.period_start AND NEW.period_end >= OLD.period_end AND EXISTS (\n        SELECT 1 FROM grants_revision r JOIN grants_grant g ON g.id = r.grant_id\n        WHERE r.grant_id = NEW.grant_id AND r.state = 'effective' AND r.months > 0 AND r.new_end = g.ends_on\n    )) THEN\n        RAISE EXCEPTION '%: days move by an extension in force only, and never back', TG_TABLE_NAME\n            USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n", hash='60998a7e4bb6d899515e4650c75d9dd62c2eb1d1', operation='UPDATE', pgid='pgtrigger_moved_by_extension_47e90', table='grants_report', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='revision',
            trigger=pgtrigger.compiler.Trigger(name='takes_effect_whole', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.state = 'effective' AND OLD.state <> 'effective' THEN\n        PERFORM 1 FROM grants_grant g WHERE g.id = NEW.grant_id FOR SHARE;\n        IF NOT EXISTS (SELECT 1 FROM grants_grant g WHERE g.id = NEW.grant_id AND g.state = 'active')\n           OR EXISTS (\n               SELECT 1 FROM grants_report r\n               WHERE r.grant_id = NEW.grant_id AND r.kind = 'final' AND r.state <> 'scheduled'\n           ) THEN\n            RAISE EXCEPTION '%: the final report is open, or the grant is not running', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.new_end IS NOT NULL AND NOT EXISTS (\n            SELECT 1 FROM grants_grant g WHERE g.id = NEW.grant_id AND g.ends_on = NEW.old_end\n        ) THEN\n            RAISE EXCEPTION '%: the grant ends on another day by now', TG_TABLE_NAME USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.by_committee AND NOT EXISTS (\n            SELECT 1 FROM grants_revisionconsent one\n            JOIN grants_revisionconsent other ON other.revision_id = one.revision_id AND other.round = one.round\n            WHERE one.revision_id = NEW.id AND one.round = NEW.round AND one.as_chair AND other.member_id <> one.member_id\n        ) THEN\n            RAISE EXCEPTION '%: the chair and another member of the committee have not agreed', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.kind <> 'no_cost' AND (SELECT SUM(a.after_minor) FROM grants_revisedamount a WHERE a.revision_id = NEW.id AND a.round = NEW.round)\n           IS DISTINCT FROM (SELECT g.amount_minor + NEW.added_minor FROM grants_grant g WHERE g.id = NEW.grant_id) THEN\n            RAISE EXCEPTION '%: the new budget does not sum to the grant', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation';\n        END IF;\n        IF NEW.kind = 'cost' AND NOT EXISTS (\n            SELECT 1 FROM grants_grant g, (\n                SELECT COALESCE(SUM(r.added_minor), 0) AS minor FROM grants_revision r\n                WHERE r.grant_id = NEW.grant_id AND r.state = 'effective' AND r.id <> NEW.id\n            ) earlier\n            WHERE g.id = NEW.grant_id AND g.amount_minor = NEW.old_minor\n              AND (earlier.minor + NEW.added_minor) * 100 <= (g.amount_minor - earlier.minor)\n                  * COALESCE((g.frozen_rules #>> '{changes,cost_extension_most_percent}')::numeric, 100)\n        ) THEN\n            RAISE EXCEPTION '%: more is added than the charter allows, or the grant has another amount by now', TG_TABLE_NAME\n                USING ERRCODE = 'check_violation';\n        END IF;\n    END IF;\n    RETURN NEW;\n", hash='73eeb236581f1d643b13cb52ffb025375b9fd51f', operation='UPDATE', pgid='pgtrigger_takes_effect_whole_eaa8f', table='grants_revision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='revision',
            trigger=pgtrigger.compiler.Trigger(name='fixed_fields', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF NEW.grant_id IS DISTINCT FROM OLD.grant_id THEN\n        RAISE EXCEPTION '%: grant_id of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.kind IS DISTINCT FROM OLD.kind THEN\n        RAISE EXCEPTION '%: kind of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.by_fund IS DISTINCT FROM OLD.by_fund THEN\n        RAISE EXCEPTION '%: by_fund of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.requested_by_id IS DISTINCT FROM OLD.requested_by_id THEN\n        RAISE EXCEPTION '%: requested_by_id of % never changes', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.reason IS DISTINCT FROM OLD.reason THEN\n        RAISE EXCEPTION '%: reason of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.new_post IS DISTINCT FROM OLD.new_post THEN\n        RAISE EXCEPTION '%: new_post of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.needs IS DISTINCT FROM OLD.needs THEN\n        RAISE EXCEPTION '%: needs of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.moved_minor IS DISTINCT FROM OLD.moved_minor THEN\n        RAISE EXCEPTION '%: moved_minor of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.percent IS DISTINCT FROM OLD.percent THEN\n        RAISE EXCEPTION '%: percent of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.months IS DISTINCT FROM OLD.months THEN\n        RAISE EXCEPTION '%: months of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.old_end IS DISTINCT FROM OLD.old_end THEN\n        RAISE EXCEPTION '%: old_end of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.new_end IS DISTINCT FROM OLD.new_end THEN\n        RAISE EXCEPTION '%: new_end of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.by_committee IS DISTINCT FROM OLD.by_committee THEN\n        RAISE EXCEPTION '%: by_committee of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.old_minor IS DISTINCT FROM OLD.old_minor THEN\n        RAISE EXCEPTION '%: old_minor of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.added_minor IS DISTINCT FROM OLD.added_minor THEN\n        RAISE EXCEPTION '%: added_minor of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.paid_from IS DISTINCT FROM OLD.paid_from THEN\n        RAISE EXCEPTION '%: paid_from of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.round IS DISTINCT FROM OLD.round THEN\n        RAISE EXCEPTION '%: round of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.step_due IS DISTINCT FROM OLD.step_due THEN\n        RAISE EXCEPTION '%: step_due of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.decided_by_id IS DISTINCT FROM OLD.decided_by_id THEN\n        RAISE EXCEPTION '%: decided_by_id of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.amendment_ar_sha256 IS DISTINCT FROM OLD.amendment_ar_sha256 THEN\n        RAISE EXCEPTION '%: amendment_ar_sha256 of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.amendment_en_sha256 IS DISTINCT FROM OLD.amendment_en_sha256 THEN\n        RAISE EXCEPTION '%: amendment_en_sha256 of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.signed_by_id IS DISTINCT FROM OLD.signed_by_id THEN\n        RAISE EXCEPTION '%: signed_by_id of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.signed_at IS DISTINCT FROM OLD.signed_at THEN\n        RAISE EXCEPTION '%: signed_at of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.countersigned_by_id IS DISTINCT FROM OLD.countersigned_by_id THEN\n        RAISE EXCEPTION '%: countersigned_by_id of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    \n    IF NEW.leaf_id = OLD.leaf_id AND NEW.countersigned_at IS DISTINCT FROM OLD.countersigned_at THEN\n        RAISE EXCEPTION '%: countersigned_at of % changes with a recorded move only', TG_TABLE_NAME, OLD.id USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;", hash='c9428938b8504801543179e87b8e5a69f23a62f6', operation='UPDATE', pgid='pgtrigger_fixed_fields_f103c', table='grants_revision', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='grantfunding',
            constraint=models.UniqueConstraint(fields=('grant', 'envelope', 'revision'), name='one_funding_per_envelope', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='revision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by_committee', False), ('kind', 'budget'), ('months', 0), ('new_end__isnull', True), ('old_end__isnull', True)), models.Q(('kind', 'no_cost'), ('months__gt', 0), ('moved_minor', 0), ('new_end__gt', models.F('old_end')), ('percent', 0)), models.Q(('kind', 'cost'), ('months', 0), ('new_end', models.F('old_end'))), models.Q(('kind', 'cost'), ('months__gt', 0), ('new_end__gt', models.F('old_end'))), _connector='OR'), name='extension_adds_months'),
        ),
        migrations.AddConstraint(
            model_name='revision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('added_minor', 0), ('old_minor__isnull', True), ('paid_from__isnull', True), models.Q(('kind', 'cost'), _negated=True)), models.Q(('added_minor__gt', 0), ('by_committee', True), ('kind', 'cost'), ('moved_minor', 0), ('needs', 'amendment'), ('new_post', False), ('old_minor__gt', 0), ('paid_from__lte', models.F('new_end')), ('percent', 0)), _connector='OR'), name='cost_extension_adds_money'),
        ),
    ]
