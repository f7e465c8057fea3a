"""Members of a committee who are on call: called for an alert, released by conflict or silence, their places taken by others."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from accounts.selectors import users_with_role
from audit import lifecycle
from committees import rapid, rapid_events
from committees.models import Alert, Committee, OnCall, Panel, Rota, Seat
from committees.rules import facts
from committees.rules.links import is_hard, links
from committees.states import OnCallState, ReleaseCause
from grants.models import Application
from grants.selectors.calls import is_rapid
from grants.services import access
from notices.services import notify


@transaction.atomic
def publish_rota(
    committee: Committee,
    *,
    starts_at: datetime,
    ends_at: datetime,
    members: Iterable[Seat],
    stand_ins: Iterable[Seat],
    actor: Any,
) -> Rota:
    """Say who is on call from when to when, in the order in which they are called; everybody on it is told.

    Raises `Refused` with the rule that it breaks.
    """
    locked = Committee.objects.select_for_update(no_key=True).get(pk=committee.pk)
    first, then = list(members), list(stand_ins)
    starts_at, ends_at = rapid.in_utc(starts_at), rapid.in_utc(ends_at)
    rota = Rota(
        committee=locked,
        starts_at=starts_at,
        ends_at=ends_at,
        members=[one.pk for one in first],
        stand_ins=[one.pk for one in then],
        published_by=actor,
    )
    event = rapid_events.RotaPublished(
        members=len(first),
        civil_society=sum(one.civil_society for one in first),
        seats=rota.members,
        stand_ins=rota.stand_ins,
        starts_at=starts_at.isoformat(),
        ends_at=ends_at.isoformat(),
    )
    made = lifecycle.create(rota, event, actor=actor)
    notify(
        [one.user for one in (*first, *then)],
        "committees.rota_published",
        params={"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()},
        url=reverse("committees:rota_list"),
        dedupe_key=str(made.pk),
    )
    return made


def withdraw_rota(rota: Rota, *, actor: Any, reason: str) -> Rota:
    """Take a rota back, so that another can be published for its time. Raises `Refused`."""
    return lifecycle.move(rota, rapid_events.RotaWithdrawn(), actor=actor, reason=reason)


# The panel of an alert ----------------------------------------------------------------------------------------------


def call_panel(alert: Alert) -> None:
    """Call the members of the rota; whom the records link to the organisation is passed over and another called."""
    able = {one.pk: one for one in _able(alert)}
    missing: list[Seat] = []
    for seat in _in_order(alert.rota.members):
        if seat.pk in able:
            _call(alert, seat)
        else:
            missing.append(seat)
    for seat in missing:
        if (instead := _next(alert, seat.constituency)) is not None:
            _call(alert, instead)
        else:
            _tell_nobody_left(alert)


def _in_order(keys: Iterable[Any]) -> list[Seat]:
    wanted = list(keys)
    found = Seat.objects.select_related("user").in_bulk(wanted)
    return [found[key] for key in wanted if key in found]


def _able(alert: Alert) -> list[Seat]:
    """Who of the committee may be called: a seat with a vote held today, not called yet, not linked to the organisation.

    In the order of the rota, then of the seats.
    """
    known = set(alert.on_call.values_list("seat", flat=True))
    first = [*alert.rota.members, *alert.rota.stand_ins]
    seats = Seat.objects.filter(facts.in_term(facts.today()), committee=alert.rota.committee_id, voting=True)
    free = [one for one in seats.select_related("user") if one.pk not in known]
    rules = facts.rules_of_version(alert.charter).committee
    shown = links(
        {one.user_id for one in free}, [Application(organisation=alert.organisation)], rules, on=facts.today()
    )
    linked = {user for (user, _key), grounds in shown.items() if is_hard(grounds)}
    if alert.call is not None:
        linked |= facts.leads_last_cohort(alert.call, [one.user_id for one in free])
    place = {key: number for number, key in enumerate(first)}
    able = [one for one in free if one.user_id not in linked and not facts.holds_office(one.user)]
    return sorted(able, key=lambda one: (place.get(one.pk, len(first)), one.number))


def _next(alert: Alert, constituency: str, *, only_same: bool = False, application: Any = None) -> Seat | None:
    """Who is called next for a seat of ``constituency``: one of the same, else one of civil society."""
    able = [one for one in _able(alert) if one.pk not in alert.rota.members]
    if application is not None:
        able = [one for one in able if not facts.is_recused(one.user, application)]
    same = [one for one in able if one.constituency == constituency]
    others = [] if only_same else [one for one in able if one.civil_society]
    return next(iter([*same, *others]), None)


def _call(alert: Alert, seat: Seat, *, instead_of: OnCall | None = None) -> OnCall:
    hours = facts.rules_of_version(alert.charter).deadlines.rapid_alternate_hours
    due = rapid.due(timezone.now(), hours)
    number = alert.on_call.count() + 1
    one = OnCall(alert=alert, seat=seat, number=number, stands_in_for=instead_of, due_at=due)
    event = rapid_events.MemberCalled(seat=seat.pk, due=due.isoformat(), stands_in=instead_of is not None)
    made = lifecycle.create(one, event, actor=None)
    panel = Panel.objects.filter(call=alert.call_id).first() if alert.call_id else None
    url = (
        reverse("committees:panel_declare", args=[panel.pk])
        if panel
        else reverse("committees:alert_detail", args=[alert.pk])
    )
    notify(
        [seat.user],
        "committees.called_for_alert",
        params={"reference": alert.reference, "due": due.isoformat()},
        url=url,
        dedupe_key=str(made.pk),
    )
    return made


@transaction.atomic
def release(one: OnCall, *, cause: str) -> OnCall | None:
    """Release a member from the panel for good and call the next in the place; None when nobody is left.

    The organisation's side sees no names; the secretariat is told when nobody is left.
    """
    alert = Alert.objects.select_for_update(no_key=True).get(pk=one.alert_id)
    event = rapid_events.MemberReleased(seat=one.seat_id, cause=cause)
    released = lifecycle.move(one, event, actor=None, changes={"cause": cause})
    for application in Application.objects.filter(call=alert.call_id) if alert.call_id else []:
        access.remove_review_access(released.seat.user, application, actor=None)
    if released.stand_ins.filter(state=OnCallState.CALLED).exists():
        return None
    seat = _next(alert, released.seat.constituency)
    if seat is None:
        _tell_nobody_left(alert)
        return None
    return _call(alert, seat, instead_of=released)


def _tell_nobody_left(alert: Alert) -> None:
    people = [*users_with_role(Role.PROGRAMME_OFFICER), *users_with_role(Role.FUND_MANAGER)]
    notify(
        people,
        "committees.nobody_left_on_call",
        params={"reference": alert.reference},
        url=reverse("committees:alert_detail", args=[alert.pk]),
        dedupe_key=f"{alert.pk}:{alert.on_call.count()}",
    )


# The panel of the call that follows -----------------------------------------------------------------------------------


def row_of(panel: Panel, seat: Seat) -> OnCall | None:
    """The row with which a seat is on call for a rapid call."""
    return OnCall.objects.filter(alert__call=panel.call_id, seat=seat, state=OnCallState.CALLED).first()


def replace_in(panel: Panel, seat: Seat) -> bool:
    """Release a member of a rapid call who is silent and call the next; whether there was one."""
    row = row_of(panel, seat) if is_rapid(panel.call) else None
    return row is not None and release(row, cause=ReleaseCause.SILENT) is not None


def release_last_cohort(panel: Panel) -> None:
    """Who leads an organisation of the last cohort makes place for another, before a rapid call is taken over."""
    if not is_rapid(panel.call):
        return
    users = [one.user_id for one in facts.people_of(panel).voting]
    leading = facts.leads_last_cohort(panel.call, users)
    called = OnCall.objects.filter(alert__call=panel.call_id, state=OnCallState.CALLED)
    for row in called.filter(seat__user__in=leading).order_by("number"):
        release(row, cause=ReleaseCause.LAST_COHORT)


def stand_in_for_recused(panel: Panel, seat: Seat, application: Application) -> None:
    """A member on call, or who stands beside him, is recused from one application: another is called beside, of the same constituency."""
    row, members = row_of(panel, seat), facts.people_of(panel).members
    while row is not None and row.seat not in members:
        row = row.stands_in_for
    if row is None or not facts.is_recused(row.seat.user, application):
        return
    for beside in row.stand_ins.filter(state=OnCallState.CALLED).select_related("seat__user"):
        if not facts.is_recused(beside.seat.user, application):
            return
    alert = Alert.objects.select_for_update(no_key=True).get(pk=row.alert_id)
    instead = _next(alert, row.seat.constituency, only_same=True, application=application)
    if instead is None:
        _tell_nobody_left(alert)
    else:
        _call(alert, instead, instead_of=row)
