"""Who agrees to a long extension for the committee (domain specification §4.4)."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from audit.rules import rule_for
from committees.models import Committee, Panel, Recusal, Seat
from committees.rules import facts
from committees.rules.links import is_hard, links
from committees.states import CommitteeState, SeatOffice
from grants import events
from grants.fingerprints import is_what_was_read, revision_sha256
from grants.models import Grant, Revision, RevisionConsent
from grants.states import RevisionState
from kernel import identity
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations.rules.people import insiders_of, is_outsider

UNDECIDED = (RevisionState.REQUESTED, RevisionState.IN_REVIEW)
"""While a change stands there the committee may agree to it."""


def seats_held() -> QuerySet[Seat]:
    """Seats with a vote that are held today, in committees that stand."""
    return Seat.objects.filter(facts.still_in_term(), voting=True, committee__state=CommitteeState.CONSTITUTED)


def committee_of(grant: Grant) -> Committee | None:
    """Who agrees: the committee that awarded the grant while any of it sits, afterwards the one that was constituted last."""
    panel = Panel.objects.filter(call=grant.call_id).select_related("committee").first()
    if panel is not None and seats_held().filter(committee=panel.committee_id).exists():
        return panel.committee
    return latest_sitting()


def latest_sitting() -> Committee | None:
    """The committee that was constituted last and whose seats are held today."""
    found = Committee.objects.filter(pk__in=seats_held().values("committee"))
    return found.order_by("-moved_at", "pk").first()


@identity.system("committees.seat_for")
def seat_for(user: Any, grant: Grant) -> Seat | None:
    """The seat with a vote with which a person agrees to an extension of the grant today."""
    committee = committee_of(grant)
    seat = facts.seat_of(user, committee) if committee else None
    return seat if seat is not None and seat.voting else None


@identity.system("committees.out_of")
def out_of(grant: Grant, users: Collection[UUID]) -> set[UUID]:
    """Who of ``users`` is out of this file: recused from its application, or the records show a conflict today."""
    recused = Recusal.objects.filter(seat__user__in=users, application=grant.application_id)
    rules = facts.rules_of(grant.call).committee
    shown = links(users, [grant.application], rules, on=facts.today())
    linked = {user for (user, _application), grounds in shown.items() if is_hard(grounds)}
    return {*recused.values_list("seat__user", flat=True), *linked}


@identity.system("committees.leads")
def leads(seat: Seat, grant: Grant) -> bool:
    """Whether the seat leads the committee for this grant: its chair, or who comes after a chair who is out of the file."""
    members = facts.membership(seat.committee).members
    out = out_of(grant, {one.user_id for one in members})
    free = [one for one in members if one.user_id not in out]
    order = {SeatOffice.CHAIR: 0, SeatOffice.RAPPORTEUR: 1}
    first = min(free, key=lambda one: (order.get(SeatOffice(one.office), len(order)), one.number), default=None)
    return first == seat


@identity.system("committees.left_to_agree")
def left_to_agree(revision: Revision, users: Collection[UUID]) -> set[UUID]:
    """Who of ``users``, all members with a vote, may agree now, by the rule of `may_agree_now`; a constant number of queries."""
    if not revision.by_committee or revision.state not in UNDECIDED:
        return set()
    agreed = revision.consents.filter(round=revision.round, member__in=users).values_list("member", flat=True)
    return {*users} - out_of(revision.grant, users) - {*agreed} - insiders_of(revision.grant.organisation_id, users)


@identity.system("committees.may_agree_now")
def may_agree_now(revision: Revision, user: Any) -> PermissionResult:
    """A member with a vote who is not recused, once in a round, while the extension is not decided."""
    if not revision.by_committee or revision.state not in UNDECIDED:
        return Denied(_("The committee has nothing to agree to here."))
    seat = seat_for(user, revision.grant)
    if seat is None:
        return Denied(_("Only members of the committee agree for it."))
    if user.pk in out_of(revision.grant, {user.pk}):
        return Denied(_("You are recused from this application: another member agrees."))
    if revision.consents.filter(round=revision.round, member=user).exists():
        return Denied(_("You have agreed already."))
    return is_outsider(user, revision.grant.organisation)


@rule_for(events.ExtensionAgreed)
def may_agree(consent: RevisionConsent, *, actor: Any, event: Any) -> PermissionResult:
    """The same, of exactly what was read, as what the member is."""
    revision = consent.revision
    allowed = all_of(may_agree_now(revision, actor), is_what_was_read(event.content_sha256, revision_sha256(revision)))
    if not allowed:
        return allowed
    seat = seat_for(actor, revision.grant)
    if seat is None or consent.as_chair != leads(seat, revision.grant):
        return Denied(_("Only the chair agrees as the chair."))
    return Allowed()
