"""Triggers that hold the rules of bank details, also against raw SQL."""

import pgtrigger
from django.db import models

Model = type[models.Model]

_AGREED = """
    IF NEW.state = 'approved' AND OLD.state <> 'approved' AND 1 + (
        SELECT count(DISTINCT a.agreed_by_id) FROM organisations_bankchangeagreement a
        JOIN organisations_bankaccount b ON b.id = NEW.account_id AND b.fingerprint = a.fingerprint
        WHERE a.change_id = NEW.id AND a.agreed_by_id NOT IN (NEW.called_by_id, NEW.requested_by_id)
    ) < NEW.approvers THEN
        RAISE EXCEPTION '%: not enough different people agree', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_FIRST_OR_CHANGED = """
    IF NEW.state = 'verified' AND OLD.state <> 'verified' AND EXISTS (
        SELECT 1 FROM organisations_bankaccount a
        WHERE a.organisation_id = NEW.organisation_id AND a.id <> NEW.id AND a.usable_from IS NOT NULL
    ) AND NOT EXISTS (
        SELECT 1 FROM organisations_bankchange c WHERE c.account_id = NEW.id AND c.state = 'approved'
    ) THEN
        RAISE EXCEPTION '%: a later account is verified by an approved change', TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def agreed_by_enough(model: Model) -> Model:
    """Class decorator: a change of bank details is approved by as many different people as it says, none of them who asked."""
    pgtrigger.register(
        pgtrigger.Trigger(name="agreed_by_enough", when=pgtrigger.Before, operation=pgtrigger.Update, func=_AGREED)
    )(model)
    return model


def first_or_changed(model: Model) -> Model:
    """Class decorator: only an organisation's first account is verified without an approved change."""
    pgtrigger.register(
        pgtrigger.Trigger(
            name="first_or_changed", when=pgtrigger.Before, operation=pgtrigger.Update, func=_FIRST_OR_CHANGED
        )
    )(model)
    return model
