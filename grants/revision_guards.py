"""Triggers that let a grant's budget and days change by a revision in force, whole and in time, and by nothing else."""

from collections.abc import Callable

import pgtrigger
from django.db import models

Model = type[models.Model]

_EFFECT = """
    IF NEW.state = 'effective' AND OLD.state <> 'effective' THEN
        PERFORM 1 FROM grants_grant g WHERE g.id = NEW.grant_id FOR SHARE;
        IF NOT EXISTS (SELECT 1 FROM grants_grant g WHERE g.id = NEW.grant_id AND g.state = 'active')
           OR EXISTS (
               SELECT 1 FROM grants_report r
               WHERE r.grant_id = NEW.grant_id AND r.kind = 'final' AND r.state <> 'scheduled'
           ) THEN
            RAISE EXCEPTION '%: the final report is open, or the grant is not running', TG_TABLE_NAME
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.new_end IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM grants_grant g WHERE g.id = NEW.grant_id AND g.ends_on = NEW.old_end
        ) THEN
            RAISE EXCEPTION '%: the grant ends on another day by now', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.by_committee AND NOT EXISTS (
            SELECT 1 FROM grants_revisionconsent one
            JOIN grants_revisionconsent other ON other.revision_id = one.revision_id AND other.round = one.round
            WHERE one.revision_id = NEW.id AND one.round = NEW.round AND one.as_chair AND other.member_id <> one.member_id
        ) THEN
            RAISE EXCEPTION '%: the chair and another member of the committee have not agreed', TG_TABLE_NAME
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.kind <> 'no_cost' AND (SELECT SUM(a.after_minor) FROM grants_revisedamount a WHERE a.revision_id = NEW.id AND a.round = NEW.round)
           IS DISTINCT FROM (SELECT g.amount_minor + NEW.added_minor FROM grants_grant g WHERE g.id = NEW.grant_id) THEN
            RAISE EXCEPTION '%: the new budget does not sum to the grant', TG_TABLE_NAME
                USING ERRCODE = 'check_violation';
        END IF;
        IF NEW.kind = 'cost' AND NOT EXISTS (
            SELECT 1 FROM grants_grant g, (
                SELECT COALESCE(SUM(r.added_minor), 0) AS minor FROM grants_revision r
                WHERE r.grant_id = NEW.grant_id AND r.state = 'effective' AND r.id <> NEW.id
            ) earlier
            WHERE g.id = NEW.grant_id AND g.amount_minor = NEW.old_minor
              AND (earlier.minor + NEW.added_minor) * 100 <= (g.amount_minor - earlier.minor)
                  * COALESCE((g.frozen_rules #>> '{changes,cost_extension_most_percent}')::numeric, 100)
        ) THEN
            RAISE EXCEPTION '%: more is added than the charter allows, or the grant has another amount by now', TG_TABLE_NAME
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
"""
_NEW_END = """
    IF NEW.ends_on IS DISTINCT FROM OLD.ends_on AND OLD.countersigned_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM grants_revision r
        WHERE r.grant_id = NEW.id AND r.state = 'effective' AND r.months > 0
          AND r.old_end = OLD.ends_on AND r.new_end = NEW.ends_on
    ) THEN
        RAISE EXCEPTION '%: a signed grant gets another end by an extension in force only', TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_GROWS = """
    IF NEW.amount_minor IS DISTINCT FROM OLD.amount_minor AND NOT EXISTS (
        SELECT 1 FROM grants_revision r
        WHERE r.grant_id = NEW.id AND r.state = 'effective' AND r.kind = 'cost'
          AND r.old_minor = OLD.amount_minor AND r.old_minor + r.added_minor = NEW.amount_minor
    ) THEN
        RAISE EXCEPTION '%: the amount of a grant grows by an extension in force only', TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_COVERED = """
    IF (SELECT SUM(f.amount_minor) FROM grants_grantfunding f WHERE f.grant_id = NEW.id)
       IS DISTINCT FROM (SELECT g.amount_minor FROM grants_grant g WHERE g.id = NEW.id) THEN
        RAISE EXCEPTION '%: its sources do not sum to the grant', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""
_MOVED = """
    IF NEW.state = OLD.state AND NEW.state IN ('planned', 'held', 'scheduled') AND ({differs}) AND NOT ({later} AND EXISTS (
        SELECT 1 FROM grants_revision r JOIN grants_grant g ON g.id = r.grant_id
        WHERE r.grant_id = NEW.grant_id AND r.state = 'effective' AND r.months > 0 AND r.new_end = g.ends_on
    )) THEN
        RAISE EXCEPTION '%: days move by an extension in force only, and never back', TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_AMOUNT = """
    IF NOT EXISTS (
        SELECT 1 FROM grants_revision r WHERE r.id = NEW.revision_id AND r.round = NEW.round AND r.state = 'requested'
    ) THEN
        RAISE EXCEPTION '%: amounts are set with the request', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
_LINE = """
    IF NEW.budget_minor <> OLD.budget_minor AND NOT EXISTS (
        SELECT 1 FROM grants_report p
        JOIN grants_revision r ON r.grant_id = p.grant_id AND r.state = 'effective'
        JOIN grants_revisedamount a ON a.revision_id = r.id AND a.round = r.round
        WHERE p.id = NEW.report_id AND a.category = NEW.category AND a.after_minor = NEW.budget_minor
    ) THEN
        RAISE EXCEPTION '%: a budget changes by a revision in force only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def _before(model: Model, name: str, func: str, operation: pgtrigger.Operation = pgtrigger.Update) -> Model:
    """Add a trigger that fires after ``legal_moves``: PostgreSQL goes by the names."""
    pgtrigger.register(pgtrigger.Trigger(name=name, when=pgtrigger.Before, operation=operation, func=func))(model)
    return model


def takes_effect_whole(model: Model) -> Model:
    """Class decorator: a revision counts while the grant runs and the final report is not open, and sums to the grant."""
    return _before(model, "takes_effect_whole", _EFFECT)


def ends_by_extension(model: Model) -> Model:
    """Class decorator: the end of a signed grant becomes that of an extension in force, or stays."""
    return _before(model, "new_end_by_extension", _NEW_END)


def grows_by_extension(model: Model) -> Model:
    """Class decorator: the amount becomes that of a cost extension in force, with money committed for all of it, or stays."""
    pgtrigger.register(
        pgtrigger.Trigger(
            name="sources_sum_to_grant",
            when=pgtrigger.After,
            operation=pgtrigger.UpdateOf("amount_minor"),  # type: ignore[no-untyped-call]
            timing=pgtrigger.Deferred,
            func=_COVERED,
        )
    )(model)
    return _before(model, "new_amount_by_extension", _GROWS)


def moved_by_extension(*days: str) -> Callable[[Model], Model]:
    """Class decorator: the ``days`` of what is still to come move later with an extension in force, or stay."""
    differs = " OR ".join(f"NEW.{day} <> OLD.{day}" for day in days)
    later = " AND ".join(f"NEW.{day} >= OLD.{day}" for day in days)
    return lambda model: _before(model, "moved_by_extension", _MOVED.format(differs=differs, later=later))


def set_with_the_request(model: Model) -> Model:
    """Class decorator: amounts are of the request that waits, in its round."""
    return _before(model, "set_with_the_request", _AMOUNT, pgtrigger.Insert)


def budget_by_revision(model: Model) -> Model:
    """Class decorator: the budget that a report is held against becomes that of an effective revision, or stays."""
    return _before(model, "budget_by_revision", _LINE)
