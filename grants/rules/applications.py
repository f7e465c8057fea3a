"""Applications: who starts, edits, submits, withdraws, screens; what only the system does."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from accounts.rules import may_hold
from audit.models import RecordedEvent
from audit.rules import rule_for, system_only
from charter import stored
from grants import deadline, events, stages
from grants.models import Application, ApplicationUserObjectPermission, ConceptNote
from grants.states import ApplicationState, CallState
from kernel.permissions import Allowed, Denied, PermissionResult, all_of
from organisations.models import Organisation
from organisations.rules import is_person_of
from organisations.selectors import may_apply_now
from organisations.states import OrganisationState, OrganisationType, PersonRole

_S = ApplicationState
READERS = (Role.PROGRAMME_OFFICER, Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR)
"""Offices that read every submitted application."""
SCREENERS = (Role.PROGRAMME_OFFICER, Role.FUND_MANAGER)
REVIEW = "review_application"


# Who sees ---------------------------------------------------------------------------------------------------------


def submitted_q() -> Q:
    """Applications that were submitted once; a draft belongs to its organisation alone."""
    return Q(submitted_at__isnull=False)


def granted_q(user: Any) -> Q:
    """Rows of access to single applications that ``user`` holds now."""
    return Q(user=user, permission__codename=REVIEW, expires_at__gt=timezone.now())


def blind_q() -> Q:
    """Rows of access to applications whose applicants are hidden from scorers: the call says so, and it is being scored."""
    return Q(
        content_object__call__blind_applicants=True,
        content_object__state__in=[_S.CONCEPT_SENT, _S.ELIGIBLE, _S.SCORING],
    )


def may_review(application: Application, *, actor: Any) -> PermissionResult:
    """Whether ``actor`` was given this application to read, and the time is not over."""
    rows = ApplicationUserObjectPermission.objects.filter(granted_q(actor), content_object=application)
    return Allowed() if rows.exists() else Denied(_("This application was not given to you to read."))


# The organisation -------------------------------------------------------------------------------------------------


def signs_for(user: Any, organisation: Organisation) -> PermissionResult:
    """Whether ``user`` is an authorised signatory of the organisation."""
    return is_person_of(user, organisation, PersonRole.SIGNATORY)


def organisation_may_apply(organisation: Organisation) -> PermissionResult:
    """Only organisations that were found eligible apply, and not while they are suspended."""
    if may_apply_now(organisation):
        return Allowed()
    if organisation.state == OrganisationState.SUSPENDED:
        return Denied(_("Your organisation is suspended for now: it cannot apply until the suspension ends."))
    return Denied(
        _("Your organisation is not eligible yet. Complete its passport first; you can do that all year round.")
    )


@rule_for(events.ApplicationStarted)
def may_start(application: Application, *, actor: Any, event: Any = None) -> PermissionResult:
    """People of an eligible organisation, while the call is open."""
    call = application.call
    now = timezone.now()
    if call.state != CallState.OPEN or not deadline.in_time(call.concept_closes_at or call.closes_at, now=now):
        return Denied(_("This call is not open."))
    return all_of(
        is_person_of(actor, application.organisation),
        organisation_may_apply(application.organisation),
        _leads_by_charter(application),
    )


def _leads_by_charter(application: Application) -> PermissionResult:
    rules = stored.rules_of(application.call.frozen_rules).applications
    if application.organisation.type == OrganisationType.INGO and rules.international_only_support:
        return Denied(
            _("By the charter international organisations do not apply: they take part as technical partner or host.")
        )
    return Allowed()


def is_editable(application: Application) -> PermissionResult:
    """Whether the application's content may still change: a draft or an invitation of an open call, or returned and in time."""
    if stages.is_concept(application) and not stages.takes_concepts(application.call, now=timezone.now()):
        return Denied(_("The time for concept notes is over. Yours is kept, but it can no longer be changed or sent."))
    if application.state in {_S.DRAFT, _S.SHORTLISTED}:
        if application.call.state == CallState.OPEN:
            return Allowed()
        return Denied(_("The call has closed. Your draft is kept, but it can no longer be changed or submitted."))
    if application.state == _S.RETURNED:
        return Allowed()
    return Denied(_("This application was submitted: it can no longer be changed."))


def may_edit(application: Application, *, actor: Any) -> PermissionResult:
    """Everyone of the organisation, together."""
    return all_of(is_person_of(actor, application.organisation_id), is_editable(application))


@rule_for(events.FileAttached, events.FileRemoved)
def may_attach(application: Application, *, actor: Any, event: Any = None) -> PermissionResult:
    """Who may edit; the clock removes files that nobody came to name."""
    if actor is None and isinstance(event, events.FileRemoved):
        return system_only(application, actor=actor, event=event)
    return may_edit(application, actor=actor)


@rule_for(events.ConceptNoteSent, events.ApplicationSubmitted, events.ApplicationCompleted)
def may_submit(application: Application, *, actor: Any, event: Any = None) -> PermissionResult:
    """A signatory of an organisation that may apply; in two stages the concept note first, the full proposal when invited."""
    if event is not None and isinstance(event, events.ConceptNoteSent) != stages.is_concept(application):
        return Denied(_("In this call concept notes come first; full proposals are for those who are invited."))
    return all_of(
        signs_for(actor, application.organisation),
        organisation_may_apply(application.organisation),
        is_editable(application),
    )


@rule_for(events.ConceptNoteKept)
def may_keep_note(note: ConceptNote, *, actor: Any, event: Any = None) -> PermissionResult:
    """Part of the sending: the signatory, while the note is what was just sent."""
    sent = note.application.state == _S.CONCEPT_SENT and note.sha256 == note.application.content_sha256
    return signs_for(actor, note.application.organisation) if sent else Denied(_("This concept note was not sent."))


def is_open_to_send(application: Application) -> bool:
    """Whether the page of sending has anything to say: not after it was sent."""
    sent = application.submitted_at is not None and application.state != _S.RETURNED
    return not sent and application.state not in {_S.CONCEPT_SENT, _S.NOT_SHORTLISTED}


def came_late_since(application: Application, since: datetime) -> bool:
    """Whether an attempt after the deadline was recorded since a moment."""
    rows = RecordedEvent.objects.filter(type=events.ApplicationCameLate.type, subject_id=application.pk)
    return rows.filter(at__gte=since).exists()


@rule_for(events.ApplicationCameLate)
def may_come_late(application: Application, *, actor: Any, event: Any = None) -> PermissionResult:
    """A signatory, whose attempt is kept though nothing was sent."""
    return signs_for(actor, application.organisation)


@rule_for(events.ApplicationWithdrawn)
def may_withdraw(application: Application, *, actor: Any, event: Any = None) -> PermissionResult:
    """A signatory, at any time before the decision, free and without penalty."""
    return signs_for(actor, application.organisation)


# Screening --------------------------------------------------------------------------------------------------------


def _is_screening(application: Application, actor: Any) -> PermissionResult:
    if application.call.state not in {CallState.CLOSED, CallState.IN_REVIEW}:
        return Denied(_("Screening begins when the call has closed, so that nobody has an advantage."))
    if is_person_of(actor, application.organisation):
        return Denied(_("You belong to this organisation: another officer screens its application."))
    return may_hold(actor, *SCREENERS)


@rule_for(events.ApplicationFoundEligible)
def may_find_eligible(
    application: Application, *, actor: Any, event: events.ApplicationFoundEligible | None = None
) -> PermissionResult:
    """An officer, when every point of the checklist holds."""
    if event is not None and not all(event.checklist.values()):
        return Denied(_("Every point of the checklist must hold for an eligible application."))
    return _is_screening(application, actor)


@rule_for(events.ApplicationReturned)
def may_return(application: Application, *, actor: Any, event: Any = None) -> PermissionResult:
    """An officer, once, for what is formally missing."""
    rules = stored.rules_of(application.call.frozen_rules)
    if application.returned_once or rules.applications.returns_for_completion == 0:
        return Denied(_("An application is returned for completion once only."))
    return _is_screening(application, actor)


@rule_for(events.IneligibilityProposed)
def may_propose_ineligible(
    application: Application, *, actor: Any, event: events.IneligibilityProposed | None = None
) -> PermissionResult:
    """An officer, when a point of the checklist does not hold; another one decides."""
    if event is not None and all(event.checklist.values()):
        return Denied(_("Mark the point of the checklist that does not hold."))
    return _is_screening(application, actor)


@rule_for(events.IneligibilityConfirmed, events.IneligibilityOverturned)
def may_judge_ineligibility(application: Application, *, actor: Any, event: Any = None) -> PermissionResult:
    """Another officer than the one who proposed it."""
    if actor is not None and application.screened_by_id == actor.pk:
        return Denied(_("A second officer decides this: you proposed it."))
    return _is_screening(application, actor)


@rule_for(events.ApplicationLapsed)
def may_lapse(application: Application, *, actor: Any, event: Any = None) -> PermissionResult:
    """The clock, and what follows from it."""
    return system_only(application, actor=actor, event=event)


# Review and decision: acts of the committee's layer, carried out here by the system -----------------------------------


@rule_for(
    events.ConceptNoteShortlisted,
    events.ConceptNoteNotShortlisted,
    events.ConceptNoteSentBack,
    events.ScoringStarted,
    events.DeliberationStarted,
    events.ApplicationRejected,
    events.ApplicationReopened,
    events.ApplicationSentBack,
    events.FeedbackSent,
    events.LetterSent,
)
def system_decides(subject: Any, *, actor: Any, event: Any) -> PermissionResult:
    """The committee's decision carries the person; here the system follows it."""
    return system_only(subject, actor=actor, event=event)


@rule_for(events.ApplicationApproved, events.ApplicationApprovedWithConditions)
def may_be_approved(application: Application, *, actor: Any, event: Any) -> PermissionResult:
    """The system after the committee's vote, for no more than was asked."""
    if not 0 < event.amount_minor <= application.requested_minor:
        return Denied(_("An award is above zero and at most what the organisation asked for."))
    return system_only(application, actor=actor, event=event)


@rule_for(events.ApplicationWaitlisted)
def may_be_waitlisted(application: Application, *, actor: Any, event: Any) -> PermissionResult:
    """The system after the committee's vote; the waiting list is ranked."""
    if event.rank < 1:
        return Denied(_("The waiting list begins with rank 1."))
    return system_only(application, actor=actor, event=event)


@rule_for(events.ApplicationDeferred)
def may_be_deferred(application: Application, *, actor: Any, event: Any) -> PermissionResult:
    """The system after the committee's vote, no more often than the charter allows."""
    rules = stored.rules_of(application.call.frozen_rules)
    before = RecordedEvent.objects.filter(type=events.ApplicationDeferred.type, subject_id=application.pk).count()
    if before >= rules.committee.decision.deferrals:
        return Denied(_("This application was deferred before: it must be decided now."))
    return system_only(application, actor=actor, event=event)


@rule_for(events.ReviewAccessGiven, events.ReviewAccessRemoved)
def may_give_access(application: Application, *, actor: Any, event: Any) -> PermissionResult:
    """The secretariat that assigns, or the system after a recusal."""
    return Allowed() if actor is None else may_hold(actor, *SCREENERS)
