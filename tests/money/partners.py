"""Money out: awards, agreements, requests, approvals, payments by bank, file and provider, reports, refunds, ends."""

import itertools
from collections import Counter
from decimal import Decimal
from typing import Any, ClassVar

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import rule

from audit.models import OutboxMessage
from disbursements.models import Conversion, FundAccount, Payment, PaymentRun, Refund, StatementLine, Tranche
from disbursements.services import closing, conversions, payments, runs, statements, tranches
from disbursements.services.agreements import draft_agreement
from disbursements.states import ApprovalKind
from grants.models import Application, Grant
from grants.services import agreements, closure, reports
from grants.services import awards as award_services
from ledger.selectors import rate_before
from tests.disbursements.test_conversions import bulletin
from tests.disbursements.test_statement_files import camt, entry
from tests.factories import awards, files, motion
from tests.factories import disbursements as made
from tests.factories.organisations import usable_bank_account
from tests.money import expected, invariants
from tests.money.expected import FOR_FEES, Transit, Work, covered, shared
from tests.money.machine import BANK, Ground, places, row

LEAST_REFUND = 50_00
"""Below it the charter of this fund waives a refund."""
LARGE = 50_000_00
"""Above it the fund manager approves as well."""
STEERED = {
    "hold": ["planned", "due"],
    "release": ["held"],
    "cancel": ["held"],
    "return": ["requested", "programme_approved", "finance_approved"],
}
TURNS = {"suspend": ["active"], "resume": ["suspended"], "terminate": ["active"]}
"""From which states a tranche, a grant is steered where."""
_number = itertools.count(1)


class Partners(Ground):
    """Acts round the grants."""

    def _grant(self, place: int, *states: str) -> Grant | None:
        return row(Grant.objects.filter(state__in=states).order_by("leaf_id"), place)

    def _tranche(self, place: int, *states: str) -> Tranche | None:
        found = Tranche.objects.filter(state__in=states).select_related("grant").order_by("grant__leaf_id", "number")
        return row(found, place)

    # Awards and agreements ---------------------------------------------------------------------------------------------

    def _award(self, place: int, percent: int) -> None:
        """The envelopes in the order of use, zakat and yield for justified lines; more than they hold is not awarded."""
        waiting = Application.objects.filter(state="deliberation").select_related("call").order_by("pk")
        application = row(waiting, place)
        if application is None:
            return
        asked = application.requested_minor
        minor = (asked - 1000) * percent // 100
        work = Work("", application.call.reference)
        most = {one: self.justified[application.pk, one] * minor // max(asked, minor) for one in ("ZAK", "WQF")}
        parts = covered(minor, [(one, self.books.free(work.envelope(one.reference))) for one in self.gifts], most)
        lawful = sum(part for _source, part in parts) == minor
        if self.did("award", lambda: motion.decided(application, minor), lawful=lawful):
            grant = Grant.objects.get(application=application)
            work.reference, work.split = grant.reference, parts
            work.shares = Counter(source for source, _part in parts)
            self.works[grant.pk] = work
            for source, part in parts:
                self.books.hold(work.envelope(source), work.owed(source), part)

    @rule(
        place=places,
        percent=st.sampled_from([100, 100, 60, 5_000]),
        turn=st.sampled_from(["on", "on", "on", "award", "decline", "lapse"]),
    )
    def agree(self, place: int, percent: int, turn: str) -> None:
        """The next step of an award: decision, offer, answer, agreement, both signatures; or it is not taken up."""
        if turn == "award":
            return self._award(place, percent)
        grant = self._grant(place, "awarded", "offer_sent", "offer_accepted", "agreement_drafted", "signed_by_partner")
        if grant is None:
            return self._award(place, percent)
        signatory = self.signatory(grant)
        if grant.state == "awarded" and not grant.organisation.bank_accounts.exists():
            usable_bank_account(grant.organisation)
        acts: dict[str, Any] = {
            "awarded": lambda: award_services.send_offer(grant, actor=self.programme),
            "offer_sent": lambda: award_services.accept_offer(grant, actor=signatory),
            "offer_accepted": lambda: draft_agreement(grant, starts_on=timezone.localdate(), actor=self.programme),
            "agreement_drafted": lambda: agreements.sign(grant, **awards.hashes(grant), actor=signatory),
            "signed_by_partner": lambda: agreements.countersign(grant, **awards.hashes(grant), actor=self.manager),
            "decline": lambda: award_services.decline_offer(grant, actor=signatory, reason="لا"),
            "lapse": lambda: award_services.lapse_offer(grant),
        }
        act = turn if turn != "on" and grant.state == "offer_sent" else grant.state
        if self.did(act, acts[act]):
            work = self.works[grant.pk]
            end = {"signed_by_partner": self.books.settle, "decline": self.books.void, "lapse": self.books.void}.get(
                act
            )
            for source, part in work.split if end else []:
                end(work.envelope(source), work.owed(source), part)
        return None

    # Requests and approvals --------------------------------------------------------------------------------------------

    steps: ClassVar[dict[str, Any]] = {
        "place": places,
        "second": st.booleans(),
        "how": st.sampled_from(["bank", "bank", "carried", "back"]),
    }

    @rule(**steps)
    def pay_on(self, place: int, second: bool, how: str) -> None:
        """A second name for `pay`: half of the acts are about payments."""
        self.pay(place, second, how)

    @rule(**steps)
    def pay(self, place: int, second: bool, how: str) -> None:
        """The next step of a tranche on its way: asked for, approved twice or thrice, prepared, sent, arrived or come back."""
        tranche = self._tranche(place, "due", "returned", "requested", "programme_approved", "finance_approved", "paid")
        if tranche is None:
            return self._report(place, 40_000_00)
        payment = Payment.objects.filter(tranche=tranche).exclude(state="failed").first()
        if payment is not None and how == "back":
            self._fail(payment)
        elif payment is not None and payment.state == "prepared":
            self._send(payment, self.finance(second))
        elif payment is not None:
            self._arrive(payment, fee=7 * second)
        elif tranche.state in {"due", "returned"}:
            self._request(tranche, newest=how == "back")
        elif tranche.state != "finance_approved" or (self._is_large(tranche) and second):
            self._approve(tranche, second)
        else:
            self._prepare(tranche, self.finance(second), carried=how == "carried")
        return None

    def _request(self, tranche: Tranche, *, newest: bool) -> None:
        """To an account that money may go to, where there is one; ``newest``: to the last one, whatever it is."""
        kept = list(tranche.grant.organisation.bank_accounts.exclude(state="retired").order_by("-leaf_id"))
        payable = [one for one in kept if invariants.payable(one.pk)]
        account = kept[0] if newest or not payable else payable[0]
        self.act("request", lambda: tranches.request_tranche(
            tranche, bank_account=account, cash_on_hand_minor=0, forecast_minor=tranche.amount_minor,
            actor=self.signatory(tranche.grant),
        ), lawful=None if account in payable else False)  # fmt: skip

    def _is_large(self, tranche: Tranche) -> bool:
        return tranche.amount_minor > LARGE and tranche.approvals.filter(round=tranche.request_round).count() < 3

    def _approve(self, tranche: Tranche, second: bool) -> None:
        kind, actor = {
            "requested": (ApprovalKind.PROGRAMME, self.programme),
            "programme_approved": (ApprovalKind.FINANCE, self.finance(second)),
        }.get(tranche.state, (ApprovalKind.MANAGER, self.manager))
        self.act("approve", lambda: tranches.approve(tranche, kind, payload_sha256=made.shown(tranche), actor=actor))

    @rule(
        place=places,
        second=st.booleans(),
        act=st.sampled_from(["hold", "release", "cancel", "return", "suspend", "resume", "resume", "terminate"]),
    )
    def steer(self, place: int, second: bool, act: str) -> None:
        """A tranche or a whole grant is held, goes on, or ends."""
        if act in TURNS and (act != "terminate" or place == 7):
            return self._turn(self._grant(place, *TURNS[act]), act)
        tranche = self._tranche(place, *STEERED.get(act, []))
        if tranche is None:
            return self.pay(place, second, "bank")
        if act == "return":
            self.act(act, lambda: tranches.return_request(tranche, note="x", actor=self.programme))
        else:
            self.act(act, lambda: getattr(tranches, act)(tranche, reason="x", actor=self.manager))
        return None

    def _turn(self, grant: Grant | None, act: str) -> None:
        if grant is None or not self.did(act, lambda: getattr(closure, act)(grant, reason="x", actor=self.board)):
            return
        if act == "terminate":
            self._end(grant)

    # Payments --------------------------------------------------------------------------------------------------------

    def _prepare(self, tranche: Tranche, actor: Any, *, carried: bool) -> None:
        work = self.works[tranche.grant_id]
        owed = [(source, self.books.free(work.owed(source))) for source, _part in work.split]
        one, provider = Transit(work, shared(tranche.amount_minor, owed)), None
        if carried:
            if self.clock is not None:
                made.screened(self.provider)
            provider, one.carrier = self.provider, f"1050/{self.provider.pk}"
            one.commission = shared(self._commission(tranche.amount_minor), self._money_for_fees())
        to = tranche.requests.get(round=tranche.request_round).bank_account_id
        lawful = False if self._is_large(tranche) or not invariants.payable(to) else None
        payment = self.act(
            "prepare", lambda: payments.prepare_payment(tranche, actor=actor, provider=provider), lawful=lawful
        )
        if payment is not None:
            expected.pay_out(self.books, one, BANK)
            self.transits[payment.pk] = one

    def _commission(self, minor: int) -> int:
        """One and a half in a hundred, rounded up, and five dollars: the provider's terms in the furnished fund."""
        return -(-minor * 150 // 10_000) + 5_00

    def _money_for_fees(self) -> list[tuple[str, int]]:
        fitting = sorted((one for one in self.gifts if one.restriction in FOR_FEES), key=lambda one: one.turn)
        return [(one.source, self.books.free(one.source)) for one in fitting]

    def _send(self, payment: Payment, actor: Any) -> None:
        lawful = False if actor.pk == payment.maker_id or not invariants.payable(payment.bank_account_id) else None
        slip = files.pdf(unlike=next(_number))
        if self.did("send", lambda: payments.send_payment(
            payment, slip=slip, bank_reference="T", sent_on=timezone.localdate(), actor=actor
        ), lawful=lawful):  # fmt: skip
            expected.leaves(self.books, self.transits[payment.pk], BANK)

    def _arrive(self, payment: Payment, *, fee: int) -> None:
        if self.did("arrive", lambda: made.confirmed_payment(payment, fee_minor=fee), lawful=True):
            expected.arrives(self.books, self.transits.pop(payment.pk), BANK)

    def _fail(self, payment: Payment) -> None:
        if self.did("fail", lambda: payments.fail_payment(payment, reason="x", actor=self.first), lawful=True):
            expected.comes_back(self.books, self.transits.pop(payment.pk), BANK)

    @rule(second=st.booleans(), act=st.sampled_from(["prepare", "release", "discard"]))
    def order(self, second: bool, act: str) -> None:
        """A file for the bank with every payment that waits for it."""
        actor = self.finance(second)
        waiting = PaymentRun.objects.filter(state="prepared").first()
        if act == "prepare":
            chosen = list(Payment.objects.filter(state="prepared", channel="bank"))
            account = FundAccount.objects.get()
            self.act("order", lambda: runs.prepare_run(
                chosen, account=account, execute_on=timezone.localdate(), version="pain.001.001.09", charges="DEBT", actor=actor
            ))  # fmt: skip
        elif waiting is None:
            return
        elif act == "discard":
            self.act("discard order", lambda: runs.discard_run(waiting, reason="x", actor=actor))
        else:
            self._release(waiting, actor)

    def _release(self, waiting: PaymentRun, actor: Any) -> None:
        payees = waiting.lines.values_list("payment__bank_account", flat=True)
        if self.did(
            "release order",
            lambda: runs.release_run(waiting, file_sha256=waiting.sha256, actor=actor),
            lawful=False if actor.pk == waiting.maker_id or not all(map(invariants.payable, payees)) else None,
        ):
            for key in waiting.lines.values_list("payment", flat=True):
                expected.leaves(self.books, self.transits[key], BANK)

    @rule(returned=st.booleans())
    def statement(self, returned: bool) -> None:
        """The bank's statement shows every payment that was sent, twice, and the file is given twice."""
        sent = list(Payment.objects.filter(state="sent", channel="bank").order_by("leaf_id"))
        if not sent:
            return self.pay(0, True, "bank")
        lines = [entry(f"{one.amount_minor // 100}.{one.amount_minor % 100:02}", one.key) for one in sent] * 2
        back = entry("1.00", side="CRDT", reference=f"BACK-{next(_number)}", text="returned")
        content = camt(*lines, back)
        for name in ("a.xml", "b.xml"):
            self.act(
                "statement",
                lambda name=name: statements.take_statement(SimpleUploadedFile(name, content), actor=self.first),
            )  # type: ignore[misc]
        for owed in OutboxMessage.objects.filter(kind=statements.READ, done_at=None).order_by("pk"):
            statements.read_statement(owed.payload)
        line = StatementLine.objects.filter(payment=None, contribution=None, direction="in", decisions=None).first()
        if (
            returned
            and line is not None
            and self.did("came back", lambda: statements.record_return(line, sent[0], reason="x", actor=self.first))
        ):
            expected.comes_back(self.books, self.transits.pop(sent[0].pk), BANK)
        return None

    # Exchange --------------------------------------------------------------------------------------------------------

    @rule(place=places, second=st.booleans(), gap=st.integers(-9_000_00, 9_000_00))
    def exchange(self, place: int, second: bool, gap: int) -> None:
        """A payment was paid out in another currency: its slip is recorded by one, and confirmed by another."""
        actor = self.finance(second)
        waiting = row(Conversion.objects.filter(state="recorded").order_by("leaf_id"), place)
        if waiting is not None:
            return self._confirm_exchange(waiting, actor)
        payment = row(Payment.objects.filter(state__in=["sent", "confirmed"]).order_by("leaf_id"), place)
        if payment is not None and not rate_before("USD", "TRY", "", self.now.date()):
            bulletin("TRY", "40")
        if payment is not None:
            self.act("record exchange", lambda: conversions.record_conversion(
                payment, currency="TRY", series="", contract_units=Decimal(40), paid_out_minor=payment.amount_minor * 40,
                charged_minor=max(payment.amount_minor + gap, 1), actor=actor,
            ))  # fmt: skip
        return None

    def _confirm_exchange(self, waiting: Conversion, actor: Any) -> None:
        loss = waiting.charged_minor - waiting.payment.amount_minor
        borne = shared(max(loss, 0), [("3011/USD", self.books.free("3011/USD")), *self._money_for_fees()])
        enough = sum(part for _source, part in borne) == max(loss, 0)
        arrived, other = waiting.payment.state == "confirmed", waiting.recorded_by_id != actor.pk
        if self.did(
            "exchange",
            lambda: conversions.confirm_conversion(waiting, actor=actor),
            lawful=arrived and other and enough,
        ):
            expected.exchanged(self.books, loss, borne, BANK)

    # Reports, refunds, ends --------------------------------------------------------------------------------------------

    @rule(place=places, spent=st.integers(0, 60_000_00))
    def report(self, place: int, spent: int) -> None:
        """A partner reports, and the fund accepts what it says."""
        self._report(place, spent)

    def _report(self, place: int, spent: int) -> None:
        waiting = Grant.objects.filter(state="active", reports__state__in=["scheduled", "open", "returned"])
        grant = row(waiting.distinct().order_by("leaf_id"), place)
        if grant is None:
            return
        report = made.submitted_report(grant, spent_minor=spent)
        if self.did("report", lambda: made.accepted(report)):
            work = self.works[grant.pk]
            work.spent += spent
            expected.account_for(self.books, work)

    def _end(self, grant: Grant) -> None:
        """What was only prepared is stopped; what is owed and not on its way goes back."""
        for key in Payment.objects.filter(tranche__grant=grant, state="failed").values_list("pk", flat=True):
            if key in self.transits:
                expected.comes_back(self.books, self.transits.pop(key), BANK)
        expected.promised_no_more(self.books, self.works[grant.pk])

    @rule(place=places, disallowed=st.sampled_from([0, 0, 17_03]), second=st.booleans(), close=st.booleans())
    def give_back(self, place: int, disallowed: int, second: bool, close: bool) -> None:
        """The next step of a grant's end: what comes back is computed, seen at the bank, confirmed; it is closed."""
        actor = self.finance(second)
        refund = row(Refund.objects.filter(state__in=["computed", "received"]).order_by("leaf_id"), place)
        if refund is None:
            grant = self._grant(place, "active", "terminated")
            if grant is not None:
                (self._close if close else self._compute)(grant, disallowed)
        elif refund.state == "computed":
            self.act("see refund", lambda: closing.record_refund(
                refund, received_on=timezone.localdate(), bank_reference="RF", actor=actor
            ))  # fmt: skip
        elif self.did(
            "settle refund",
            lambda: closing.confirm_refund(refund, actor=actor),
            lawful=actor.pk != refund.received_by_id,
        ):
            work = self.works[refund.grant_id]
            expected.given_back(self.books, work, refund.amount_minor, refund.unspent_minor, BANK)

    def _close(self, grant: Grant, _disallowed: int) -> None:
        if self.did("close", lambda: closing.close_grant(grant, actor=self.manager)):
            self._end(grant)

    def _compute(self, grant: Grant, disallowed: int) -> None:
        if grant.state == "terminated":
            for waiting in grant.reports.filter(state__in=["scheduled", "open", "returned"]):
                reports.waive_report(waiting, actor=self.manager, reason="x")
        work = self.works[grant.pk]
        refund = self.act(
            "compute refund", lambda: closing.compute_refund(grant, disallowed_minor=disallowed, actor=self.first)
        )
        if refund is None:
            return
        unspent = max(work.received - work.spent, 0)
        own = max(work.spent - work.received, 0)
        owed = unspent + max(disallowed - own, 0)
        assert refund.amount_minor == owed, (refund.amount_minor, owed)
        assert (refund.state == "waived") == (owed < LEAST_REFUND)
        if refund.state == "waived":
            expected.forgotten(self.books, work, unspent)
