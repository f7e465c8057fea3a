"""Applications: answers, budget lines, saved versions, screening, feedback, and the access of scorers."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from guardian.models import UserObjectPermissionBase

from audit import guards, walls
from audit.models import Stateful
from grants import events
from grants.guards import (
    answers_fixed_with_application,
    content_fixed,
    fixed_with_application,
    full_proposals_are_invited,
)
from grants.models.calls import Call, EligibilityQuestion, Question
from grants.states import ApplicationState, BudgetCategory, BudgetPurpose
from kernel.database import FoldedForSearch
from kernel.files import private_storage
from kernel.places import Governorate
from kernel.sectors import Sector
from organisations.models import Organisation

_S = ApplicationState
_BEFORE_DECISION = [
    _S.DRAFT,
    _S.CONCEPT_SENT,
    _S.SHORTLISTED,
    _S.SUBMITTED,
    _S.RETURNED,
    _S.INELIGIBILITY_PROPOSED,
    _S.ELIGIBLE,
    _S.SCORING,
    _S.DELIBERATION,
    _S.DEFERRED,
    _S.WAITLISTED,
]


@walls.walled
@content_fixed(
    "call_id", "organisation_id", "reference", "title", "summary", "sector", "governorates", "places", "months", "starts_on",
    "people_reached", "expected_minor", "requested_minor",
)  # fmt: skip
@guards.fixed(
    "call", "organisation", "reference", "created_by",
    by_moves=(
        "submitted_at", "submitted_by", "content_sha256", "screened_by", "returned_once", "checklist", "missing_items",
        "screening_reason", "waiting_rank", "waiting_until", "decided_at",
    ),
)  # fmt: skip
@full_proposals_are_invited
@guards.guarded
class Application(Stateful):
    """An organisation's request in a call.

    ``expected_minor`` is what the organisation plans to ask for, where that decides which questions are asked.
    In a call in two stages it is a concept note first (`ConceptNote`); only who is invited goes on to the full proposal.
    ``requested_minor`` is the budget's total (direct and indirect costs) as last saved; ``content_sha256`` the hash of
    what was submitted. ``reference`` is the receipt's number, given with the draft and random, so that it tells no order.
    """

    state = FSMField(default=_S.DRAFT, choices=_S.choices, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    title = models.CharField(_("title"), max_length=150, blank=True)
    title_key = models.GeneratedField(
        expression=FoldedForSearch("title"), output_field=models.CharField(max_length=300), db_persist=True
    )
    summary = models.TextField(_("summary"), blank=True)
    sector = models.CharField(_("main sector"), max_length=30, choices=Sector.choices, blank=True)
    governorates = ArrayField(
        models.CharField(max_length=4, choices=Governorate.choices), default=list, verbose_name=_("governorates")
    )
    places = ArrayField(models.CharField(max_length=20), default=list, verbose_name=_("places"))
    """Codes of `grants.models.Place`, where the call asks for them."""
    months = models.PositiveSmallIntegerField(_("duration in months"), null=True)
    starts_on = models.DateField(_("planned start"), null=True)
    people_reached = models.PositiveIntegerField(_("people reached"), null=True)
    expected_minor = models.BigIntegerField(_("amount planned"), null=True, editable=False)
    requested_minor = models.BigIntegerField(_("amount requested"), default=0, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    content_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    screened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    step_due = models.DateTimeField(_("due"), null=True)
    returned_once = models.BooleanField(default=False)
    checklist = models.JSONField(_("screening checklist"), default=dict, editable=False)
    missing_items = models.JSONField(_("what is missing"), default=list, editable=False)
    screening_reason = models.TextField(_("reason"), blank=True, editable=False)
    waiting_rank = models.PositiveSmallIntegerField(_("rank on the waiting list"), null=True)
    waiting_until = models.DateField(_("valid until"), null=True)
    decided_at = models.DateTimeField(null=True)
    receipt = models.FileField(storage=private_storage, upload_to="receipts/", blank=True)

    class Meta:
        permissions = [("review_application", "Can read and score this application")]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="one_application_per_call",
                fields=["call", "organisation"],
                condition=~Q(state__in=[_S.WITHDRAWN, _S.LAPSED]),
            ),
            models.CheckConstraint(
                name="submitted_application_has_its_hash",
                condition=Q(state__in=[_S.DRAFT, _S.WITHDRAWN, _S.LAPSED]) | ~Q(content_sha256=""),
            ),
            models.CheckConstraint(
                name="waiting_list_has_ranks", condition=~Q(state=_S.WAITLISTED) | Q(waiting_rank__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state"], name="applications_of_call"),
            models.Index(fields=["step_due", "submitted_at", "id"], name="applications_by_deadline"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def rules_version(self) -> int | None:
        """Number of the charter version that binds the call."""
        return self.call.rules_version

    @transition(field=state, source=_S.DRAFT, target=_S.CONCEPT_SENT, custom={"event": events.ConceptNoteSent})
    def send_concept_note(self) -> None:
        """Edge: the signatory sends the concept note of a call in two stages."""

    @transition(
        field=state, source=_S.CONCEPT_SENT, target=_S.SHORTLISTED, custom={"event": events.ConceptNoteShortlisted}
    )
    def shortlist(self) -> None:
        """Edge: the members' points invite to the full proposal."""

    @transition(
        field=state,
        source=_S.CONCEPT_SENT,
        target=_S.NOT_SHORTLISTED,
        custom={"event": events.ConceptNoteNotShortlisted},
    )
    def leave_out(self) -> None:
        """Edge: the members' points do not."""

    @transition(
        field=state,
        source=_S.NOT_SHORTLISTED,
        target=_S.CONCEPT_SENT,
        custom={"event": events.ConceptNoteSentBack},
    )
    def send_note_back(self) -> None:
        """Edge: an upheld appeal while the call is open; the note is judged anew."""

    @transition(
        field=state,
        source=[_S.DRAFT, _S.SHORTLISTED],
        target=_S.SUBMITTED,
        custom={"event": events.ApplicationSubmitted},
    )
    def submit(self) -> None:
        """Edge: the signatory submits."""

    @transition(field=state, source=_S.SUBMITTED, target=_S.RETURNED, custom={"event": events.ApplicationReturned})
    def return_for_completion(self) -> None:
        """Edge: something formal is missing; once only."""

    @transition(field=state, source=_S.RETURNED, target=_S.SUBMITTED, custom={"event": events.ApplicationCompleted})
    def complete(self) -> None:
        """Edge: the signatory sends it back."""

    @transition(field=state, source=_S.SUBMITTED, target=_S.ELIGIBLE, custom={"event": events.ApplicationFoundEligible})
    def find_eligible(self) -> None:
        """Edge: complete and eligible."""

    @transition(
        field=state,
        source=_S.SUBMITTED,
        target=_S.INELIGIBILITY_PROPOSED,
        custom={"event": events.IneligibilityProposed},
    )
    def propose_ineligible(self) -> None:
        """Edge: a second officer must look."""

    @transition(
        field=state,
        source=_S.INELIGIBILITY_PROPOSED,
        target=_S.INELIGIBLE,
        custom={"event": events.IneligibilityConfirmed},
    )
    def confirm_ineligible(self) -> None:
        """Edge: the second officer agrees."""

    @transition(
        field=state,
        source=_S.INELIGIBILITY_PROPOSED,
        target=_S.ELIGIBLE,
        custom={"event": events.IneligibilityOverturned},
    )
    def overturn_ineligible(self) -> None:
        """Edge: the second officer disagrees."""

    @transition(
        field=state,
        source=[_S.REJECTED, _S.INELIGIBLE, _S.WAITLISTED],
        target=_S.ELIGIBLE,
        custom={"event": events.ApplicationSentBack},
    )
    def send_back(self) -> None:
        """Edge: an upheld appeal; it is scored and decided anew."""

    @transition(field=state, source=_S.ELIGIBLE, target=_S.SCORING, custom={"event": events.ScoringStarted})
    def start_scoring(self) -> None:
        """Edge: scorers have it."""

    @transition(
        field=state,
        source=[_S.SCORING, _S.DEFERRED],
        target=_S.DELIBERATION,
        custom={"event": events.DeliberationStarted},
    )
    def start_deliberation(self) -> None:
        """Edge: the scores are in."""

    @transition(
        field=state,
        source=[_S.DELIBERATION, _S.WAITLISTED],
        target=_S.APPROVED,
        custom={"event": events.ApplicationApproved},
    )
    def approve(self) -> None:
        """Edge: the committee approves (or the waiting list moves up)."""

    @transition(
        field=state,
        source=[_S.DELIBERATION, _S.WAITLISTED],
        target=_S.APPROVED_WITH_CONDITIONS,
        custom={"event": events.ApplicationApprovedWithConditions},
    )
    def approve_with_conditions(self) -> None:
        """Edge: approved, if the listed conditions are met."""

    @transition(
        field=state, source=_S.DELIBERATION, target=_S.WAITLISTED, custom={"event": events.ApplicationWaitlisted}
    )
    def waitlist(self) -> None:
        """Edge: good, but the envelope is used up."""

    @transition(field=state, source=_S.DELIBERATION, target=_S.REJECTED, custom={"event": events.ApplicationRejected})
    def reject(self) -> None:
        """Edge: not funded, with reasons."""

    @transition(
        field=state,
        source=[_S.APPROVED, _S.APPROVED_WITH_CONDITIONS, _S.WAITLISTED, _S.REJECTED],
        target=_S.DELIBERATION,
        custom={"event": events.ApplicationReopened},
    )
    def reopen(self) -> None:
        """Edge: the decision rested on what must not count; the committee decides again."""

    @transition(field=state, source=_S.DELIBERATION, target=_S.DEFERRED, custom={"event": events.ApplicationDeferred})
    def defer(self) -> None:
        """Edge: once, to the next meeting."""

    @transition(
        field=state, source=_BEFORE_DECISION, target=_S.WITHDRAWN, custom={"event": events.ApplicationWithdrawn}
    )
    def withdraw(self) -> None:
        """Edge: the organisation takes it back, without penalty."""

    @transition(
        field=state,
        source=[_S.DRAFT, _S.SHORTLISTED, _S.RETURNED, _S.APPROVED, _S.APPROVED_WITH_CONDITIONS, _S.WAITLISTED],
        target=_S.LAPSED,
        custom={"event": events.ApplicationLapsed},
    )
    def lapse(self) -> None:
        """Edge: its time ran out."""


@walls.walled
class ApplicationUserObjectPermission(UserObjectPermissionBase):
    """A scorer's access to one application, until it expires (django-guardian, direct foreign key)."""

    id = models.BigAutoField(primary_key=True)
    content_object = models.ForeignKey(Application, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [models.Index(fields=["user", "expires_at"], name="scorers_access")]


@walls.walled
class SectionSave(models.Model):
    """One saving of a section: what it held before is never lost.

    ``answers`` holds what was typed, also where it could not be read; `Answer`, `EligibilityAnswer`, `BudgetLine` and
    the application's own fields hold what was understood. ``tab`` is the open page that saved: its own savings never
    conflict. ``touched`` says of every field in which version and from which tab it got its present text.
    """

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="saves")
    section_key = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    answers = models.JSONField()
    touched = models.JSONField(default=dict)
    complete = models.BooleanField()
    tab = models.CharField(max_length=36, blank=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="section_versions_in_order", fields=["application", "section_key", "version"])
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.section_key} v{self.version}"


@walls.walled
@answers_fixed_with_application
class Answer(models.Model):
    """The current answer to a question: text, number (minor units for amounts), ISO date, truth value, key or list of keys."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    value = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_answer_per_question", fields=["application", "question"])]

    def __str__(self) -> str:
        return f"{self.question_id}"


@walls.walled
@fixed_with_application
class EligibilityAnswer(models.Model):
    """The organisation's answer to an eligibility question."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="eligibility_answers")
    question = models.ForeignKey(EligibilityQuestion, on_delete=models.PROTECT, related_name="+")
    value = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_eligibility_answer", fields=["application", "question"])]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.value}"


@walls.walled
@fixed_with_application
class BudgetLine(models.Model):
    """A direct cost: quantity × unit cost × months × share charged to the fund. The indirect cost is computed.

    A remark on a line of equipment is its justification.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="budget_lines")
    category = models.CharField(_("category"), max_length=1, choices=BudgetCategory.choices)
    order = models.PositiveSmallIntegerField(default=0)
    description = models.CharField(_("what"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40)
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_cost_minor = models.BigIntegerField(_("unit cost"))
    months = models.PositiveSmallIntegerField(_("months or times"), default=1)
    percent_charged = models.PositiveSmallIntegerField(_("% charged to the fund"), default=100)
    purpose = models.CharField(_("special purpose"), max_length=30, choices=BudgetPurpose.choices, blank=True)
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    class Meta:
        ordering = ["category", "order"]
        constraints = [
            models.CheckConstraint(
                name="budget_line_in_range",
                condition=Q(quantity__gte=1, unit_cost_minor__gte=0, months__gte=1, percent_charged__range=(1, 100)),
            )
        ]

    def __str__(self) -> str:
        return self.description
