"""More months for a grant, from the request to the days that move; long ones with the committee."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from charter.selectors import end_of_day
from committees.rules.extensions import may_agree_now
from committees.selectors.extensions import members_to_ask
from committees.services import committees as committee_services
from committees.services import conflicts
from disbursements import clock
from disbursements.models import Tranche
from disbursements.selectors.extensions import moved_days
from grants.extensions import last_day_to_ask
from grants.fingerprints import revision_sha256
from grants.models import Grant, Report, Revision, RevisionConsent
from grants.selectors.extensions import months_added, signed_end
from grants.selectors.grants import rules_of
from grants.selectors.revisions import budget_in_force
from grants.services import agreements, extensions, revisions
from grants.states import RevisionState
from kernel import identity
from kernel.permissions import Allowed, Refused
from kernel.work import work_for
from notices.models import Notice
from tests.factories import accounts, committees, disbursements
from tests.factories import awards as made
from tests.factories.organisations import preparer_of
from tests.threads import together

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant_of_tier_m")]
WHY = "تأخر الترخيص من البلدية شهرين"


@pytest.fixture
def grant() -> Grant:
    return made.active_grant(tier="M")


def asked(grant: Grant, months: int = 3, *, actor: Any = None) -> Revision:
    return extensions.request(grant, months=months, reason=WHY, actor=actor or made.signatory(grant))


def reviewed(revision: Revision) -> Revision:
    return revisions.take_up(revision, actor=made.programme_officer())


def approved(revision: Revision, actor: Any = None) -> Revision:
    return revisions.approve(revision, content_sha256=revision_sha256(revision), actor=actor or made.manager())


def in_force(grant: Grant, months: int = 3) -> Revision:
    return approved(reviewed(asked(grant, months)))


def agree(revision: Revision, holder: Any, *, as_chair: bool = False) -> RevisionConsent:
    sha256 = revision_sha256(revision)
    return extensions.agree(revision, content_sha256=sha256, as_chair=as_chair, actor=holder)


def days_of(grant: Grant) -> dict[str, date | None]:
    tranches = {f"t{one.number}": one.due_on for one in Tranche.objects.filter(grant=grant)}
    reports = {f"r{one.label}": one.due_on for one in Report.objects.filter(grant=grant)}
    return {"end": Grant.objects.get(pk=grant.pk).ends_on, **tranches, **reports}


def at(day: date) -> Any:
    return time_machine.travel(end_of_day(day) - timedelta(hours=8), tick=False)


def browser(person: Any) -> Client:
    return accounts.browser_of(person, "ar")


def told(kind: str, user: Any) -> int:
    return Notice.objects.filter(kind=kind, user=user).count()


def test_what_is_to_come_moves_and_what_was_begun_stays(grant: Grant) -> None:
    before, budget = days_of(grant), budget_in_force(grant)
    revision = asked(grant)
    assert (revision.needs, revision.by_committee, revision.old_end) == ("approval", False, before["end"])
    assert told("disbursements.extension_requested", made.manager()) == 1
    shown = moved_days(reviewed(revision))
    effective = approved(Revision.objects.get(pk=revision.pk))
    assert effective.state == RevisionState.EFFECTIVE
    after = days_of(grant)
    assert after["end"] == revision.new_end
    assert after["t1"] == before["t1"]  # due already
    later = [name for name in before if name not in {"t1", "end"}]
    assert later
    assert all(after[name] > before[name] for name in later)  # type: ignore[operator]
    assert moved_days(effective) == shown
    assert {(one.before, one.after) for one in shown} == {(before[name], after[name]) for name in ["end", *later]}
    assert (months_added(grant), signed_end(grant)) == (3, before["end"])
    assert budget_in_force(grant) == budget
    assert told("disbursements.extension_counts", made.signatory(grant)) == 1
    second = in_force(Grant.objects.get(pk=grant.pk), 1)
    assert moved_days(effective) == shown
    assert moved_days(second)[0].before == revision.new_end


def test_periods_follow_one_another_and_the_final_report_comes_after_the_end(grant: Grant) -> None:
    in_force(grant)
    grant.refresh_from_db()
    reports = list(grant.reports.order_by("number"))
    for earlier, later in pairwise(reports):
        assert later.period_start == earlier.period_end + timedelta(days=1)
    assert (reports[0].period_start, reports[-1].period_end) == (grant.starts_on, grant.ends_on)
    assert grant.ends_on is not None
    assert reports[-1].due_on > grant.ends_on
    tranches = list(grant.tranches.order_by("number"))
    assert [one.due_on for one in tranches] == sorted(one.due_on for one in tranches)
    assert tranches[-1].due_on <= grant.ends_on


def test_the_agreement_goes_on_saying_what_was_signed(grant: Grant) -> None:
    said = agreements.text_of(grant, "en")
    in_force(grant)
    assert agreements.text_of(Grant.objects.get(pk=grant.pk), "en") == said


def test_a_report_that_is_open_keeps_its_days(grant: Grant) -> None:
    first = disbursements.written_report(grant, spent_minor=1000)
    before = (first.period_start, first.period_end, first.due_on)
    in_force(grant)
    first.refresh_from_db()
    assert (first.period_start, first.period_end, first.due_on) == before


def test_asked_for_in_the_charters_days_only(grant: Grant) -> None:
    assert grant.ends_on is not None
    last = last_day_to_ask(grant.ends_on, rules_of(grant).changes)
    with at(last):
        revision = asked(grant)
        revisions.withdraw(revision, reason="لا حاجة", actor=made.signatory(grant))
    with at(last + timedelta(days=1)), pytest.raises(Refused):
        asked(grant)


def test_only_a_signatory_or_an_officer_asks_and_only_the_manager_approves(grant: Grant) -> None:
    for stranger in (preparer_of(grant.organisation), accounts.user(), made.manager()):
        with pytest.raises(Refused):
            asked(grant, actor=stranger)
    revision = reviewed(asked(grant))
    with pytest.raises(Refused):
        asked(grant)  # one change at a time
    with pytest.raises(Refused):
        approved(revision, actor=made.programme_officer())
    with pytest.raises(Refused):
        revisions.approve(revision, content_sha256="0" * 64, actor=made.manager())


def test_what_the_fund_asks_for_is_signed_by_both(grant: Grant) -> None:
    revision = asked(grant, actor=made.programme_officer())
    assert (revision.by_fund, revision.needs) == (True, "amendment")
    assert told("disbursements.extension_by_fund", made.signatory(grant)) == 1
    end = grant.ends_on
    ready = approved(revisions.take_up(revision, actor=made.manager()))
    assert (ready.state, Grant.objects.get(pk=grant.pk).ends_on) == (RevisionState.APPROVED, end)
    hashes = {"sha256_ar": ready.amendment_ar_sha256, "sha256_en": ready.amendment_en_sha256}
    signed = revisions.sign(ready, **hashes, actor=made.signatory(grant))
    revisions.countersign(signed, **hashes, actor=made.manager())
    assert Grant.objects.get(pk=grant.pk).ends_on == revision.new_end


def test_a_returned_one_is_mended_and_months_add_up(grant: Grant) -> None:
    returned = revisions.give_back(reviewed(asked(grant, 2)), reason="كم شهراً؟", actor=made.programme_officer())
    again = extensions.request_again(returned, months=4, reason=WHY, actor=made.signatory(grant))
    assert (again.round, again.months, again.by_committee) == (2, 4, False)
    approved(reviewed(again))
    within = asked(grant, 2)
    assert within.by_committee is False
    revisions.withdraw(within, reason="نحتاج أكثر", actor=made.signatory(grant))
    assert asked(grant, 3).by_committee is True


@pytest.fixture
def case() -> committees.Case:
    return committees.deliberating(number=1)


@pytest.fixture
def awarded(case: committees.Case) -> Grant:
    meeting = committees.open_meeting(case)
    committees.decided(meeting, case.applications[0], "approve")
    return made.in_force(Grant.objects.get(application=case.applications[0]))


@pytest.mark.database("deliberating")
def test_a_long_one_waits_for_the_chair_and_another_member(case: committees.Case, awarded: Grant) -> None:
    chair, member = case.seats[0].user, case.seats[2].user
    revision = asked(awarded, 7)
    assert revision.by_committee
    assert told("committees.extension_asked", member) == 1
    address = reverse("committees:extension_agree", args=[revision.pk])
    assert address in [item.url for item in work_for(member)]
    reviewed(revision)
    for outsider in (made.manager(), made.signatory(awarded), accounts.user()):
        with pytest.raises(Refused):
            agree(revision, outsider)
    with pytest.raises(Refused):
        agree(revision, member, as_chair=True)
    agree(revision, member)
    with pytest.raises(Refused):
        agree(revision, member)
    with pytest.raises(Refused):
        approved(revision)  # the chair has not agreed
    assert address not in [item.url for item in work_for(member)]
    agree(revision, chair, as_chair=True)
    assert address not in [item.url for item in work_for(case.seats[3].user)]
    assert approved(revision).state == RevisionState.EFFECTIVE


@pytest.mark.database("deliberating")
def test_a_recused_member_neither_reads_nor_agrees(case: committees.Case, awarded: Grant) -> None:
    holder = case.seats[3]
    conflicts.recuse(holder, case.applications[0], ground="family", source="declared", actor=holder.user)
    revision = asked(awarded, 9)
    with pytest.raises(Refused):
        agree(revision, holder.user)
    address = reverse("committees:extension_agree", args=[revision.pk])
    assert address not in [item.url for item in work_for(holder.user)]
    assert browser(holder.user).get(address).status_code == 404


@pytest.mark.database("deliberating")
def test_those_are_asked_who_may_agree_however_many_by_the_same_queries(case: committees.Case, awarded: Grant) -> None:
    revision = asked(awarded, 7)
    conflicts.recuse(case.seats[6], case.applications[0], ground="family", source="declared", actor=case.seats[6].user)
    agree(revision, case.seats[5].user)

    def told() -> tuple[list[Any], int]:
        fresh = Revision.objects.select_related("grant__call", "grant__application").get(pk=revision.pk)
        with CaptureQueriesContext(connection) as queries:
            members = members_to_ask(fresh)
        assert members == [one.user for one in case.seats if may_agree_now(fresh, one.user)]
        return members, len(queries)

    five, queries = told()
    assert five == [one.user for one in case.seats[:5]]
    for left in (3, 1):
        for seat in case.seats[left : 5 if left == 3 else 3]:
            committee_services.vacate_seat(seat, actor=made.programme_officer(), reason="استقال")
        assert told() == ([one.user for one in case.seats[:left]], queries)


@pytest.mark.database("deliberating")
def test_a_grant_outlives_the_terms_of_its_committee(case: committees.Case, awarded: Grant) -> None:
    for seat in case.seats:
        committee_services.vacate_seat(seat, actor=made.programme_officer(), reason="انتهت مدته")
    later = committees.constituted_committee()
    sitting = committees.members(later)
    chair, holder = (next(one.user for one in sitting if one.office == office) for office in ("chair", "member"))
    revision = asked(awarded, 7)
    address = reverse("committees:extension_agree", args=[revision.pk])
    assert address in [item.url for item in work_for(holder)]
    assert told("committees.extension_asked", holder) == 1
    with pytest.raises(Refused):
        agree(revision, case.seats[2].user)
    agree(revision, holder)
    agree(revision, chair, as_chair=True)
    assert approved(reviewed(revision)).state == RevisionState.EFFECTIVE


@pytest.mark.database("deliberating")
def test_in_the_place_of_a_recused_chair_the_rapporteur_agrees(case: committees.Case, awarded: Grant) -> None:
    conflicts.recuse(case.seats[0], case.applications[0], ground="family", source="declared", actor=case.chair)
    revision = reviewed(asked(awarded, 7))
    with pytest.raises(Refused):
        agree(revision, case.seats[2].user, as_chair=True)
    agree(revision, case.seats[2].user)
    agree(revision, case.rapporteur, as_chair=True)
    assert approved(revision).state == RevisionState.EFFECTIVE


@pytest.mark.database("deliberating")
def test_what_was_agreed_to_is_not_what_is_sent_again(case: committees.Case, awarded: Grant) -> None:
    revision = reviewed(asked(awarded, 8))
    agree(revision, case.chair, as_chair=True)
    agree(revision, case.seats[2].user)
    returned = revisions.give_back(revision, reason="كم؟", actor=made.programme_officer())
    again = reviewed(extensions.request_again(returned, months=12, reason=WHY, actor=made.signatory(awarded)))
    with pytest.raises(Refused):
        approved(again)
    with pytest.raises(Refused):
        extensions.agree(again, content_sha256=revision_sha256(revision), as_chair=True, actor=case.chair)


def test_postgresql_moves_no_day_without_an_extension(grant: Grant) -> None:
    tranche = grant.tranches.order_by("-number")[0]
    report = grant.reports.order_by("-number")[0]
    later = timedelta(days=30)
    assert grant.ends_on is not None
    for row, day in ((grant, "ends_on"), (tranche, "due_on"), (report, "due_on"), (report, "period_end")):
        moved = {day: getattr(row, day) + later}
        for leaf in (row.leaf_id, made.active_grant(tier="M").leaf_id):
            with pytest.raises(DatabaseError), transaction.atomic():
                type(row).objects.filter(pk=row.pk).update(leaf=leaf, **moved)
    in_force(grant)
    back = Tranche.objects.get(pk=tranche.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        Tranche.objects.filter(pk=back.pk).update(due_on=tranche.due_on)


@pytest.mark.database("deliberating")
def test_postgresql_lets_no_long_one_count_without_the_committee(awarded: Grant) -> None:
    revision = reviewed(asked(awarded, 7))
    with (
        mock.patch("grants.rules.extensions.committee_agreed", return_value=Allowed()),
        pytest.raises(DatabaseError, match="have not agreed"),
        transaction.atomic(),
    ):
        approved(revision)


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_move_the_days_once() -> None:
    grant = made.active_grant(tier="M")
    revision = reviewed(asked(grant))
    manager, end = made.manager(), revision.new_end
    sha256 = revision_sha256(revision)
    act = lambda: revisions.approve(revision, content_sha256=sha256, actor=manager)  # noqa: E731
    ended = together([act] * 2, Refused)
    assert len([one for one in ended if isinstance(one, Revision)]) == 1
    assert Grant.objects.get(pk=grant.pk).ends_on == end
    assert months_added(grant) == 3


def test_the_clock_opens_the_final_report_at_the_new_end(grant: Grant) -> None:
    old = grant.ends_on
    assert old is not None
    in_force(grant)
    final = grant.reports.get(kind="final")
    with at(old + timedelta(days=1)):
        clock.follow(timezone.now())
        final.refresh_from_db()
        assert final.state == "scheduled"


def test_what_is_past_its_day_is_said_once_to_whose_turn_it_is(grant: Grant) -> None:
    revision = asked(grant)
    assert revision.step_due is not None
    for late in (timedelta(0), timedelta(seconds=1), timedelta(days=1)):
        clock.follow(revision.step_due + late)
    assert told("disbursements.revision_overdue", made.manager()) == 1
    assert told("disbursements.revision_overdue", made.signatory(grant)) == 0
    returned = revisions.give_back(reviewed(revision), reason="كم؟", actor=made.programme_officer())
    assert returned.step_due is not None
    clock.follow(returned.step_due + timedelta(seconds=1))
    assert told("disbursements.revision_overdue", made.signatory(grant)) == 1


def test_the_pages(grant: Grant) -> None:
    partner, officer, manager = made.signatory(grant), made.programme_officer(), made.manager()
    page = reverse("disbursements:grant_detail", args=[grant.pk])
    new = reverse("disbursements:extension_new", args=[grant.pk])
    client = browser(partner)
    assert new in client.get(page).content.decode()
    refused = client.post(new, {"months": "0", "reason": WHY})
    assert refused.status_code == 200
    assert refused.context["form"].errors["months"]
    assert WHY in refused.content.decode()
    assert client.post(new, {"months": "2", "reason": WHY}).status_code == 302
    revision = Revision.objects.get()
    detail = reverse("disbursements:revision_detail", args=[revision.pk])
    assert WHY in client.get(detail).content.decode()
    assert client.get(new).status_code == 403
    staff = browser(officer)
    staff.post(reverse("disbursements:revision_take_up", args=[revision.pk]))
    staff.post(reverse("disbursements:revision_return", args=[revision.pk]), {"reason": "لماذا؟"})
    again = reverse("disbursements:revision_again", args=[revision.pk])
    assert client.get(again).context["form"].initial["months"] == 2
    assert client.post(again, {"months": "3", "reason": WHY}).status_code == 302
    staff.post(reverse("disbursements:revision_take_up", args=[revision.pk]))
    head = browser(manager)
    approve = reverse("disbursements:revision_approve", args=[revision.pk])
    shown = head.get(approve)
    assert shown.status_code == 200
    head.post(approve, {"content_sha256": shown.context["form"].initial["content_sha256"]})
    revision.refresh_from_db()
    assert (revision.state, revision.months) == (RevisionState.EFFECTIVE, 3)
    assert client.get(detail).status_code == client.get(page).status_code == 200


@pytest.mark.database("deliberating")
def test_the_wall_shows_a_consent_to_both_sides_and_nobody_else(case: committees.Case, awarded: Grant) -> None:
    agree(asked(awarded, 7), case.seats[2].user)
    seen = {made.signatory(awarded): 1, made.programme_officer(): 1, accounts.user(): 0, case.seats[3].user: 0}
    for person, number in seen.items():
        with identity.person(person.pk):
            assert RevisionConsent.objects.count() == number


@pytest.mark.database("deliberating")
def test_the_committees_page(case: committees.Case, awarded: Grant) -> None:
    revision = asked(awarded, 7)
    address = reverse("committees:extension_agree", args=[revision.pk])
    member = browser(case.seats[2].user)
    shown = member.get(address)
    assert WHY in shown.content.decode()
    assert awarded.organisation.name_ar in shown.content.decode()
    sha256 = shown.context["form"].initial["content_sha256"]
    assert member.post(address, {"content_sha256": sha256}).status_code == 200  # not ticked
    assert not RevisionConsent.objects.exists()
    assert member.post(address, {"content_sha256": sha256, "read": "on"}).status_code == 302
    assert RevisionConsent.objects.get().member == case.seats[2].user
    assert member.post(address, {"content_sha256": sha256, "read": "on"}).status_code == 403
    for other in (made.signatory(awarded), made.manager(), accounts.user()):
        assert browser(other).get(address).status_code == 404
