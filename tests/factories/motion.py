"""A fund whose money is under way: three kinds of money behind one call, grants at the beginning, in the middle, at the end."""

from datetime import timedelta

from django.utils import timezone

from audit import outbox
from disbursements.models import Payment, PaymentProvider
from disbursements.services import payments, tranches
from disbursements.states import ApprovalKind
from funds.models import Contribution
from grants.models import Application, Call, Grant
from grants.services import review, screening
from tests.factories import awards, disbursements
from tests.factories import grants as calls
from tests.factories.funds import confirmed_contribution
from tests.factories.organisations import eligible_organisation

EXPIRING, LATER, SECTOR, FREE, ZAKAT = 7_000_01, 55_000_00, 161_500_23, 98_000_00, 5_000_00
"""What the donors gave, in the order in which awards use it; zakat waits for recipients of its own."""
OF_FREE = 9_000_00
"""What the call has of the money that is free; before it the next award takes what is left of the sector's."""
ENDING, RUNNING, CARRIED, WAITING, SIGNED, WISHED = 12_000_00, 90_000_01, 20_000_09, 90_000_07, 9_000_07, 4_000_03
"""The grants: paid and reported to the end but for `LEFT`; two whose first payment is on its way, by bank and through a
provider; one whose first payment waits for the third of its approvals; one for the fund's signature; not yet decided."""
LEFT = 1_234_56


def money_in_motion() -> None:
    """One call on four contributions; grants at every stage of their money (above), and two applications undecided."""
    given = dict(zip(_sources(), (EXPIRING, LATER, SECTOR, OF_FREE), strict=True))
    call = awards._opened(
        given,
        envelope_minor=sum(given.values()),
        floor_minor=1_000_00,
        ceiling_minor=100_000_00,
        months_allowed=[12],
        grant_type="project",
    )
    ending, running, carried, waiting, signed, *_undecided = _deliberated(
        call, [ENDING, RUNNING, CARRIED, WAITING, SIGNED, WISHED, WISHED]
    )
    disbursements.spent_grant(awards.in_force(_awarded(ending, ENDING)), left_minor=LEFT)
    provider = disbursements.approved_provider(most_payment_minor=60_000_00, most_open_minor=70_000_00)
    disbursements.sent_payment(_prepared(_awarded(running, RUNNING)))
    disbursements.sent_payment(_prepared(_awarded(carried, CARRIED), provider=provider))
    _approved_by_two(_awarded(waiting, WAITING))
    awards.signed_by_partner(_awarded(signed, SIGNED))
    disbursements.fund_account()
    while outbox.drain():
        pass


def _sources() -> tuple[Contribution, ...]:
    today = timezone.localdate()
    confirmed_contribution(ZAKAT, restriction_class="ZAK")
    return (
        confirmed_contribution(EXPIRING, restriction_class="RES-TIME", use_by=today + timedelta(days=900)),
        confirmed_contribution(LATER, restriction_class="RES-TIME", use_by=today + timedelta(days=950)),
        confirmed_contribution(SECTOR, restriction_class="RES-SECTOR", sectors=["wash"]),
        confirmed_contribution(FREE),
    )


def _deliberated(call: Call, amounts: list[int]) -> list[Application]:
    sent = [calls.submitted_application(call, eligible_organisation("M"), requested=minor + 1000) for minor in amounts]
    calls.closed_call(call)
    for application in sent:
        application.refresh_from_db()
        screening.find_eligible(application, checklist=calls.all_holds(application), actor=calls.programme_officer())
    call.refresh_from_db()
    review.start_review(call, actor=calls.programme_officer())
    for application in sent:
        application.refresh_from_db()
        review.start_scoring(application, scorers=3)
        review.start_deliberation(application, panel_mean="78.33")
    return sent


def decided(application: Application, amount_minor: int) -> Application:
    """The committee's decision alone: approved, and the money is reserved."""
    return review.record_decision(
        application, outcome="approved", amount_minor=amount_minor, conditions=[], rank=None,
        feedback=calls.feedback_draft(application),
    )  # fmt: skip


def _awarded(application: Application, amount_minor: int) -> Grant:
    return Grant.objects.get(application=decided(application, amount_minor))


def _prepared(grant: Grant, provider: PaymentProvider | None = None) -> Payment:
    tranche = disbursements.approved_tranche(
        disbursements.requested_tranche(disbursements.due_tranche(awards.in_force(grant)))
    )
    return payments.prepare_payment(tranche, actor=awards.finance_officers()[0], provider=provider)


def _approved_by_two(grant: Grant) -> None:
    tranche = disbursements.requested_tranche(disbursements.due_tranche(awards.in_force(grant)))
    for kind, actor in (
        (ApprovalKind.PROGRAMME, awards.programme_officer()), (ApprovalKind.FINANCE, awards.finance_officers()[0]),
    ):  # fmt: skip
        tranche = tranches.approve(tranche, kind, payload_sha256=disbursements.shown(tranche), actor=actor)
