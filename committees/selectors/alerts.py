"""Reading alerts and who is on call; the public reads clocks, kinds and governorates, never names or words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from committees.models import Alert, Committee, OnCall, Panel, Rota, Seat
from committees.rapid import Moments, Owner, Stage, StageName, kept, median_tenths, stages
from committees.rules import facts
from committees.rules import rapid as rules
from committees.states import AlertState, Constituency, OnCallState, RotaState
from grants.models import Application
from grants.states import ApplicationState
from kernel import identity
from kernel.pieces import NextStep, Tone
from organisations.models import Organisation
from organisations.selectors import organisations_of
from organisations.states import PersonRole

STAGES: dict[StageName, Promise] = {
    StageName.ANSWER: _("The panel on call answers the alert"),
    StageName.PROPOSALS: _("Proposals are taken"),
    StageName.SELECTION: _("Local peers select"),
    StageName.TOTAL: _("From the alert to the selection"),
    StageName.PAYMENT: _("The first payment is instructed"),
}
OWNERS: dict[Owner, Promise] = {
    Owner.PANEL: _("Panel on call"),
    Owner.SECRETARIAT: _("Secretariat"),
    Owner.FINANCE: _("Finance officers"),
}
TONES: dict[str, Tone] = {
    AlertState.RAISED: Tone.NOW,
    AlertState.ACCEPTED: Tone.OPEN,
    AlertState.DECLINED: Tone.STOP,
    AlertState.WITHDRAWN: Tone.OFF,
    AlertState.SETTLED: Tone.DONE,
}


def visible_to(user: Any) -> QuerySet[Alert]:
    """Overseers all alerts, people of an organisation its own, members of a committee those for which they are on call."""
    return Alert.objects.filter(rules.seen_by(user)).select_related("organisation", "charter", "call", "rota")


def may_raise_for(user: Any) -> list[Organisation]:
    """Organisations for which a person may raise an alert."""
    rows = organisations_of(user, PersonRole.SIGNATORY)
    return [one for one in rows if rules.organisation_may_alert(one)]


# Clocks ---------------------------------------------------------------------------------------------------------------


def stages_of(alert: Alert, *, instructed: datetime | None = None, now: datetime | None = None) -> list[Stage]:
    """The stages of an alert with promised and reached hours; ``instructed`` is when the first payment was."""
    accepted = alert.state in {AlertState.RAISED, AlertState.ACCEPTED, AlertState.SETTLED}
    moments = Moments(
        raised=alert.raised_at,
        answered=alert.answered_at,
        opened=alert.call.opens_at if alert.call else None,
        closed=alert.call.closes_at if alert.call else None,
        settled=alert.settled_at,
        instructed=instructed,
    )
    promised = facts.rules_of_version(alert.charter).deadlines
    return stages(moments, promised, now=now or timezone.now(), accepted=accepted)


def stages_until_selection(alert: Alert) -> list[Stage]:
    """The stages that committees answer for; when the money goes out the public page of the rapid window tells."""
    return [stage for stage in stages_of(alert) if stage.name is not StageName.PAYMENT]


@dataclass(frozen=True, slots=True)
class StageLine:
    """A stage in words."""

    stage: Stage

    @property
    def name(self) -> str:
        """What happens in it."""
        return str(STAGES[self.stage.name])

    @property
    def owner(self) -> str:
        """Who answers for its clock."""
        return str(OWNERS[self.stage.owner])

    @property
    def promised(self) -> str:
        """The promised hours."""
        hours = self.stage.promised_hours
        return ngettext("%(hours)s hour", "%(hours)s hours", hours) % {"hours": hours}

    @property
    def reached(self) -> str:
        """The hours that it took, or has taken up to now."""
        if self.stage.tenths is None:
            return ""
        return ngettext("%(hours)s hour", "%(hours)s hours", -(-self.stage.tenths // 10)) % {"hours": self.stage.hours}

    @property
    def tone(self) -> str:
        """The badge of its state."""
        if self.stage.missed:
            return "stop"
        return "off" if self.stage.started is None else "open" if self.stage.runs else "done"

    @property
    def word(self) -> str:
        """Kept, missed, running, or not begun."""
        if self.stage.missed:
            return pgettext("clock", "late") if self.stage.runs else pgettext("clock", "missed")
        if self.stage.started is None:
            return pgettext("clock", "not begun")
        return pgettext("clock", "running") if self.stage.runs else pgettext("clock", "kept")


def lines(rows: list[Stage]) -> list[StageLine]:
    """Stages in words."""
    return [StageLine(one) for one in rows]


# The public -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PublicAlert:
    """An alert as anyone reads it: reference, kind, governorates, state and clocks."""

    alert: Alert
    stages: list[StageLine]
    proposals: int
    awards: int | None
    """None where the number would tell of a few grants that are not named."""


def public_alerts() -> QuerySet[Alert]:
    """Every alert that was not taken back, the latest first."""
    return Alert.objects.exclude(state=AlertState.WITHDRAWN).select_related("charter", "call")


@dataclass(frozen=True, slots=True)
class Kept:
    """How often the hours of one stage were kept, over all alerts in which it ended."""

    name: str
    owner: str
    promised: str
    kept: int
    of: int
    median: str


def kept_by_stage(rows: list[list[Stage]]) -> list[Kept]:
    """For each stage: kept, ended, and the middle of the hours reached."""
    found = []
    for name in StageName:
        same = [one for stages_ in rows for one in stages_ if one.name == name]
        ended = [one for one in same if one.ended is not None]
        in_time, of = kept(same)
        middle = median_tenths(one.tenths or 0 for one in ended)
        median = "" if middle is None else f"{middle // 10}.{middle % 10}".removesuffix(".0")
        if same:
            line = StageLine(same[0])
            found.append(Kept(line.name, line.owner, line.promised, in_time, of, median))
    return found


@dataclass(frozen=True, slots=True)
class OnCallNow:
    """Who is on call as anyone reads it: constituencies and numbers, until when."""

    rota: Rota
    seats: list[tuple[str, int]]


def on_call_now(now: datetime | None = None) -> OnCallNow | None:
    """The rota of this moment by constituency; None when nobody is on call."""
    moment = now or timezone.now()
    rota = Rota.objects.filter(state=RotaState.PUBLISHED, starts_at__lte=moment, ends_at__gt=moment).first()
    if rota is None:
        return None
    seats = Seat.objects.filter(pk__in=rota.members).values_list("constituency", flat=True)
    return OnCallNow(rota, [(str(one.label), list(seats).count(one)) for one in Constituency if one in seats])


# Pages ----------------------------------------------------------------------------------------------------------------


def rotas() -> list[tuple[Rota, list[Seat], list[Seat]]]:
    """Rotas with their members and those who stand in, the latest first; for those who read committees."""
    rows = list(Rota.objects.select_related("committee").order_by("-starts_at")[:50])
    seats = Seat.objects.select_related("user").in_bulk([key for one in rows for key in (*one.members, *one.stand_ins)])
    return [(one, [seats[key] for key in one.members], [seats[key] for key in one.stand_ins]) for one in rows]


def standing_rotas() -> QuerySet[Rota]:
    """Rotas that hold, which may be withdrawn."""
    return Rota.objects.filter(state=RotaState.PUBLISHED, ends_at__gt=timezone.now()).select_related("committee")


def has_answered(seat: Seat, alert: Alert) -> bool:
    """Whether a member has answered an alert."""
    return alert.votes.filter(seat=seat).exists()


def seats_to_call(committee: Committee) -> list[Seat]:
    """Members and alternates with a vote, who may be put on a rota."""
    return list(facts.membership(committee).voting)


@dataclass(frozen=True, slots=True)
class CalledLine:
    """A member on call for an alert, for the secretariat: what is still waited for."""

    row: OnCall
    declared: bool
    voted: bool


def called(alert: Alert) -> list[CalledLine]:
    """Everybody who was called for an alert, in order."""
    declared = set(alert.declarations.values_list("seat", flat=True))
    voted = set(alert.votes.values_list("seat", flat=True))
    rows = alert.on_call.select_related("seat__user").order_by("number")
    return [CalledLine(one, one.seat_id in declared, one.seat_id in voted) for one in rows]


@identity.system("committees.names_only")
def people_named(alert: Alert) -> list[str]:
    """Names of the organisation's people, for the declaration."""
    rows = alert.organisation.people.filter(ends_on__isnull=True).select_related("user").order_by("user__full_name")
    return [one.user.full_name for one in rows]


@identity.system("committees.alert_reasons")
def reasons_of(alert: Alert) -> list[str]:
    """Why the panel said no, without names and in no order of votes; only once the alert is answered."""
    if alert.state != AlertState.DECLINED:
        return []
    return sorted(alert.votes.exclude(sentence="").values_list("sentence", flat=True))


def step_for(user: Any, alert: Alert) -> NextStep:
    """Whose turn it is and by when."""
    state, tone = alert.get_state_display(), TONES[alert.state]
    match alert.state:
        case AlertState.RAISED:
            seat = rules.seat_on_call(user, alert)
            mine = seat is not None and not alert.votes.filter(seat=seat).exists()
            turn = _("Your turn: declare, then answer.") if mine else _("The panel on call answers.")
            return NextStep(state, turn, alert.answer_due, tone, mine=mine)
        case AlertState.ACCEPTED:
            return NextStep(state, _("Organisations apply, then the panel on call selects."), None, tone)
        case _:
            return NextStep(state, _("Nothing more happens with this alert."), None, tone)


# Work -----------------------------------------------------------------------------------------------------------------


def to_answer(user: Any) -> list[tuple[Alert, OnCall]]:
    """Alerts that wait for a member's declaration or answer, with the row by which he is called."""
    rows = OnCall.objects.filter(
        facts.still_in_term("seat__"), seat__user=user, state=OnCallState.CALLED, alert__state=AlertState.RAISED
    ).select_related("alert")
    return [(one.alert, one) for one in rows if not one.alert.votes.filter(seat=one.seat_id).exists()]


def late() -> list[tuple[Alert, Stage]]:
    """Alerts with a stage that is running and late, for the secretariat."""
    rows = Alert.objects.filter(state__in=[AlertState.RAISED, AlertState.ACCEPTED]).select_related("charter", "call")
    found = [(one, stage) for one in rows for stage in stages_of(one) if stage.runs and stage.missed]
    return [(one, stage) for one, stage in found if stage.name is not StageName.TOTAL]


def panel_of(alert: Alert) -> Panel | None:
    """The panel that works on the call which the alert opened."""
    return Panel.objects.filter(call=alert.call_id).first() if alert.call_id else None


def proposals(calls: list[UUID]) -> dict[UUID, tuple[int, int]]:
    """(proposals that arrived, awards) by call; one query."""
    approved = Q(state__in=[ApplicationState.APPROVED, ApplicationState.APPROVED_WITH_CONDITIONS])
    rows = (
        Application.objects.filter(call__in=calls, submitted_at__isnull=False)
        .values_list("call")
        .annotate(sent=Count("pk"), won=Count("pk", filter=approved))
    )
    return {call: (sent, won) for call, sent, won in rows}
