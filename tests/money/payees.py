"""Where money goes: changes of bank details are asked for, called back, agreed to by others, and wait until they are used."""

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from grants.models import Grant
from organisations.models import BankAccount, BankChange
from organisations.services import bank_changes
from tests.factories import organisations as made
from tests.money.machine import places, row
from tests.money.partners import Partners

PAUSE = timedelta(hours=48)
"""Before money may go to new details (domain specification §4.4)."""
PAUSE_IN_DAYS = 3
"""The clock goes on so far, and the pause is over."""
OPEN = ["requested", "called_back"]
_number = itertools.count(100_000_000_001)


class Payees(Partners):
    """Acts round the accounts of organisations."""

    @rule(
        place=places,
        second=st.booleans(),
        act=st.sampled_from(["ask", "on", "on", "on", "refuse", "withdraw", "wait"]),
    )
    def bank_details(self, place: int, second: bool, act: str) -> None:
        """The next step of a change, by one of the two finance officers; or the days of its pause go by."""
        change = row(BankChange.objects.filter(state__in=OPEN).order_by("leaf_id"), place)
        if act == "wait":
            return self._wait()
        if change is None or act == "ask":
            return self._ask_change(place)
        actor, signatory = self.finance(second), made.signatory_of(change.organisation)
        if act == "refuse":
            self.act("refuse change", lambda: bank_changes.refuse_change(change, reason="x", actor=actor), lawful=True)
        elif act == "withdraw":
            self.act(
                "withdraw change",
                lambda: bank_changes.withdraw_change(change, reason="x", actor=signatory),
                lawful=True,
            )
        elif change.state == "requested":
            self.act("call back", lambda: made.called_back(change, actor=actor), lawful=True)
        else:
            self._agree(change, self.manager if place == 0 else actor)
        return None

    def _ask_change(self, place: int) -> None:
        grant = row(Grant.objects.order_by("leaf_id"), place)
        assert grant is not None
        kept = BankAccount.objects.filter(organisation=grant.organisation_id, state="verified")
        replaced = row(kept.order_by("leaf_id"), place)
        if replaced is None:
            return
        self.act(
            "ask change",
            lambda: made.recorded_bank_account(
                grant.organisation,
                actor=self.signatory(grant), replaces=replaced, number=str(next(_number)), reason="x",
            ),
            lawful=not replaced.changes.filter(state__in=OPEN).exists(),
        )  # fmt: skip

    def _agree(self, change: BankChange, actor: Any) -> None:
        before = timezone.now()
        agreed = self.act("agree to change", lambda: made.agreed(change, actor=actor), lawful=actor != change.called_by)
        if agreed is not None:
            assert agreed.account.usable_from >= before + PAUSE, "the pause of new details is shorter than it must be"

    def _wait(self) -> None:
        """The days of the pause, once in a run: each day that goes by makes more of the rest impossible."""
        waiting = BankAccount.objects.filter(state="verified", usable_from__gt=timezone.now())
        if not self.waited_once and waiting.exists():
            self.waited_once = True
            self.later(days=PAUSE_IN_DAYS)
