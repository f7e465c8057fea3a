"""What of grants waits for a person: the partner's people and the officers of the fund."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, time
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import offices_of
from charter.selectors import end_of_day
from disbursements import selectors
from disbursements.models import Payment, Refund, Tranche
from disbursements.states import TrancheState
from grants.models import AwardCondition, Grant, Report, Revision
from grants.selectors import conditions, durations, grants, revisions
from grants.services.reports import review_due
from grants.states import GrantState, ReportState
from kernel import work
from kernel.work import WorkItem
from organisations.rules import memberships_of
from organisations.states import PersonRole

_T = TrancheState


def _at(name: str, thing: Any) -> str:
    return reverse(f"disbursements:{name}", args=[thing.pk])


def _named(grant: Grant) -> str:
    # The name first: a line that begins with a code would be read from the left in Arabic too.
    return f"{grant.organisation} · {grant.reference}"


def _grant_items(found: Iterable[Grant], kind: Any, page: str) -> Iterator[WorkItem]:
    for grant in found:
        yield WorkItem(_named(grant), _at(page, grant), kind, grant.step_due)


def _tranche_items(found: Iterable[Tranche], kind: Any, page: str) -> Iterator[WorkItem]:
    for tranche in found:
        title = format_lazy(_("{grant}, tranche {number}"), grant=_named(tranche.grant), number=tranche.number)
        yield WorkItem(title, _at(page, tranche), kind, tranche.step_due)


def _payment_items(found: Iterable[Payment], kind: Any, page: str) -> Iterator[WorkItem]:
    for payment in found:
        due = payment.tranche.step_due
        yield WorkItem(f"{_named(payment.tranche.grant)} · {payment.key}", _at(page, payment), kind, due)


def _report_items(found: Iterable[Report], kind: Any, page: str, due: Callable[[Report], Any]) -> Iterator[WorkItem]:
    for report in found:
        title = format_lazy(_("{grant}, report {number}"), grant=_named(report.grant), number=report.label)
        yield WorkItem(title, _at(page, report), kind, due(report))


def _condition_items(
    found: Iterable[AwardCondition], kind: Any, due: Callable[[AwardCondition], Any]
) -> Iterator[WorkItem]:
    for condition in found:
        title, about = condition.text, f"{condition.grant.organisation} · {condition.grant.reference}"
        yield WorkItem(title, _at("condition_detail", condition), kind, due(condition), about)


def _revision_items(found: Iterable[Revision], kind: Any, page: str) -> Iterator[WorkItem]:
    for revision in found:
        yield WorkItem(_named(revision.grant), _at(page, revision), kind, revision.step_due)


def _end_of(report: Report) -> datetime:
    return timezone.make_aware(datetime.combine(report.due_on, time(23, 59)))


def _refund_items(found: Iterable[Refund], kind: Any) -> Iterator[WorkItem]:
    for refund in found:
        yield WorkItem(_named(refund.grant), reverse("disbursements:closing", args=[refund.grant_id]), kind)


@work.source
def for_partners(user: Any) -> Iterator[WorkItem]:
    """What people of organisations write, answer, sign and confirm."""
    if not grants.has_any(user):
        return
    held = memberships_of(user)
    asked = conditions.to_answer(user, list(held))
    yield from _condition_items(asked, _("Conditions to meet"), lambda one: end_of_day(one.due_on))
    writes = selectors.reports_to_write(user)
    yield from _report_items(writes, _("Reports to write"), "report_edit", _end_of)
    signs = [pk for pk, role in held.items() if role == PersonRole.SIGNATORY]
    if not signs:
        return
    mine = grants.own(user).filter(organisation__in=signs).select_related("organisation")
    yield from _grant_items(mine.filter(state=GrantState.OFFER_SENT), _("Offers to answer"), "offer")
    drawn = mine.filter(state=GrantState.AGREEMENT_DRAFTED)
    yield from _grant_items(drawn, _("Agreements to sign"), "agreement")
    yield from _revision_items(revisions.to_mend(user, signs), _("Changes of budgets to mend"), "revision_again")
    yield from _revision_items(revisions.to_sign(user, signs), _("Amendments to sign"), "revision_sign")
    ready, waiting = selectors.tranches_to_request(user, signs)
    yield from _tranche_items(ready, _("Tranches you may request"), "tranche_request")
    yield from _tranche_items(waiting, _("Tranches that wait for spending"), "tranche_detail")
    sent = selectors.unconfirmed_payments().filter(tranche__grant__organisation__in=signs)
    yield from _payment_items(sent, _("Payments to confirm"), "payment_confirm")


@work.source
def for_programme(user: Any) -> Iterator[WorkItem]:
    """Offers to send, agreements to draw up, requests and reports to review."""
    if Role.PROGRAMME_OFFICER not in offices_of(user):
        return
    yield from _grant_items(grants.in_states(user, [GrantState.AWARDED]), _("Offers to send"), "grant_detail")
    yield from _condition_items(conditions.to_judge(user), _("Answers to conditions"), conditions.judged_by)
    accepted = grants.in_states(user, [GrantState.OFFER_ACCEPTED])
    yield from _grant_items(accepted, _("Agreements to draw up"), "agreement_draw")
    asked = selectors.tranches_to_work_on(user, [_T.REQUESTED])
    yield from _tranche_items(asked, _("Requests to review"), "tranche_detail")
    reports = grants.reports_in(user, [ReportState.SUBMITTED])
    yield from _report_items(reports, _("Reports to review"), "report_detail", review_due)
    yield from _late(user)


def _late(user: Any) -> Iterator[WorkItem]:
    """Rapid grants that should have begun, and their short reports that are late."""
    today = timezone.localdate()
    for grant, day in durations.late_to_start(grants.visible_to(user), today):
        kind = _("Grants that should have begun")
        yield WorkItem(_named(grant), _at("grant_detail", grant), kind, end_of_day(day))
    reports = durations.late_short_reports(grants.reports_visible_to(user), today)
    yield from _report_items(reports, _("Reports of rapid grants that are late"), "report_detail", _end_of)


@work.source
def for_finance(user: Any) -> Iterator[WorkItem]:
    """Approvals, payments to prepare and release, refunds."""
    if Role.FINANCE_OFFICER not in offices_of(user):
        return
    approved = selectors.tranches_to_work_on(user, [_T.PROGRAMME_APPROVED])
    yield from _tranche_items(approved, _("Tranches to approve for finance"), "tranche_detail")
    ready = selectors.tranches_to_pay(user)
    yield from _tranche_items(ready, _("Payments to prepare"), "tranche_detail")
    yield from _payment_items(selectors.payments_to_release(user), _("Payments to release"), "payment_detail")
    yield from _grant_items(selectors.grants_without_refund(user), _("Refunds to compute"), "closing")
    yield from _refund_items(selectors.refunds_awaited(user), _("Refunds awaited"))


@work.source
def for_changes_of_budgets(user: Any) -> Iterator[WorkItem]:
    """Changes of budgets to decide on, to mend in the fund's name, amendments to countersign."""
    held = offices_of(user)
    if held.intersection({Role.PROGRAMME_OFFICER, Role.FUND_MANAGER}):
        yield from _revision_items(revisions.to_decide(user), _("Changes of budgets to decide"), "revision_detail")
    if Role.PROGRAMME_OFFICER in held:
        mended = revisions.to_mend_for_the_fund(user)
        yield from _revision_items(mended, _("Changes of budgets to mend"), "revision_again")
    if Role.FUND_MANAGER in held:
        signed = revisions.to_countersign(user)
        yield from _revision_items(signed, _("Amendments to countersign"), "revision_sign")


@work.source
def for_bank_files(user: Any) -> Iterator[WorkItem]:
    """Files for the bank that another person prepared."""
    if offices_of(user).intersection({Role.FINANCE_OFFICER, Role.FUND_MANAGER}):
        for run in selectors.runs_to_release(user):
            yield WorkItem(str(run), _at("run_detail", run), _("Files for the bank to release"))


@work.source
def for_differences(user: Any) -> Iterator[WorkItem]:
    """Lines of the bank that are open and theirs."""
    if Role.FINANCE_OFFICER in offices_of(user) and (number := selectors.differences(user, mine=True).count()):
        title = format_lazy(_("Open lines of the bank: {number}"), number=number)
        yield WorkItem(title, reverse("disbursements:difference_list"), _("Differences in bank statements"))


@work.source
def for_refunds(user: Any) -> Iterator[WorkItem]:
    """Refunds that another person recorded."""
    if offices_of(user).intersection({Role.FINANCE_OFFICER, Role.FUND_MANAGER}):
        yield from _refund_items(selectors.refunds_to_confirm(user), _("Refunds to confirm"))


@work.source
def for_manager(user: Any) -> Iterator[WorkItem]:
    """Agreements to countersign, third approvals, grants to close."""
    if Role.FUND_MANAGER not in offices_of(user):
        return
    signed = grants.in_states(user, [GrantState.SIGNED_BY_PARTNER])
    yield from _grant_items(signed, _("Agreements to countersign"), "agreement")
    third = selectors.tranches_for_manager(user)
    yield from _tranche_items(third, _("Third approvals"), "tranche_detail")
    yield from _grant_items(selectors.grants_to_close(user), _("Grants to close"), "closing")
