"""The public register of decisions: what a funded grant's decision tells, and what it never does."""

from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from committees.models import Decision, Vote
from disbursements.services.agreements import draft_agreement
from grants.models import Call, Grant
from grants.services import agreements, awards
from tests.factories import awards as made
from tests.factories import committees
from tests.factories.organisations import usable_bank_account
from tests.factories.transparency import agrees
from transparency.selectors import decisions, home
from transparency.services import releasing, withholding
from transparency.states import Ground

pytestmark = [pytest.mark.django_db, pytest.mark.database("deliberating")]


def test_votes_of_civil_society_stand_apart_only_where_nobody_is_singled_out() -> None:
    tally = {"votes": {"approve": 5, "reject": 2}, "civil_society": {"approve": 4}, "needed": 4}
    assert decisions.votes_told(tally, 3).civil_society is not None
    assert decisions.votes_told(tally, 4).civil_society is None
    lonely = {"votes": {"approve": 5}, "civil_society": {"approve": 4}, "needed": 3}
    assert decisions.votes_told(lonely, 3).civil_society is None
    assert decisions.votes_told({}, 3).counts == ()


@pytest.mark.parametrize(("told", "funded", "rejected"), [(5, 5, 2), (4, None, None), (3, None, None), (2, 5, 2)])
def test_numbers_of_a_call_do_not_tell_of_one_or_two_withheld_grants(
    told: int, funded: int | None, rejected: int | None
) -> None:
    counts = Counter({"approved": 5, "rejected": 2, "waitlisted": 1})
    row = home.outcome_of(Call(currency="USD"), counts, told, 9, least=3, waited=None)
    assert (row.received, row.told, row.funded, row.rejected, row.waitlisted) == (8, told, funded, rejected, 1)


@pytest.fixture
def grant() -> Grant:
    """A grant that a committee decided on, signed by both sides."""
    case = committees.deliberating(number=1)
    meeting = committees.open_meeting(case)
    committees.decided(meeting, case.applications[0], "approve")
    grant = Grant.objects.get(application=case.applications[0])
    grant = awards.send_offer(grant, actor=made.programme_officer())
    grant = awards.accept_offer(grant, actor=made.signatory(grant))
    grant = draft_agreement(grant, starts_on=timezone.localdate(), actor=made.programme_officer())
    grant = agreements.sign(grant, **made.hashes(grant), actor=made.signatory(grant))
    usable_bank_account(grant.organisation)
    grant = agreements.countersign(grant, **made.hashes(grant), actor=made.manager())
    agrees(grant)
    return grant


def _read(kind: str = "") -> str:
    client = Client(headers={"accept-language": "en"})
    answer = client.get(reverse("transparency:decision_list"), {"format": kind} if kind else {})
    assert answer.status_code == 200
    return answer.getvalue().decode() if kind else answer.content.decode()


def test_a_decision_is_read_with_its_grant_and_proven_by_the_log(grant: Grant) -> None:
    assert grant.organisation.name_latin not in _read()
    releasing.release_due(timezone.localdate() + timedelta(days=70))
    decision = Decision.objects.get()
    page, table = _read(), _read("csv")
    leaf = bytes(decision.leaf.leaf_hash).hex()
    for text in (page, table):
        assert grant.organisation.name_latin in text
        assert decision.panel_mean in text
        assert leaf in text
    assert Client().get(reverse("audit:proof", args=[leaf])).status_code == 200
    voters = Vote.objects.values_list("seat__user__full_name", flat=True)
    assert voters
    assert not [name for name in voters if name in page or name in table]
    for secret in (decision.weaknesses, decision.advice, str(grant.pk), grant.reference):
        assert secret not in page + table


def test_a_withheld_grant_has_no_decision_in_public(grant: Grant) -> None:
    releasing.release_due(timezone.localdate() + timedelta(days=70))
    withholding.withhold(
        grant, parts=["place"], ground=Ground.PARTNER, reason="Front line.", actor=made.signatory(grant)
    )
    page = _read()
    assert grant.organisation.name_latin not in page
    assert "1 more grant is told without its decision" in page
