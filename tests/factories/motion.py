"""A fund whose money is under way: grants at the beginning, in the middle, at the end; donors whose religion binds their money."""

from datetime import timedelta

from django.utils import timezone

from audit import outbox
from disbursements.models import Payment, PaymentProvider
from disbursements.services import payments, tranches
from disbursements.states import ApprovalKind
from funds.models import Contribution
from grants.models import Application, BudgetLine, Call, Grant, ReligiousBasis
from grants.services import applications, religious, review, screening
from tests.factories import awards, committees, disbursements
from tests.factories import grants as calls
from tests.factories.funds import confirmed_contribution, founded
from tests.factories.organisations import eligible_organisation

EXPIRING, LATER, SECTOR, FREE, ZAKAT = 7_000_01, 55_000_00, 161_500_23, 98_000_00, 5_000_00
"""What the donors gave, in the order in which awards use it; zakat waits for recipients of its own."""
OF_FREE = 9_000_00
"""What the call has of the money that is free; before it the next award takes what is left of the sector's."""
ENDING, RUNNING, CARRIED, WAITING, SIGNED, WISHED = 12_000_00, 90_000_01, 20_000_09, 90_000_07, 9_000_07, 4_000_03
"""The grants: paid and reported to the end but for `LEFT`; two whose first payment is on its way, by bank and through a
provider; one whose first payment waits for the third of its approvals; one for the fund's signature; not yet decided."""
LEFT = 1_234_56
CAPITAL, YIELD, FOR_THE_POOR, BESIDE = 40_000_00, 7_000_00, 12_000_00, 30_000_00
"""What a waqf gave to be kept and what it yielded, zakat that a call has, and money beside it that may pay everything."""
OF_YIELD = 5_000_00
KITS, MEDICINE = 2_500_01, 1_500_02
"""Lines of a budget that reach people themselves: the first is justified for zakat, the second for the waqf's yield."""


def money_in_motion() -> None:
    """One call on four contributions; grants at every stage of their money (above), and two applications undecided.

    A second call on zakat and a waqf's yield: one grant in force that holds both, one application whose line for zakat waits for
    the manager's agreement, one of which nothing is justified.
    """
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
    _for_the_poor()
    committees.constituted_committee()
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


def _for_the_poor() -> None:
    waqf = founded(sectors=["wash"])
    confirmed_contribution(CAPITAL, donor=waqf.donor, waqf=waqf, restriction_class="END")
    given = {
        confirmed_contribution(FOR_THE_POOR, restriction_class="ZAK"): FOR_THE_POOR,
        confirmed_contribution(YIELD, donor=waqf.donor, waqf=waqf, restriction_class="WQF"): OF_YIELD,
        confirmed_contribution(BESIDE): BESIDE,
    }
    call = awards._opened(
        given, envelope_minor=sum(given.values()), floor_minor=1_000_00, ceiling_minor=40_000_00, months_allowed=[12]
    )
    first, second, _third = _in_deliberation(call, [_reaching_people(call) for _one in range(3)])
    for described, restriction in (("kits", "ZAK"), ("medicine", "WQF")):
        religious.approve(
            justified(line_of(first, described), restriction),
            scholar="عالم تجريبي",
            opinion="فتوى 1",
            actor=awards.manager(),
        )
    justified(line_of(second, "kits"), "ZAK")
    awards.in_force(_awarded(first, first.requested_minor - 1000))


def _reaching_people(call: Call) -> Application:
    """An application with a line for zakat and one for the yield, sent."""
    application = calls.draft_application(call, eligible_organisation("M"))
    typed = calls.answers(application)
    typed["budget"] = {
        "lines": [
            calls._line("A", "staff", 5_000_00),
            calls._line("B", "kits", KITS),
            calls._line("F", "medicine", MEDICINE),
            calls._line("D", "learning", 1_000_00, purpose="safeguarding_and_learning"),
        ]
    }
    writer = calls.preparer(application.organisation)
    for key, said in typed.items():
        applications.save_part(application, key, said, version=0, tab="t", actor=writer)
    application.refresh_from_db()
    return applications.submit(application, actor=calls.signatory(application.organisation))


def line_of(application: Application, described: str) -> BudgetLine:
    """A line of its budget."""
    return application.budget_lines.get(description=described)


def justified(line: BudgetLine, restriction: str) -> ReligiousBasis:
    """The programme officer says why money of a religious class may pay a line."""
    return religious.justify(
        line, restriction=restriction, recipients="poor" if restriction == "ZAK" else "",
        justification="أسر لا تملك قوت يومها.", actor=awards.programme_officer(),
    )  # fmt: skip


def _deliberated(call: Call, amounts: list[int]) -> list[Application]:
    return _in_deliberation(
        call,
        [calls.submitted_application(call, eligible_organisation("M"), requested=minor + 1000) for minor in amounts],
    )


def _in_deliberation(call: Call, sent: list[Application]) -> list[Application]:
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
