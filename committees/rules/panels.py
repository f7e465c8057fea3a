"""Conflicts and assignments of a panel (domain specification §3.4 steps 1–4)."""

from collections import Counter
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.rules import rule_for, system_only
from committees import events
from committees.models import Alert, Assignment, ConflictDeclaration, Panel, Recusal
from committees.rules import facts
from committees.rules.committees import secretariat
from committees.rules.concepts import TO_DECLARE_ON, known_to
from committees.states import HARD_GROUNDS, AssignmentState, CommitteeState, ConflictKind, PanelState
from grants import stages
from grants.models import Application
from grants.states import CallState, GrantType
from kernel.permissions import Allowed, Denied, PermissionResult, all_of

rule_for(events.PanelClosed, events.PanelReopened, events.ConflictFound)(system_only)


@rule_for(events.PanelOpened)
def may_open_panel(panel: Panel, *, actor: Any, event: Any) -> PermissionResult:
    """The call is closed, every application is screened, the committee is constituted and none of its members too near."""
    return all_of(secretariat(actor), may_be_taken_over(panel), was_on_call(panel), none_leads_the_last_cohort(panel))


def none_leads_the_last_cohort(panel: Panel) -> PermissionResult:
    """Nobody who leads an organisation of the last cohort of grantees decides on its sector now (§4.6)."""
    voting = {one.user_id: one for one in facts.people_of(panel).voting}
    leading = facts.leads_last_cohort(panel.call, voting)
    if not leading:
        return Allowed()
    names = "، ".join(sorted(voting[one].user.full_name for one in leading))
    return Denied(
        _("These members lead organisations that the last call of the same sector granted money to: %(names)s.")
        % {"names": names}
    )


def was_on_call(panel: Panel) -> PermissionResult:
    """A rapid call goes to the committee whose members were on call when its alert was raised."""
    alerts = Alert.objects.filter(call=panel.call_id, rota__committee=panel.committee_id)
    if panel.call.grant_type != GrantType.RAPID or alerts.exists():
        return Allowed()
    return Denied(_("A rapid call belongs to the committee whose members were on call when its alert was raised."))


def may_be_taken_over(panel: Panel) -> PermissionResult:
    """Whether the call waits for a committee, and this one may take it."""
    call = panel.call
    concepts = stages.judges_concepts(call, now=timezone.now())
    if call.state not in {CallState.CLOSED, CallState.IN_REVIEW} and not concepts:
        return Denied(_("A committee takes over a call after it has closed."))
    if Panel.objects.filter(call=call).exists():
        return Denied(_("A committee has taken over this call already."))
    if panel.committee.state != CommitteeState.CONSTITUTED:
        return Denied(_("Only a constituted committee can take over a call."))
    if Application.objects.filter(call=call, state__in=facts.UNSCREENED).exists():
        return Denied(_("Some applications of the call are not screened yet."))
    if not known_to(panel).exists():
        return Denied(_("The call has no eligible application."))
    return Allowed()


@rule_for(events.ConflictDeclared)
def may_declare(declaration: ConflictDeclaration, *, actor: Any, event: Any) -> PermissionResult:
    """Each member declares for himself, until the application is decided; a recusal is never taken back."""
    seat, application = declaration.seat, declaration.application
    if actor is None or seat.user != actor:
        return Denied(_("Each member declares conflicts for himself or herself."))
    if facts.seat_of(actor, seat.committee) != seat:
        return Denied(_("Your seat in this committee has ended."))
    if application.call.grant_type == GrantType.RAPID and seat not in facts.people_of(application.call.panel).voting:
        return Denied(_("You are not on call for this rapid call."))
    if application.state not in TO_DECLARE_ON:
        return Denied(_("This application is not before the committee."))
    if facts.is_recused(actor, application):
        return Denied(_("You are recused from this application; a recusal is not taken back."))
    return fits_what_is_known(declaration, actor)


def fits_what_is_known(declaration: ConflictDeclaration, actor: Any) -> PermissionResult:
    """A hard ground recuses; what stands is only added to, unless the records ask; then a "no" needs a word of explanation."""
    application, kind = declaration.application, declaration.kind
    if kind == ConflictKind.SOFT and declaration.ground in HARD_GROUNDS:
        return Denied(
            _("This ground is a conflict of interest, not a mere link: with it you are out of the application.")
        )
    if kind != ConflictKind.NONE:
        return Allowed()
    asked = facts.asks(actor, application)
    if facts.has_declared(actor, application) and not asked:
        return Denied(_("What you declared stands. Declare only a link or conflict that you found since."))
    if asked and not declaration.explanation.strip():
        return Denied(_("The fund's records show a possible link: say in a few words why it is none."))
    return Allowed()


@rule_for(events.MemberRecused)
def may_recuse(recusal: Recusal, *, actor: Any, event: Any) -> PermissionResult:
    """A member's own declaration, or the system that found a conflict; nobody else puts a member out."""
    if actor is None or actor == recusal.seat.user:
        return Allowed()
    return Denied(_("Members are recused by their own declaration or by what the records show."))


@rule_for(events.PanelScoringStarted)
def may_start_scoring(panel: Panel, *, actor: Any, event: Any) -> PermissionResult:
    """All declared, or the time to declare is over; every application has its scorers, with civil society's share."""
    if not (allowed := secretariat(actor)):
        return allowed
    if panel.call.state == CallState.OPEN:
        return Denied(_("Full proposals are being written: scoring begins when the call has closed."))
    if Application.objects.filter(call=panel.call_id, state__in=facts.UNSCREENED).exists():
        return Denied(_("Some applications of the call are not screened yet."))
    people = facts.people_of(panel)
    users = {one.user_id for one in people.members}
    declared = facts.declarations(panel, users)
    applications = list(facts.applications_of(panel))
    complete = len(declared) >= len(users) * len(applications)
    if not complete and timezone.now() < panel.declarations_due:
        return Denied(_("Not everybody has declared yet, and the time to declare is not over."))
    return enough_scorers(panel, applications)


def enough_scorers(panel: Panel, applications: list[Application]) -> PermissionResult:
    """Each application has the charter's number of scorers, and its share of civil society among them."""
    scoring = facts.rules_of(panel.call).scoring
    rows = Assignment.objects.filter(application__in=applications).exclude(state=AssignmentState.REMOVED)
    scorers: Counter[Any] = Counter()
    ours: Counter[Any] = Counter()
    for application, civil_society in rows.values_list("application_id", "seat__civil_society"):
        scorers[application] += 1
        ours[application] += civil_society
    for one in applications:
        if scorers[one.pk] < scoring.scorers_needed(one.requested_minor):
            return Denied(_("An application has fewer scorers than the charter asks for."))
        if ours[one.pk] * 100 < scorers[one.pk] * scoring.civil_society_scorers_percent:
            return Denied(_("Civil society has less than its share among the scorers of an application."))
    return Allowed()


def may_score_at_all(assignment: Assignment) -> PermissionResult:
    """A member with a vote, no officer, who declared and is not recused."""
    user, application = assignment.seat.user, assignment.application
    if not assignment.seat.voting:
        return Denied(_("An observer does not score."))
    if facts.holds_office(user):
        return Denied(_("Officers of the fund never score."))
    if facts.is_recused(user, application):
        return Denied(_("A recused member does not score."))
    if not facts.has_declared(user, application):
        return Denied(_("A member who has not declared on conflicts has no access to the application."))
    return Allowed()


@rule_for(events.ApplicationAssigned)
def may_assign(assignment: Assignment, *, actor: Any, event: Any) -> PermissionResult:
    """The secretariat assigns, to members who may score; after a deadline the system, where the charter says so."""
    if assignment.application.state not in facts.BEFORE_COMMITTEE:
        return Denied(_("This application is not before the committee."))
    if actor is None and facts.rules_of(assignment.application.call).scoring.assignment.alternates_after_deadline:
        return may_score_at_all(assignment)
    return all_of(secretariat(actor), may_score_at_all(assignment))


@rule_for(events.AssignmentRemoved)
def may_remove_assignment(assignment: Assignment, *, actor: Any, event: Any) -> PermissionResult:
    """The system at a recusal; the secretariat may take back only what is not scored yet."""
    if actor is None or actor == assignment.seat.user:
        return Allowed()
    if assignment.state == AssignmentState.COMPLETED:
        return Denied(_("A submitted scorecard stays; only a recusal takes it out of the results."))
    return secretariat(actor)


@rule_for(events.ScoringExtended)
def may_extend(panel: Panel, *, actor: Any, event: Any) -> PermissionResult:
    """While scores come in."""
    if panel.state != PanelState.SCORING:
        return Denied(_("Only a running scoring can be extended."))
    return secretariat(actor)


def unscored(panel: Panel) -> list[Application]:
    """Applications with fewer valid scorecards than the charter asks for, by reference."""
    scoring = facts.rules_of(panel.call).scoring
    done = Counter(
        Assignment.objects.filter(application__call=panel.call_id, state=AssignmentState.COMPLETED).values_list(
            "application_id", flat=True
        )
    )
    listed = facts.applications_of(panel).filter(state__in=facts.BEFORE_COMMITTEE).order_by("reference")
    return [one for one in listed if done[one.pk] < scoring.scorers_needed(one.requested_minor)]


@rule_for(events.PanelScoringClosed)
def may_close_scoring(panel: Panel, *, actor: Any, event: Any) -> PermissionResult:
    """Every application has enough valid scorecards; silence is never consent."""
    if not (allowed := secretariat(actor)):
        return allowed
    missing = unscored(panel)
    if missing:
        return Denied(
            _("These applications need more scorecards: %(list)s. Extend the time or add an alternate.")
            % {"list": "، ".join(one.reference for one in missing)}
        )
    return Allowed()


def takes_out(kind: str) -> bool:
    """Whether a declaration recuses."""
    return kind == ConflictKind.HARD
