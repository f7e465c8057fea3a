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
    IF EXISTS (
        SELECT 1 FROM grants_awardcondition c JOIN disbursements_tranche t ON t.grant_id = c.grant_id
        WHERE t.id = NEW.tranche_id AND c.blocks = 'tranche' AND c.state NOT IN ('met', 'waived')
          AND t.number >= LEAST(c.tranche, (SELECT MAX(x.number) FROM disbursements_tranche x WHERE x.grant_id = t.grant_id))
    ) THEN
        RAISE EXCEPTION '%: a condition of the award holds this tranche', TG_TABLE_NAME USING ERRCODE = 'check_violation';
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


_PAYEE = """
    IF TG_OP = 'UPDATE' THEN
        IF NEW.state <> 'sent' OR OLD.state = 'sent' THEN
            RETURN NEW;
        END IF;
    END IF;
    PERFORM 1 FROM organisations_bankaccount a WHERE a.id = NEW.bank_account_id FOR SHARE;
    IF NOT EXISTS (
        SELECT 1 FROM organisations_bankaccount a
        WHERE a.id = NEW.bank_account_id AND a.state = 'verified' AND a.usable_from <= NEW.moved_at
    ) THEN
        RAISE EXCEPTION '%: nothing may be paid to this account now', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT 1 FROM organisations_bankchange c
        WHERE c.replaces_id = NEW.bank_account_id AND c.state IN ('requested', 'called_back')
    ) THEN
        RAISE EXCEPTION '%: a change of the account is being checked', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def paid_to_a_usable_account(model: Model) -> Model:
    """Class decorator: a payment is made and sent only to a verified account past its pause of which no change is open."""
    pgtrigger.register(
        pgtrigger.Trigger(
            name="to_a_usable_account",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            func=_PAYEE,
        )
    )(model)
    return model


_CONVERSION = """
    SELECT p.state, p.currency INTO STRICT paid FROM disbursements_payment p WHERE p.id = NEW.payment_id FOR SHARE;
    IF TG_OP = 'INSERT' AND (paid.state NOT IN ('sent', 'confirmed') OR NOT EXISTS (
        SELECT 1 FROM ledger_referencerate r WHERE r.id = NEW.reference_id
          AND r.base = paid.currency AND r.currency = NEW.currency AND r.series = NEW.series
    )) THEN
        RAISE EXCEPTION '%: a rate is of a payment that was sent, against the bulletin of its currencies', TG_TABLE_NAME
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'confirmed' AND paid.state <> 'confirmed' THEN
        RAISE EXCEPTION '%: the payment has not arrived', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


_VOUCHER = """
    SELECT p.state, p.channel INTO STRICT paid FROM disbursements_payment p WHERE p.id = NEW.payment_id FOR SHARE;
    IF TG_OP = 'INSERT' AND (paid.state <> 'sent' OR paid.channel NOT IN ('exchange', 'two_legs', 'host')) THEN
        RAISE EXCEPTION '%: a voucher is of a cash payment on its way', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.state = 'redeemed' AND OLD.state <> 'redeemed' AND (
        paid.state <> 'sent' OR NEW.moved_at > NEW.expires_at OR NEW.tries <= (
            SELECT count(*) FROM disbursements_vouchertry t WHERE t.voucher_id = NEW.id
        )
    ) THEN
        RAISE EXCEPTION '%: this voucher is worth nothing any more', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def redeemed_in_time(model: Model) -> Model:
    """Class decorator: a voucher is redeemed while its payment is on its way, in time, and before too many wrong codes."""
    pgtrigger.register(
        pgtrigger.Trigger(
            name="redeemed_in_time",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            declare=[("paid", "RECORD")],
            func=_VOUCHER,
        )
    )(model)
    return model


def follows_its_payment(model: Model) -> Model:
    """Class decorator: a rate is recorded of a payment that was sent and counts when that has arrived."""
    pgtrigger.register(
        pgtrigger.Trigger(
            name="rate_follows_its_payment",  # fires after legal_moves: PostgreSQL goes by the names
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            declare=[("paid", "RECORD")],
            func=_CONVERSION,
        )
    )(model)
    return model


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
          AND p.state = 'prepared' AND r.state = 'prepared' AND p.currency = r.currency AND p.channel = 'bank'
    ) THEN
        RAISE EXCEPTION '%: a run orders prepared bank transfers of its currency', TG_TABLE_NAME USING ERRCODE = 'check_violation';
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


_EXACT = """
    PERFORM pg_advisory_xact_lock(hashtextextended('disbursements.matching', 0));
    IF NEW.payment_id IS NOT NULL AND (NEW.direction <> 'out' OR NOT EXISTS (
        SELECT 1 FROM disbursements_payment p
        WHERE p.id = NEW.payment_id AND p.key = NEW.end_to_end AND p.amount_minor = NEW.amount_minor
          AND p.currency = NEW.currency AND p.state <> 'prepared'
    ) OR EXISTS (
        SELECT 1 FROM disbursements_linedecision d WHERE d.payment_id = NEW.payment_id AND d.verdict = 'matched'
    )) THEN
        RAISE EXCEPTION '%: the line is not exactly this payment', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.contribution_id IS NOT NULL AND (NEW.direction <> 'in' OR NOT EXISTS (
        SELECT 1 FROM funds_contribution c
        WHERE c.id = NEW.contribution_id AND c.amount_minor = NEW.amount_minor AND c.currency = NEW.currency
          AND c.bank_reference IN (NEW.reference, NEW.end_to_end)
    )) THEN
        RAISE EXCEPTION '%: the line is not exactly this contribution', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

_BY_HAND = """
    PERFORM pg_advisory_xact_lock(hashtextextended('disbursements.matching', 0));
    SELECT l.direction, l.currency, l.payment_id, l.contribution_id INTO STRICT line
        FROM disbursements_statementline l WHERE l.id = NEW.line_id;
    IF line.payment_id IS NOT NULL OR line.contribution_id IS NOT NULL OR EXISTS (
        SELECT 1 FROM disbursements_linedecision d WHERE d.line_id = NEW.line_id AND d.verdict <> 'handed'
    ) THEN
        RAISE EXCEPTION '%: the line is settled', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.verdict = 'matched' AND (
        NEW.payment_id IS NOT NULL AND (line.direction <> 'out'
            OR EXISTS (SELECT 1 FROM disbursements_statementline l WHERE l.payment_id = NEW.payment_id)
            OR EXISTS (SELECT 1 FROM disbursements_linedecision d WHERE d.payment_id = NEW.payment_id AND d.verdict = 'matched')
            OR NOT EXISTS (SELECT 1 FROM disbursements_payment p WHERE p.id = NEW.payment_id AND p.currency = line.currency
                           AND p.state <> 'prepared'))
        OR NEW.payment_id IS NULL AND line.direction <> 'in'
    ) THEN
        RAISE EXCEPTION '%: the line cannot be this', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.verdict = 'returned' AND (line.direction = 'out' OR NOT EXISTS (
        SELECT 1 FROM disbursements_payment p WHERE p.id = NEW.payment_id AND p.state = 'failed'
    )) THEN
        RAISE EXCEPTION '%: the payment is not recorded as returned', TG_TABLE_NAME USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""


def matches_exactly(model: Model) -> Model:
    """Class decorator: a line of a bank names a payment or contribution only when number, amount and currency agree."""
    pgtrigger.register(
        pgtrigger.Trigger(name="matches_exactly", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_EXACT)
    )(model)
    return model


def settles_once(model: Model) -> Model:
    """Class decorator: a person settles an open line once, and a payment leaves the bank in one line."""
    pgtrigger.register(
        pgtrigger.Trigger(
            name="settles_once",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            declare=[("line", "RECORD")],
            func=_BY_HAND,
        )
    )(model)
    return model


_CARRIED = """
    IF NEW.provider_id IS NOT NULL THEN
        PERFORM 1 FROM disbursements_paymentprovider v WHERE v.id = NEW.provider_id FOR NO KEY UPDATE;
        SELECT v.state, v.channel, v.currency, v.most_payment_minor, v.most_open_minor INTO STRICT carrier
            FROM disbursements_paymentprovider v WHERE v.id = NEW.provider_id;
        IF TG_OP = 'INSERT' AND (carrier.state <> 'approved' OR carrier.channel <> NEW.channel
                OR carrier.currency <> NEW.currency OR NEW.amount_minor > carrier.most_payment_minor) THEN
            RAISE EXCEPTION '%: the provider may not carry this', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END IF;
        IF TG_OP = 'UPDATE' AND NEW.state = 'sent' AND OLD.state <> 'sent' AND (
            carrier.state <> 'approved' OR NEW.amount_minor + (
                SELECT COALESCE(SUM(p.amount_minor), 0) FROM disbursements_payment p
                WHERE p.provider_id = NEW.provider_id AND p.state = 'sent' AND p.id <> NEW.id
            ) > carrier.most_open_minor
        ) THEN
            RAISE EXCEPTION '%: the provider would hold more than its limit', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
"""


def carried_within_limits(model: Model) -> Model:
    """Class decorator: a payment goes through an approved provider of its channel and currency, within both its limits."""
    pgtrigger.register(
        pgtrigger.Trigger(
            name="carried_within_limits",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            declare=[("carrier", "RECORD")],
            func=_CARRIED,
        )
    )(model)
    return model
