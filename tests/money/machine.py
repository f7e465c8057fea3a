"""The ground of the machine: a fund in motion, its books in plain numbers, acts that may be refused or break in the middle."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, TypeVar

import time_machine
from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from accounts.models import User
from disbursements import fsck
from disbursements.models import Payment, PaymentProvider
from funds.fsck import receivables_are_promises
from funds.models import Contribution, Donor
from grants.models import Grant
from kernel.permissions import Refused
from ledger import fsck as books
from tests.factories import awards
from tests.money import invariants
from tests.money.expected import Books, Gift, More, Promise, Transit, Work
from tests.transparency.test_giving import assert_statement_is_true

T = TypeVar("T")
M = TypeVar("M", bound=Model)
BANK = "1010/USD"
places = st.integers(0, 7)
"""Which of several things: counted round."""
cents = st.integers(1, 30_000_00)


REREAD = (
    fsck.schedules_are_whole,
    fsck.payments_follow_transfers,
    fsck.tranches_follow_payments,
    fsck.payments_were_approved,
    fsck.nobody_is_paid_more_than_promised,
    fsck.providers_hold_what_is_on_its_way,
    receivables_are_promises,
    books.findings,
)
"""What ``manage.py fsck`` asks of the money: at the end of a thorough run it finds nothing either."""


class Crash(Exception):
    """The machine stops in the middle of an act."""


class Ground(RuleBasedStateMachine):
    """What every part of the machine stands on; one run is one transaction that is rolled back."""

    done: ClassVar[Counter[str]] = Counter()
    """How often each act was done, of all runs."""
    only: ClassVar[frozenset[str]] = frozenset()
    """The acts of a narrower machine; empty for all of them."""
    thorough: ClassVar[bool] = False
    """Whether each run ends with what ``manage.py fsck`` asks and every donor's statement reckoned again."""

    @classmethod
    def setup_state(cls) -> Any:
        """What Hypothesis draws from: in a narrower machine its own acts alone, every invariant as ever."""
        state = super().setup_state()
        if not cls.only:
            return state
        kept = [one for one in state.rules if one.function.__name__ in cls.only]
        assert len(kept) == len(cls.only), f"some of {sorted(cls.only)} is no act of {cls.__name__}"
        return replace(state, rules=kept)

    def __init__(self) -> None:
        super().__init__()
        Ground.done["run"] += 1
        self.undo = ExitStack()
        self.undo.enter_context(transaction.atomic())
        self.undo.callback(transaction.set_rollback, True)
        self.first, self.second = awards.finance_officers()
        self.manager, self.board, self.programme = awards.manager(), awards.board_member(), awards.programme_officer()
        self.now: datetime = timezone.now()
        self.clock: Any = None
        self.crash_after = 0
        self.called_once = self.closed_once = self.waited_once = False
        ((self.owed_since,),) = invariants.asked("SELECT coalesce(max(id), 0) FROM audit_outboxmessage")
        credit, self.since = invariants.standing()
        # Later steps look at later transfers alone where transfers are judged one by one: none is ever changed.
        assert not (broken := invariants.told(0).broken), broken
        self.books = Books(Counter(credit), Counter(invariants.held()))
        self.gifts = [_gift(one) for one in Contribution.objects.exclude(account=None).select_related("account")]
        self.promises: dict[str, Promise] = {}
        self.works = {grant.pk: _work(grant) for grant in Grant.objects.select_related("call")}
        self.transits = {
            one.pk: _transit(one, self) for one in Payment.objects.filter(state="sent").select_related("tranche")
        }
        self.more: dict[Any, More] = {}
        self.provider = PaymentProvider.objects.get()
        self.justified = _justified()
        self.signatories: dict[Any, User] = {}
        self.sealed: dict[date, str] = {}

    def teardown(self) -> None:
        try:
            if self.thorough:
                assert not (wrong := [finding for check in REREAD for finding in check()]), wrong
                for donor in Donor.objects.order_by("pk"):
                    assert_statement_is_true(donor)
        finally:
            if self.clock is not None:
                self.clock.stop()
            self.undo.close()

    # Acts ------------------------------------------------------------------------------------------------------------

    def act(self, name: str, do: Callable[[], T], *, lawful: bool | None = None) -> T | None:
        """What ``do`` returns; None when it was refused or broke in the middle, and then nothing of it may stay.

        ``lawful`` says what must happen, None that either may. Whatever else is raised is a failure.
        """
        before = invariants.everything() if self.crash_after else None
        refused: Exception | None = None
        answer = None
        try:
            with self._breaking():
                answer = do()
        except (Refused, Crash) as error:
            refused = error
        self.crash_after = 0
        if refused is not None:
            assert isinstance(refused, Crash) or lawful is not True, f"{name} was refused: {refused}"
            assert before is None or invariants.everything() == before, f"{name} broke, and something of it stays"
            return None
        assert lawful is not False, f"{name} was not refused"
        Ground.done[name] += 1
        return answer

    def did(self, name: str, do: Callable[[], object], *, lawful: bool | None = None) -> bool:
        """The same; whether it was done."""
        return self.act(name, do, lawful=lawful) is not None

    def _breaking(self) -> ExitStack:
        """Inside, the statement that the machine chose before is never carried out: the process ends there."""
        stack = ExitStack()
        if self.crash_after:
            left = [self.crash_after]

            def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
                if "SAVEPOINT" not in sql:
                    left[0] -= 1
                    if not left[0]:
                        Ground.done["crash"] += 1
                        raise Crash
                return execute(sql, params, many, context)

            stack.enter_context(connection.execute_wrapper(count))
        return stack

    @rule(after=st.integers(1, 60))
    def crash(self, after: int) -> None:
        """The next act ends before its statement ``after``."""
        self.crash_after = after

    def finance(self, second: bool) -> User:
        """One of the two finance officers."""
        return self.second if second else self.first

    def signatory(self, grant: Grant) -> User:
        """Who signs for the grant's organisation; nobody comes or goes in a run."""
        if grant.organisation_id not in self.signatories:
            self.signatories[grant.organisation_id] = awards.signatory(grant)
        return self.signatories[grant.organisation_id]

    def later(self, days: int) -> None:
        """The clock goes on."""
        self.now = timezone.now() + timedelta(days=days)
        if self.clock is not None:
            self.clock.stop()
        self.clock = time_machine.travel(self.now, tick=True)
        self.clock.start()

    # What must hold --------------------------------------------------------------------------------------------------

    @invariant()
    def holds(self) -> None:
        """The books say what they must, closed months stand, and PostgreSQL finds no invariant broken."""
        Ground.done["step"] += 1
        told = invariants.told(self.since)
        for said, found, must in (("moved", told.moved, self.books.moved), ("held", told.held, self.books.held)):
            wrong = {
                key: (found.get(key, 0), must[key]) for key in found.keys() | must if found.get(key, 0) != must[key]
            }
            assert not wrong, f"{said}, found and expected: {wrong}"
        for month, seal in self.sealed.items():
            assert told.months[month.isoformat()] == seal, f"{month:%Y-%m} was closed, and changed"
        assert not told.broken, told.broken


def refuses(error: type[Exception], do: Callable[[], object], *, saying: str = "") -> None:
    """The act ends with that error, and nothing of it stays; one that says something else goes on."""
    try:
        with transaction.atomic():
            do()
    except error as refused:
        if saying not in str(refused):
            raise
    else:
        raise AssertionError(f"{error.__name__} was not raised")


def nth(things: list[T], place: int) -> T | None:
    """One of the things, counted round; None of nothing."""
    return things[place % len(things)] if things else None


def row(found: QuerySet[M], place: int) -> M | None:
    """The same of rows: the others are not read, for the frozen rules of each grant are thousands of words."""
    keys = list(found.values_list("pk", flat=True))
    return found.get(pk=nth(keys, place)) if keys else None


def _gift(one: Contribution) -> Gift:
    conditions = sum(bool(given) for given in (one.sectors, one.governorates, one.groups, one.use_by))
    religious = one.restriction_class in {"ZAK", "WQF"}
    return Gift(
        one.reference, one.restriction_class, one.received_on, str(one.pk), one.use_by, conditions + religious
    )  # fmt: skip


def _justified() -> Counter[tuple[Any, str]]:
    """What of each application's lines may be paid by each religious class."""
    return Counter({
        (application, restriction): minor
        for application, restriction, minor in invariants.asked(
            "SELECT application_id, restriction, sum(amount_minor)::bigint FROM grants_religiousbasis"
            " WHERE state = 'approved' GROUP BY 1, 2"
        )
    })  # fmt: skip


def _work(grant: Grant) -> Work:
    """A grant as it stands when a run begins: from its own rows and the books."""
    work = Work(grant.reference, grant.call.reference)
    rows = invariants.asked(
        "SELECT a.code, f.amount_minor, a.debits_posted FROM grants_grantfunding f"
        " JOIN ledger_account a ON a.id = f.account_id WHERE f.grant_id = %s ORDER BY f.leaf_id",
        grant.pk,
    )
    begins = work.owed("")
    work.split = [(code.removeprefix(begins), committed) for code, committed, _paid in rows] or _kept_for(work)
    work.shares = Counter(source for source, _committed in work.split)
    work.paid = Counter({code.removeprefix(begins): paid for code, _committed, paid in rows})
    ((work.received,),) = invariants.asked(
        "SELECT coalesce(sum(p.amount_minor), 0)::bigint FROM disbursements_payment p"
        " JOIN disbursements_tranche t ON t.id = p.tranche_id WHERE t.grant_id = %s AND p.state = 'confirmed'",
        grant.pk,
    )
    ((work.spent,),) = invariants.asked(
        "SELECT coalesce(sum(spent_minor), 0)::bigint FROM grants_report WHERE grant_id = %s AND state = 'accepted'",
        grant.pk,
    )
    work.cleared = min(work.spent, work.received)
    return work


def _kept_for(work: Work) -> list[tuple[str, int]]:
    """What is kept aside for a grant that is awarded and not yet signed."""
    owed = work.owed("")
    return [
        (credit.removeprefix(owed), minor)
        for (_debit, credit), minor in invariants.held().items()
        if credit.startswith(owed)
    ]


def _transit(payment: Payment, ground: Ground) -> Transit:
    """A payment that is on its way when a run begins; the only one of its grant, and of its provider."""
    work = ground.works[payment.tranche.grant_id]
    one = Transit(work, [], f"1050/{payment.provider_id}" if payment.provider_id else "", sent=True)
    for (debit, credit), minor in ground.books.held.items():
        if debit.startswith(work.owed("")):
            one.parts.append((debit.removeprefix(work.owed("")), minor))
        elif one.carrier and credit.startswith("3090/"):
            one.commission.append((debit, minor))
    return one
