"""The invariants of domain specification §5.3, asked of PostgreSQL in SQL of their own; each query names what breaks it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import connection
from django.utils import timezone
from psycopg._preparing import PrepareManager

Sums = dict[tuple[str, str], int]
"""Amounts by debited and credited account, in minor units."""

_POSTED: Final = "CASE WHEN t.kind IN ('post', 'settle') THEN t.amount_minor ELSE 0 END"
_PENDING: Final = (
    "CASE WHEN t.kind = 'pend' AND NOT EXISTS (SELECT 1 FROM ledger_transfer r WHERE r.pending_id = t.id)"
    " THEN t.amount_minor ELSE 0 END"
)

BROKEN: Final = {
    "the totals of an account are not the sums of its transfers (6)": f"""
        SELECT a.code FROM ledger_account a
        LEFT JOIN (SELECT t.debit_id AS id, sum({_POSTED}) AS posted, sum({_PENDING}) AS pending FROM ledger_transfer t
                   GROUP BY 1) d ON d.id = a.id
        LEFT JOIN (SELECT t.credit_id AS id, sum({_POSTED}) AS posted, sum({_PENDING}) AS pending FROM ledger_transfer t
                   GROUP BY 1) c ON c.id = a.id
        WHERE (a.debits_posted, a.debits_pending, a.credits_posted, a.credits_pending)
              <> (coalesce(d.posted, 0), coalesce(d.pending, 0), coalesce(c.posted, 0), coalesce(c.pending, 0))""",
    "debits and credits of a currency differ (6)": """
        SELECT currency FROM ledger_account GROUP BY currency
        HAVING sum(debits_posted - credits_posted) <> 0 OR sum(debits_pending - credits_pending) <> 0""",
    "money of a source, an envelope or a grant is spent twice (1)": """
        SELECT code FROM ledger_account WHERE credits_posted < debits_posted + debits_pending
        AND (code LIKE '3011/%' OR code LIKE '3020/%' OR code LIKE 'envelope/%' OR code LIKE '2010/%' OR code LIKE '2220/%')""",
    "what is owed and set aside is more than the cash that covers it (1, 2)": """
        SELECT currency FROM ledger_account
        GROUP BY currency HAVING
          coalesce(sum(debits_posted - credits_posted) FILTER (WHERE code LIKE '1010/%' OR code LIKE '1050/%'), 0) <
          coalesce(sum(credits_posted - debits_posted) FILTER (
            WHERE code LIKE '3011/%' OR code LIKE '3020/%' OR code LIKE 'envelope/%' OR code LIKE '2010/%' OR code LIKE '2220/%'), 0)""",
    "a schedule or a split is not its grant, or more is paid than promised (3)": """
        SELECT g.reference FROM grants_grant g WHERE g.state IN ('active', 'suspended', 'terminated', 'closed') AND (
          g.amount_minor <> (SELECT sum(t.amount_minor) FROM disbursements_tranche t WHERE t.grant_id = g.id)
          OR g.amount_minor <> (SELECT sum(f.amount_minor) FROM grants_grantfunding f WHERE f.grant_id = g.id)
          OR EXISTS (SELECT 1 FROM grants_grantfunding f JOIN ledger_account a ON a.id = f.account_id
                     WHERE f.grant_id = g.id AND (a.credits_posted > f.amount_minor OR a.debits_posted > f.amount_minor)))""",
    "a promise touches other money than promises (4)": """
        SELECT d.code || ' <- ' || c.code FROM ledger_transfer t
        JOIN ledger_account d ON d.id = t.debit_id JOIN ledger_account c ON c.id = t.credit_id
        WHERE t.id > $1 AND (d.code LIKE '1110/%' OR d.code LIKE '4010/%' OR c.code LIKE '1110/%' OR c.code LIKE '4010/%')
          AND NOT (substr(d.code, 6) = substr(c.code, 6))""",
    "restricted money pays fees, commissions, costs or losses (5)": """
        SELECT d.code FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_id
        JOIN ledger_account c ON c.id = t.credit_id JOIN funds_contribution f ON f.account_id = d.id
        WHERE t.id > $1 AND c.code ~ '^(309|6|70)' AND f.restriction_class NOT IN ('UNR', 'SDQ', 'ADM')
        UNION ALL SELECT d.code FROM ledger_transfer t JOIN ledger_account d ON d.id = t.debit_id
        JOIN ledger_account c ON c.id = t.credit_id
        WHERE t.id > $1 AND (d.code LIKE 'envelope/%' OR d.code LIKE '2010/%') AND c.code ~ '^(309|6|70)'""",
    "zakat or the yield of a waqf pays what nobody justified, or nobody agreed to by an opinion": """
        SELECT g.reference FROM grants_grantfunding f JOIN grants_grant g ON g.id = f.grant_id
        JOIN grants_application a ON a.id = g.application_id
        JOIN grants_envelope e ON e.id = f.envelope_id JOIN funds_contribution c ON c.id = e.contribution_id
        WHERE c.restriction_class IN ('ZAK', 'WQF') GROUP BY g.reference, g.amount_minor, a.id, a.requested_minor, c.restriction_class
        HAVING sum(f.amount_minor) > g.amount_minor * coalesce((
          SELECT sum(b.amount_minor) FROM grants_religiousbasis b
          WHERE b.application_id = a.id AND b.restriction = c.restriction_class AND b.state = 'approved'), 0)
          / greatest(a.requested_minor, g.amount_minor)
        UNION ALL SELECT b.id::text FROM grants_religiousbasis b JOIN grants_budgetline l ON l.id = b.line_id
        WHERE b.state <> 'declined' AND (b.justification = '' OR b.amount_minor > l.quantity * l.unit_cost_minor * l.months
          OR b.restriction = 'ZAK' AND (b.recipients NOT IN ('poor', 'needy', 'debtors', 'wayfarers')
                                        OR l.category NOT IN ('B', 'F') OR l.purpose <> '')
          OR b.state = 'approved' AND (b.scholar = '' OR b.opinion = ''))""",
    "a grant has more than its agreement and signed extensions, or these add more than the charter allows": """
        SELECT g.reference FROM grants_grant g
        JOIN (SELECT grant_id, sum(amount_minor) FILTER (WHERE revision_id IS NULL) AS signed, sum(amount_minor) AS whole
              FROM grants_grantfunding GROUP BY 1) f ON f.grant_id = g.id
        LEFT JOIN (SELECT grant_id, sum(added_minor) AS minor FROM grants_revision WHERE state = 'effective' GROUP BY 1) r
          ON r.grant_id = g.id
        WHERE g.amount_minor <> f.whole OR f.whole <> f.signed + coalesce(r.minor, 0)
           OR coalesce(r.minor, 0) * 100 > f.signed * 30
        UNION ALL SELECT r.id::text FROM grants_revision r WHERE r.kind = 'cost' AND r.state = 'effective' AND 2 > (
            SELECT count(DISTINCT c.member_id) FROM grants_revisionconsent c
            WHERE c.revision_id = r.id AND c.round = r.round AND c.member_id <> r.countersigned_by_id)""",
    "the capital of a waqf is not what was given, less what went back to its donor": """
        SELECT c.reference FROM funds_contribution c JOIN ledger_account a ON a.id = c.account_id
        WHERE c.restriction_class = 'END' AND a.credits_posted - a.debits_posted - a.debits_pending <> c.amount_minor - (
          SELECT coalesce(sum(r.amount_minor), 0) FROM funds_donorreturn r
          WHERE r.contribution_id = c.id AND r.state IN ('released', 'paid'))
        UNION ALL SELECT e.id::text FROM grants_envelope e JOIN funds_contribution c ON c.id = e.contribution_id
        WHERE c.restriction_class = 'END'""",
    "a voucher is worth something twice, too late, after too many wrong codes, or without its payment": """
        SELECT v.payment_id::text FROM disbursements_voucher v WHERE v.state IN ('issued', 'redeemed')
        GROUP BY 1 HAVING count(*) > 1
        UNION ALL SELECT v.id::text FROM disbursements_voucher v JOIN disbursements_payment p ON p.id = v.payment_id
        WHERE p.channel NOT IN ('exchange', 'two_legs', 'host')
           OR v.state = 'issued' AND p.state <> 'sent' OR v.state = 'redeemed' AND p.state <> 'confirmed'
           OR v.state = 'redeemed' AND (v.moved_at > v.expires_at OR v.redeemed_by_id IS DISTINCT FROM p.confirmed_by_id)
           OR v.state IN ('issued', 'redeemed') AND v.tries <= (
             SELECT count(*) FROM disbursements_vouchertry t WHERE t.voucher_id = v.id)""",
    "money is under way to details that nobody checked, or whose pause is not over": """
        SELECT p.key FROM disbursements_payment p JOIN organisations_bankaccount a ON a.id = p.bank_account_id
        WHERE p.state IN ('prepared', 'sent') AND (a.usable_from IS NULL OR a.usable_from > p.moved_at)
        UNION ALL SELECT c.id::text FROM organisations_bankchange c JOIN organisations_bankaccount a ON a.id = c.account_id
        WHERE (c.state = 'approved') <> (a.usable_from IS NOT NULL) OR c.state = 'approved' AND (
          c.called_at IS NULL OR c.called_at > c.moved_at OR c.channel NOT IN ('call', 'video', 'visit')
          OR a.usable_from < c.moved_at + interval '48 hours'
          OR c.approvers > 1 + (SELECT count(*) FROM organisations_bankchangeagreement g
                                WHERE g.change_id = c.id AND g.fingerprint = a.fingerprint))""",
    "one person did what two people do": """
        SELECT 'payment ' || key FROM disbursements_payment WHERE maker_id = checker_id
        UNION ALL SELECT 'contribution ' || reference FROM funds_contribution WHERE recorded_by_id = confirmed_by_id
        UNION ALL SELECT 'return ' || id FROM funds_donorreturn WHERE asked_by_id = decided_by_id
        UNION ALL SELECT 'write-off ' || id FROM funds_pledgewriteoff WHERE asked_by_id = decided_by_id
        UNION ALL SELECT 'refund ' || id FROM disbursements_refund WHERE received_by_id = confirmed_by_id
        UNION ALL SELECT 'exchange ' || id FROM disbursements_conversion WHERE recorded_by_id = confirmed_by_id
        UNION ALL SELECT 'month ' || month FROM ledger_period WHERE asked_by_id = decided_by_id
        UNION ALL SELECT 'voucher ' || id FROM disbursements_voucher WHERE issued_by_id = redeemed_by_id
        UNION ALL SELECT 'basis ' || id FROM grants_religiousbasis WHERE proposed_by_id = decided_by_id
        UNION ALL SELECT 'change ' || c.id FROM organisations_bankchange c
        LEFT JOIN organisations_bankchangeagreement g ON g.change_id = c.id
        WHERE c.requested_by_id IN (c.called_by_id, g.agreed_by_id) OR c.called_by_id = g.agreed_by_id
        UNION ALL SELECT 'payment ' || p.key FROM disbursements_payment p WHERE p.state <> 'failed' AND 2 > (
            SELECT count(DISTINCT a.approver_id) FROM disbursements_approval a
            WHERE a.tranche_id = p.tranche_id AND a.payload_sha256 = p.payload_sha256)""",
    "a tranche is paid twice, or its money is not where its payment is": """
        SELECT t.id::text FROM disbursements_tranche t JOIN disbursements_payment p ON p.tranche_id = t.id
        WHERE p.state <> 'failed' GROUP BY t.id HAVING count(*) > 1
        UNION ALL SELECT p.key FROM disbursements_payment p JOIN disbursements_tranche t ON t.id = p.tranche_id
        WHERE (p.state, t.state) IN (('sent', 'received'), ('confirmed', 'paid'), ('prepared', 'paid'))
           OR p.amount_minor <> t.amount_minor
        UNION ALL SELECT l.payment_id::text FROM disbursements_statementline l WHERE l.payment_id IS NOT NULL
        GROUP BY 1 HAVING count(*) > 1""",
}

_ALL: Final = " UNION ALL ".join(
    f"SELECT '{name}' AS what, found.* FROM ({query}) AS found(which)" for name, query in BROKEN.items()
)

_BETWEEN: Final = """
    SELECT d.code AS debit, c.code AS credit, sum(t.amount_minor)::bigint AS minor FROM ledger_transfer t
    JOIN ledger_account d ON d.id = t.debit_id JOIN ledger_account c ON c.id = t.credit_id"""
_MOVED: Final = f"{_BETWEEN} WHERE t.id > $1 AND t.kind IN ('post', 'settle') GROUP BY 1, 2"
_HELD: Final = f"""{_BETWEEN}
    WHERE t.kind = 'pend' AND NOT EXISTS (SELECT 1 FROM ledger_transfer r WHERE r.pending_id = t.id)
    GROUP BY 1, 2 ORDER BY min(t.id)"""
_SEALS: Final = """
    SELECT p.month::text, coalesce((
        SELECT md5(string_agg(t::text, ' ' ORDER BY t.id)) FROM ledger_transfer t
        WHERE (date_trunc('month', t.posted_at AT TIME ZONE 'Asia/Damascus'))::date = p.month), '') FROM ledger_period p"""

_TOLD: Final = f"""PREPARE told_of_money(bigint) AS
    SELECT 'moved', debit, credit, minor FROM ({_MOVED}) moved
    UNION ALL SELECT 'held', debit, credit, minor FROM ({_HELD}) held
    UNION ALL SELECT 'month', month, seal, 0 FROM ({_SEALS}) months(month, seal)
    UNION ALL SELECT 'broken', what, which, 0 FROM ({_ALL}) broken"""
"""All that is asked after every step, in one statement that PostgreSQL plans once for a connection."""

_WRITTEN: Final = (
    "audit_leaf", "audit_outboxmessage", "disbursements_approval", "disbursements_conversion", "disbursements_disbursementrequest",
    "disbursements_payment", "disbursements_refund", "disbursements_statementline", "disbursements_tranche",
    "disbursements_voucher", "disbursements_vouchertry", "grants_revision", "grants_revisedamount", "grants_revisionconsent",
    "funds_contribution", "funds_donorreturn", "funds_pledge", "funds_pledgewriteoff", "grants_envelope", "grants_grant",
    "grants_grantfunding", "grants_religiousbasis", "grants_report", "ledger_account", "ledger_period", "ledger_transfer",
    "organisations_bankaccount", "organisations_bankchange", "organisations_bankchangeagreement",
)  # fmt: skip
_EVERYTHING: Final = " UNION ALL ".join(
    f"SELECT '{table}', count(*), coalesce(sum(hashtextextended(r::text, 0)::numeric), 0) FROM {table} r"
    for table in _WRITTEN
)


def asked(query: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, values or None)
        return cursor.fetchall()


@dataclass
class Told:
    """What PostgreSQL says after a step: what moved since the beginning, what is kept aside, months, broken invariants."""

    moved: Sums = field(default_factory=dict)
    held: Sums = field(default_factory=dict)
    months: dict[str, str] = field(default_factory=dict)
    """Fingerprints of the transfers of the months that were ever closed."""
    broken: list[tuple[str, str]] = field(default_factory=list)


def payable(account: Any) -> bool:
    """Whether money may go to an account now: verified, past its pause, and nobody asked to change it."""
    ((now,),) = asked(
        "SELECT a.state = 'verified' AND a.usable_from <= %s AND NOT EXISTS ("
        " SELECT FROM organisations_bankchange c WHERE c.replaces_id = a.id AND c.state IN ('requested', 'called_back'))"
        " FROM organisations_bankaccount a WHERE a.id = %s",
        timezone.now(),
        account,
    )
    return bool(now)


class _Kept(PrepareManager):
    """What PostgreSQL planned for the connection, kept also where guards are taken away in a transaction that is undone."""

    prepare_threshold = 2
    prepared_max = 2_000

    def __init__(self) -> None:
        super().__init__()
        self._prepared_idx = 1_000_000  # names of its own beside those that psycopg gives before and after

    def clear(self) -> bool:
        """Nothing is forgotten."""
        return False


_READS: Final = re.compile(r"\s*(?:SELECT|RELEASE SAVEPOINT|SET CONSTRAINTS)\b")
"""Statements that change no row. A CTE is not among them, which may write.

No function that a SELECT calls writes either: those of the application are STABLE, and PostgreSQL forbids it to them.
"""


@dataclass
class _Rows:
    """How the rows stand: each write, done or refused, makes a state of its own, and a rollback brings one back."""

    now: int = 0
    last: int = 0
    saved: dict[str, int] = field(default_factory=dict)
    """The states to which savepoints go back."""
    answers: dict[tuple[int, int], Told] = field(default_factory=dict)
    """What was told, by the state of the rows and the transfer since when."""

    def begin(self) -> None:
        """Nothing is known, for it may be another database."""
        self.now = self.last = 0
        self.saved, self.answers = {}, {}

    def follow(self, sql: str) -> None:
        """What a statement does to them, before it is sent."""
        savepoint = sql.rpartition(" ")[2]
        if sql.startswith("SAVEPOINT"):
            self.saved[savepoint] = self.now
        elif sql.startswith("ROLLBACK TO SAVEPOINT"):
            self.now = self.saved[savepoint]
            self.answers = {key: told for key, told in self.answers.items() if key[0] <= self.now}
        elif not _READS.match(sql):
            self.last += 1
            self.now = self.last


_rows = _Rows()


def _follow(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Every statement passes here."""
    _rows.follow(sql)
    return execute(sql, params, many, context)


@contextmanager
def prepared() -> Iterator[None]:
    """Inside, PostgreSQL plans each statement of the machine once: its runs ask the same again and again."""
    connection.ensure_connection()
    asks = connection.connection
    before = asks._prepared
    PrepareManager.clear(before)  # and not `KeptPlans.clear`, which forgets nothing
    asks._prepared = _Kept()
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
        cursor.execute(_TOLD)
    _rows.begin()
    try:
        with connection.execute_wrapper(_follow):
            yield
    finally:
        asks._prepared = before


def told(since: int) -> Told:
    """What holds and what does not; ``since`` is the number of the last transfer before.

    What would wait for the commit is checked as well. Where the rows stand as they stood at an answer before, it is that
    answer: it says the same of the same rows at any time, since no query of it asks for the time.
    """
    key = _rows.now, since
    if key not in _rows.answers:
        _rows.answers[key] = _asked_anew(since)
    return _rows.answers[key]


def _asked_anew(since: int) -> Told:
    answer = Told()
    for what, one, other, minor in _told(since):
        if what == "broken":
            answer.broken.append((one, other))
        elif what == "month":
            answer.months[one] = other
        else:
            (answer.moved if what == "moved" else answer.held)[one, other] = minor
    return answer


def _told(since: int) -> Iterator[tuple[str, str, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; EXECUTE told_of_money({int(since)})"
        )
        while cursor.description is None:
            cursor.nextset()
        yield from cursor.fetchall()


def held() -> Sums:
    """What is kept aside, in the order in which it was kept."""
    return {(debit, credit): minor for debit, credit, minor in asked(_HELD)}


def standing() -> tuple[dict[str, int], int]:
    """What each account has (credits less debits), and the number of the last transfer."""
    ((last,),) = asked("SELECT coalesce(max(id), 0) FROM ledger_transfer")
    return dict(asked("SELECT code, credits_posted - debits_posted FROM ledger_account")), last


def seal(month: date) -> str:
    """A fingerprint of the transfers of a month that was closed."""
    return dict(asked(_SEALS))[month.isoformat()]


def everything() -> list[tuple[Any, ...]]:
    """Numbers and contents of the tables that acts of money write."""
    return asked(_EVERYTHING)
