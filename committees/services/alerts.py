"""Alerts: raised by an eligible organisation, answered by the panel on call, opening a rapid call; every clock in hours."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.selectors import users_with_role
from audit import lifecycle
from charter.selectors import charter_in_force
from committees import quorum, rapid
from committees import rapid_events as events
from committees.models import Alert, AlertDeclaration, AlertVote, OnCall, Panel, Recusal, Rota, Seat
from committees.rules import facts
from committees.rules.panels import takes_out
from committees.services import on_call
from committees.sitting import Sitting, sit
from committees.states import AlertState, OnCallState, PanelState, ReleaseCause, RotaState, YesNo
from grants.models import Call
from grants.selectors.calls import is_rapid, standing_by
from grants.services.calls import open_rapid
from kernel.codes import reference
from kernel.permissions import Refused
from kernel.texts import clean_line, clean_text
from notices.services import notify
from organisations.models import Organisation
from organisations.selectors import users_of


@dataclass(frozen=True, slots=True)
class AlertWords:
    """What an organisation says of what happened: its kind, where, why it cannot wait, and what shows it."""

    kind: str
    governorates: Sequence[str]
    place: str
    reason: str
    people: int | None = None
    evidence: Any = field(default=None, compare=False)


@transaction.atomic
def raise_alert(organisation: Organisation, words: AlertWords, *, actor: Any) -> Alert:
    """Raise an alert; the panel on call is called at once. Raises `Refused` with what stands in the way."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    now, charter = timezone.now(), charter_in_force()
    rota = Rota.objects.filter(state=RotaState.PUBLISHED, starts_at__lte=now, ends_at__gt=now).first()
    if rota is None:
        raise Refused(_("Nobody is on call now. Write to the secretariat: it publishes who is."))
    alert = Alert(
        reference=reference("ALT", timezone.localdate(now).year),
        organisation=organisation,
        raised_by=actor,
        raised_at=now,
        kind=words.kind,
        governorates=sorted(set(words.governorates)),
        place=clean_line(words.place),
        reason=clean_text(words.reason).strip(),
        people=words.people,
        charter=charter,
        rota=rota,
        answer_due=rapid.due(now, charter.rules.deadlines.rapid_answer_hours),
    )
    _attach(alert, words.evidence)
    event = events.AlertRaised(
        reference=alert.reference,
        kind=alert.kind,
        governorates=alert.governorates,
        due=alert.answer_due.isoformat(),
        evidence=alert.evidence_sha256,
    )
    made = lifecycle.create(alert, event, actor=actor)
    on_call.call_panel(made)
    _tell(made, "committees.alert_raised", _secretariat(), due=made.answer_due.isoformat())
    return made


def _attach(alert: Alert, file: Any) -> None:
    if file is None:
        return
    checked = getattr(file, "checked", None)
    content = file.read()
    file.seek(0)
    alert.evidence = file
    alert.evidence_name = checked.name if checked is not None else str(file.name)
    alert.evidence_sha256 = hashlib.sha256(content).hexdigest()


def _secretariat() -> list[Any]:
    return [*users_with_role(Role.PROGRAMME_OFFICER), *users_with_role(Role.FUND_MANAGER)]


def _tell(alert: Alert, kind: str, people: Sequence[Any], *, dedupe: str = "", **params: Any) -> None:
    notify(
        people,
        kind,
        params={"reference": alert.reference, **params},
        url=reverse("committees:alert_detail", args=[alert.pk]),
        dedupe_key=f"{alert.pk}:{dedupe}",
    )


def withdraw(alert: Alert, *, actor: Any, reason: str) -> Alert:
    """The organisation takes its alert back before the answer. Raises `Refused`."""
    changes = {"answered_at": timezone.now()}
    return lifecycle.move(alert, events.AlertWithdrawn(), actor=actor, reason=reason, changes=changes)


# The panel's answer -----------------------------------------------------------------------------------------------


@transaction.atomic
def declare(
    alert: Alert, seat: Seat, *, kind: str, ground: str = "", explanation: str = "", actor: Any
) -> AlertDeclaration:
    """What a member on call declares, knowing names and places alone; a conflict releases him and the next is called."""
    locked = Alert.objects.select_for_update(no_key=True).get(pk=alert.pk)
    declaration = AlertDeclaration(alert=locked, seat=seat, kind=kind, ground=ground, explanation=explanation)
    event = events.AlertConflictDeclared(kind=kind, ground=ground)
    made = lifecycle.create(declaration, event, actor=actor)
    if takes_out(kind):
        row = OnCall.objects.get(alert=locked, seat=seat)
        on_call.release(row, cause=ReleaseCause.CONFLICT)
    return made


@transaction.atomic
def vote(alert: Alert, seat: Seat, choice: str, *, sentence: str = "", actor: Any) -> AlertVote:
    """Say yes or no, once; the last answer of the panel decides. The same form sent again gives the recorded answer back.

    The alert's row is locked: an answer is counted, or refused because the alert was answered before it.
    """
    locked = Alert.objects.select_for_update(no_key=True).get(pk=alert.pk)
    known = locked.votes.filter(seat=seat).first()
    if known is not None and seat.user == actor:
        return known
    row = AlertVote(alert=locked, seat=seat, choice=choice, sentence=clean_line(sentence))
    made = lifecycle.create(row, events.AlertVoteCast(choice=choice), actor=actor)
    conclude(locked)
    return made


def sitting_of(alert: Alert) -> Sitting:
    """How the panel on call sits for the alert: present is who has answered."""
    people = facts.on_call(alert.on_call.all())
    voted = {str(one) for one in alert.votes.values_list("seat", flat=True)}
    members = [
        *(facts.counted(one) for one in people.voting),
        *(facts.counted(one, vacant=True) for one in people.vacant),
    ]
    here = {one.key for one in members if not one.vacant} & voted
    return sit(members, [], present=here, recused=set(), rules=facts.rules_of_version(alert.charter).committee)


@transaction.atomic
def conclude(alert: Alert) -> Alert:
    """Answer the alert when everybody on call has, quorate and with civil society's majority; else leave it as it is.

    A yes opens the rapid call that stands by longest; where none stands by, the alert waits and the secretariat is told.
    """
    locked = Alert.objects.select_for_update(no_key=True).get(pk=alert.pk)
    sitting = sitting_of(locked)
    waiting = len(facts.on_call(locked.on_call.all()).voting) - len(sitting.voters)
    if locked.state != AlertState.RAISED or waiting or not sitting.may_decide:
        return locked
    outcome = _outcome(locked, sitting)
    tally: dict[str, int] = {
        choice.value: number for choice, number in outcome.counts.items() if choice.value in YesNo.values
    }
    checks = {one.name.value: one.passed for one in sitting.checks}
    changes = {"answered_at": timezone.now(), "tally": tally, "checks": checks}
    if outcome.decision is not quorum.Choice.APPROVE:
        declined = events.AlertDeclined(tally=tally, checks=checks)
        return _answered(lifecycle.move(locked, declined, actor=None, changes=changes))
    call = _window(locked)
    if call is None:
        _tell(locked, "committees.no_window_stands_by", _secretariat(), dedupe="no window")
        return locked
    hours = facts.rules_of_version(locked.charter).deadlines.rapid_open_hours
    opened = open_rapid(call, hours=hours, reason=locked.reference)
    event = events.AlertAccepted(call=opened.reference, tally=tally, checks=checks)
    return _answered(lifecycle.move(locked, event, actor=None, changes={**changes, "call": opened}))


def _outcome(alert: Alert, sitting: Sitting) -> quorum.Outcome:
    rows = alert.votes.filter(seat__in=sorted(sitting.voters)).select_related("seat")
    votes = [quorum.Vote(quorum.Choice(one.choice), one.seat.civil_society) for one in rows]
    return quorum.decide(votes, facts.rules_of_version(alert.charter).committee)


def _window(alert: Alert) -> Call | None:
    """The rapid call that the alert opens: of its governorates, the one whose time ends first; locked against a second alert."""
    fitting = standing_by().filter(governorates__overlap=alert.governorates)
    return fitting.select_for_update(no_key=True, of=("self",)).first()


def _answered(alert: Alert) -> Alert:
    kind = "committees.alert_accepted" if alert.state == AlertState.ACCEPTED else "committees.alert_declined"
    _tell(alert, kind, users_of(alert.organisation), dedupe="answered")
    return alert


@transaction.atomic
def settle(call: Call) -> None:
    """Every proposal of a rapid call is decided, or none came: the clock of its alert stops."""
    alert = Alert.objects.select_for_update(no_key=True).filter(call=call, state=AlertState.ACCEPTED).first()
    if alert is not None:
        lifecycle.move(alert, events.AlertSettled(), actor=None, changes={"settled_at": timezone.now()})


# The clock --------------------------------------------------------------------------------------------------------


def follow_up() -> int:
    """Remind who is silent on call, then call others; tell the secretariat of what is late. Returns how many changed places."""
    waiting = Alert.objects.filter(state=AlertState.RAISED).select_related("charter", "rota", "organisation")
    changed = sum(_follow_alert(one) for one in waiting)
    declaring = Panel.objects.filter(state=PanelState.DECLARING, declarations_due__lt=timezone.now())
    rapid_ones = [one for one in declaring.select_related("call") if is_rapid(one.call)]
    for alert in Alert.objects.filter(state=AlertState.ACCEPTED).select_related("charter", "call"):
        _tell_when_late(alert)
    return changed + sum(_follow_declarations(one) for one in rapid_ones)


def _follow_alert(alert: Alert) -> int:
    now, hours = timezone.now(), facts.rules_of_version(alert.charter).deadlines
    voted = set(alert.votes.values_list("seat", flat=True))
    silent = [one for one in _called(alert) if one.seat_id not in voted]
    held = facts.in_term_now(one.seat for one in silent)
    changed = 0
    for one in silent:
        reminded = one.due_at - timedelta(hours=hours.rapid_alternate_hours - hours.rapid_reminder_hours)
        if one.seat not in held or one.due_at <= now:
            cause = ReleaseCause.SILENT if one.seat in held else ReleaseCause.SEAT_ENDED
            changed += on_call.release(one, cause=cause) is not None
        elif reminded <= now:
            due = one.due_at.isoformat()
            _tell(alert, "committees.alert_reminder", [one.seat.user], dedupe=f"remind:{one.pk}", due=due)
    conclude(alert)
    if alert.answer_due < now:
        _tell(alert, "committees.alert_late", _secretariat(), dedupe="late answer", due=alert.answer_due.isoformat())
    return changed


def _called(alert: Alert) -> list[OnCall]:
    return list(alert.on_call.filter(state=OnCallState.CALLED).select_related("seat__user"))


def _follow_declarations(panel: Panel) -> int:
    """Members of a rapid call who declared on nothing in time make place for others; who was called later has as long."""
    listed = set(facts.applications_of(panel).values_list("pk", flat=True))
    people = facts.people_of(panel).voting
    users = {one.user_id for one in people}
    spoken = {user for user, application in facts.declarations(panel, users) if application in listed}
    out = Recusal.objects.filter(application__in=listed, seat__user__in=users).values_list("seat__user", flat=True)
    recused = Counter(out)
    late = [one for one in people if one.user_id not in spoken and recused[one.user_id] < len(listed)]
    rows = OnCall.objects.filter(
        alert__call=panel.call_id, seat__in=late, state=OnCallState.CALLED, due_at__lt=timezone.now()
    )
    return sum(on_call.release(one, cause=ReleaseCause.SILENT) is not None for one in rows)


def _tell_when_late(alert: Alert) -> None:
    """A missed selection has an owner: the secretariat, told once."""
    due = rapid.due(alert.raised_at, facts.rules_of_version(alert.charter).deadlines.rapid_total_hours)
    if due < timezone.now():
        _tell(alert, "committees.alert_late", _secretariat(), dedupe="late selection", due=due.isoformat())
