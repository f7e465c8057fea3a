"""Machines that are led to what is rare in the whole fund, so that any sequence of a few acts comes upon it."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from disbursements.models import Payment, Tranche
from grants.models import Grant, ReligiousBasis, Revision
from organisations.models import BankChange
from tests.money.machine import places, row
from tests.money.partners import LARGE, Partners
from tests.money.payees import Payees
from tests.money.religious import Religious
from tests.money.revising import Revising


class Paid(Partners):
    """Payments alone, by a provider, and back again, as often as by the bank; of grants that nothing was reported of yet."""

    def _tranche(self, place: int, *states: str) -> Tranche | None:
        found = Tranche.objects.filter(state__in=states).exclude(grant__reports__state="accepted")
        return row(found.select_related("grant").order_by("grant__leaf_id", "number"), place)

    @rule(place=places, second=st.booleans(), how=st.sampled_from(["carried", "back", "bank"]))
    def pay_or_fail(self, place: int, second: bool, how: str) -> None:
        """The next step of one of two."""
        self.pay(place, second, how)


class Ended(Partners):
    """Grants end on the way."""

    @rule(place=places, act=st.sampled_from(["end", "pay"]))
    def end_or_pay(self, place: int, act: str) -> None:
        """The next step of a payment; or the end of a grant in force."""
        if act == "end":
            self._turn(self._grant(place, "active"), "terminate")
        else:
            self.pay(place, True, "bank")


class Lost(Partners):
    """Payments are paid out in another currency, at a loss."""

    @rule(place=places, second=st.booleans(), gap=st.integers(1, 9_000_00), arrive=st.booleans())
    def lose(self, place: int, second: bool, gap: int, arrive: bool) -> None:
        """What was sent arrives; or the next step of a slip that says that it cost more."""
        sent = row(Payment.objects.filter(state="sent").order_by("leaf_id"), place) if arrive else None
        if sent is None:
            self.exchange(place, second, gap)
        else:
            self._arrive(sent, fee=0)


class Extended(Revising):
    """Extensions alone, of grants in the middle of their time; they are hurried and dropped as often as they go on."""

    def _grant(self, place: int, *states: str) -> Grant | None:
        found = Grant.objects.filter(state__in=states).exclude(reports__state="accepted")
        return row(found.order_by("leaf_id"), place)

    @rule(place=places, turn=st.sampled_from(["hurry", "drop", "on"]))
    def extend(self, place: int, turn: str) -> None:
        """The next step of one; it is dropped only when its money is kept aside."""
        kept = Revision.objects.filter(kind="cost", state="approved").exists()
        self.revise(place, 3, "on" if turn == "drop" and not kept else turn)


class Large(Partners):
    """Of all tranches, those alone that need a third approval."""

    def _tranche(self, place: int, *states: str) -> Tranche | None:
        found = Tranche.objects.filter(state__in=states, amount_minor__gt=LARGE).select_related("grant")
        return row(found.order_by("grant__leaf_id", "number"), place)


class Cut(Religious):
    """Less is awarded than was asked for, as soon as a scholar agreed to a line."""

    @rule(place=places, second=st.booleans())
    def cut(self, place: int, second: bool) -> None:
        """A line is justified, or agreed to; then its application is decided."""
        if ReligiousBasis.objects.filter(application__state="deliberation", state="approved").exists():
            self._award(place, 60)
        else:
            self.religion(place, second, "decide")


class Changing(Payees):
    """Money is asked for by those alone whose details are changed."""

    def _tranche(self, place: int, *states: str) -> Tranche | None:
        theirs = Tranche.objects.filter(grant__organisation__in=BankChange.objects.values("organisation"))
        found = theirs.filter(state__in=states).select_related("grant").order_by("grant__leaf_id", "number")
        return row(found, place)

    @rule(place=places, second=st.booleans(), how=st.sampled_from(["change", "bank", "back"]))
    def change_or_pay(self, place: int, second: bool, how: str) -> None:
        """The next step of a change, or of a payment."""
        if how == "change":
            self.bank_details(place, second, "on")
        else:
            self.pay(place, second, how)


class Asked(Payees):
    """Whoever is about to be paid asks for other details."""

    def _tranche(self, place: int, *states: str) -> Tranche | None:
        return super()._tranche(place % 2, *states)

    @rule(place=places, second=st.booleans(), ask=st.booleans())
    def ask_or_pay(self, place: int, second: bool, ask: bool) -> None:
        """The next step of one of two payments; or its payee asks for a change."""
        tranche = self._tranche(place, "finance_approved") if ask else None
        if tranche is None:
            self.pay(place, second, "bank")
        else:
            grants = list(Grant.objects.order_by("leaf_id").values_list("pk", flat=True))
            self._ask_change(grants.index(tranche.grant_id))
