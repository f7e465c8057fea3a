"""Forming a committee and filling its seats (domain specification §4.6)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.roles import Role
from accounts.selectors import has_role
from audit.rules import rule_for, system_only
from committees import events
from committees.models import Committee, Panel, Seat
from committees.quorum import may_decide
from committees.rules import facts
from committees.states import CaseState, CommitteeState, Constituency, PanelState, SeatOffice, SeatState
from funds.models import DonorRepresentative
from kernel.permissions import Allowed, Denied, PermissionResult, all_of


def secretariat(actor: Any) -> PermissionResult:
    """Programme officers and the fund manager run committees; they never sit in them."""
    if actor is not None and facts.is_secretariat(actor):
        return Allowed()
    return Denied(_("Committees are run by the programme officers and the fund manager."))


@rule_for(events.CommitteeFormed)
def may_form(committee: Committee, *, actor: Any, event: Any) -> PermissionResult:
    """The secretariat forms committees."""
    return secretariat(actor)


@rule_for(events.CommitteeConstituted)
def may_constitute(committee: Committee, *, actor: Any, event: Any) -> PermissionResult:
    """The composition of the charter is met, and chair and rapporteur are named."""
    if not (allowed := secretariat(actor)):
        return allowed
    if not may_decide(facts.composition(committee)):
        return Denied(_("The seats do not fulfil the charter yet; the list of checks says what is missing."))
    offices = {one.office for one in facts.membership(committee).members}
    if not {SeatOffice.CHAIR, SeatOffice.RAPPORTEUR} <= offices:
        return Denied(_("A committee needs a chair and a rapporteur among its voting members."))
    return Allowed()


@rule_for(events.CommitteeDissolved)
def may_dissolve(committee: Committee, *, actor: Any, event: Any) -> PermissionResult:
    """Not while it works on a call."""
    if committee.panels.exclude(state=PanelState.CLOSED).exists():
        return Denied(_("The committee still works on a call."))
    return secretariat(actor)


def may_be_member(seat: Seat) -> PermissionResult:
    """Officers of the fund never sit; representatives of donors only observe; nobody sits twice or too long."""
    if facts.holds_office(seat.user):
        return Denied(_("This person holds an office of the fund; officers never sit in a committee."))
    day = facts.today()
    mandates = DonorRepresentative.objects.filter(user=seat.user, starts_on__lte=day)
    if seat.voting and any(one.ends_on is None or one.ends_on >= day for one in mandates):
        return Denied(_("This person represents a donor; donors may observe but have no seat with a vote."))
    if Seat.objects.filter(facts.in_term(day), committee=seat.committee, user=seat.user).exists():
        return Denied(_("This person already has a seat in the committee."))
    return may_serve_again(seat)


def may_serve_again(seat: Seat) -> PermissionResult:
    """A term is as long as the charter says and is renewed as often as it says."""
    rules = facts.rules_of_version(seat.committee.charter).committee.term
    if (seat.ends_on - seat.starts_on).days > 366 * rules.years:
        return Denied(_("A term lasts at most %(years)s year(s) under the charter.") % {"years": rules.years})
    served = Seat.objects.filter(committee=seat.committee, user=seat.user, ends_on__lt=seat.starts_on).count()
    if served > rules.renewals:
        return Denied(_("This person's term was already renewed as often as the charter allows."))
    return leaves_room_for_others(seat) if served and seat.voting and seat.alternate_of_id is None else Allowed()


def leaves_room_for_others(seat: Seat) -> PermissionResult:
    """A part of the committee changes: no more terms are renewed than the charter's rotation leaves."""
    renewed, most = facts.rotation(seat.committee)
    if renewed >= most:
        return Denied(
            ngettext(
                "A part of the committee changes every year: %(most)s term may be renewed, and it is.",
                "A part of the committee changes every year: %(most)s terms may be renewed, and they are.",
                most,
            )
            % {"most": most}
        )
    return Allowed()


def may_sit_on(seat: Seat, panels: Iterable[Panel]) -> PermissionResult:
    """Nobody who leads an organisation of the last cohort of grantees decides on its sector now (§4.6)."""
    for panel in panels:
        if seat.voting and seat.user.pk in facts.leads_last_cohort(panel.call, [seat.user.pk]):
            return Denied(
                _("This person leads an organisation that was granted money by the last call of the same sector.")
            )
    return Allowed()


def may_be_alternate(seat: Seat, member: Seat) -> PermissionResult:
    """Of the member's constituency, which has no more alternates than the charter allows."""
    if member.constituency != seat.constituency or member.alternate_of_id is not None:
        return Denied(_("An alternate is of the same constituency as the member whose place it takes."))
    most = facts.rules_of_version(seat.committee.charter).committee.alternates_per_constituency
    same = [one for one in facts.membership(seat.committee).alternates if one.constituency == seat.constituency]
    if len(same) >= most:
        return Denied(_("This constituency already has as many alternates as the charter allows."))
    return Allowed()


def may_take_place(seat: Seat) -> PermissionResult:
    """The charter's numbers of seats, of each constituency and of all that vote, are not exceeded."""
    rules = facts.rules_of_version(seat.committee.charter).committee
    people = facts.membership(seat.committee)
    most = rules.constituencies[seat.constituency].seats_to
    holders = [one for one in (*people.members, *people.observers) if one.constituency == seat.constituency]
    if len(holders) >= most:
        return Denied(
            _("The charter allows at most %(most)s seats of the constituency “%(name)s”.")
            % {"most": most, "name": Constituency(seat.constituency).label}
        )
    if seat.voting and len(people.members) >= max(rules.seats_allowed):
        return Denied(_("The charter allows at most %(most)s seats with a vote.") % {"most": max(rules.seats_allowed)})
    return Allowed()


def is_nominated(seat: Seat) -> PermissionResult:
    """A civil-society seat is nominated by a network that belongs to the fund, and the document that says so is kept."""
    if seat.civil_society and (seat.network is None or seat.network.left_on is not None):
        return Denied(_("A civil-society seat is nominated by a network that belongs to the fund."))
    if seat.civil_society and not (seat.evidence and seat.evidence_sha256):
        return Denied(_("A civil-society seat needs the document of its nomination."))
    return Allowed()


@rule_for(events.SeatFilled)
def may_fill(seat: Seat, *, actor: Any, event: Any) -> PermissionResult:
    """The secretariat fills seats under the charter."""
    if seat.committee.state == CommitteeState.DISSOLVED:
        return Denied(_("The committee is dissolved."))
    member = seat.alternate_of
    place = may_take_place(seat) if member is None else may_be_alternate(seat, member)
    sits = may_sit_on(seat, seat.committee.panels.exclude(state=PanelState.CLOSED).select_related("call"))
    return all_of(secretariat(actor), may_be_member(seat), is_nominated(seat), place, sits)


@rule_for(events.SeatVacated)
def may_vacate(seat: Seat, *, actor: Any, event: Any) -> PermissionResult:
    """The member resigns, or the secretariat records that the seat is vacant."""
    return Allowed() if actor == seat.user else secretariat(actor)


rule_for(events.SeatSuspended, events.InclusionMissed)(system_only)


@rule_for(events.SeatReinstated)
def may_reinstate(seat: Seat, *, actor: Any, event: Any) -> PermissionResult:
    """The fund manager, after every case of the member has ended, while the place is still free and the term runs."""
    if not has_role(actor, Role.FUND_MANAGER):
        return Denied(_("The fund manager decides whether a suspended member sits again."))
    if seat.cases.filter(state__in=[CaseState.REPORTED, CaseState.CONFIRMED]).exists():
        return Denied(_("A case of this member is still open."))
    taken = Seat.objects.filter(committee=seat.committee, state=SeatState.FILLED).filter(
        Q(number=seat.number) | Q(user=seat.user)
    )
    if taken.exists() or seat.ends_on < facts.today():
        return Denied(_("The seat was given to somebody else, or its term has ended."))
    return Allowed()
