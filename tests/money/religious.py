"""Money that religion binds: lines justified for zakat and a waqf's yield, its clock and certificate, capital that stays."""

import uuid
from typing import Any

from django.db import DatabaseError
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from disbursements.selectors import zakat
from disbursements.selectors.waqf import CLOSING, Part, statement
from funds.models import Waqf
from grants.models import Application, ReligiousBasis
from grants.services import religious
from ledger import services as ledger
from ledger.models import Transfer
from ledger.services import TransferDraft
from tests.factories import motion
from tests.money import invariants
from tests.money.machine import Ground, places, refuses, row
from tests.money.partners import Partners

DISTRIBUTED_IN = 354
"""Days of a lunar year, in which zakat reaches its recipients (domain specification §5.4)."""
COSTS = {"kits": motion.KITS, "medicine": motion.MEDICINE, "staff": 5_000_00, "learning": 1_000_00}
"""The lines of an application of the furnished fund, in minor units."""
CLAIMS = (
    ("kits", "ZAK", "poor", True), ("medicine", "WQF", "", True), ("medicine", "ZAK", "wayfarers", True),
    ("kits", "ZAK", "cause", False), ("staff", "ZAK", "poor", False), ("learning", "ZAK", "needy", False),
)  # fmt: skip
"""Who asks for which line: the class of money, the recipients, and whether the charter lets it reach them."""


class Religious(Partners):
    """Acts of those who answer for zakat and waqfs."""

    @rule(
        place=places,
        second=st.booleans(),
        act=st.sampled_from(
            ["justify", "justify", "decide", "decide", "decide", "decline", "papers", "papers", "take"]
        ),
    )
    def religion(self, place: int, second: bool, act: str) -> None:
        """A line is justified by one person, and agreed to by another who cites a scholar; papers say what became of it."""
        actor = self.programme if second else self.manager
        if act == "papers":
            return self.papers_are_true()
        if act == "take":
            return self._take_capital()
        waiting = row(ReligiousBasis.objects.filter(state="proposed").order_by("leaf_id"), place)
        if act == "justify" or waiting is None:
            return self._justify(place, actor, lawful=second)
        undecided = waiting.application.state == "deliberation"
        if act == "decline":
            self.act(
                "decline basis",
                lambda: religious.decline(waiting, reason="x", actor=actor),
                lawful=undecided and not second,
            )
        elif self.did(
            "approve basis",
            lambda: religious.approve(waiting, scholar="عالم", opinion="فتوى", actor=actor),
            lawful=undecided and not second,
        ):
            self.justified[waiting.application_id, waiting.restriction] += COSTS[waiting.line.description]
        return None

    def _justify(self, place: int, actor: Any, *, lawful: bool) -> None:
        asked = Application.objects.filter(call__envelopes__contribution__restriction_class="ZAK")
        application = row(asked.order_by("pk"), place // 2)
        assert application is not None
        described, restriction, recipients, served = CLAIMS[place % len(CLAIMS)]
        line = motion.line_of(application, described)
        open_ = application.state == "deliberation" and not line.religious_bases.exclude(state="declined").exists()
        self.act(
            "justify",
            lambda: religious.justify(
                line, restriction=restriction, recipients=recipients, justification="x", actor=actor
            ),
            lawful=lawful and served and open_,
        )

    # What is told ----------------------------------------------------------------------------------------------------

    def _has(self, reference: str) -> int:
        """What the fund has of a contribution, for calls and grants or free."""
        found = [minor for code, minor in self.books.credit.items() if code.endswith(f"/{reference}")]
        return sum(found) - self.books.credit[f"2220/{reference}"]

    def _paid(self, reference: str, *, less_refunds: bool = True) -> int:
        works = self.works.values()
        back = sum(work.back[reference] for work in works) if less_refunds else 0
        return sum(work.paid[reference] for work in works) - back

    def papers_are_true(self) -> None:
        """The clock of zakat, its certificate and a waqf's statement say what the books say."""
        for clock in zakat.clocks(zakat.zakat()):
            assert clock.contribution is not None
            reference = clock.contribution.reference
            assert clock.left.minor == self._has(reference), reference
            assert clock.distributed.minor == self._paid(reference), reference
            assert (clock.due_on - clock.contribution.received_on).days == DISTRIBUTED_IN
            reached = sum(row.paid.minor for row in zakat.reached(clock.contribution))
            assert reached == self._paid(reference, less_refunds=False), reference
        for waqf in Waqf.objects.all():
            self._statement_is_true(waqf)
        Ground.done["papers"] += 1

    def _statement_is_true(self, waqf: Waqf) -> None:
        told = statement(waqf, timezone.localdate().year)
        given = invariants.asked(
            "SELECT restriction_class, reference FROM funds_contribution WHERE waqf_id = %s AND account_id IS NOT NULL",
            waqf.pk,
        )
        for part, restriction in ((Part.CAPITAL, "END"), (Part.YIELD, "WQF")):
            found = told.part(part, "USD")
            assert found is not None
            figures = {name: money.minor for name, money in found.rows}
            assert figures.pop(CLOSING) == sum(figures.values())
            assert sum(figures.values()) == sum(self._has(one) for of, one in given if of == restriction)
        assert sum(row.ever.minor for row in told.granted) == sum(self._paid(one) for of, one in given if of == "WQF")

    # What stays ------------------------------------------------------------------------------------------------------

    def _take_capital(self) -> None:
        """Somebody writes past the services that capital goes where its money came from, or to the money of a donor."""
        came = Transfer.objects.filter(credit__contribution__restriction_class="END").order_by("id")[0]
        free = Transfer.objects.filter(credit__contribution__restriction_class="UNR").order_by("id")[0]
        for taker in (came.debit, free.credit):
            draft = TransferDraft(uuid.uuid4(), came.credit, taker, 1, came.reason)
            refuses(DatabaseError, lambda: ledger.post([draft], leaf=came.leaf), saying="capital of a waqf stays")  # noqa: B023
        Ground.done["take capital, in vain"] += 1
