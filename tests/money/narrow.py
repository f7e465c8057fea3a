"""Machines that are led to what is rare in the whole fund, so that any sequence of a few acts comes upon it."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from disbursements.models import Tranche
from grants.models import Grant, ReligiousBasis
from organisations.models import BankChange
from tests.money.machine import places, row
from tests.money.partners import LARGE, Partners
from tests.money.payees import Payees
from tests.money.religious import Religious


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
