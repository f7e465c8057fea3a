"""Conflicts, declared or found in the records, take a member out at once and for good."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from charter.defaults import default_rules
from committees.models import Assignment, Recusal
from committees.rules import facts
from committees.rules.links import links
from committees.selectors import panels as selectors
from committees.services import assignments, conflicts, panels
from committees.states import AssignmentState, ConflictGround, ConflictKind, PanelState
from grants.selectors import applications as grants_applications
from kernel.permissions import Refused
from organisations.services.people import add_person
from organisations.states import PersonRole
from tests.factories import charter, grants
from tests.factories import committees as make
from tests.factories.funds import past_representative
from tests.factories.organisations import past_person

pytestmark = pytest.mark.django_db


def recused(case: make.Case) -> set[tuple[int, int]]:
    numbers = {one.pk: index for index, one in enumerate(case.applications)}
    return {(one.seat.number, numbers[one.application_id]) for one in Recusal.objects.select_related("seat")}


@pytest.mark.parametrize(("years_ago", "expected"), [(0, True), (1, True), (2, True), (3, False), (5, False)])
def test_people_of_the_applicant_within_the_look_back_are_out(years_ago: int, expected: bool) -> None:
    committee = make.constituted_committee()
    member = make.members(committee)[4]
    call, applications = grants.screened_call(1)
    today = facts.today()
    ended = None if not years_ago else today - timedelta(days=365 * years_ago + 30)
    past_person(
        applications[0].organisation,
        member.user,
        PersonRole.PREPARER,
        starts_on=today - timedelta(days=365 * 9),
        ends_on=ended,
    )
    panels.open_panel(call, committee, actor=make.officer())
    found = Recusal.objects.filter(seat=member).first()
    assert (found is not None) is expected
    if found is not None:
        assert (found.ground, found.source) == (ConflictGround.EMPLOYMENT, "computed")


def test_own_application_recuses_from_the_sector_and_no_other() -> None:
    committee = make.constituted_committee()
    member = make.members(committee)[4]
    call = grants.open_call()
    first, second, third = (grants.submitted_application(call) for _ in range(3))
    add_person(first.organisation, member.user, PersonRole.PREPARER)
    rules = facts.rules_of(call).committee
    third.sector = "education"
    found = links({member.user_id}, [first, second, third], rules, on=facts.today())
    assert {key: grounds[0] for key, grounds in found.items()} == {
        (member.user_id, first.pk): ConflictGround.EMPLOYMENT,
        (member.user_id, second.pk): ConflictGround.OWN_APPLICATION,
    }


def test_a_part_of_protection_competes_with_protection() -> None:
    assert facts.sector_key("gbv") == facts.sector_key("child_protection") == "protection"
    assert facts.sector_key("wash") == "wash"


@pytest.mark.database("scoring")
def test_a_computed_conflict_counts_although_none_was_declared() -> None:
    case = make.scoring(number=1)
    one = make.assignments(case)[0]
    add_person(one.application.organisation, User.objects.get(pk=one.seat.user_id), PersonRole.PREPARER)
    assert facts.is_recused(one.seat.user, one.application)
    assert Assignment.objects.get(pk=one.pk).state == AssignmentState.REMOVED
    with pytest.raises(Refused):
        make.score(one)


@pytest.mark.database("scoring_two")
def test_a_hard_conflict_takes_every_access_away_at_once() -> None:
    case = make.scoring(number=2)
    one = make.assignments(case)[0]
    user = User.objects.get(pk=one.seat.user_id)
    make.score(one)
    assert one.application in grants_applications.visible_to(user)
    make.declare(one.seat, one.application, ConflictKind.HARD, ConflictGround.FINANCIAL)
    assert one.application not in grants_applications.visible_to(user)
    assert one.application not in selectors.applications_for(user, case.panel)
    assert Assignment.objects.get(pk=one.pk).state == AssignmentState.REMOVED


@pytest.mark.database("opened")
def test_a_recusal_is_never_taken_back() -> None:
    case = make.opened(1)
    member, application = case.seats[0], case.applications[0]
    make.declare(member, application, ConflictKind.HARD, ConflictGround.FAMILY)
    with pytest.raises(Refused):
        make.declare(member, application, ConflictKind.NONE)
    recusal = Recusal.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        Recusal.objects.filter(pk=recusal.pk).update(ground="family")
    with pytest.raises(DatabaseError), transaction.atomic():
        recusal.delete()


@pytest.mark.database("opened")
def test_nobody_declares_for_another() -> None:
    case = make.opened(1)
    with pytest.raises(Refused):
        conflicts.declare(case.seats[0], case.applications[0], kind="none", actor=case.seats[1].user)
    with pytest.raises(Refused):
        conflicts.declare(case.seats[0], case.applications[0], kind="none", actor=make.officer())


@pytest.mark.database("opened")
def test_no_declaration_no_access() -> None:
    case = make.opened(1)
    for holder in case.seats[:5]:
        make.declare(holder, case.applications[0])
    with pytest.raises(Refused, match=r"declared|يصرّح|تصريح|التصريح"):
        panels.start_scoring(case.panel, actor=make.officer())
    with pytest.raises(Refused):
        assignments.assign(
            case.seats[5],
            case.applications[0],
            panel=case.panel,
            due=case.panel.declarations_due,
            actor=make.officer(),
        )


@pytest.mark.database("opened")
def test_scoring_starts_when_the_time_to_declare_is_over() -> None:
    import time_machine

    case = make.opened(1)
    for holder in case.seats[:5]:
        make.declare(holder, case.applications[0])
    with time_machine.travel(case.panel.declarations_due + timedelta(hours=1), tick=True):
        assert panels.start_scoring(case.panel, actor=make.officer()).state == PanelState.SCORING
    assert {one.seat_id for one in make.assignments(case)} <= {one.pk for one in case.seats[:5]}


@pytest.mark.database("opened")
def test_an_impossible_assignment_says_which_rule_binds() -> None:
    case = make.opened(1)
    for index, holder in enumerate(case.seats):
        hard = index in {0, 1, 2}
        make.declare(holder, case.applications[0], *(("hard", "family") if hard else ()))
    with pytest.raises(Refused) as refused:
        panels.start_scoring(case.panel, actor=make.officer())
    assert case.applications[0].reference in str(refused.value.reason)
    assert "2" in str(refused.value.reason)
    case.fresh()
    assert case.panel.state == PanelState.DECLARING


def test_alternates_help_out_when_members_do_not_suffice() -> None:
    case = make.opened(1, alternates=1)
    for index, holder in enumerate([*case.seats, *case.alternates]):
        hard = index in {0, 1, 2}
        make.declare(holder, case.applications[0], *(("hard", "family") if hard else ()))
    panels.start_scoring(case.panel, actor=make.officer())
    assert case.alternates[0].pk in {one.seat_id for one in make.assignments(case)}


def test_large_applications_have_five_scorers() -> None:
    rules = default_rules()
    lower = rules.scoring.model_copy(update={"large_above_minor": 10_000_00})
    charter.ratified_charter(rules.model_copy(update={"scoring": lower}))
    case = make.scoring(number=1)
    found = make.assignments(case)
    assert len(found) == 5
    assert sum(one.seat.civil_society for one in found) >= 3


@pytest.mark.database("scoring")
def test_a_scorer_who_is_recused_later_is_replaced() -> None:
    case = make.scoring(number=1)
    one = make.assignments(case)[0]
    make.declare(one.seat, one.application, ConflictKind.HARD, ConflictGround.PARTNERSHIP)
    assert len(make.assignments(case)) == 2
    assert panels.fill_gaps(case.panel, actor=make.officer()) == 1
    assert one.seat_id not in {other.seat_id for other in make.assignments(case)}


@pytest.mark.database("scoring")
def test_reassignment_needs_somebody_and_takes_the_access() -> None:
    case = make.scoring(number=1)
    one = make.assignments(case)[0]
    user = User.objects.get(pk=one.seat.user_id)
    assignments.replace_scorer(one, actor=make.officer(), reason="مرض")
    assert one.application not in grants_applications.visible_to(user)
    assert len(make.assignments(case)) == 3


@pytest.mark.database("scoring")
def test_what_is_scored_is_not_reassigned() -> None:
    case = make.scoring(number=1)
    one = make.assignments(case)[0]
    make.score(one)
    with pytest.raises(Refused):
        assignments.replace_scorer(Assignment.objects.get(pk=one.pk), actor=make.officer(), reason="لماذا لا")


def test_what_else_the_records_show_in_one_look() -> None:
    from accounts.models import User as Account
    from tests.factories import accounts

    call = grants.open_call()
    one = grants.submitted_application(call)
    rules, today = facts.rules_of(call).committee, facts.today()
    namesake, former, donor, mailbox = (accounts.user(f"عضو بالاسم {n}") for n in range(4))
    Account.objects.filter(pk=namesake.pk).update(full_name="أحمد الإبراهيم")
    there = accounts.user("احمد الابراهيم")
    add_person(one.organisation, there, PersonRole.PREPARER)
    past_person(
        one.organisation, former, PersonRole.PREPARER,
        starts_on=today - timedelta(days=3000), ends_on=today - timedelta(days=2000),
    )  # fmt: skip
    past_representative(
        call.envelopes.get().contribution.donor, donor, starts_on=today - timedelta(days=400),
        ends_on=today - timedelta(days=30),
    )  # fmt: skip
    Account.objects.filter(pk=mailbox.pk).update(email=one.organisation.email.lower())
    people = {"name": namesake, "former": former, "donor": donor, "mail": mailbox}
    found = links({person.pk for person in people.values()}, [one], rules, on=today)
    assert {key: found.get((person.pk, one.pk)) for key, person in people.items()} == {
        "name": [ConflictGround.SAME_NAME],
        "former": [ConflictGround.PAST_ACTIVITY],
        "donor": [ConflictGround.DONOR_OFFICER],
        "mail": [ConflictGround.EMPLOYMENT],
    }


def test_a_link_in_the_records_asks_and_the_answer_needs_words() -> None:
    from committees.selectors.conflicts import register
    from tests.factories import accounts

    committee = make.constituted_committee()
    member = make.members(committee)[4]
    call, (one,) = grants.screened_call(1)
    add_person(one.organisation, accounts.user(member.user.full_name), PersonRole.PREPARER)
    panel = panels.open_panel(call, committee, actor=make.officer())
    assert not Recusal.objects.exists()
    assert panel in selectors.open_declarations(member.user)
    assert selectors.to_declare(member.user, panel)[0].found
    with pytest.raises(Refused):
        make.declare(member, one)
    with pytest.raises(Refused):
        make.declare(member, one, ConflictKind.SOFT, ConflictGround.EMPLOYMENT)
    asked = [entry.open for entry in register(make.officer(), panel)]
    conflicts.declare(member, one, kind="none", explanation="شخص آخر يحمل الاسم نفسه", actor=member.user)
    answered = [entry.open for entry in register(make.officer(), panel)]
    assert (asked, answered) == ([True], [False, False])
    assert not selectors.open_declarations(member.user)
