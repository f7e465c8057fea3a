"""What the clock does to grants: offers lapse, reports open, what is late is said."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from accounts.selectors import users_with_role
from audit import lifecycle
from charter.calendar import add_working_days
from charter.selectors import holidays
from disbursements import revision_tidings, selectors, tidings
from disbursements.models import Payment
from disbursements.selectors import zakat
from grants.models import Grant, Report
from grants.selectors import conditions, durations, grants
from grants.selectors import revisions as revision_selectors
from grants.services import awards, reports, revisions
from notices.services import notify


def lapse_offers(now: datetime | None = None) -> int:
    """Let offers lapse that nobody answered in time; returns how many."""
    lapsed = 0
    for grant in grants.unanswered_offers(now or timezone.now()):
        try:
            awards.lapse_offer(grant)
        except lifecycle.IllegalMove:
            continue  # answered a moment ago
        lapsed += 1
    return lapsed


def remind_of_offers(today: date) -> int:
    """Remind organisations once of an offer whose last working days have begun; returns how many."""
    reminded = 0
    for grant in grants.open_offers():
        days = grants.rules_of(grant).deadlines.offer_reminder_days
        if grant.step_due and add_working_days(today, days, holidays()) >= timezone.localdate(grant.step_due):
            _remind(grant)
            reminded += 1
    return reminded


def say_conditions_are_late(today: date) -> int:
    """Say once, to both sides, that a condition of an award is past its day; returns how many."""
    late = list(conditions.overdue(today))
    for condition in late:
        who = [*grants.people(condition.grant), *tidings.followers(condition)]
        tidings.tell_of_condition(condition, "condition_overdue", who, key=f"{condition.pk}:{condition.due_on}")
    return len(late)


def say_starts_are_late(today: date) -> int:
    """Say once, to both sides, that a grant should have begun and its agreement is not signed; returns how many."""
    late = durations.late_to_start(Grant.objects.all(), today)
    for grant, day in late:
        notify(
            [*grants.people(grant), *users_with_role(Role.PROGRAMME_OFFICER)],
            "disbursements.start_late",
            params={**tidings.facts(grant), "day": day.isoformat()},
            url=tidings.grant_url(grant),
            dedupe_key=f"{grant.pk}:start",
        )
    return len(late)


def say_changes_are_late(now: datetime) -> int:
    """Say once to whose turn it is that a change of a grant is past its day; returns how many."""
    found = list(revision_selectors.late(now))
    for revision in found:
        revision_tidings.tell_late(revision)
    return len(found)


def _remind(grant: Grant) -> None:
    notify(
        grants.people(grant),
        "disbursements.offer_reminder",
        params=tidings.facts(grant),
        url=reverse("disbursements:offer", args=[grant.pk]),
        dedupe_key=f"{grant.pk}:reminder",
    )


def say_what_is_overdue(today: date) -> int:
    """Climb the charter's ladder of overdue reports: the people first, later the signatories; returns how many.

    The fund hears of a rapid grant's short report at once, of others when they hold a tranche.
    """
    told = 0
    overdue = grants.overdue_reports(today)
    short = set(durations.late_short_reports(overdue, today).values_list("pk", flat=True))
    for report in overdue:
        steps = grants.rules_of(report.grant).reports.overdue_calendar_days
        late = (today - report.due_on).days
        reached = [day for day in (steps.notice, steps.signatory, steps.tranche_hold, steps.tier_review) if late >= day]
        if reached:
            _say_overdue(report, reached[-1], to_fund=reached[-1] >= steps.tranche_hold or report.pk in short)
            told += 1
    return told


def _say_overdue(report: Report, step: int, *, to_fund: bool) -> None:
    who: list[Any] = list(grants.people(report.grant))
    if to_fund:
        who += list(users_with_role(Role.PROGRAMME_OFFICER))
    notify(
        who,
        "disbursements.report_overdue",
        params=tidings.report_facts(report),
        url=reverse("disbursements:report_detail", args=[report.pk]),
        dedupe_key=f"{report.pk}:{report.due_on}:{step}",
    )


def alarm_of_transit(today: date) -> int:
    """Say which payments were sent long ago and not confirmed (charter: working days in transit); returns how many."""
    late = 0
    for payment in selectors.unconfirmed_payments():
        days = grants.rules_of(payment.tranche.grant).payments.in_transit_alarm_days
        if payment.sent_on and add_working_days(payment.sent_on, days, holidays()) < today:
            _alarm(payment)
            late += 1
    return late


def _alarm(payment: Payment) -> None:
    notify(
        [*users_with_role(Role.FINANCE_OFFICER), *grants.signatories(payment.tranche.grant)],
        "disbursements.payment_in_transit",
        params=tidings.payment_facts(payment),
        url=reverse("disbursements:payment_detail", args=[payment.pk]),
        dedupe_key=f"{payment.pk}:transit",
    )


def alarm_of_zakat(today: date) -> int:
    """Say once that zakat waits near the end of its time, and once that it waits past it; returns how much does."""
    every = [*zakat.clocks(zakat.zakat()), *zakat.waiting_gifts()]
    ringing = [one for one in every if one.left.minor > 0 and today >= one.alarm_on]
    for one in ringing:
        step = "late" if today > one.due_on else "soon"
        notify(
            [*users_with_role(Role.FINANCE_OFFICER), *users_with_role(Role.FUND_MANAGER)],
            "disbursements.zakat_waits" if one.contribution else "disbursements.zakat_gifts_wait",
            params={
                **({"contribution": one.contribution.reference} if one.contribution else {}),
                "amount_minor": one.left.minor, "currency": one.left.currency, "day": one.due_on.isoformat(),
            },
            url=reverse("disbursements:zakat_list"),
            dedupe_key=f"{one.contribution.pk if one.contribution else f'{one.left.currency} {one.since}'}:zakat:{step}",
        )  # fmt: skip
    return len(ringing)


def follow(now: datetime | None = None) -> None:
    """Everything that the clock does, in the order in which it matters."""
    today = timezone.localdate(now or timezone.now())
    lapse_offers(now)
    awards.lapse_unmet(now)
    revisions.count_unanswered_notices(now or timezone.now())
    say_changes_are_late(now or timezone.now())
    say_conditions_are_late(today)
    remind_of_offers(today)
    say_starts_are_late(today)
    reports.open_due_reports(today)
    say_what_is_overdue(today)
    alarm_of_transit(today)
    alarm_of_zakat(today)
