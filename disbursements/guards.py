"""Triggers that hold the rules of requests and payments, also against raw SQL."""

import pgtrigger
from django.db import models

Model = type[models.Model]

_REQUEST = """
    SELECT t.number, t.retention, t.currency, (g.frozen_rules->'payments'->>'next_tranche_spent_percent')::int
        INTO place, retained, wanted, needed
        FROM disbursements_tranche t JOIN grants_grant g ON g.id = t.grant_id WHERE t.id = NEW.tranche_id;
    IF place > 1 AND NOT retained
       AND (NEW.received_minor <= 0 OR NEW.spent_minor::numeric * 100 < needed::numeric * NEW.received_minor)
       AND NOT EXISTS (
           SELECT 1 FROM disbursements_conditionwaiver w
           WHERE w.tranche_id = NEW.tranche_id AND w.condition = 'spending'
       ) THEN
        RAISE EXCEPTION '%: less than % %% of the money received is spent', TG_TABLE_NAME, needed
            USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM organisations_bankaccount a WHERE a.id = NEW.bank_account_id AND a.currency = wanted) THEN
        RAISE EXCEPTION '%: the account is not kept in %', TG_TABLE_NAME, wanted USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_PAYMENT = """
    IF NOT EXISTS (
        SELECT 1 FROM disbursements_tranche t, organisations_bankaccount a
        WHERE t.id = NEW.tranche_id AND a.id = NEW.bank_account_id
          AND t.currency = NEW.currency AND a.currency = NEW.currency
    ) THEN
        RAISE EXCEPTION '%: tranche and account are kept in the currency of the payment', TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def request_keeps_the_rules(model: Model) -> Model:
    """Class decorator: a later tranche is asked for when the grant's share is spent or waived, to an account in its currency."""
    pgtrigger.register(
        pgtrigger.Trigger(
            name="keeps_the_rules",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            declare=[("place", "INT"), ("retained", "BOOLEAN"), ("wanted", "VARCHAR"), ("needed", "INT")],
            func=_REQUEST,
        )
    )(model)
    return model


def paid_in_the_currency_of_the_account(model: Model) -> Model:
    """Class decorator: a payment, its tranche and its account are in one currency."""
    pgtrigger.register(
        pgtrigger.Trigger(name="one_currency", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_PAYMENT)
    )(model)
    return model
