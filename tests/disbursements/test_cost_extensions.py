"""More money for a grant, from the request to the tranche that pays it: the committee agrees, both sides sign."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit import fsck
from committees.models import Committee
from disbursements.models import Tranche
from disbursements.selectors.liquidity import liquidity
from disbursements.services import closing
from funds.models import Contribution
from funds.restrictions import Restriction
from grants.fingerprints import revision_sha256
from grants.models import Call, Grant, GrantFunding, ReportLine, Revision
from grants.selectors.budgets import approved_budget
from grants.selectors.calls import envelopes_of
from grants.selectors.extensions import months_added, room_minor
from grants.selectors.revisions import budget_in_force, signed_budget
from grants.selectors.signed import signed_minor
from grants.services import agreements, calls, cost_extensions, extensions, funding, review, revisions
from grants.states import RevisionState
from kernel import identity
from kernel.permissions import Refused
from kernel.work import work_for
from ledger.models import Account
from ledger.selectors import balance
from notices.models import Notice
from tests.factories import accounts, committees, disbursements, funds
from tests.factories import awards as made
from tests.factories.extensions import (
    WHY,
    agreed,
    approved,
    asked_for_money,
    countersigned,
    more_money,
    signed,
    texts,
)
from tests.factories.organisations import preparer_of
from tests.figures import opened, read
from tests.threads import together

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant_of_tier_m")]
THOUSAND = made.THOUSAND
STAFF = "A"
SPARE = 1000
"""What an award leaves of the envelope in `last_money`: applications ask for so much more than they get."""


@pytest.fixture
def grant() -> Grant:
    return made.active_grant(tier="M")


@pytest.fixture
def committee() -> Committee:
    return committees.constituted_committee()


def fresh(grant: Grant) -> Grant:
    return Grant.objects.get(pk=grant.pk)


def free(*accounts_: Account | None) -> int:
    return sum(balance(one).available_minor for one in accounts_ if one)


def free_of_call(grant: Grant) -> int:
    return free(*(one.account for one in grant.call.envelopes.all()))


def free_of_contributions(grant: Grant) -> int:
    return free(*(one.contribution.account for one in grant.call.envelopes.all()))


def last_money(given_minor: int = 20 * THOUSAND + SPARE, contribution: Contribution | None = None) -> Grant:
    """A grant that took all the money of its call but `SPARE`; the fund has ``given_minor`` in all."""
    whole = 20 * THOUSAND + SPARE
    contribution = contribution or funds.confirmed_contribution(given_minor)
    return made.active_grant(tier="M", contribution=contribution, envelope_minor=whole, ceiling_minor=whole)


# From the request to the money --------------------------------------------------------------------------------------


def test_from_the_request_to_the_tranche(grant: Grant, committee: Committee) -> None:
    before, budget, at_first = grant.amount_minor, budget_in_force(grant), free_of_call(grant)
    day = timezone.localdate() + timedelta(days=40)
    asked = asked_for_money(grant, {STAFF: 2 * THOUSAND}, paid_from=day)
    direct = sum(minor for one, minor in budget.items() if one != ReportLine.INDIRECT)
    indirect = budget[ReportLine.INDIRECT] * 2 * THOUSAND // direct
    assert indirect > 0
    assert (asked.added_minor, asked.old_minor, asked.by_committee) == (2 * THOUSAND + indirect, before, True)
    kept = approved(agreed(asked, committee))
    assert fresh(grant).amount_minor == before  # promised by the fund, not owed yet
    assert at_first - free_of_call(grant) == asked.added_minor
    effective = countersigned(signed(kept))
    assert effective.state == RevisionState.EFFECTIVE
    now = fresh(grant)
    assert (now.amount_minor, signed_minor(now)) == (before + asked.added_minor, before)
    grown = {STAFF: budget[STAFF] + 2 * THOUSAND, ReportLine.INDIRECT: budget[ReportLine.INDIRECT] + indirect}
    assert budget_in_force(now) == signed_budget(now) == budget | grown
    assert approved_budget(now) == budget
    last = now.tranches.order_by("-number")[0]
    assert (last.amount_minor, last.due_on, last.state) == (asked.added_minor, day, "planned")
    assert sum(one.amount_minor for one in now.tranches.all()) == now.amount_minor
    assert {line.budget_minor for line in ReportLine.objects.filter(report__grant=grant, category=STAFF)} == {
        grown[STAFF]
    }
    assert agreements.text_of(now, "ar")["amount_minor"] == before
    assert list(fsck.findings()) == []


def test_the_added_tranche_is_paid_and_the_grant_closes(grant: Grant, committee: Committee) -> None:
    first, second = grant.tranches.filter(retention=False).order_by("number")
    disbursements.pay(first)
    more_money(grant, {STAFF: 2 * THOUSAND}, committee=committee)
    added, retained = Tranche.objects.get(grant=grant, number=4), Tranche.objects.get(grant=grant, retention=True)
    with pytest.raises(Refused):
        disbursements.requested_tranche(added)
    disbursements.accepted_report(grant, spent_minor=first.amount_minor, number=1)
    disbursements.pay(Tranche.objects.get(pk=second.pk))
    assert Tranche.objects.get(pk=added.pk).state == "due"
    assert Tranche.objects.get(pk=retained.pk).state == "planned"
    requested = disbursements.requested_tranche(
        Tranche.objects.get(pk=added.pk), spent_minor=first.amount_minor + second.amount_minor
    )
    disbursements.pay_requested(requested)
    left, whole = 500_00, fresh(grant).amount_minor
    disbursements.accepted_report(grant, spent_minor=whole - first.amount_minor - left, number=2)
    disbursements.pay(Tranche.objects.get(pk=retained.pk))
    before, (one, other) = free_of_contributions(grant) + free_of_call(grant), made.finance_officers()
    refund = closing.compute_refund(fresh(grant), disallowed_minor=0, actor=one)
    assert refund.amount_minor == left
    seen = closing.record_refund(refund, received_on=timezone.localdate(), bank_reference="REF-1", actor=one)
    closing.confirm_refund(seen, actor=other)
    assert closing.close_grant(fresh(grant), actor=made.manager()).state == "closed"
    assert free_of_contributions(grant) + free_of_call(grant) == before + left
    assert list(fsck.findings()) == []


# What is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "في أي فئة"),
        ({STAFF: 7 * THOUSAND}, "تتجاوز الزيادة"),
    ],
)
def test_nothing_and_too_much_are_refused(grant: Grant, more: dict[str, int], said: str) -> None:
    with pytest.raises(Refused, match=said):
        asked_for_money(grant, more)
    assert not Revision.objects.exists()


def test_the_last_cent_of_the_room_may_be_asked_for(grant: Grant) -> None:
    budget, room = budget_in_force(grant), room_minor(grant)
    assert room == grant.amount_minor * 30 // 100
    most = room * (grant.amount_minor - budget[ReportLine.INDIRECT]) // grant.amount_minor
    for minor in range(most, most + 5):
        if minor + budget[ReportLine.INDIRECT] * minor // (grant.amount_minor - budget[ReportLine.INDIRECT]) > room:
            break
        most = minor
    with pytest.raises(Refused):
        asked_for_money(grant, {STAFF: most + 1})
    assert asked_for_money(grant, {STAFF: most}).added_minor <= room


@pytest.mark.parametrize("days", [-1, 400])
def test_the_day_lies_between_today_and_the_end(grant: Grant, days: int) -> None:
    with pytest.raises(Refused, match="من اليوم حتى"):
        asked_for_money(grant, {STAFF: THOUSAND}, paid_from=timezone.localdate() + timedelta(days=days))


def test_a_day_after_the_old_end_goes_with_more_months(grant: Grant) -> None:
    assert grant.ends_on is not None
    later = grant.ends_on + timedelta(days=20)
    assert asked_for_money(grant, {STAFF: THOUSAND}, months=2, paid_from=later).paid_from == later


def test_only_a_signatory_or_an_officer_asks_and_nobody_decides_before_the_committee(
    grant: Grant, committee: Committee
) -> None:
    for stranger in (preparer_of(grant.organisation), accounts.user(), made.manager()):
        with pytest.raises(Refused):
            asked_for_money(grant, {STAFF: THOUSAND}, actor=stranger)
    asked = asked_for_money(grant, {STAFF: THOUSAND}, actor=made.programme_officer())
    assert (asked.by_fund, asked.needs) == (True, "amendment")
    with pytest.raises(Refused, match="رئيس اللجنة"):
        approved(revisions.take_up(asked, actor=made.manager()))
    kept = approved(agreed_by(asked, committee))
    with pytest.raises(Refused):
        revisions.sign(kept, **texts(kept), actor=preparer_of(grant.organisation))
    with pytest.raises(Refused):
        revisions.countersign(signed(kept), **texts(kept), actor=made.programme_officer())


def agreed_by(revision: Revision, committee: Committee) -> Revision:
    """The chair and another member agree to what is under review already."""
    chair, member = (seat.user for seat in committees.members(committee)[:2])
    for person, as_chair in ((chair, True), (member, False)):
        extensions.agree(revision, content_sha256=revision_sha256(revision), as_chair=as_chair, actor=person)
    return Revision.objects.get(pk=revision.pk)


def test_a_returned_one_is_mended_and_agreed_to_anew(grant: Grant, committee: Committee) -> None:
    asked = agreed(asked_for_money(grant, {STAFF: 2 * THOUSAND}), committee)
    returned = revisions.give_back(asked, reason="كم؟", actor=made.programme_officer())
    again = cost_extensions.request_again(
        returned, more={STAFF: THOUSAND}, months=1, paid_from=timezone.localdate(), reason=WHY,
        actor=made.signatory(grant),
    )  # fmt: skip
    assert (again.round, again.months) == (2, 1)
    assert THOUSAND < again.added_minor < asked.added_minor
    with pytest.raises(Refused, match="رئيس اللجنة"):
        approved(revisions.take_up(again, actor=made.programme_officer()))
    assert countersigned(signed(approved(agreed_by(again, committee)))).state == RevisionState.EFFECTIVE
    now = fresh(grant)
    assert (now.amount_minor, months_added(now)) == (grant.amount_minor + again.added_minor, 1)
    assert now.tranches.order_by("-number")[0].amount_minor == again.added_minor
    assert list(fsck.findings()) == []


# The fund's money --------------------------------------------------------------------------------------------------


def test_a_second_one_has_what_is_left_and_its_own_share(grant: Grant, committee: Committee) -> None:
    first = more_money(grant, {STAFF: 4 * THOUSAND}, committee=committee)
    room = room_minor(fresh(grant))
    assert room == grant.amount_minor * 30 // 100 - first.added_minor
    with pytest.raises(Refused, match="تتجاوز الزيادة"):
        asked_for_money(fresh(grant), {STAFF: 2 * THOUSAND})
    second = more_money(fresh(grant), {STAFF: THOUSAND}, committee=committee, months=2)
    now = fresh(grant)
    assert now.amount_minor == grant.amount_minor + first.added_minor + second.added_minor
    shares = GrantFunding.objects.filter(grant=grant).order_by("leaf_id")
    assert [one.amount_minor for one in shares] == [grant.amount_minor, first.added_minor, second.added_minor]
    assert len({one.envelope_id for one in shares}) == 1
    assert [one.account.code.rsplit("/", 1)[1] for one in shares[1:]] == ["2", "3"]
    assert list(fsck.findings()) == []


def test_what_the_call_lacks_comes_from_contributions(committee: Committee) -> None:
    grant = last_money(given_minor=21 * THOUSAND)
    assert (free_of_call(grant), free_of_contributions(grant)) == (SPARE, THOUSAND - SPARE)
    effective = more_money(grant, {STAFF: THOUSAND // 2}, committee=committee)
    assert (free_of_call(grant), free_of_contributions(grant)) == (0, THOUSAND - effective.added_minor)
    (row,) = envelopes_of(grant.call)
    assert (row.reserved_minor, row.promised_minor) == (grant.amount_minor + effective.added_minor,) * 2
    assert list(fsck.findings()) == []


def test_a_contribution_that_the_call_did_not_draw_on_becomes_an_envelope(committee: Committee) -> None:
    grant = last_money()
    other = funds.confirmed_contribution(5 * THOUSAND)
    effective = more_money(grant, {STAFF: THOUSAND}, committee=committee)
    envelope = grant.call.envelopes.get(contribution=other)
    assert envelope.amount_minor == effective.added_minor - SPARE
    assert GrantFunding.objects.get(envelope=envelope).revision == effective
    assert list(fsck.findings()) == []


def test_the_fund_gives_no_money_that_it_lacks(committee: Committee) -> None:
    grant = last_money()
    asked = agreed(asked_for_money(grant, {STAFF: THOUSAND}), committee)
    with pytest.raises(Refused, match="ينقص"):
        approved(asked)
    asked.refresh_from_db()
    assert (asked.state, bool(asked.amendment_ar)) == (RevisionState.IN_REVIEW, False)
    funds.confirmed_contribution(2 * THOUSAND)
    assert approved(asked).state == RevisionState.APPROVED


@pytest.mark.parametrize("restriction", [Restriction.ZAKAT, Restriction.WAQF_YIELD])
def test_religious_money_pays_for_no_extension(committee: Committee, restriction: Restriction) -> None:
    grant = last_money()
    funds.confirmed_contribution(9 * THOUSAND, restriction_class=restriction)
    asked = agreed(asked_for_money(grant, {STAFF: THOUSAND}), committee)
    with pytest.raises(Refused, match="ينقص"):
        approved(asked)


@pytest.mark.parametrize("end", ["reject", "withdraw"])
@pytest.mark.parametrize("after_signature", [False, True])
def test_what_was_kept_aside_goes_back(grant: Grant, committee: Committee, end: str, after_signature: bool) -> None:
    before = free_of_call(grant)
    kept = approved(agreed(asked_for_money(grant, {STAFF: THOUSAND}), committee))
    assert free_of_call(grant) == before - kept.added_minor
    if after_signature:
        kept = signed(kept)
    if end == "reject":
        revisions.reject(kept, reason="تغيّر الظرف", actor=made.manager())
    else:
        revisions.withdraw(kept, reason="لا حاجة", actor=made.signatory(grant))
    assert free_of_call(grant) == before
    assert fresh(grant).amount_minor == grant.amount_minor
    assert list(fsck.findings()) == []
    assert more_money(grant, {STAFF: THOUSAND}, committee=committee).state == RevisionState.EFFECTIVE
    assert list(fsck.findings()) == []


def test_after_the_end_of_the_call_it_goes_back_to_the_contribution(committee: Committee) -> None:
    grant = last_money(given_minor=23 * THOUSAND)
    other = funds.confirmed_contribution(4 * THOUSAND)
    ended_call(grant)
    (row,) = envelopes_of(grant.call)
    assert (row.reserved_minor, row.free_minor) == (grant.amount_minor, 0)
    places = (grant.call.envelopes.get().contribution.account, other.account)
    before = [free(one) for one in places]
    kept = approved(agreed(asked_for_money(grant, {STAFF: 4 * THOUSAND}), committee))
    assert sum(before) - free(*places) == kept.added_minor
    revisions.reject(kept, reason="تغيّر الظرف", actor=made.manager())
    assert [free(one) for one in places] == before
    assert list(fsck.findings()) == []


def ended_call(grant: Grant) -> None:
    """The call is over: what was free in its envelopes went back."""
    over = review.mark_decided(Call.objects.get(pk=grant.call_id))
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        calls.complete(over, actor=made.programme_officer())
    grant.refresh_from_db(fields=["call"])


# What PostgreSQL refuses -------------------------------------------------------------------------------------------


def test_postgresql_lets_no_amount_grow_by_itself(grant: Grant, committee: Committee) -> None:
    other = made.active_grant(tier="M").leaf_id
    for leaf in (grant.leaf_id, other):
        for minor in (grant.amount_minor + 1, grant.amount_minor - 1):
            with pytest.raises(DatabaseError), transaction.atomic():
                Grant.objects.filter(pk=grant.pk).update(leaf=leaf, amount_minor=minor)
    effective = more_money(grant, {STAFF: THOUSAND}, committee=committee)
    for leaf in (fresh(grant).leaf_id, other):
        with pytest.raises(DatabaseError), transaction.atomic():
            Grant.objects.filter(pk=grant.pk).update(leaf=leaf, amount_minor=effective.old_minor)


@pytest.mark.parametrize(
    "change", [{"added_minor": 0}, {"by_committee": False}, {"needs": "approval"}, {"old_minor": None}]
)
def test_postgresql_knows_what_a_cost_extension_is(grant: Grant, change: dict[str, Any]) -> None:
    asked = asked_for_money(grant, {STAFF: THOUSAND})
    with pytest.raises(DatabaseError), transaction.atomic():
        Revision.objects.filter(pk=asked.pk).update(**change)


def test_postgresql_adds_no_more_than_the_charter_allows(
    grant: Grant, committee: Committee, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grants.selectors.extensions.most_to_add", lambda *_: 100 * THOUSAND)
    kept = approved(agreed(asked_for_money(grant, {STAFF: 7 * THOUSAND}), committee))
    with pytest.raises(DatabaseError, match="more is added than the charter allows"), transaction.atomic():
        countersigned(signed(kept))


def test_postgresql_adds_no_amount_without_its_money(
    grant: Grant, committee: Committee, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = signed(approved(agreed(asked_for_money(grant, {STAFF: THOUSAND}), committee)))
    monkeypatch.setattr(funding, "commit", lambda _revision: None)
    with pytest.raises(DatabaseError, match="sources do not sum"), transaction.atomic():
        counted_at_once(kept)


def counted_at_once(revision: Revision) -> None:
    """Countersign, and let PostgreSQL look at what it looks at when a transaction ends."""
    countersigned(revision)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# At once -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_keep_the_money_aside_once() -> None:
    grant, committee = made.active_grant(tier="M"), committees.constituted_committee()
    before = free_of_call(grant)
    asked = agreed(asked_for_money(grant, {STAFF: THOUSAND}), committee)
    manager, sha256 = made.manager(), revision_sha256(asked)
    act = lambda: revisions.approve(asked, content_sha256=sha256, actor=manager)  # noqa: E731
    ended = together([act] * 2, Refused)
    assert len([one for one in ended if isinstance(one, Revision)]) == 1
    assert before - free_of_call(grant) == asked.added_minor


@pytest.mark.django_db(transaction=True)
def test_two_grants_do_not_share_the_last_money() -> None:
    one, committee = last_money(given_minor=41 * THOUSAND), committees.constituted_committee()
    contribution = one.call.envelopes.get().contribution
    other = last_money(contribution=contribution)
    asked = [agreed(asked_for_money(grant, {STAFF: 800_00}), committee) for grant in (one, other)]
    acts = [lambda revision=revision: approved(revision) for revision in asked]  # type: ignore[misc]
    ended = together(acts, Refused)
    assert len([one for one in ended if isinstance(one, Revision)]) == 1
    assert free(contribution.account) == THOUSAND - 2 * SPARE - (asked[0].added_minor - SPARE)
    assert list(fsck.findings()) == []


# Pages -------------------------------------------------------------------------------------------------------------


def browser(person: Any) -> Client:
    return accounts.browser_of(person, "ar")


def told(kind: str, user: Any) -> int:
    return Notice.objects.filter(kind=kind, user=user).count()


def test_the_pages(grant: Grant, committee: Committee) -> None:
    partner, officer, manager = made.signatory(grant), made.programme_officer(), made.manager()
    page = reverse("disbursements:grant_detail", args=[grant.pk])
    new = reverse("disbursements:cost_extension_new", args=[grant.pk])
    client = browser(partner)
    assert new in client.get(page).content.decode()
    typed = {STAFF: "٩٬٠٠٠٫٠٠", "paid_from": timezone.localdate().isoformat(), "months": "0", "reason": WHY}
    refused = client.post(new, typed)
    assert refused.status_code == 200
    assert "تتجاوز الزيادة" in refused.context["form"].errors[STAFF][0]
    assert WHY in refused.content.decode()
    late = client.post(new, typed | {STAFF: "1000", "paid_from": "2040-01-01"})
    assert "اكتبوا يوماً" in late.context["form"].errors["paid_from"][0]
    nothing = client.post(new, typed | {STAFF: ""})
    assert "في أي فئة" in nothing.context["form"].errors[STAFF][0]
    assert client.post(new, typed | {STAFF: "٢٬٠٠٠٫٠٠"}).status_code == 302
    revision = Revision.objects.get()
    assert revision.added_minor > 2 * THOUSAND
    assert told("disbursements.cost_extension_requested", manager) == 1
    detail = reverse("disbursements:revision_detail", args=[revision.pk])
    assert WHY in client.get(detail).content.decode()
    assert client.get(new).status_code == 403
    staff = browser(officer)
    staff.post(reverse("disbursements:revision_take_up", args=[revision.pk]))
    staff.post(reverse("disbursements:revision_return", args=[revision.pk]), {"reason": "لماذا؟"})
    again = reverse("disbursements:revision_again", args=[revision.pk])
    assert client.get(again).context["form"][STAFF].value() == "2000.00"
    assert client.post(again, typed | {STAFF: "1000", "months": "1"}).status_code == 302
    revision.refresh_from_db()
    assert (revision.round, revision.months) == (2, 1)
    agreed(revision, committee)
    head = browser(manager)
    approve = reverse("disbursements:revision_approve", args=[revision.pk])
    shown = head.get(approve)
    head.post(approve, {"content_sha256": shown.context["form"].initial["content_sha256"]})
    revision.refresh_from_db()
    assert revision.state == RevisionState.APPROVED
    sign = reverse("disbursements:revision_sign", args=[revision.pk])
    assert client.get(sign).status_code == 200
    countersigned(signed(revision))
    assert told("disbursements.cost_extension_counts", partner) == 1
    assert client.get(detail).status_code == client.get(page).status_code == 200


def test_what_was_offered_and_signed_stays_on_its_pages(grant: Grant, committee: Committee) -> None:
    client, pages = browser(made.signatory(grant)), ("offer", "agreement")
    before = {one: client.get(reverse(f"disbursements:{one}", args=[grant.pk])) for one in pages}
    figures = {one: len(read(client, reverse(f"disbursements:{one}", args=[grant.pk])).figures) for one in pages}
    more_money(grant, {STAFF: 2 * THOUSAND}, committee=committee)
    for one in pages:
        address = reverse(f"disbursements:{one}", args=[grant.pk])
        after = client.get(address)
        assert after.context["signed"] == before[one].context["signed"]
        assert after.context["rows"] == before[one].context["rows"]
        assert opened(client, address) == figures[one]


def test_the_forecast_knows_what_is_kept_aside(grant: Grant, committee: Committee) -> None:
    before = liquidity()
    day = timezone.localdate() + timedelta(days=70)
    kept = approved(agreed(asked_for_money(grant, {STAFF: THOUSAND}, paid_from=day), committee))
    now = liquidity()
    apart = [sum(one.minor for one in stock.kept_apart) for stock in (before.stock, now.stock)]
    assert apart[0] - apart[1] == kept.added_minor  # it was the call's; now it is there for the tranche to come
    assert now.stock.cash == before.stock.cash
    [new] = set(now.promised) - set(before.promised)
    assert (new.due.day, new.due.money.minor, new.number, new.tranche) == (day, kept.added_minor, 4, None)
    finance = browser(made.finance_officers()[0])
    assert finance.get(new.opens).context["total"].minor == kept.added_minor
    countersigned(signed(kept))
    [counted] = set(liquidity().promised) - set(before.promised)
    assert (counted.due.day, counted.due.money, counted.number) == (day, new.due.money, 4)
    assert counted.tranche is not None


def test_the_committees_page(grant: Grant, committee: Committee) -> None:
    asked = asked_for_money(grant, {STAFF: THOUSAND})
    chair, member = (seat.user for seat in committees.members(committee)[:2])
    address = reverse("committees:extension_agree", args=[asked.pk])
    assert told("committees.money_asked", member) == 1
    assert address in [item.url for item in work_for(chair)]
    reads = browser(member)
    shown = reads.get(address)
    assert WHY in shown.content.decode()
    assert shown.context["budget"].after_minor == grant.amount_minor + asked.added_minor
    sha256 = shown.context["form"].initial["content_sha256"]
    assert reads.post(address, {"content_sha256": sha256, "read": "on"}).status_code == 302
    assert asked.consents.get().member == member
    for other in (made.signatory(grant), made.manager(), accounts.user()):
        assert browser(other).get(address).status_code == 404


def test_behind_the_wall_only_both_sides_read_it(grant: Grant) -> None:
    asked_for_money(grant, {STAFF: THOUSAND})
    seen = {made.signatory(grant): 1, made.programme_officer(): 1, accounts.user(): 0}
    for person, number in seen.items():
        with identity.person(person.pk):
            assert Revision.objects.count() == number
