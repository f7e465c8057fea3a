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


_RUN_LINE = """
    PERFORM 1 FROM disbursements_payment p WHERE p.id = NEW.payment_id FOR NO KEY UPDATE;
    IF NOT EXISTS (
        SELECT 1 FROM disbursements_payment p, disbursements_paymentrun r
        WHERE p.id = NEW.payment_id AND r.id = NEW.run_id
          AND p.state = 'prepared' AND r.state = 'prepared' AND p.currency = r.currency
    ) THEN
        RAISE EXCEPTION '%: a run orders prepared payments of its currency', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM disbursements_paymentrunline l JOIN disbursements_paymentrun r ON r.id = l.run_id
        WHERE l.payment_id = NEW.payment_id AND r.state <> 'discarded'
    ) THEN
        RAISE EXCEPTION '%: the payment stands in another run', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_RUN_SUMS = """
    SELECT r.count, r.total_minor, r.currency INTO STRICT whole FROM disbursements_paymentrun r WHERE r.id = {run};
    SELECT count(*) AS lines, COALESCE(SUM(p.amount_minor), 0) AS minor INTO STRICT found
        FROM disbursements_paymentrunline l JOIN disbursements_payment p ON p.id = l.payment_id WHERE l.run_id = {run};
    IF found.lines <> whole.count OR found.minor <> whole.total_minor THEN
        RAISE EXCEPTION '%: its payments are not what its file orders', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM disbursements_fundaccount a JOIN disbursements_paymentrun r ON r.account_id = a.id
        WHERE r.id = {run} AND a.currency <> r.currency
    ) THEN
        RAISE EXCEPTION '%: the account is not kept in the currency', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""

_NOT_BESIDE_ITS_RUN = """
    IF NEW.state = 'sent' AND OLD.state = 'prepared' AND EXISTS (
        SELECT 1 FROM disbursements_paymentrunline l JOIN disbursements_paymentrun r ON r.id = l.run_id
        WHERE l.payment_id = NEW.id AND r.state <> 'discarded' AND (r.state <> 'released' OR r.sha256 <> NEW.slip_sha256)
    ) THEN
        RAISE EXCEPTION '%: the payment is sent by its run', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def _sums(name: str, run: str, operation: pgtrigger.Operation | pgtrigger.Operations) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,
        operation=operation,
        timing=pgtrigger.Deferred,
        declare=[("whole", "RECORD"), ("found", "RECORD")],
        func=_RUN_SUMS.format(run=run),
    )


def run_is_whole(model: Model) -> Model:
    """Class decorator: at the end of its transaction a run has exactly the payments that its file orders."""
    pgtrigger.register(_sums("is_whole", "NEW.id", pgtrigger.Insert | pgtrigger.Update))(model)
    return model


def waits_for_one_run(model: Model) -> Model:
    """Class decorator: a line orders a prepared payment that no other live run orders; nothing is added later."""
    pgtrigger.register(
        pgtrigger.Trigger(name="in_one_run", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_RUN_LINE),
        _sums("keeps_the_sums", "NEW.run_id", pgtrigger.Insert),
    )(model)
    return model


def sent_by_its_run(model: Model) -> Model:
    """Class decorator: a payment that stands in a run is sent by the release of that run's file, never beside it."""
    pgtrigger.register(
        pgtrigger.Trigger(
            name="not_beside_its_run", when=pgtrigger.Before, operation=pgtrigger.Update, func=_NOT_BESIDE_ITS_RUN
        )
    )(model)
    return model
