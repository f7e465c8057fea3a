"""Who is in the journey and what stands before it begins: offices, charter, money, two organisations, a committee."""

from dataclasses import dataclass, field
from datetime import timedelta

from accounts.roles import Role
from accounts.selectors import users_with_role
from audit import outbox
from committees.models import Committee, Seat
from committees.services import committees as committee_services
from committees.states import SeatOffice
from funds.models import Contribution
from organisations.models import BankAccount, Organisation
from tests.factories import accounts, charter, committees, funds, organisations
from tests.journey.people import Clock, Person, Stage

THOUSAND = 100_000
"""A thousand dollars in cents."""
MEMBERS = ("هالة", "جوان", "سمر", "مازن", "رشا", "كرم", "نسرين")
"""The committee: four of civil society, two experts, one of the affected community."""


@dataclass
class Story:
    """The people, each at a browser, and the papers that pass between them."""

    stage: Stage
    clock: Clock
    contribution: Contribution
    applicant: Organisation
    other: Organisation
    account: BankAccount
    committee: Committee
    seats: list[Seat]
    papers: dict[str, str] = field(default_factory=dict)
    """Addresses of what the journey made, by its name."""

    def at(self, role: str, number: int = 0) -> Person:
        """The holder of an office at the desk."""
        return self.stage.person(users_with_role(role).order_by("date_joined")[number])

    @property
    def officer(self) -> Person:
        return self.at(Role.PROGRAMME_OFFICER)

    @property
    def manager(self) -> Person:
        return self.at(Role.FUND_MANAGER)

    @property
    def board(self) -> Person:
        return self.at(Role.BOARD_MEMBER)

    @property
    def finance(self) -> Person:
        return self.at(Role.FINANCE_OFFICER)

    @property
    def other_finance(self) -> Person:
        return self.at(Role.FINANCE_OFFICER, 1)

    @property
    def preparer(self) -> Person:
        """Writes the application on a phone whose browser runs no scripts."""
        return self.stage.person(organisations.preparer_of(self.applicant), phone=True, scripts=False)

    @property
    def signatory(self) -> Person:
        return self.stage.person(organisations.signatory_of(self.applicant), phone=True)

    @property
    def rival(self) -> Person:
        """The signatory of the other organisation."""
        return self.stage.person(organisations.signatory_of(self.other), phone=True)

    def member(self, name: str) -> Person:
        """A member of the committee."""
        return self.stage.person(next(one.user for one in self.seats if one.user.full_name == name))

    @property
    def members(self) -> list[Person]:
        return [self.stage.person(one.user) for one in self.seats]


def gather(stage: Stage, clock: Clock) -> Story:
    """Everything that the journey stands on, made by the real services."""
    charter.ratified_charter(charter.rules_without_light_reporting())
    accounts.officer(Role.PROGRAMME_OFFICER, "ليلى")
    accounts.officer(Role.FINANCE_OFFICER, "فادي")
    accounts.officer(Role.FINANCE_OFFICER, "ريم")
    accounts.officer(Role.BOARD_MEMBER, "د. عدنان")
    contribution = funds.confirmed_contribution(60 * THOUSAND)
    names = {"women_led": True, "governorates": ["SY02"]}
    applicant = organisations.eligible_organisation(
        "H", name_ar="جمعية نبع المثال", name_latin="Nabaa Example Association", **names
    )
    other = organisations.eligible_organisation("M", name_ar="مؤسسة درب المثال", name_latin="Darb Example Foundation")
    for one in (applicant, other):
        organisations.preparer_of(one)
    committee, seats = _committee()
    account = organisations.verified_bank_account(applicant)
    outbox.drain()
    story = Story(stage, clock, contribution, applicant, other, account, committee, seats)
    desk = (story.officer, story.manager, story.finance, story.other_finance, story.board)
    for signing in (*desk, story.signatory, *story.members):
        signing.has_second_factor()
    return story


def _committee() -> tuple[Committee, list[Seat]]:
    forming = committees.forming_committee()
    places = ("SY08", "SY02", "SY07", "SY11", "SY01", "SY04", "SY13")
    for (constituency, office), name, place in zip(committees.SEATS, MEMBERS, places, strict=True):
        committees.seat(forming, constituency, accounts.user(name), office=office, governorate=place)
    made = committee_services.constitute(forming, actor=committees.officer())
    seats = committees.members(made)
    assert [one.user.full_name for one in seats] == list(MEMBERS)
    assert seats[0].office == SeatOffice.CHAIR
    return made, seats


COOLING = timedelta(days=3)
"""Longer than the charter's pause after a verification of bank details."""
