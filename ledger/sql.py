"""What PostgreSQL itself holds of the ledger. Table names carry their schema: a temporary table cannot pose as one."""

from typing import Final

OPENS_EMPTY: Final = """
    IF (NEW.debits_posted, NEW.debits_pending, NEW.credits_posted, NEW.credits_pending) <> (0, 0, 0, 0) THEN
        RAISE EXCEPTION 'account %: opens empty', NEW.code USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

LAWFUL: Final = """
    IF (SELECT count(*) FROM public.ledger_account a
        WHERE a.id IN (NEW.debit_id, NEW.credit_id) AND a.currency = NEW.currency) <> 2 THEN
        RAISE EXCEPTION 'transfer %: both accounts are in its currency', NEW.key USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.pending_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM public.ledger_transfer p
        WHERE p.id = NEW.pending_id AND p.kind = 'pend' AND p.debit_id = NEW.debit_id AND p.credit_id = NEW.credit_id
          AND p.currency = NEW.currency
          AND (NEW.amount_minor = p.amount_minor OR NEW.kind = 'settle' AND NEW.amount_minor < p.amount_minor)
    ) THEN
        RAISE EXCEPTION 'transfer %: does not match its reservation', NEW.key USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

PERIOD_OPEN: Final = """
    IF EXISTS (SELECT 1 FROM public.ledger_period p WHERE p.state <> 'open'
               AND p.month = date_trunc('month', NEW.posted_at AT TIME ZONE 'Asia/Damascus')::date) THEN
        RAISE EXCEPTION 'transfer %: its month is locked', NEW.key USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
"""A month that was closed takes nothing more; months are those of Damascus."""

MONTH: Final = """
SELECT count(*), encode(sha256(convert_to(coalesce(string_agg(
    concat_ws('|', id, key, debit_id, credit_id, amount_minor, currency, kind, pending_id), E'\\n' ORDER BY id), ''), 'UTF8')), 'hex')
FROM public.ledger_transfer
WHERE posted_at >= %s::timestamp AT TIME ZONE 'Asia/Damascus'
  AND posted_at < (%s::timestamp + interval '1 month') AT TIME ZONE 'Asia/Damascus'
"""
"""How many transfers a month has, and their fingerprint."""

APPLY: Final = """
CREATE FUNCTION public.ledger_apply_transfer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held bigint := 0;
    reserved bigint := 0;
    posted bigint := 0;
BEGIN
    IF TG_RELID <> 'public.ledger_transfer'::regclass THEN
        RAISE EXCEPTION 'only transfers move money' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.kind = 'pend' THEN
        reserved := NEW.amount_minor;
    ELSIF NEW.pending_id IS NOT NULL THEN
        SELECT p.amount_minor INTO STRICT held FROM public.ledger_transfer p WHERE p.id = NEW.pending_id;
        reserved := -held;
    END IF;
    IF NEW.kind IN ('post', 'settle') THEN
        posted := NEW.amount_minor;
    END IF;
    PERFORM 1 FROM public.ledger_account a WHERE a.id IN (NEW.debit_id, NEW.credit_id) ORDER BY a.id FOR NO KEY UPDATE;
    UPDATE public.ledger_account SET debits_posted = debits_posted + posted, debits_pending = debits_pending + reserved
        WHERE id = NEW.debit_id;
    UPDATE public.ledger_account SET credits_posted = credits_posted + posted, credits_pending = credits_pending + reserved
        WHERE id = NEW.credit_id;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION public.ledger_apply_transfer() FROM PUBLIC;
CREATE TRIGGER ledger_transfer_apply AFTER INSERT ON public.ledger_transfer
    FOR EACH ROW EXECUTE FUNCTION public.ledger_apply_transfer();
"""
"""Keeps the running totals. It runs with the owner's rights, so it obeys transfers alone: nobody else may attach it."""

UNDO_APPLY: Final = """
DROP TRIGGER ledger_transfer_apply ON public.ledger_transfer;
DROP FUNCTION public.ledger_apply_transfer();
"""

APPLY_TRIGGER: Final = "ledger_transfer_apply"
