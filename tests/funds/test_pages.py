"""Pages of donors' money: typed as people type, confirmed by another, seen by those concerned."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from funds import selectors
from funds.models import Contribution, Donor, Pledge
from kernel.work import work_for
from tests.costs import queries_of
from tests.factories import accounts, funds

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate().isoformat()


def at(name: str, *args: Any) -> str:
    return reverse(f"funds:{name}", args=args)


def visitor(person: User, *, second_factor: bool = False, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    accounts.sign_in(client, person, second_factor)
    return client


def typed(donor: Donor, **fields: Any) -> dict[str, Any]:
    return {
        "donor": donor.pk,
        "amount_minor": "١٢٬٥٠٠٫٥٠",
        "currency": "USD",
        "received_on": TODAY,
        "bank_reference": "TRF-77",
        "restriction_class": "UNR",
        **fields,
    }


class TestRecording:
    def test_two_people_bring_money_into_the_books(self) -> None:
        first, second = funds.keepers()
        donor = funds.donor()
        answer = visitor(first, second_factor=True).post(at("contribution_record"), typed(donor))
        contribution = Contribution.objects.get()
        assert answer["Location"] == at("contribution_detail", contribution.pk)
        assert contribution.amount_minor == 12_500_50
        own = visitor(first, second_factor=True)
        assert own.get(at("contribution_confirm", contribution.pk)).status_code == 403
        other = visitor(second, second_factor=True)
        assert [item.title for item in work_for(second)] == [contribution.reference]
        assert work_for(first) == []
        page = other.get(at("contribution_confirm", contribution.pk)).content.decode()
        assert "12,500.50" not in page
        wrong = other.post(at("contribution_confirm", contribution.pk), {"amount_minor": "12500"})
        assert "not the amount that was recorded" in wrong.content.decode()
        assert other.post(at("contribution_confirm", contribution.pk), {"amount_minor": "12,500.50"}).status_code == 302
        contribution.refresh_from_db()
        assert contribution.state == "confirmed"
        assert "12,500.50" in other.get(at("contribution_detail", contribution.pk)).content.decode()

    @pytest.mark.parametrize("name", ["contribution_confirm", "contribution_reject"])
    def test_money_asks_for_a_fresh_second_factor(self, name: str) -> None:
        contribution = funds.recorded_contribution(1_000_00)
        client = visitor(funds.keepers()[1])
        assert client.get(at(name, contribution.pk)).status_code == 302
        assert client.post(at(name, contribution.pk), {"amount_minor": "1000", "reason": "x"}).status_code == 403
        contribution.refresh_from_db()
        assert contribution.state == "recorded"

    @pytest.mark.parametrize("amount", ["1e3", "1_000", "-5", "0", "12,50", "ten"])
    def test_an_amount_that_cannot_be_read_is_kept_and_refused_beside_the_field(self, amount: str) -> None:
        client = visitor(funds.keepers()[0], second_factor=True)
        answer = client.post(at("contribution_record"), typed(funds.donor(), amount_minor=amount))
        assert answer.status_code == 200
        assert list(answer.context["form"].errors) == ["amount_minor"]
        assert f'value="{amount}"' in answer.content.decode()
        assert not Contribution.objects.exists()

    @pytest.mark.parametrize(
        ("restriction", "field"),
        [("RES-SECTOR", "sectors"), ("RES-AREA", "governorates"), ("RES-GROUP", "groups"), ("RES-TIME", "use_by")],
    )
    def test_a_restriction_needs_its_condition(self, restriction: str, field: str) -> None:
        client = visitor(funds.keepers()[0], second_factor=True)
        answer = client.post(at("contribution_record"), typed(funds.donor(), restriction_class=restriction))
        assert list(answer.context["form"].errors) == [field]

    def test_the_same_bank_reference_twice_is_said(self) -> None:
        client, donor = visitor(funds.keepers()[0], second_factor=True), funds.donor()
        client.post(at("contribution_record"), typed(donor))
        assert (
            "under this bank reference already" in client.post(at("contribution_record"), typed(donor)).content.decode()
        )

    def test_it_may_be_rejected_with_a_reason(self) -> None:
        contribution = funds.recorded_contribution()
        client = visitor(funds.keepers()[1], second_factor=True)
        assert client.post(at("contribution_reject", contribution.pk), {"reason": ""}).status_code == 200
        assert client.post(at("contribution_reject", contribution.pk), {"reason": "ليس في الكشف"}).status_code == 302
        assert "ليس في الكشف" in client.get(at("contribution_detail", contribution.pk)).content.decode()


class TestDonors:
    def test_add_edit_and_name_a_representative(self) -> None:
        client = visitor(funds.keepers()[0], second_factor=True)
        client.post(at("donor_add"), {"name_ar": "صندوق التجربة", "name_en": "Trial Fund", "kind": "waqf"})
        donor = Donor.objects.get()
        assert str(donor.name) in {"صندوق التجربة", "Trial Fund"}
        assert client.get(at("donor_edit", donor.pk)).status_code == 200
        edited = {"name_ar": "صندوق التجربة", "name_en": "", "kind": "foundation", "withhold_name": "on"}
        assert client.post(at("donor_edit", donor.pk), edited).status_code == 302
        donor.refresh_from_db()
        assert (donor.kind, donor.withhold_name) == ("foundation", True)
        person = accounts.user(email="rep@donor.example")
        unknown = client.post(
            at("representative_add", donor.pk), {"email": "no@donor.example", "role": "lead", "starts_on": TODAY}
        )
        assert list(unknown.context["form"].errors) == ["email"]
        client.post(
            at("representative_add", donor.pk), {"email": "rep@donor.example", "role": "finance", "starts_on": TODAY}
        )
        mandate = selectors.mandates_of(donor).get()
        assert (mandate.user, mandate.role) == (person, "finance")
        assert client.post(at("representative_end", donor.pk, mandate.pk)).status_code == 302
        assert not selectors.mandates_of(donor).exists()

    def test_a_representative_sees_the_own_money_and_nothing_else(self) -> None:
        own, other = funds.confirmed_contribution(7_000_00), funds.confirmed_contribution(9_000_00)
        pledge = funds.made_pledge(3_000_00, donor=own.donor)
        client = visitor(funds.representative(own.donor))
        assert client.get(at("donor_list"))["Location"] == at("donor_detail", own.donor_id)
        page = client.get(at("donor_detail", own.donor_id)).content.decode()
        assert own.reference in page
        assert other.reference not in page
        assert client.get(at("pledge_detail", pledge.pk)).status_code == 200
        assert client.get(at("contribution_detail", own.pk)).status_code == 200
        for url in (at("donor_detail", other.donor_id), at("contribution_detail", other.pk)):
            assert client.get(url).status_code == 404
        assert other.reference not in client.get(at("contribution_list")).content.decode()
        for url in (at("donor_edit", own.donor_id), at("contribution_record"), at("pledge_add", own.donor_id)):
            assert client.get(url).status_code == 403

    def test_strangers_see_nothing(self) -> None:
        contribution = funds.confirmed_contribution()
        client = visitor(accounts.user())
        assert client.get(at("contribution_detail", contribution.pk)).status_code == 404
        assert client.get(at("donor_detail", contribution.donor_id)).status_code == 404
        assert contribution.reference not in client.get(at("contribution_list")).content.decode()


class TestPledges:
    def test_recorded_signed_and_withdrawn(self) -> None:
        donor = funds.donor()
        client = visitor(funds.keepers()[0], second_factor=True)
        values = {"amount_minor": "50000", "currency": "USD", "restriction_class": "UNR", "expected_on": TODAY}
        assert client.post(at("pledge_add", donor.pk), values).status_code == 302
        pledge = Pledge.objects.get()
        assert "50,000.00" in client.get(at("pledge_list")).content.decode()
        assert client.post(at("pledge_sign", pledge.pk), {"signed_on": TODAY}).status_code == 302
        assert client.post(at("pledge_withdraw", pledge.pk), {"reason": "تغيّرت الموازنة"}).status_code == 302
        pledge.refresh_from_db()
        assert pledge.state == "withdrawn"
        again = client.post(at("pledge_sign", pledge.pk), {"signed_on": TODAY})
        assert "This step is not possible now" in again.content.decode()


class TestLists:
    @pytest.mark.parametrize("name", ["contribution_list", "donor_list", "pledge_list"])
    def test_they_cost_the_same_for_one_and_for_three(self, name: str) -> None:
        client = visitor(funds.keepers()[0])
        costs = []
        for number in (1, 2):
            for _ in range(number):
                funds.made_pledge(donor=funds.confirmed_contribution().donor)
            costs.append(queries_of(lambda: client.get(at(name))))
        assert costs[0] == costs[1]

    def test_filters_stand_in_the_url_and_the_sum_follows(self) -> None:
        funds.confirmed_contribution(1_000_00)
        zakat = funds.confirmed_contribution(2_000_00, restriction_class="ZAK")
        client = visitor(funds.keepers()[0])
        answer = client.get(at("contribution_list") + "?restriction_class=ZAK&state=confirmed")
        assert list(answer.context["page"]) == [zakat]
        assert [money.minor for money in answer.context["sums"]] == [2_000_00]


@pytest.mark.parametrize("language", ["ar", "ku", "en"])
def test_every_page_renders_in_every_language(language: str) -> None:
    contribution, waiting = funds.confirmed_contribution(), funds.recorded_contribution()
    pledge = funds.made_pledge(donor=contribution.donor, restriction_class="RES-AREA", governorates=["SY02"])
    funds.representative(contribution.donor)
    client = visitor(accounts.officer(Role.FUND_MANAGER), second_factor=True, language=language)
    urls = [
        at("donor_list"), at("donor_add"), at("donor_detail", contribution.donor_id), at("donor_edit", contribution.donor_id),
        at("representative_add", contribution.donor_id), at("pledge_add", contribution.donor_id), at("pledge_list"),
        at("pledge_detail", pledge.pk), at("pledge_sign", pledge.pk), at("pledge_withdraw", pledge.pk),
        at("contribution_list"), at("contribution_record"), at("contribution_detail", contribution.pk),
        at("contribution_confirm", waiting.pk), at("contribution_reject", waiting.pk),
    ]  # fmt: skip
    for url in urls:
        assert client.get(url).status_code == 200, url
