"""Donors' money from the promise to the books, and what of it is free for what."""

import uuid
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone, translation

from accounts.roles import Role
from audit import fsck, rules
from audit.selectors import timeline
from funds import events, selectors, services
from funds.models import Contribution, DonorRepresentative
from funds.restrictions import CostType, Use
from kernel.permissions import Refused
from ledger import selectors as books
from ledger.services import InsufficientFunds, open_account
from tests.factories import accounts, funds
from tests.factories.ledger import a_leaf
from tests.threads import together

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def envelope(code: str = "3025/CALL-1") -> Any:
    return open_account(code, currency="USD", purpose="Envelope", debits_within_credits=True)


def test_money_is_in_the_books_only_after_a_second_person() -> None:
    contribution = funds.recorded_contribution(25_000_00)
    assert contribution.account is None
    assert selectors.available(contribution).minor == 0
    _recorder, other = funds.keepers()
    done = services.confirm_contribution(contribution, amount_minor=25_000_00, actor=other)
    assert (done.state, done.confirmed_by) == ("confirmed", other)
    assert done.account is not None
    assert done.account.code == f"3020/{done.reference}"
    assert done.account.debits_within_credits
    assert selectors.available(done).minor == 25_000_00
    bank = services.bank_account("USD")
    assert bank.credits_within_debits
    assert books.balance(bank).posted_minor == 25_000_00
    assert list(fsck.findings()) == []


def test_who_recorded_does_not_confirm() -> None:
    contribution = funds.recorded_contribution(1_000_00)
    with translation.override("en"), pytest.raises(Refused, match="second person"):
        services.confirm_contribution(contribution, amount_minor=1_000_00, actor=contribution.recorded_by)
    with translation.override("en"), pytest.raises(Refused, match="not the one that was recorded"):
        services.confirm_contribution(contribution, amount_minor=1_000_01, actor=funds.keepers()[1])
    contribution.refresh_from_db()
    assert (contribution.state, contribution.account) == ("recorded", None)


def test_a_rejected_contribution_never_enters_the_books() -> None:
    contribution = funds.recorded_contribution(1_000_00)
    done = services.reject_contribution(contribution, actor=funds.keepers()[1], reason="not in the statement")
    assert done.state == "rejected"
    assert timeline(done)[0].reason == "not in the statement"
    with pytest.raises(Refused):
        services.confirm_contribution(done, amount_minor=1_000_00, actor=funds.keepers()[1])
    assert books.trial_balance() == [] or all(trial.balanced for trial in books.trial_balance())


def test_the_same_bank_reference_is_recorded_once() -> None:
    first = funds.recorded_contribution(1_000_00, bank_reference="BR-1")
    with pytest.raises(services.RecordedTwice):
        funds.recorded_contribution(1_000_00, bank_reference="BR-1", donor=first.donor)
    funds.recorded_contribution(1_000_00, bank_reference="BR-1")
    assert Contribution.objects.count() == 2


def test_what_the_database_refuses_else_is_not_taken_for_a_repetition() -> None:
    with pytest.raises(IntegrityError, match="amount"), transaction.atomic():
        funds.recorded_contribution(-1)
    assert not Contribution.objects.exists()


def test_a_class_without_its_condition_is_refused() -> None:
    with pytest.raises(ValueError, match="RES-SECTOR"):
        funds.recorded_contribution(1_000_00, restriction_class="RES-SECTOR")
    assert Contribution.objects.count() == 0


class TestPledges:
    def test_a_pledge_is_never_cash(self) -> None:
        pledge = funds.made_pledge(10_000_00)
        assert books.trial_balance() == []
        services.sign_pledge(pledge, signed_on=TODAY, actor=funds.keepers()[0])
        assert [str(money) for money in selectors.summary_of(pledge.donor).pledged] == ["10000.00 USD"]
        assert selectors.summary_of(pledge.donor).received == []
        (trial,) = books.trial_balance()
        assert [row.account.code[:4] for row in trial.rows] == ["1110", "4010"], "signed is expected, never cash"

    def test_the_last_confirmed_part_fulfils_it(self) -> None:
        pledge = funds.made_pledge(10_000_00)
        pledge = services.sign_pledge(pledge, signed_on=TODAY, actor=funds.keepers()[0])
        funds.confirmed_contribution(4_000_00, donor=pledge.donor, pledge=pledge)
        pledge.refresh_from_db()
        assert pledge.state == "partly"
        with pytest.raises(Refused):
            services.fulfil_pledge(pledge, actor=funds.keepers()[0])
        funds.confirmed_contribution(6_000_00, donor=pledge.donor, pledge=pledge)
        pledge.refresh_from_db()
        assert pledge.state == "fulfilled"

    def test_it_may_be_taken_back_with_a_reason(self) -> None:
        pledge = services.withdraw_pledge(funds.made_pledge(), actor=funds.keepers()[0], reason="budget cut")
        assert pledge.state == "withdrawn"
        assert selectors.open_pledges(pledge.donor).count() == 0

    def test_another_donors_pledge_is_refused(self) -> None:
        with pytest.raises(Refused):
            funds.recorded_contribution(1_000_00, pledge=funds.made_pledge())


class TestSources:
    def use(self, **fields: Any) -> Use:
        return Use(
            on=TODAY,
            sectors=frozenset({"health"}),
            governorates=frozenset({"SY02"}),
            groups=frozenset({"women_led"}),
            **fields,
        )

    def test_they_come_in_the_order_of_use(self) -> None:
        free = funds.confirmed_contribution(1_000_00)
        soon = funds.confirmed_contribution(2_000_00, restriction_class="RES-TIME", use_by=TODAY + timedelta(days=9))
        area = funds.confirmed_contribution(3_000_00, restriction_class="RES-AREA", governorates=["SY02"])
        funds.confirmed_contribution(4_000_00, restriction_class="RES-AREA", governorates=["SY01"])
        funds.confirmed_contribution(5_000_00, restriction_class="ZAK")
        funds.recorded_contribution(6_000_00)
        found = selectors.eligible_sources(self.use())
        assert [one.contribution for one in found] == [soon, area, free]
        assert [one.available.minor for one in found] == [2_000_00, 3_000_00, 1_000_00]
        filling = selectors.filling_of(5_500_00, self.use())
        assert filling.parts == ((str(soon.pk), 2_000_00), (str(area.pk), 3_000_00), (str(free.pk), 500_00))
        assert filling.missing_minor == 0

    def test_zakat_pays_no_running_costs(self) -> None:
        funds.confirmed_contribution(5_000_00, restriction_class="ZAK")
        assert selectors.eligible_sources(self.use(cost_type=CostType.RUNNING, religious_basis=True)) == []
        assert len(selectors.eligible_sources(self.use(religious_basis=True))) == 1

    def test_a_reservation_takes_from_its_source_once(self) -> None:
        contribution = funds.confirmed_contribution(10_000_00)
        key = uuid.uuid4()
        for _ in range(2):
            services.reserve(contribution, 7_000_00, into_account=envelope(), key=key, leaf=a_leaf())
        assert selectors.available(contribution).minor == 3_000_00
        assert books.balance(envelope()).available_minor == 7_000_00
        with pytest.raises(InsufficientFunds):
            services.reserve(contribution, 3_000_01, into_account=envelope(), key=uuid.uuid4(), leaf=a_leaf())

    def test_unconfirmed_money_cannot_be_reserved(self) -> None:
        with pytest.raises(Refused):
            services.reserve(funds.recorded_contribution(), 1, into_account=envelope(), key=uuid.uuid4(), leaf=a_leaf())

    @pytest.mark.parametrize("number", [1, 3])
    def test_asking_costs_the_same_for_one_and_for_many(self, number: int, django_assert_num_queries: Any) -> None:
        for _ in range(number):
            funds.confirmed_contribution(1_000_00)
        with django_assert_num_queries(2):
            assert len(selectors.eligible_sources(self.use())) == number


@pytest.mark.django_db(transaction=True)
def test_two_confirm_at_once_and_the_money_comes_in_once() -> None:
    contribution = funds.recorded_contribution(1_000_00)
    others = [accounts.officer(Role.FINANCE_OFFICER) for _ in range(2)]
    confirm = services.confirm_contribution
    outcomes = together(
        [partial(confirm, contribution, amount_minor=1_000_00, actor=actor) for actor in others], Refused
    )
    assert [isinstance(one, Refused) for one in outcomes].count(True) == 1
    assert books.balance(services.bank_account("USD")).posted_minor == 1_000_00


ROLES = ["finance_officer", "fund_manager", "programme_officer", "board_member", "auditor", "administrator", ""]


def person(role: str) -> Any:
    return accounts.officer(role) if role else accounts.user()


@pytest.mark.parametrize("role", ROLES)
def test_who_keeps_donors_money(role: str) -> None:
    pledge, contribution = funds.made_pledge(), funds.recorded_contribution(5_00)
    actor = person(role)
    cases = [
        (pledge, events.PledgeMade(donor=pledge.donor_id, amount_minor=1, currency="USD")),
        (pledge, events.PledgeSigned(signed_on=TODAY)),
        (pledge, events.PledgeFulfilled(received_minor=pledge.amount_minor)),
        (pledge, events.PledgeWithdrawn()),
        (contribution, events.ContributionConfirmed(amount_minor=5_00, currency="USD")),
        (contribution, events.ContributionRejected()),
        (contribution.donor, events.DonorAdded(kind="waqf")),
        (contribution.donor, events.DonorChanged(changed=["kind"])),
    ]
    expected = role in {"finance_officer", "fund_manager"}
    with translation.override("en"):
        for subject, event in cases:
            answer = rules.ask(subject, event, actor=actor)
            assert bool(answer) == expected, event
            assert expected or str(answer.reason)


def test_nobody_gives_themselves_a_mandate() -> None:
    keeper = funds.keepers()[0]
    with pytest.raises(Refused):
        services.add_representative(funds.donor(), keeper, starts_on=TODAY, actor=keeper)


class TestWhoSees:
    def test_a_representative_sees_the_own_donor_alone_and_only_while_the_mandate_lasts(self) -> None:
        own, other = funds.confirmed_contribution(), funds.confirmed_contribution()
        waiting = funds.recorded_contribution(donor=own.donor)
        person = funds.representative(own.donor)
        assert list(selectors.contributions_visible_to(person)) == [own]
        assert list(selectors.donors_visible_to(person)) == [own.donor]
        assert other not in selectors.contributions_visible_to(person)
        assert waiting in selectors.contributions_visible_to(funds.keepers()[0])
        mandate = own.donor.representatives.get()
        services.end_representative(mandate, actor=funds.keepers()[0])
        again = type(person).objects.get(pk=person.pk)
        assert list(selectors.contributions_visible_to(again)) == []

    def test_a_mandate_begins_and_ends_with_its_event_alone(self) -> None:
        donor = funds.donor()
        person, keeper = funds.representative(donor), funds.keepers()[0]
        mandate = donor.representatives.get()
        with pytest.raises(IntegrityError, match="not recorded as given"), transaction.atomic():
            DonorRepresentative.objects.create(donor=donor, user=keeper, starts_on=TODAY)
        with pytest.raises(IntegrityError, match="recorded end only"), transaction.atomic():
            DonorRepresentative.objects.update(ends_on=TODAY)
        with pytest.raises(DatabaseError), transaction.atomic():
            DonorRepresentative.objects.update(starts_on=TODAY - timedelta(days=9))
        services.end_representative(mandate, actor=keeper)
        assert [one.type for one in timeline(mandate)] == ["funds.representative.ended", "funds.representative.added"]
        with translation.override("en"), pytest.raises(Refused, match="ended already"):
            services.end_representative(mandate, actor=keeper)
        with pytest.raises(IntegrityError, match="recorded end only"), transaction.atomic():
            DonorRepresentative.objects.update(ends_on=None)
        assert person != keeper

    @pytest.mark.parametrize("role", ROLES)
    def test_offices(self, role: str) -> None:
        funds.confirmed_contribution()
        sees = role in {"finance_officer", "fund_manager", "board_member", "auditor"}
        assert selectors.contributions_visible_to(person(role)).count() == int(sees)


def test_a_donor_is_changed_and_recorded_only_in_what_is_new() -> None:
    donor, officer = funds.donor(), accounts.officer(Role.FINANCE_OFFICER)
    known = len(timeline(donor))

    services.change_donor(donor, {"kind": donor.kind}, actor=officer)
    assert len(timeline(donor)) == known
    services.change_donor(donor, {"kind": donor.kind, "withhold_name": True}, actor=officer)
    donor.refresh_from_db()
    assert donor.withhold_name
    assert len(timeline(donor)) == known + 1
