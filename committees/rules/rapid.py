"""Who is on call, who raises an alert, who answers it (domain specification §3.3, rapid window)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from audit.rules import rule_for, system_only
from committees import quorum
from committees import rapid_events as events
from committees.models import Alert, AlertDeclaration, AlertVote, OnCall, Rota, Seat
from committees.rules import facts
from committees.rules.committees import secretariat
from committees.rules.texts import check_failed
from committees.states import (
    HARD_GROUNDS,
    AlertState,
    CommitteeState,
    ConflictKind,
    OnCallState,
    RotaState,
    YesNo,
)
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations.models import Organisation
from organisations.rules import is_person_of, memberships_of
from organisations.selectors import may_apply_now
from organisations.states import PersonRole

rule_for(events.MemberCalled, events.MemberReleased, events.AlertAccepted, events.AlertDeclined, events.AlertSettled)(
    system_only
)


# Who is on call -------------------------------------------------------------------------------------------------------


@rule_for(events.RotaPublished)
def may_publish(rota: Rota, *, actor: Any, event: Any) -> PermissionResult:
    """The secretariat: the charter's number of members with a vote, civil society in the majority, nobody twice."""
    if not (allowed := secretariat(actor)):
        return allowed
    if rota.committee.state != CommitteeState.CONSTITUTED:
        return Denied(_("Only a constituted committee is on call."))
    if rota.ends_at <= timezone.now():
        return Denied(_("A rota lies ahead: choose a later end."))
    taken = Rota.objects.filter(state=RotaState.PUBLISHED, starts_at__lt=rota.ends_at, ends_at__gt=rota.starts_at)
    if taken.exists():
        return Denied(_("Others are on call in this time already. Withdraw their rota first."))
    keys = [*rota.members, *rota.stand_ins]
    if len(set(keys)) != len(keys):
        return Denied(_("Nobody is on call twice."))
    return all_of(_sit_all(rota, keys), _is_whole(rota))


def _sit_all(rota: Rota, keys: Sequence[UUID]) -> PermissionResult:
    """Everybody on the rota holds a seat with a vote to its end."""
    on = timezone.localdate(rota.ends_at)
    held = Seat.objects.filter(
        facts.in_term(timezone.localdate(rota.starts_at)),
        committee=rota.committee,
        voting=True,
        pk__in=keys,
        ends_on__gte=on,
    )
    if held.count() < len(keys):
        return Denied(_("Somebody on the rota holds no seat with a vote in this committee until its end."))
    return Allowed()


def _is_whole(rota: Rota) -> PermissionResult:
    """The charter's number of members on call, civil society in the majority."""
    rules = facts.rules_of_version(rota.committee.charter).committee
    if len(rota.members) != rules.rapid_members:
        return Denied(
            ngettext(
                "The charter asks for exactly %(number)s member on call.",
                "The charter asks for exactly %(number)s members on call.",
                rules.rapid_members,
            )
            % {"number": rules.rapid_members}
        )
    seats = [facts.counted(one) for one in Seat.objects.filter(pk__in=rota.members)]
    majority = quorum.majority_of_seats(seats, rules)
    return Allowed() if majority.passed else Denied(check_failed(majority))


@rule_for(events.RotaWithdrawn)
def may_withdraw_rota(rota: Rota, *, actor: Any, event: Any) -> PermissionResult:
    """The secretariat, while no alert waits for its panel."""
    if rota.alerts.filter(state=AlertState.RAISED).exists():
        return Denied(_("An alert waits for the answer of this panel."))
    return secretariat(actor)


# Alerts -----------------------------------------------------------------------------------------------------------


def organisation_may_alert(organisation: Organisation) -> PermissionResult:
    """Only organisations that were found eligible: they are the members of the fund."""
    if may_apply_now(organisation):
        return Allowed()
    return Denied(_("Only an organisation that the fund found eligible can raise an alert."))


@rule_for(events.AlertRaised)
def may_raise(alert: Alert, *, actor: Any, event: Any = None) -> PermissionResult:
    """A signatory of an eligible organisation, one alert at a time."""
    if Alert.objects.filter(organisation=alert.organisation, state=AlertState.RAISED).exists():
        return Denied(_("An alert of your organisation waits for its answer already."))
    return all_of(
        is_person_of(actor, alert.organisation, PersonRole.SIGNATORY), organisation_may_alert(alert.organisation)
    )


@rule_for(events.AlertWithdrawn)
def may_withdraw(alert: Alert, *, actor: Any, event: Any = None) -> PermissionResult:
    """A signatory of the organisation, before the answer."""
    return is_person_of(actor, alert.organisation, PersonRole.SIGNATORY)


def seen_by(user: Any) -> Q:
    """Condition on alerts: overseers all, people of an organisation its own, members those for which they are on call."""
    if facts.oversees(user):
        return Q()
    mine = OnCall.objects.filter(facts.still_in_term("seat__"), state=OnCallState.CALLED, seat__user=user)
    return Q(organisation__in=list(memberships_of(user))) | Q(pk__in=mine.values("alert"))


def reads_words(user: Any, alert: Alert) -> bool:
    """Whether a person reads why and sees the evidence: a member on call only after declaring that nothing stands against it."""
    if facts.oversees(user) or is_person_of(user, alert.organisation):
        return True
    seat = seat_on_call(user, alert)
    return seat is not None and alert.declarations.filter(seat=seat).exclude(kind=ConflictKind.HARD).exists()


def seat_on_call(user: Any, alert: Alert) -> Seat | None:
    """The seat with which a person is on call for an alert now."""
    people = facts.on_call(alert.on_call.all())
    return next((one for one in people.voting if one.user_id == user.pk), None)


def is_on_call(seat: Seat, actor: Any, alert: Alert) -> PermissionResult:
    """Whether ``actor`` is on call for the alert in exactly this seat, and it waits for an answer."""
    if alert.state != AlertState.RAISED:
        return Denied(_("This alert is answered: nothing more can be said to it."))
    if actor is None or seat_on_call(actor, alert) != seat:
        return Denied(_("Only members who are on call for this alert answer it, each for himself or herself."))
    return Allowed()


@rule_for(events.AlertConflictDeclared)
def may_declare(declaration: AlertDeclaration, *, actor: Any, event: Any) -> PermissionResult:
    """A member on call, once; a ground that recuses is no mere link."""
    if declaration.kind == ConflictKind.SOFT and declaration.ground in HARD_GROUNDS:
        return Denied(_("This ground is a conflict of interest, not a mere link: with it you are out of the alert."))
    if declaration.alert.declarations.filter(seat=declaration.seat).exists():
        return Denied(_("What you declared on this alert stands."))
    return is_on_call(declaration.seat, actor, declaration.alert)


@rule_for(events.AlertVoteCast)
def may_vote(vote: AlertVote, *, actor: Any, event: Any) -> PermissionResult:
    """A member on call who declared without conflict, once; a no says why."""
    if not (allowed := is_on_call(vote.seat, actor, vote.alert)):
        return allowed
    if not vote.alert.declarations.filter(seat=vote.seat).exclude(kind=ConflictKind.HARD).exists():
        return Denied(_("Declare first whether anything links you to the organisation."))
    if vote.alert.votes.filter(seat=vote.seat).exists():
        return Denied(_("You have answered this alert already."))
    if vote.choice == YesNo.NO and not vote.sentence.strip():
        return Denied(_("Say why not: the organisation reads it."))
    return Allowed()
