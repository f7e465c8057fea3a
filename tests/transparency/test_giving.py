"""The donors' place: own money to the cent, nobody else's, and no withheld partner, in every page and file."""

import re
from datetime import date, datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.models import User
from funds.models import Contribution, Donor
from funds.services import endings
from grants.models import Envelope, Grant, GrantFunding
from ledger.models import Account
from ledger.selectors import balances
from tests.factories import accounts, disbursements, funds
from tests.factories.awards import active_grant, signatory
from transparency.giving.shares import pro_rata
from transparency.giving.statement import Held, Line, Movement, statement_of
from transparency.selectors import giving
from transparency.selectors.giving import Period
from transparency.services import withholding
from transparency.states import Ground

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund_of_full_reports")]
THOUSAND = 100_000


def of_everything(donor: Donor) -> Period:
    months = giving.months_of(donor)
    return Period(months[-1], months[0])


def held_by_the_books(donor: Donor, currency: str = "USD") -> int:
    """What all accounts of the donor's money hold, by the ledger's own sums."""
    sources = Contribution.objects.filter(donor=donor, currency=currency)
    accounts_of = [
        *sources.exclude(account=None).values_list("account", flat=True),
        *Envelope.objects.filter(contribution__in=sources).values_list("account", flat=True),
        *GrantFunding.objects.filter(envelope__contribution__in=sources).values_list("account", flat=True),
    ]
    found = balances(Account.objects.filter(pk__in=accounts_of))
    return sum(one.posted_minor for one in found.values())


def assert_statement_is_true(donor: Donor, currency: str = "USD") -> None:
    """The statement of all months closes with what the books hold, and says for what."""
    statement = giving.statement(donor, currency, of_everything(donor))
    assert statement.opening == 0
    assert statement.closing == statement.held.total == held_by_the_books(donor, currency)
    lines = sum(line.sign * minor for line, minor in statement.sums.items())
    assert statement.opening + lines == statement.closing


# Arithmetic ---------------------------------------------------------------------------------------------------------

MOVEMENTS = st.lists(
    st.tuples(st.integers(1, 27), st.sampled_from(list(Line)), st.integers(1, 10**12)), max_size=30
).map(
    lambda rows: [
        Movement(datetime(2026, 3, day, tzinfo=timezone.get_default_timezone()), line, minor, uuid4())
        for day, line, minor in rows
    ]
)


@given(MOVEMENTS, st.integers(1, 28))
def test_periods_follow_each_other_without_a_gap(rows: list[Movement], cut: int) -> None:
    zone = timezone.get_default_timezone()
    since = datetime(2026, 3, cut, tzinfo=zone)
    early = [one for one in rows if one.moment < since]
    first = statement_of("USD", early, since=datetime(2026, 1, 1, tzinfo=zone), held=Held(), promised=0)
    second = statement_of("USD", rows, since=since, held=Held(), promised=0)
    assert second.opening == first.closing
    assert second.closing == sum(one.line.sign * one.minor for one in rows)
    assert len(second.movements) == len(rows) - len(early)


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any))
def test_parts_of_donors_add_up_to_the_whole(minor: int, gifts: list[int]) -> None:
    donors = [uuid4() for _one in gifts]
    parts = pro_rata(minor, dict(zip(donors, gifts, strict=True)), donors)
    assert sum(parts.values()) == minor
    for donor, gift in zip(donors, gifts, strict=True):
        assert abs(parts.get(donor, 0) * sum(gifts) - minor * gift) < sum(gifts)


# The fund -----------------------------------------------------------------------------------------------------------


class Fund:
    """Two donors who give freely and one for education, a grant of two of them, and one whose partner is withheld."""

    def __init__(self) -> None:
        self.first = funds.confirmed_contribution(90 * THOUSAND + 1)
        self.second = funds.confirmed_contribution(45 * THOUSAND)
        self.third = funds.confirmed_contribution(60 * THOUSAND, restriction_class="RES-SECTOR", sectors=["education"])
        self.open = active_grant(
            amount_minor=20 * THOUSAND,
            envelope_minor=24 * THOUSAND,
            ceiling_minor=24 * THOUSAND,
            sources={self.first: 12 * THOUSAND, self.second: 12 * THOUSAND},
        )
        self.hidden = active_grant(amount_minor=12 * THOUSAND, sources={self.first: 36 * THOUSAND})
        self.withhold()
        for grant in (self.open, self.hidden):
            disbursements.pay(grant.tranches.get(number=1))

    def withhold(self) -> None:
        withholding.withhold(
            self.hidden,
            parts=["name", "place"],
            ground=Ground.PARTNER,
            reason="Armed men.",
            actor=signatory(self.hidden),
        )


@pytest.fixture(scope="module")
def _fund(standing: None) -> Fund:
    return Fund()


@pytest.fixture
def fund(_fund: Fund, db: None) -> Fund:
    return _fund


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    accounts.sign_in(client, user)
    return client


def at(name: str, donor: Donor, *args: Any) -> str:
    return reverse(f"transparency:{name}", args=[donor.pk, *args])


def mentions(text: str, words: str) -> bool:
    return re.search(re.escape(words) + r"(?![0-9])", text) is not None


def text_of(client: Client, url: str, kind: str = "") -> str:
    answer = client.get(url, {"format": kind} if kind else {})
    assert answer.status_code == 200, (url, kind, answer.status_code)
    if kind == "xlsx":
        sheet = load_workbook(BytesIO(answer.getvalue()), read_only=True).active
        return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    if kind == "csv":
        return answer.getvalue().decode()
    return answer.content.decode()


def everything_of(client: Client, donor: Donor) -> str:
    """Every page and table that the donor reads, in one text."""
    grants = {thread.grant.code for source in giving.threads_of(donor) for thread in source.grants}
    pages = [at("donor_place", donor), at("donor_portfolio", donor), at("donor_statement", donor)]
    texts = [text_of(client, url, kind) for url in pages for kind in ("", "csv", "xlsx")]
    texts += [text_of(client, at("donor_grant", donor, code)) for code in grants]
    return "\n".join(texts)


def test_statements_are_the_ledgers_to_the_cent(fund: Fund) -> None:
    for contribution in (fund.first, fund.second, fund.third):
        assert_statement_is_true(contribution.donor)
    statement = giving.statement(fund.first.donor, "USD", of_everything(fund.first.donor))
    paid = sum(one.minor for one in statement.movements if one.line is Line.PAID)
    assert 0 < paid == statement.sums[Line.PAID]
    assert statement.sums[Line.RECEIVED] == fund.first.amount_minor
    assert (
        statement.promised
        == GrantFunding.objects.filter(envelope__contribution=fund.first).aggregate(total=Sum("amount_minor"))["total"]
    )
    months = Period(date(2001, 1, 1), date(2001, 2, 1))
    assert giving.statement(fund.first.donor, "USD", months).closing == 0


def test_unearmarked_money_is_shared_to_the_last_cent(fund: Fund) -> None:
    splits = giving.shares_by_donor("USD")
    assert {split.grant for split in splits} == {fund.open, fund.hidden}
    for split in splits:
        whole = GrantFunding.objects.filter(grant=split.grant).aggregate(total=Sum("amount_minor"))["total"]
        assert sum(split.promised.values()) == whole
        assert set(split.promised) == {fund.first.donor_id, fund.second.donor_id}
    own = {share.grant.code: share for share in giving.portfolio(fund.second.donor, "USD")}
    assert own[fund.open.reference].promised.minor == splits_of(splits, fund.open)[fund.second.donor_id]
    assert giving.portfolio(fund.third.donor, "USD") == []


def splits_of(splits: list[Any], grant: Grant) -> dict[Any, int]:
    return next(split.promised for split in splits if split.grant == grant)


def test_the_thread_goes_down_to_payments_and_reports(fund: Fund) -> None:
    client = browser(funds.representative(fund.first.donor))
    page = text_of(client, at("donor_grant", fund.first.donor, fund.open.reference))
    tranche = fund.open.tranches.get(number=1)
    paid = 0
    for donor in (fund.first.donor, fund.second.donor):
        thread = giving.grant_thread(donor, fund.open.reference)
        assert thread is not None
        paid += sum(payment.own.minor for one in thread.tranches for payment in one.payments)
    assert paid == tranche.amount_minor
    assert fund.open.organisation.name_latin in page
    assert "Report 1" in page
    assert [source.contribution for source in giving.threads_of(fund.first.donor)] == [fund.first]


def test_no_page_or_file_names_a_withheld_partner_or_anothers_money(fund: Fund) -> None:
    donor = fund.first.donor
    seen = everything_of(browser(funds.representative(donor)), donor)
    hidden, application = fund.hidden.organisation, fund.hidden.application
    for secret in (
        hidden.name_ar, hidden.name_latin, application.title, fund.hidden.reference, str(fund.hidden.pk), "Armed men",
        str(fund.open.pk), fund.second.reference, fund.third.reference, str(fund.second.donor), str(fund.third.donor),
        fund.second.bank_reference, "45,000", "60,000",
    ):  # fmt: skip
        assert not mentions(seen, secret), secret
    for told in (fund.open.reference, fund.open.organisation.name_latin, "name withheld", "90,000.01"):
        assert told in seen
    third = everything_of(browser(funds.representative(fund.third.donor)), fund.third.donor)
    assert fund.open.reference not in third


def test_two_donors_cannot_find_out_that_they_speak_of_one_grant(fund: Fund) -> None:
    names = [giving.told_to(one.donor, [fund.hidden])[fund.hidden.pk].code for one in (fund.first, fund.second)]
    assert names[0] != names[1]
    assert names[0] == giving.told_to(fund.first.donor, [fund.hidden])[fund.hidden.pk].code
    assert fund.hidden.reference not in names


def test_roles_open_what_they_are_for(fund: Fund) -> None:
    donor = fund.first.donor
    money, programme = (browser(funds.representative(donor, role)) for role in ("finance", "programme"))
    pledge = funds.made_pledge(3_000_00, donor=donor)
    assert money.get(at("donor_statement", donor)).status_code == 200
    assert programme.get(at("donor_statement", donor)).status_code == 403
    assert money.get(reverse("funds:pledge_detail", args=[pledge.pk])).status_code == 200
    assert programme.get(reverse("funds:pledge_detail", args=[pledge.pk])).status_code == 404
    grant = at("donor_grant", donor, fund.open.reference)
    assert "Report 1" in text_of(programme, grant)
    assert "Report 1" not in text_of(money, grant)
    assert "Who reads this for you" not in text_of(money, at("donor_place", donor))


def test_strangers_find_nothing_and_a_mandate_ends(fund: Fund) -> None:
    donor, stranger = fund.first.donor, browser(accounts.user())
    other = browser(funds.representative(fund.second.donor))
    pages = [at(name, donor) for name in ("donor_place", "donor_portfolio", "donor_statement")]
    for url in (*pages, at("donor_grant", donor, fund.open.reference)):
        assert Client().get(url).status_code == 302
        assert stranger.get(url).status_code == other.get(url).status_code == 404
    assert other.get(reverse("transparency:giving")).headers["Location"] == at("donor_place", fund.second.donor)
    past = accounts.user()
    funds.past_representative(donor, past, starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1))
    assert browser(past).get(pages[0]).status_code == 404


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_statement_is_a_paper(fund: Fund, language: str) -> None:
    client = Client(headers={"accept-language": language})
    accounts.sign_in(client, funds.representative(fund.first.donor))
    answer = client.get(at("donor_statement", fund.first.donor), {"format": "pdf"})
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer.headers["Cache-Control"]


def test_money_that_goes_back_to_a_donor_has_its_own_line(fund: Fund) -> None:
    first, second = funds.keepers()
    asked = endings.ask_return(fund.third, amount_minor=1_000_00, why="لم يُنفق في مدته.", actor=first)
    endings.release_return(asked, actor=second)
    assert_statement_is_true(fund.third.donor)
    statement = giving.statement(fund.third.donor, "USD", of_everything(fund.third.donor))
    assert (statement.sums[Line.RETURNED], statement.sums[Line.COSTS]) == (1_000_00, 0)
