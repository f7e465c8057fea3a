"""Zakat and the yield of waqfs: paid for justified direct costs alone, by a scholar's opinion, and by nobody's oversight."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from audit import lifecycle
from funds.models import Contribution
from funds.restrictions import Restriction
from grants import events
from grants.models import Application, Grant, GrantFunding, ReligiousBasis
from grants.selectors.envelopes import fill_one_after_another, filling_of, sources_of
from grants.selectors.religious import justified_minor, lines_of
from grants.services import applications, religious, review, screening
from grants.services.funding import reservations
from grants.states import BasisState
from kernel.permissions import Refused
from tests.factories import accounts, awards, funds
from tests.factories import grants as calls

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund")]
KITS = 4_000_00


def sources(restriction: str = "ZAK") -> dict[Contribution, int]:
    religious_money = funds.confirmed_contribution(30_000_00, restriction_class=restriction)
    return {religious_money: 30_000_00, funds.confirmed_contribution(60_000_00): 60_000_00}


def eligible(restriction: str = "ZAK") -> Application:
    """An eligible application of 11,000: 4,000 reach recipients themselves, 1,000 are indirect costs."""
    return eligible_with(*sources(restriction))


def eligible_with(*given: Contribution) -> Application:
    """The same of a call with this money, all of it."""
    call = awards._opened(
        {one: one.amount_minor for one in given},
        floor_minor=1_000_00,
        ceiling_minor=40_000_00,
        envelope_minor=90_000_00,
        months_allowed=[12],
    )
    application = calls.draft_application(call)
    typed = calls.answers(application, 11_000_00)
    typed["budget"] = {
        "lines": [
            calls._line("A", "منسّقة المشروع", 5_000_00),
            calls._line("B", "حقائب للأسر الفقيرة", KITS),
            calls._line("D", "متابعة", 1_000_00, purpose="safeguarding_and_learning"),
        ]
    }
    for key, said in typed.items():
        applications.save_part(
            application, key, said, version=0, tab="t", actor=calls.preparer(application.organisation)
        )
    application.refresh_from_db()
    sent = applications.submit(application, actor=calls.signatory(application.organisation))
    calls.closed_call(call)
    sent.refresh_from_db()
    return screening.find_eligible(sent, checklist=calls.all_holds(sent), actor=awards.programme_officer())


def kits(application: Application) -> ReligiousBasis:
    """The line of category B, justified."""
    drawn = {one.line.category: one.line for one in lines_of(application)}
    restriction = application.call.envelopes.exclude(contribution__restriction_class="UNR").get().contribution
    zakat = restriction.restriction_class == "ZAK"
    return religious.justify(
        drawn["B"], restriction=restriction.restriction_class, recipients="poor" if zakat else "",
        justification="أسر لا تملك قوت يومها، قدّرت لجنة الحي حاجتها.", actor=awards.programme_officer(),
    )  # fmt: skip


def agreed(basis: ReligiousBasis) -> ReligiousBasis:
    return religious.approve(basis, scholar="الشيخ التجريبي", opinion="فتوى 12 / 2026", actor=awards.manager())


def parts_of(application: Application, minor: int) -> dict[str, int]:
    """What each class of money would pay of an award."""
    named = {str(one.pk): one.contribution.restriction_class for one in application.call.envelopes.all()}
    return {named[key]: part for key, part in filling_of(application, minor, sources_of(application.call)).parts}


def test_zakat_pays_what_was_justified_and_nothing_else() -> None:
    application = eligible()
    officer, manager = awards.programme_officer(), awards.manager()
    assert application.requested_minor == 11_000_00
    assert parts_of(application, 11_000_00) == {"UNR": 11_000_00}
    lines = {one.line.category: one.line for one in lines_of(application)}
    for category, recipients, actor in (
        ("A", "poor", officer), ("D", "poor", officer), ("B", "cause", officer), ("B", "poor", manager)
    ):  # fmt: skip
        with pytest.raises(Refused):
            religious.justify(
                lines[category], restriction="ZAK", recipients=recipients, justification="لا", actor=actor
            )
    basis = kits(application)
    assert basis.amount_minor == KITS
    assert parts_of(application, 11_000_00) == {"UNR": 11_000_00}
    with pytest.raises(Refused):
        kits(application)
    with pytest.raises(Refused):
        religious.approve(basis, scholar="أ", opinion="ب", actor=officer)
    agreed(basis)
    assert parts_of(application, 11_000_00) == {"ZAK": KITS, "UNR": 7_000_00}
    # Half the award: half of every line, so half of what zakat may pay.
    assert justified_minor(application, 5_500_00)[Restriction.ZAKAT] == KITS // 2
    [filling] = fill_one_after_another(application.call, [(application, 5_500_00)])
    assert sum(part for _key, part in filling.parts) == 5_500_00
    with pytest.raises(Refused):
        religious.decline(basis, reason="متأخر", actor=manager)


def test_the_grant_is_split_so_and_postgresql_holds_it() -> None:
    application = eligible()
    agreed(kits(application))
    review.start_review(awards.opened_again(application), actor=awards.programme_officer())
    application.refresh_from_db()
    calls.approved_application(application, amount_minor=11_000_00)
    grant = Grant.objects.get(application=application)
    zakat = application.call.envelopes.get(contribution__restriction_class="ZAK")
    kept = {one.contribution.restriction_class: held.amount_minor for one, held in reservations(grant)}
    assert kept == {"ZAK": KITS, "UNR": 7_000_00}
    with pytest.raises(Refused):
        kits(application)
    # A share of zakat above what was justified, by whatever hand, is refused.
    too_much = GrantFunding(grant=grant, envelope=zakat, amount_minor=KITS + 1, account=zakat.account)
    event = events.FundingCommitted(contribution=zakat.contribution.reference, amount_minor=KITS + 1)
    with pytest.raises(DatabaseError, match="justified lines only"), transaction.atomic():
        lifecycle.create(too_much, event, actor=None)


def test_the_yield_of_a_waqf_goes_the_same_way() -> None:
    application = eligible("WQF")
    basis = kits(application)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReligiousBasis.objects.filter(pk=basis.pk).update(amount_minor=1)
    religious.decline(basis, reason="لا يوافق شرط الواقف", actor=awards.manager())
    again = kits(application)
    agreed(again)
    assert parts_of(application, 11_000_00) == {"WQF": KITS, "UNR": 7_000_00}
    assert ReligiousBasis.objects.filter(state=BasisState.DECLINED).count() == 1


def test_the_pages() -> None:
    application = eligible()
    officer, manager = Client(), Client()
    accounts.sign_in(officer, awards.programme_officer(), second_factor=True)
    accounts.sign_in(manager, awards.manager(), second_factor=True)
    listed = reverse("grants:basis_list", args=[application.pk])
    assert listed in officer.get(reverse("grants:application_detail", args=[application.pk])).content.decode()
    line = next(one.line for one in lines_of(application) if one.line.category == "B")
    propose = reverse("grants:basis_propose", args=[application.pk, line.pk])
    assert propose in officer.get(listed).content.decode()
    assert manager.get(propose).status_code == 403
    said = {"restriction": "ZAK", "recipients": "", "justification": "أسر فقيرة"}
    assert "recipients" in officer.post(propose, said).context["form"].errors
    assert officer.post(propose, {**said, "recipients": "captives"}).status_code == 422
    assert officer.post(propose, {**said, "recipients": "poor"}).status_code == 302
    basis = ReligiousBasis.objects.get()
    decide = reverse("grants:basis_decide", args=[application.pk, basis.pk])
    assert officer.get(decide).status_code == 403
    assert set(manager.post(decide, {"outcome": "approve"}).context["form"].errors) == {"scholar", "opinion"}
    assert manager.post(decide, {"outcome": "approve", "scholar": "عالم", "opinion": "رقم 3"}).status_code == 302
    assert manager.get(decide).status_code == 403
    stranger = Client()
    accounts.sign_in(stranger, accounts.user(), second_factor=True)
    assert stranger.get(listed).status_code in {403, 404}
