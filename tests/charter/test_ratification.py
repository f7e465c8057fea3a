"""The networks adopt the charter; nobody else does."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import User
from charter import selectors, services
from charter.defaults import default_rules
from charter.models import CharterVersion, Network, Ratification
from charter.schema import CharterRules, Fraction
from charter.states import CharterState
from kernel.permissions import Refused
from tests.factories import accounts
from tests.factories import charter as make

pytestmark = pytest.mark.django_db


def rules_asking(numerator: int, denominator: int, minimum: int = 3) -> CharterRules:
    rules = default_rules()
    share = Fraction(numerator=numerator, denominator=denominator)
    return rules.model_copy(
        update={"ratification": rules.ratification.model_copy(update={"share": share, "minimum": minimum})}
    )


def test_a_version_comes_into_force_with_the_vote_that_completes_the_consent() -> None:
    version = make.proposed_charter()
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
    results: list[str] = []
    barrier = threading.Barrier(2)

    def cast() -> None:
        barrier.wait()
        try:
            services.vote(version, one, consents=True, actor=voter)
            results.append("cast")
        except (Refused, DatabaseError):
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=cast) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["cast", "refused"]
    assert Ratification.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_last_votes_at_once_ratify_once() -> None:
    version = make.proposed_charter()
    pairs = make.networks()
    barrier = threading.Barrier(len(pairs))

    def cast(pair: tuple[Network, User]) -> None:
        barrier.wait()
        try:
            services.vote(version, pair[0], consents=True, actor=pair[1])
        finally:
            connection.close()

    threads = [threading.Thread(target=cast, args=(pair,)) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert selectors.charter_in_force() == version
    assert Ratification.objects.count() == 3
