"""The way of an organisation: registered, checked, assessed, found eligible; and who may do each step."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone, translation

from accounts import services as invitations
from accounts.models import Invitation, User
from accounts.roles import Role
from audit import fsck, rules
from audit.lifecycle import IllegalMove
from audit.selectors import timeline
from charter.selectors import charter_in_force
from kernel.permissions import Refused
from organisations import banking, events, selectors, services
from organisations.models import Organisation, Person
from organisations.services.bank import check_number
from organisations.services.people import add_invited_person, add_person
from organisations.states import CapacitySection, CheckItem, Declaration, PersonRole
from tests.factories import accounts, files
from tests.factories import organisations as made

pytestmark = pytest.mark.django_db

ALL = list(Declaration.values)


def fresh(user: User) -> User:
    """The person as the next request loads them."""
    return User.objects.get(pk=user.pk)


class TestRegistration:
    def test_who_registers_becomes_signatory(self) -> None:
        person = accounts.user()
        organisation = made.registered_organisation(signatory=person)
        assert organisation.state == "registered"
        assert made.signatory_of(organisation) == person
        assert list(selectors.organisations_of(person)) == [organisation]
        assert {entry.type for entry in timeline(organisation, *organisation.people.all())} == {
            "organisations.organisation.registered",
            "organisations.person.added",
        }
        assert list(fsck.findings()) == []

    @pytest.mark.parametrize("look_alike", ["جمعيّة  الأملِ للتنمية", "جمعيه الامل للتنميه", "جـمعية الأمل للتنمية"])
    def test_a_name_that_reads_the_same_is_refused(self, look_alike: str) -> None:
        made.registered_organisation(name_ar="جمعية الأمل للتنمية")
        with pytest.raises(services.NameTaken):
            made.registered_organisation(name_ar=look_alike)
        assert Organisation.objects.count() == 1

    def test_officers_of_the_secretariat_register_none(self) -> None:
        with pytest.raises(Refused):
            made.registered_organisation(signatory=accounts.officer(Role.PROGRAMME_OFFICER))

    def test_a_change_of_the_profile_is_recorded_with_old_and_new(self) -> None:
        organisation = made.registered_organisation(phone="1")
        services.change_profile(organisation, {"phone": "2"}, actor=made.preparer_of(organisation))
        entry = timeline(organisation)[0]
        assert entry.type == "organisations.organisation.profile_changed"
        organisation.refresh_from_db()
        assert organisation.phone == "2"

    def test_nothing_changed_is_nothing_recorded(self) -> None:
        organisation = made.registered_organisation(phone="1")
        before = len(timeline(organisation))
        services.change_profile(organisation, {"phone": "1"}, actor=made.signatory_of(organisation))
        assert len(timeline(organisation)) == before

    def test_a_new_name_gets_a_new_key(self) -> None:
        organisation = made.registered_organisation()
        services.change_profile(organisation, {"name_ar": "مبادرة الأثر"}, actor=made.signatory_of(organisation))
        with pytest.raises(services.NameTaken):
            made.registered_organisation(name_ar="مبادره الاثر")

    def test_strangers_change_nothing(self) -> None:
        organisation = made.registered_organisation()
        with pytest.raises(Refused):
            services.change_profile(organisation, {"phone": "2"}, actor=accounts.user())


class TestPeople:
    def invited(self, organisation: Organisation, role: str = PersonRole.PREPARER) -> Invitation:
        return services.invite_person(
            organisation,
            email="new@people.example",
            full_name="سلمى التجريبية",
            role=role,
            actor=made.signatory_of(organisation),
        )

    def test_an_invited_person_joins_by_accepting(self) -> None:
        organisation = made.registered_organisation()
        invitation = self.invited(organisation)
        person = accounts.user("سلمى", email="new@people.example")
        invitations.accept(invitation, actor=person)
        assert selectors.users_of(organisation, PersonRole.PREPARER) == [person]
        assert list(selectors.invitations_of(organisation)) == []

    def test_preparers_invite_nobody(self) -> None:
        organisation = made.registered_organisation()
        with pytest.raises(Refused):
            services.invite_person(
                organisation,
                email="x@people.example",
                full_name="x",
                role="preparer",
                actor=made.preparer_of(organisation),
            )

    def test_a_removed_person_is_out_at_once(self) -> None:
        organisation = made.registered_organisation()
        preparer = made.preparer_of(organisation)
        person = selectors.people_of(organisation).get(user=preparer)
        services.remove_person(person, actor=made.signatory_of(organisation))
        assert list(selectors.visible_to(fresh(preparer))) == []

    def test_the_only_signatory_stays(self) -> None:
        organisation = made.registered_organisation()
        signatory = made.signatory_of(organisation)
        with pytest.raises(Refused), translation.override("en"):
            services.remove_person(selectors.people_of(organisation).get(user=signatory), actor=signatory)

    def test_a_role_begins_and_ends_with_its_event_alone(self) -> None:
        organisation = made.registered_organisation()
        signatory, preparer = made.signatory_of(organisation), made.preparer_of(organisation)
        person = selectors.people_of(organisation).get(user=preparer)
        days = [{"ends_on": timezone.localdate()}, {"starts_on": timezone.localdate() - timedelta(days=1)}]
        for change in days:
            with pytest.raises(DatabaseError), transaction.atomic():
                Person.objects.filter(pk=person.pk).update(**change)
        with transaction.atomic():
            Person.objects.create(organisation=organisation, user=accounts.user(), role="signatory", **days[1])
            with pytest.raises(IntegrityError, match="not recorded as given"), transaction.atomic():
                connection.check_constraints()
            transaction.set_rollback(True)
        # Another role in the same organisation ends the first one on the record.
        add_person(organisation, preparer, PersonRole.SIGNATORY)
        person.refresh_from_db()
        assert person.ends_on == timezone.localdate()
        assert [entry.type for entry in timeline(person)] == [
            "organisations.person.removed",
            "organisations.person.added",
        ]
        with pytest.raises(Refused), translation.override("en"):
            services.remove_person(person, actor=signatory)
        with pytest.raises(DatabaseError, match="recorded end only"), transaction.atomic():
            Person.objects.filter(pk=person.pk).update(ends_on=None)


class TestDueDiligence:
    def test_what_is_missing_is_named(self) -> None:
        organisation = made.registered_organisation(about="")
        made.needs_charter()
        with translation.override("en"):
            missing = [str(sentence) for sentence in selectors.readiness(organisation).missing]
            assert missing == [
                "A valid proof of existence is missing: Registration certificate.",
                "The signed statutes or the minutes of foundation are missing.",
                "Say in a few sentences who you are and what you do.",
            ]
            with pytest.raises(Refused, match="proof of existence"):
                services.submit_due_diligence(organisation, declarations=ALL, actor=made.signatory_of(organisation))

    def test_a_proof_past_its_date_does_not_count(self) -> None:
        organisation = made.registered_organisation()
        made.proof(organisation, valid_until=timezone.localdate() - timedelta(days=1))
        made.proof(organisation, "statutes")
        assert len(selectors.readiness(organisation).missing) == 1

    @pytest.mark.parametrize("state", ["unregistered", "in_process"])
    def test_registration_is_no_precondition(self, state: str) -> None:
        host = made.eligible_organisation()
        organisation = made.registered_organisation(registration_state=state, fiscal_host=host, registration_number="")
        made.proof(organisation, "host_agreement" if state == "unregistered" else "application_receipt")
        made.proof(organisation, "statutes")
        assert selectors.readiness(organisation).complete

    def test_a_host_agreement_names_its_host(self) -> None:
        organisation = made.registered_organisation(registration_state="unregistered")
        made.proof(organisation, "host_agreement")
        made.proof(organisation, "statutes")
        with translation.override("en"):
            assert [str(one) for one in selectors.readiness(organisation).missing] == [
                "Name the fiscal host whose agreement you added."
            ]

    def test_a_signatory_submits_with_every_declaration(self) -> None:
        made.needs_charter()
        organisation = made.complete_profile()
        signatory, preparer = made.signatory_of(organisation), made.preparer_of(organisation)
        with pytest.raises(Refused), translation.override("en"):
            services.submit_due_diligence(organisation, declarations=ALL, actor=preparer)
        with pytest.raises(Refused):
            services.submit_due_diligence(organisation, declarations=ALL[:-1], actor=signatory)
        assert services.submit_due_diligence(organisation, declarations=ALL, actor=signatory).state == "dd_submitted"

    def test_while_it_is_checked_it_stays(self) -> None:
        organisation = made.submitted_organisation()
        signatory = made.signatory_of(organisation)
        with pytest.raises(Refused):
            services.change_profile(organisation, {"phone": "9"}, actor=signatory)
        with pytest.raises(Refused):
            made.proof(organisation)

    def test_returned_with_a_reason_then_submitted_again(self) -> None:
        organisation = made.submitted_organisation()
        officer = made.colleague(Role.PROGRAMME_OFFICER)
        returned = services.return_due_diligence(
            organisation, missing=["board"], reason="أضيفوا أسماء المجلس", actor=officer
        )
        assert timeline(returned)[0].reason == "أضيفوا أسماء المجلس"
        again = services.submit_due_diligence(returned, declarations=ALL, actor=made.signatory_of(organisation))
        assert again.state == "dd_submitted"

    def test_an_officer_does_not_check_the_own_organisation(self) -> None:
        organisation = made.submitted_organisation()
        former = made.preparer_of(organisation)
        person = selectors.people_of(organisation).get(user=former)
        services.remove_person(person, actor=made.signatory_of(organisation))
        accounts.appointment(former, Role.PROGRAMME_OFFICER)
        with pytest.raises(Refused):
            services.clear_due_diligence(organisation, checked=list(CheckItem.values), actor=fresh(former))

    def test_after_a_refusal_it_may_come_back_later(self) -> None:
        organisation = made.submitted_organisation()
        manager = made.colleague(Role.FUND_MANAGER)
        refused = services.find_ineligible(organisation, actor=manager, reason="لا مجلس إدارة")
        signatory = made.signatory_of(organisation)
        with pytest.raises(Refused):
            services.submit_due_diligence(refused, declarations=ALL, actor=signatory)
        months = charter_in_force().rules.organisations.reapply_after_months
        with time_machine.travel(timezone.now() + timedelta(days=31 * months), tick=False):
            assert services.submit_due_diligence(refused, declarations=ALL, actor=signatory).state == "dd_submitted"


class TestTier:
    @pytest.mark.parametrize(("score", "tier"), [(40, "H"), (59, "H"), (60, "M"), (79, "M"), (80, "L"), (100, "L")])
    def test_it_follows_the_charters_table(self, score: int, tier: str) -> None:
        organisation = made.assessed_organisation(score)
        done = services.decide_eligible(organisation, actor=made.colleague(Role.FUND_MANAGER), reason="x")
        assert (done.state, done.tier) == ("eligible", tier)
        assert done.tier_rules_version == charter_in_force().number
        assert selectors.may_apply_now(done)
        assert list(selectors.eligible()) == [done]

    def test_below_the_least_score_nobody_is_eligible_alone(self) -> None:
        organisation = made.assessed_organisation(39)
        with pytest.raises(Refused):
            services.decide_eligible(organisation, actor=made.colleague(Role.FUND_MANAGER), reason="x")

    @pytest.mark.parametrize(
        "profile",
        [
            {"last_year_expenditure_minor": 19_999_99},
            {"founded_year": timezone.localdate().year},
            {"founded_year": timezone.localdate().year - 1},
        ],
    )
    def test_new_or_very_small_ones_enter_without_a_score(self, profile: dict[str, Any]) -> None:
        organisation = made.cleared_organisation(**profile)
        assert services.decide_eligible(organisation, actor=made.colleague(Role.FUND_MANAGER), reason="x").tier == "E"

    def test_others_need_a_score(self) -> None:
        organisation = made.cleared_organisation(last_year_expenditure_minor=20_000_00)
        with pytest.raises(Refused), translation.override("en"):
            services.decide_eligible(organisation, actor=made.colleague(Role.FUND_MANAGER), reason="x")

    def test_who_assessed_does_not_decide(self) -> None:
        organisation = made.cleared_organisation()
        both = made.colleague(Role.PROGRAMME_OFFICER)
        accounts.appointment(both, Role.FUND_MANAGER)
        both = fresh(both)
        services.record_assessment(
            organisation, sections=dict.fromkeys(CapacitySection.values, 90), advice="", actor=both
        )
        for decide in (services.decide_eligible, services.find_ineligible):
            with pytest.raises(Refused):
                decide(organisation, actor=both, reason="x")

    def test_every_section_is_scored(self) -> None:
        organisation = made.cleared_organisation()
        with pytest.raises(Refused):
            services.record_assessment(
                organisation, sections={"finance": 90}, advice="", actor=made.colleague(Role.PROGRAMME_OFFICER)
            )

    def test_it_ends_with_the_years_of_the_charter(self) -> None:
        organisation = made.eligible_organisation()
        until = organisation.eligible_until
        assert until is not None
        with time_machine.travel(timezone.now() + (until - timezone.localdate()) + timedelta(days=1)):
            assert not selectors.may_apply_now(organisation)
            assert list(selectors.eligible()) == []

    def test_suspension_and_its_end(self) -> None:
        organisation, manager = made.eligible_organisation(), made.colleague(Role.FUND_MANAGER)
        suspended = services.suspend(organisation, actor=manager, reason="قضية مفتوحة")
        assert not selectors.may_apply_now(suspended)
        assert services.reinstate(suspended, actor=manager, reason="أُغلقت").state == "eligible"

    def test_checked_fields_stay_after_the_decision(self) -> None:
        organisation = made.eligible_organisation()
        signatory = made.signatory_of(organisation)
        with pytest.raises(Refused):
            services.change_profile(organisation, {"name_latin": "Another"}, actor=signatory)
        assert services.change_profile(organisation, {"phone": "9"}, actor=signatory).phone == "9"

    def test_steps_are_not_skipped(self) -> None:
        made.needs_charter()
        with pytest.raises(IllegalMove):
            services.decide_eligible(
                made.registered_organisation(last_year_expenditure_minor=0),
                actor=made.colleague(Role.FUND_MANAGER),
                reason="x",
            )


class TestBankAccounts:
    def test_verified_by_another_and_usable_after_the_pause(self) -> None:
        organisation = made.eligible_organisation()
        account = made.verified_bank_account(organisation)
        assert list(selectors.usable_bank_accounts(organisation)) == []
        hours = charter_in_force().rules.payments.bank_details_cooling_hours
        later = timezone.now() + timedelta(hours=hours, minutes=1)
        assert list(selectors.usable_bank_accounts(organisation, at=later)) == [account]

    def test_who_recorded_does_not_verify(self) -> None:
        organisation = made.eligible_organisation()
        finance = made.colleague(Role.FINANCE_OFFICER)
        account = made.recorded_bank_account(organisation, actor=finance)
        with pytest.raises(Refused):
            services.verify_bank_account(account, channel="call", fingerprint=account.fingerprint, actor=finance)

    def test_only_the_details_that_were_compared(self) -> None:
        account = made.recorded_bank_account(made.eligible_organisation())
        finance = made.colleague(Role.FINANCE_OFFICER)
        with pytest.raises(Refused):
            services.verify_bank_account(account, channel="call", fingerprint="0" * 64, actor=finance)
        with pytest.raises(Refused):
            services.verify_bank_account(account, channel="rumour", fingerprint=account.fingerprint, actor=finance)

    def test_a_wrong_iban_is_refused_and_other_numbers_are_not(self) -> None:
        organisation = made.eligible_organisation()
        with pytest.raises(ValidationError):
            made.recorded_bank_account(organisation, number="GB82 WEST 1234 5698 7654 33")
        assert made.recorded_bank_account(organisation, number="٠٠١-٢٣٤٥٦").number == "00123456"

    def test_preparers_do_not_touch_bank_details(self) -> None:
        organisation = made.eligible_organisation()
        with pytest.raises(Refused):
            made.recorded_bank_account(organisation, actor=made.preparer_of(organisation))

    def test_the_fingerprint_does_not_depend_on_spelling(self) -> None:
        details = {"holder_latin": "A B", "holder_ar": "ا", "bank": "Bank", "currency": "USD"}
        one = banking.details_as_text(number="GB82 WEST 1234 5698 7654 32", **details)
        assert one == banking.details_as_text(number="gb82west12345698765432", **{**details, "bank": " bank "})
        assert one != banking.details_as_text(number="GB82WEST12345698765433", **details)


ACTORS = ["signatory", "preparer", "stranger", *Role.values]


@pytest.mark.parametrize("who", ACTORS)
def test_truth_table(who: str) -> None:
    """Each event by who acts; the answers are refusals with a reason for everybody else."""
    organisation = made.assessed_organisation()
    account = made.recorded_bank_account(organisation)
    assessment = selectors.latest_assessment(organisation)
    actors: dict[str, Any] = {
        "signatory": made.signatory_of,
        "preparer": made.preparer_of,
        "stranger": lambda _: accounts.user(),
    }
    actor = actors[who](organisation) if who in actors else accounts.officer(who)
    sections = dict.fromkeys(CapacitySection.values, 70)
    person = made.preparer_of(organisation)
    held = Person.objects.get(organisation=organisation, user=person)
    number = charter_in_force().number
    table: list[tuple[Any, Any, set[str]]] = [
        (organisation, events.DueDiligenceSubmitted(proofs=[], declarations=ALL), {"signatory"}),
        (organisation, events.DueDiligenceReturned(missing=[]), {"programme_officer"}),
        (organisation, events.DueDiligenceCleared(checked=[]), {"programme_officer"}),
        (organisation, events.CapacityAssessed(score=70, sections=sections), {"programme_officer"}),
        (assessment, events.AssessmentRecorded(score=70, sections=sections), {"programme_officer"}),
        (organisation, events.FoundEligible(tier="M", charter_version=number), {"fund_manager"}),
        (organisation, events.FoundEligible(tier="L", charter_version=number), set()),
        (organisation, events.FoundIneligible(), {"fund_manager"}),
        (organisation, events.OrganisationSuspended(), {"fund_manager"}),
        (organisation, events.OrganisationReinstated(), {"fund_manager"}),
        (held, events.PersonAdded(person=person.pk, role="preparer"), set()),
        (held, events.PersonRemoved(person=person.pk, role="preparer"), {"signatory", "preparer"}),
        (account, events.BankAccountRecorded(fingerprint="x"), {"signatory", "finance_officer"}),
        (account, events.BankAccountVerified(fingerprint=account.fingerprint, channel="call"), {"finance_officer"}),
        (account, events.BankAccountRetired(), {"signatory", "finance_officer"}),
    ]
    with translation.override("en"):
        for subject, event, allowed in table:
            answer = rules.ask(subject, event, actor=actor)
            assert bool(answer) == (who in allowed), (type(event).__name__, str(answer.reason))
            assert answer or str(answer.reason)


@pytest.mark.parametrize("number", ["DE89 3704-0044_0532", "1234567ğ", ""])
def test_a_bank_number_is_letters_and_digits(number: str) -> None:
    with pytest.raises(ValidationError) as caught:
        check_number(number)
    assert caught.value.code == "characters"


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        ("DE88 3704 0044 0532 0130 00", "iban", "check digits do not fit"),
        ("DE89 3704 0044 0532 0130 0", "length", "begins with DE has 22 characters, this one has 21"),
        ("GB33 BUKB 2020 1555 5555 5X", "structure", "a letter where its country has a digit"),
        ("XK99 1212 0123 4567 8906", "iban", "check digits do not fit"),
        ("SY12 0000 0000 0000 0000", "iban", "check digits do not fit"),
    ],
)
def test_what_is_wrong_with_an_iban_is_named(number: str, code: str, said: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError) as caught:
        check_number(number)
    assert caught.value.code == code
    with translation.override("en"):
        assert said in caught.value.messages[0]


@pytest.mark.parametrize(
    "number", ["de89 3704 0044 0532 0130 00", "GB33BUKB20201555555555", "0031-204-55", "SY35" + "0" * 16]
)
def test_an_iban_of_any_country_and_a_local_number_are_taken(number: str) -> None:
    assert check_number(number) == banking.normalised_number(number)


@pytest.mark.parametrize(
    ("code", "right"), [("COBADEFF", True), ("DEUTDEFF500", True), ("DEUTXXFF", False), ("X", False), ("", False)]
)
def test_a_bic_is_built_as_iso_9362_says_and_its_country_exists(code: str, right: bool) -> None:
    assert banking.is_bic(code) is right


def test_an_invitation_that_names_no_organisation_adds_nobody() -> None:
    with pytest.raises(ValueError, match="names it"):
        add_invited_person(Invitation(), user=User())


def test_a_proof_keeps_its_bytes_and_no_name() -> None:
    organisation = made.registered_organisation()
    proof = made.proof(organisation, file=files.pdf("سري للغاية.pdf"))
    assert len(proof.sha256) == 64
    stored = str(proof.file.name)
    assert stored.startswith("proofs/")
    assert "سري" not in stored
