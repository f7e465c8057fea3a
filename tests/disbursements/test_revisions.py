"""Changes of a grant's budget, from the request to the report that compares with the new one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Role
from disbursements import clock
from grants.closure_blockers import blockers_of
from grants.fingerprints import revision_sha256
from grants.models import Grant, ReportLine, RevisedAmount, Revision
from grants.rules import revisions as rules
from grants.selectors.budgets import approved_budget
from grants.selectors.revisions import budget_in_force, least_by_category, signed_budget
from grants.services import reports, revisions
from grants.states import ReportState, RevisionState
from kernel import identity
from kernel.permissions import Allowed, Refused
from kernel.work import work_for
from notices.models import Notice
from tests.factories import accounts, disbursements
from tests.factories import awards as made
from tests.factories.accounts import sign_in
from tests.factories.organisations import preparer_of
from tests.threads import together

pytestmark = [pytest.mark.django_db, pytest.mark.database("active_grant_of_tier_m")]
WHY = "ارتفعت أسعار المواد"


@pytest.fixture
def grant() -> Grant:
    return made.active_grant(tier="M")


def parts(grant: Grant) -> tuple[str, str]:
    """A category that gives and one that takes, neither of staff, the larger first."""
    now = budget_in_force(grant)
    found = sorted((one for one in now if one not in {"A", "I"}), key=lambda one: -now[one])
    return (found[0], found[1]) if len(found) > 1 else (found[0], "A")


def moving(grant: Grant, percent: int, *, source: str = "", target: str = "") -> dict[str, int]:
    """The budget with ``percent`` of the smaller category moved from one to the other."""
    now = budget_in_force(grant)
    larger, smaller = parts(grant)
    source, target = source or larger, target or smaller
    minor = min(now[source], now.get(target) or now[source]) * percent // 100
    return {**now, source: now[source] - minor, target: now.get(target, 0) + minor}


def asked(grant: Grant, percent: int = 5, *, actor: Any = None, new_post: bool = False, **more: Any) -> Revision:
    amounts = moving(grant, percent, **more)
    return revisions.request(
        grant, amounts=amounts, reason=WHY, new_post=new_post, actor=actor or made.signatory(grant)
    )


def reviewed(revision: Revision) -> Revision:
    return revisions.take_up(revision, actor=made.programme_officer())


def approved(revision: Revision, actor: Any = None) -> Revision:
    return revisions.approve(
        revision, content_sha256=revision_sha256(revision), actor=actor or made.programme_officer()
    )


def hashes(revision: Revision) -> dict[str, str]:
    return {"sha256_ar": revision.amendment_ar_sha256, "sha256_en": revision.amendment_en_sha256}


def told(kind: str, user: Any) -> int:
    return Notice.objects.filter(kind=f"disbursements.{kind}", user=user).count()


def test_a_notice_counts_by_itself_after_the_days(grant: Grant) -> None:
    before = budget_in_force(grant)
    revision = asked(grant)
    assert (revision.needs, revision.state) == ("notice", RevisionState.REQUESTED)
    assert told("revision_requested", made.programme_officer()) == 1
    assert [item.url for item in work_for(made.programme_officer()) if str(revision.pk) in item.url]
    due = revision.step_due
    assert due is not None
    clock.follow(due)
    revision.refresh_from_db()
    assert (revision.state, budget_in_force(grant)) == (RevisionState.REQUESTED, before)
    clock.follow(due + timedelta(seconds=1))
    revision.refresh_from_db()
    assert (revision.state, revision.decided_by) == (RevisionState.EFFECTIVE, None)
    after = {one.category: one.after_minor for one in revision.amounts.all()}
    assert budget_in_force(grant) == after != before
    assert sum(after.values()) == grant.amount_minor
    assert approved_budget(grant) == signed_budget(grant) == before
    for line in ReportLine.objects.filter(report__grant=grant):
        assert line.budget_minor == after[line.category]
    assert told("revision_counts", made.signatory(grant)) == 1


def test_a_notice_that_is_taken_up_waits_for_the_decision(grant: Grant) -> None:
    revision = reviewed(asked(grant))
    assert revision.step_due is not None
    clock.follow(revision.step_due + timedelta(days=1))
    revision.refresh_from_db()
    assert revision.state == RevisionState.IN_REVIEW
    with pytest.raises(Refused):
        revisions.approve(revision, content_sha256="0" * 64, actor=made.programme_officer())
    with pytest.raises(Refused):
        approved(revision, actor=made.signatory(grant))
    assert approved(revision).state == RevisionState.EFFECTIVE


def test_small_changes_add_up_until_an_approval_is_needed(grant: Grant) -> None:
    first = asked(grant, 10)
    approved(reviewed(first))
    second = asked(grant, 8)
    assert (first.needs, second.needs) == ("notice", "approval")
    assert second.percent >= 16


def test_a_returned_change_is_sent_again_and_both_rounds_stay(grant: Grant) -> None:
    revision = reviewed(asked(grant))
    revision = revisions.give_back(revision, reason="اذكروا البند", actor=made.programme_officer())
    partner = made.signatory(grant)
    assert told("revision_returned", partner) == 1
    assert [item for item in work_for(partner) if str(revision.pk) in item.url]
    with pytest.raises(Refused):
        revisions.request_again(
            revision, amounts=moving(grant, 6), reason=WHY, new_post=False, actor=preparer_of(grant.organisation)
        )
    again = revisions.request_again(
        revision, amounts=moving(grant, 6), reason="بند النقل", new_post=False, actor=partner
    )
    assert (again.round, again.state) == (2, RevisionState.REQUESTED)
    assert set(again.amounts.values_list("round", flat=True)) == {1, 2}
    approved(reviewed(again))
    assert budget_in_force(grant) == {one.category: one.after_minor for one in again.amounts.filter(round=2)}


def test_a_large_change_is_an_amendment_that_both_sign(grant: Grant) -> None:
    before = budget_in_force(grant)
    revision = approved(reviewed(asked(grant, 50)))
    assert (revision.needs, revision.state, budget_in_force(grant)) == ("amendment", RevisionState.APPROVED, before)
    for file in (revision.amendment_ar, revision.amendment_en):
        with file.open("rb") as opened:
            assert opened.read().startswith(b"%PDF-")
    manager, partner = made.manager(), made.signatory(grant)
    with pytest.raises(Refused):
        revisions.sign(revision, **hashes(revision), actor=preparer_of(grant.organisation))
    with pytest.raises(Refused):
        revisions.sign(revision, sha256_ar="0" * 64, sha256_en="0" * 64, actor=partner)
    signed = revisions.sign(revision, **hashes(revision), actor=partner)
    assert told("amendment_to_countersign", manager) == 1
    with pytest.raises(Refused):
        revisions.countersign(signed, **hashes(signed), actor=partner)
    effective = revisions.countersign(signed, **hashes(signed), actor=manager)
    assert effective.state == RevisionState.EFFECTIVE
    assert signed_budget(grant) == budget_in_force(grant) != before
    assert asked(grant, 5).needs == "notice"  # the count began anew with the signatures


def test_a_new_post_and_a_new_category(grant: Grant) -> None:
    now = budget_in_force(grant)
    post = revisions.request(grant, amounts=now, reason=WHY, new_post=True, actor=made.signatory(grant))
    assert (post.needs, post.moved_minor) == ("approval", 0)
    revisions.withdraw(post, reason="لا حاجة", actor=made.signatory(grant))
    free = next(one for one in "BCDEFG" if one not in now)
    revision = approved(reviewed(asked(grant, 1, target=free)))
    assert (revision.needs, revision.state) == ("amendment", RevisionState.APPROVED)
    signed = revisions.sign(revision, **hashes(revision), actor=made.signatory(grant))
    revisions.countersign(signed, **hashes(signed), actor=made.manager())
    lines = ReportLine.objects.filter(report__grant=grant, category=free)
    assert lines.count() == grant.reports.count()


def test_what_the_fund_asks_for_needs_both_signatures_and_two_officers(grant: Grant) -> None:
    officer, other = made.programme_officer(), accounts.officer(Role.PROGRAMME_OFFICER)
    revision = asked(grant, 5, actor=officer)
    assert (revision.by_fund, revision.needs) == (True, "amendment")
    assert told("revision_by_fund", made.signatory(grant)) == 1
    with pytest.raises(Refused):
        revisions.take_up(revision, actor=officer)
    taken = revisions.take_up(revision, actor=other)
    with pytest.raises(Refused):
        approved(taken, actor=officer)
    assert approved(taken, actor=other).state == RevisionState.APPROVED


@pytest.mark.parametrize("wrong", ["sum", "indirect", "nothing"])
def test_what_cannot_be_asked_for(grant: Grant, wrong: str) -> None:
    now = budget_in_force(grant)
    larger, _smaller = parts(grant)
    amounts = {
        "sum": {**now, larger: now[larger] + 1},
        "indirect": {**now, "I": now["I"] + 1, larger: now[larger] - 1},
        "nothing": now,
    }[wrong]
    with pytest.raises(Refused):
        revisions.request(grant, amounts=amounts, reason=WHY, new_post=False, actor=made.signatory(grant))
    assert not grant.revisions.exists()


def test_what_is_spent_stays_in_its_category(grant: Grant) -> None:
    disbursements.pay(grant.tranches.get(number=1))
    disbursements.submitted_report(grant, spent_minor=100_00)
    spent = {one: minor for one, minor in least_by_category(grant).items() if minor and one != "I"}
    assert sum(spent.values()) > 0
    source = next(iter(spent))
    now = budget_in_force(grant)
    target = next(one for one in now if one not in {source, "I"})
    moved = now[source] - spent[source] + 1
    amounts = {**now, source: now[source] - moved, target: now[target] + moved}
    with pytest.raises(Refused):
        revisions.request(grant, amounts=amounts, reason=WHY, new_post=False, actor=made.signatory(grant))


def test_a_submitted_report_keeps_the_budget_of_its_time(grant: Grant) -> None:
    disbursements.pay(grant.tranches.get(number=1))
    sent = disbursements.submitted_report(grant, spent_minor=100_00)
    before = dict(sent.lines.values_list("category", "budget_minor"))
    approved(reviewed(asked(grant)))
    assert dict(sent.lines.values_list("category", "budget_minor")) == before
    later = grant.reports.filter(state=ReportState.SCHEDULED).first()
    assert later is not None
    assert dict(later.lines.values_list("category", "budget_minor")) == budget_in_force(grant)


def test_one_change_at_a_time_none_after_the_final_report_also_in_postgresql(
    grant: Grant, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = reviewed(asked(grant))
    with pytest.raises(Refused):
        asked(grant)
    assert [answer for answer in blockers_of(grant) if not answer]
    final = grant.reports.get(kind="final")
    reports.open_report(final, actor=None)
    with pytest.raises(Refused):
        approved(revision)
    with monkeypatch.context() as careless:
        careless.setattr(rules, "is_changeable", lambda _grant: Allowed())
        with pytest.raises(DatabaseError, match="final report is open"), transaction.atomic():
            approved(revision)
    rejected = revisions.reject(revision, reason="فات الأوان", actor=made.programme_officer())
    assert rejected.state == RevisionState.REJECTED
    with pytest.raises(Refused):
        asked(grant)


def test_a_grant_waits_for_no_side_that_does_not_answer(grant: Grant) -> None:
    returned = revisions.give_back(reviewed(asked(grant)), reason="اذكروا البند", actor=made.programme_officer())
    assert revisions.reject(returned, reason="لم يصل جواب", actor=made.manager()).state == RevisionState.REJECTED
    unsigned = approved(reviewed(asked(grant, 50)))
    revisions.reject(unsigned, reason="لم يُوقَّع", actor=made.manager())
    assert not grant.revisions.exclude(state=RevisionState.REJECTED).exists()


@pytest.mark.parametrize("side", ["partner", "fund"])
def test_what_waits_costs_as_much_for_three_as_for_one(side: str) -> None:
    first = made.active_grant(tier="M")
    person = made.signatory(first) if side == "partner" else made.programme_officer()

    def waiting(grant: Grant) -> None:
        revision = asked(grant)
        if side == "partner":
            revisions.give_back(reviewed(revision), reason="اذكروا البند", actor=made.programme_officer())

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as caught:
            shown = [item for item in work_for(person) if "/changes/" in item.url]
        return len(shown), len(caught)

    waiting(first)
    work_for(person)
    one = cost()
    for _ in range(2):
        waiting(made.active_grant(tier="M", organisation=first.organisation))
    assert cost() == (3, one[1])


def test_a_notice_after_the_final_report_never_counts(grant: Grant) -> None:
    revision = asked(grant)
    reports.open_report(grant.reports.get(kind="final"), actor=None)
    assert revision.step_due is not None
    clock.follow(revision.step_due + timedelta(days=1))
    revision.refresh_from_db()
    assert revision.state == RevisionState.REQUESTED


def test_budgets_change_by_a_revision_in_force_only(grant: Grant) -> None:
    revision = asked(grant)
    line = ReportLine.objects.filter(report__grant=grant).first()
    assert line is not None
    for statement, key in (
        ("UPDATE grants_reportline SET budget_minor = budget_minor + 1 WHERE id = %s", line.pk),
        ("UPDATE grants_revision SET state = 'effective' WHERE id = %s", revision.pk),
        ("UPDATE grants_revision SET needs = 'approval', percent = 1 WHERE id = %s", revision.pk),
        ("UPDATE grants_revision SET reason = 'x' WHERE id = %s", revision.pk),
        ("UPDATE grants_revisedamount SET after_minor = 1 WHERE revision_id = %s", revision.pk),
        ("DELETE FROM grants_revisedamount WHERE revision_id = %s", revision.pk),
        ("DELETE FROM grants_revision WHERE id = %s", revision.pk),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [key])


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_one_is_made() -> None:
    grant = made.active_grant(tier="M")
    signatory, amounts = made.signatory(grant), moving(grant, 5)
    act = lambda: revisions.request(grant, amounts=amounts, reason=WHY, new_post=False, actor=signatory)  # noqa: E731
    answers = together([act] * 4, Refused)
    assert len([one for one in answers if isinstance(one, Revision)]) == 1
    assert grant.revisions.count() == 1


def test_the_pages_of_a_change(client: Client, grant: Grant) -> None:
    partner = made.signatory(grant)
    sign_in(client, partner)
    new, back = (reverse(f"disbursements:{name}", args=[grant.pk]) for name in ("revision_new", "grant_detail"))
    assert new in client.get(back).content.decode()
    page = client.get(new).content.decode()
    assert 'name="B"' in page
    assert 'name="I"' not in page
    amounts = {one: f"{minor / 100:.2f}" for one, minor in moving(grant, 50).items() if one != "I"}
    wrong = client.post(new, {**amounts, "reason": WHY, next(iter(amounts)): "1"})
    assert wrong.status_code == 200
    assert WHY in wrong.content.decode()
    every = {**dict.fromkeys("ABCDEFG", "0"), **amounts, "reason": f"{WHY} <b>جداً</b>"}
    assert client.post(new, every).status_code == 302
    revision = grant.revisions.get()

    def at(name: str) -> str:
        return reverse(f"disbursements:revision_{name}", args=[revision.pk])

    shown = client.get(at("detail")).content.decode()
    assert "&lt;b&gt;" in shown
    assert at("withdraw") in shown
    assert client.get(at("approve")).status_code == 403
    sign_in(client, accounts.user())
    assert [client.get(at(name)).status_code for name in ("detail", "withdraw", "sign")] == [404] * 3
    sign_in(client, made.programme_officer())
    assert client.post(at("take_up"), {}).status_code == 302
    assert client.post(at("return"), {"reason": "اذكروا البند"}).status_code == 302
    sign_in(client, partner)
    assert WHY in client.get(at("again")).content.decode()
    assert client.post(at("again"), every).status_code == 302
    sign_in(client, made.programme_officer(), second_factor=True)
    assert client.post(at("take_up"), {}).status_code == 302
    revision.refresh_from_db()
    assert client.post(at("approve"), {"content_sha256": "0" * 64}).status_code == 200
    assert client.post(at("approve"), {"content_sha256": revision_sha256(revision)}).status_code == 302
    revision.refresh_from_db()
    for language in ("ar", "en"):
        file = client.get(reverse(f"disbursements:amendment_{language}", args=[revision.pk]))
        assert (file["Content-Type"], file.getvalue()[:5]) == ("application/pdf", b"%PDF-")
    for person in (partner, made.manager()):
        sign_in(client, person, second_factor=True)
        assert client.post(at("sign"), {**hashes(revision), "read": ""}).status_code == 200
        assert client.post(at("sign"), {**hashes(revision), "read": "on"}).status_code == 302
    revision.refresh_from_db()
    assert revision.state == RevisionState.EFFECTIVE
    assert "<title>" in client.get(at("detail")).content.decode()


def test_rejecting_on_the_page_says_why(client: Client, grant: Grant) -> None:
    revision = reviewed(asked(grant))
    sign_in(client, made.programme_officer())
    address = reverse("disbursements:revision_reject", args=[revision.pk])
    assert client.post(address, {"reason": ""}).status_code == 200
    assert client.post(address, {"reason": "لا يلزم"}).status_code == 302
    assert told("revision_rejected", made.signatory(grant)) == 1


def test_the_page_of_a_grant_asks_as_much_for_three_changes_as_for_one(client: Client, grant: Grant) -> None:
    sign_in(client, made.programme_officer())
    address = reverse("disbursements:grant_detail", args=[grant.pk])

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(address)
        return len(caught)

    asked(grant, 1)
    client.get(address)
    one = cost()
    for _ in range(2):
        revisions.withdraw(grant.revisions.order_by("-leaf_id").first(), reason="سبب", actor=made.signatory(grant))
        asked(grant, 1)
    assert cost() == one


@pytest.mark.database("fund")
def test_the_wall_shows_a_change_to_both_sides_and_nobody_else() -> None:
    revision = asked(made.active_grant(tier="M"))
    stranger = made.signatory(made.active_grant(tier="L"))
    seen = {
        made.signatory(revision.grant): 1, made.programme_officer(): 1, accounts.officer(Role.AUDITOR): 1, stranger: 0,
        accounts.user(): 0,
    }  # fmt: skip
    for person, number in seen.items():
        with identity.person(person.pk):
            assert Revision.objects.count() == number
            assert bool(RevisedAmount.objects.count()) == bool(number)
