"""The networks adopt the charter; nobody else does."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone, translation

from accounts.models import User
from accounts.roles import Role
from charter import selectors, services
from charter.defaults import default_rules
from charter.models import CharterVersion, Network, Ratification
from charter.schema import CharterRules, Fraction
from charter.states import CharterState
from charter.tasks import conclude_the_votes
from kernel.permissions import Refused
from tests.factories import accounts
from tests.factories import charter as make
from tests.threads import together

pytestmark = pytest.mark.django_db


def rules_asking(numerator: int, denominator: int, minimum: int = 3) -> CharterRules:
    rules = default_rules()
    share = Fraction(numerator=numerator, denominator=denominator)
    return rules.model_copy(
        update={"ratification": rules.ratification.model_copy(update={"share": share, "minimum": minimum})}
    )


def test_a_version_comes_into_force_with_the_vote_that_completes_the_consent() -> None:
    version = make.proposed_charter(default_rules())
    (one, a), (two, b), (three, c) = make.networks(3)

    services.vote(version, one, consents=True, actor=a)
    services.vote(version, two, consents=True, actor=b)
    assert selectors.find_charter_in_force() is None
    services.vote(version, three, consents=True, actor=c)

    assert selectors.charter_in_force() == version
    assert selectors.charter_in_force().rules == default_rules()


def test_a_later_version_replaces_the_earlier_one_in_the_same_moment() -> None:
    first = make.ratified_charter()
    second = make.ratified_charter(rules_asking(3, 4))

    first.refresh_from_db()
    assert first.state == CharterState.SUPERSEDED
    assert selectors.charter_in_force() == second


def test_the_rules_in_force_decide_how_much_consent_a_change_needs() -> None:
    make.networks(6)
    make.ratified_charter(rules_asking(1, 1))
    easier = make.proposed_charter(rules_asking(2, 3))

    pairs = make.networks(6)
    for one, voter in pairs[:5]:
        services.vote(easier, one, consents=True, actor=voter)
    assert selectors.charter_in_force().number == 1
    services.vote(easier, pairs[5][0], consents=True, actor=pairs[5][1])
    assert selectors.charter_in_force() == easier


def test_a_version_that_can_no_longer_be_adopted_is_withdrawn() -> None:
    version = make.proposed_charter()
    one, voter = make.networks()[0]
    services.vote(version, one, consents=False, actor=voter, comment="لا نوافق على الحصص")
    version.refresh_from_db()
    assert version.state == CharterState.WITHDRAWN


def test_a_network_that_left_has_no_vote_and_does_not_count() -> None:
    make.networks(4)
    version = make.proposed_charter()
    pairs = make.networks(4)
    services.end_network(pairs[3][0], left_on=timezone.localdate(), actor=accounts.administrator(), reason="left")
    with pytest.raises(Refused):
        services.vote(version, pairs[3][0], consents=True, actor=pairs[3][1])
    for one, voter in pairs[:3]:
        services.vote(version, one, consents=True, actor=voter)
    assert selectors.charter_in_force() == version


def test_only_a_representative_of_the_network_votes_for_it() -> None:
    version = make.proposed_charter()
    (one, _a), (_two, b), *_ = make.networks()
    for stranger in (b, make.manager(), accounts.administrator(), accounts.user(), None):
        with pytest.raises(Refused):
            services.vote(version, one, consents=True, actor=stranger)
    assert not Ratification.objects.exists()


def test_a_network_votes_once() -> None:
    version = make.proposed_charter()
    one, voter = make.networks()[0]
    services.vote(version, one, consents=True, actor=voter)
    with pytest.raises(Refused):
        services.vote(version, one, consents=False, actor=voter)


def test_those_who_write_the_charter_do_not_vote_for_a_network() -> None:
    one, _voter = make.network()
    with pytest.raises(Refused):
        services.give_mandate(one, make.manager(), starts_on=timezone.localdate(), actor=accounts.administrator())


def test_a_proposed_text_stands_still_also_for_raw_sql() -> None:
    version = make.proposed_charter()
    with pytest.raises(Refused):
        services.revise(version, rules=rules_asking(3, 4), summary=make.SUMMARY, actor=make.manager())
    with pytest.raises(DatabaseError), transaction.atomic():
        CharterVersion.objects.filter(pk=version.pk).update(rules_data={})


def test_one_version_at_a_time_is_before_the_networks() -> None:
    make.proposed_charter()
    draft = services.draft_version(rules_asking(3, 4), make.SUMMARY, make.manager())
    with pytest.raises(Refused):
        services.propose(draft, actor=make.manager())


@pytest.mark.django_db(transaction=True)
def test_two_votes_of_one_network_at_once_are_one_vote() -> None:
    version = make.proposed_charter()
    one, voter = make.networks()[0]
    cast = partial(services.vote, version, one, consents=True, actor=voter)
    results = together([cast] * 2, Refused, DatabaseError)
    assert [isinstance(one, BaseException) for one in results].count(True) == 1
    assert Ratification.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_last_votes_at_once_ratify_once() -> None:
    version = make.proposed_charter()
    vote = services.vote
    together([partial(vote, version, network, consents=True, actor=person) for network, person in make.networks()])
    assert selectors.charter_in_force() == version
    assert Ratification.objects.count() == 3


@contextmanager
def refused(words: str) -> Iterator[None]:
    """What is done inside is refused with these words, in English."""
    with translation.override("en"), pytest.raises(Refused, match=words):
        yield


# Networks come and go while a version is before them ----------------------------------------------------------------


def half_decided() -> tuple[CharterVersion, list[tuple[Network, User]]]:
    """Of six networks four must consent; three did, the others have not voted."""
    pairs = make.networks(6)
    version = make.proposed_charter(rules_asking(2, 3, minimum=3))
    for one, voter in pairs[:3]:
        services.vote(version, one, consents=True, actor=voter)
    return version, pairs


def test_when_those_who_have_not_voted_leave_the_consent_of_the_others_is_complete() -> None:
    version, pairs = half_decided()
    admin, today = accounts.administrator(), timezone.localdate()

    services.end_network(pairs[3][0], left_on=today, actor=admin, reason="it dissolved")
    version.refresh_from_db()
    assert version.state == CharterState.PROPOSED, "of five networks four must consent"
    services.end_network(pairs[4][0], left_on=today, actor=admin, reason="it dissolved")
    version.refresh_from_db()
    assert version.state == CharterState.RATIFIED, "three of four are more than two thirds"


def test_a_network_that_leaves_by_its_date_is_noticed_by_the_clock() -> None:
    version, pairs = half_decided()
    admin, tomorrow = accounts.administrator(), timezone.localdate() + timedelta(days=1)
    for one, _voter in pairs[3:]:
        services.end_network(one, left_on=tomorrow, actor=admin, reason="by its own statutes")
    conclude_the_votes()
    version.refresh_from_db()
    assert version.state == CharterState.PROPOSED

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        conclude_the_votes()
    version.refresh_from_db()
    assert version.state == CharterState.RATIFIED


def test_without_a_version_before_the_networks_the_clock_does_nothing() -> None:
    conclude_the_votes()
    assert not CharterVersion.objects.exists()


def test_a_network_that_never_voted_leaves_on_the_day_it_joined() -> None:
    one, _voter = make.network()
    left = services.end_network(
        one, left_on=one.joined_on - timedelta(days=9), actor=accounts.administrator(), reason="entered by mistake"
    )
    assert left.left_on == one.joined_on


def test_what_too_few_networks_could_adopt_is_not_put_before_them() -> None:
    make.networks(2)
    draft = services.draft_version(default_rules(), make.SUMMARY, make.manager())
    with refused("3 networks must consent, and 2 have a vote"):
        services.propose(draft, actor=make.manager())


def test_a_mandate_is_given_once_and_again_after_its_end() -> None:
    one, voter = make.network()
    admin, today = accounts.administrator(), timezone.localdate()
    with refused("already"):
        services.give_mandate(one, voter, starts_on=today, actor=admin)
    services.end_mandate(one.representatives.get(), ends_on=today - timedelta(days=1), actor=admin, reason="elections")
    assert services.give_mandate(one, voter, starts_on=today, actor=admin).user == voter


def test_who_came_to_write_the_charter_no_longer_adopts_it() -> None:
    version = make.proposed_charter()
    one, voter = make.networks(3)[0]
    accounts.appointment(voter, Role.FUND_MANAGER)
    with refused("do not adopt it"):
        services.vote(version, one, consents=True, actor=voter)


def test_a_draft_that_somebody_changed_meanwhile_is_not_overwritten() -> None:
    draft = services.draft_version(default_rules(), make.SUMMARY, make.manager())
    stale = CharterVersion.objects.get(pk=draft.pk)
    services.revise(draft, rules=rules_asking(3, 4), summary=make.SUMMARY, actor=make.manager())
    with refused("Somebody changed this draft"):
        services.revise(stale, rules=default_rules(), summary=make.SUMMARY, actor=make.manager())
