"""Appeals: grounds, evidence, a panel of people who took no part, votes and the reasoned decision."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Stateful
from committees import follow_up_events as events
from committees.states import AppealChoice, AppealGround, AppealState
from grants.models import Application
from kernel.files import UploadTo, private_storage

User = settings.AUTH_USER_MODEL
_S = AppealState
DECIDED = (_S.UPHELD, _S.PARTLY_UPHELD, _S.DISMISSED)


@walls.walled
@guards.fixed(
    "application", "reference", "grounds", "statement", "lodged_by", "lodged_at", "held_minor",
    by_moves=("due_at", "answer", "outcome", "re_evaluate", "replaced", "decided_at", "closed_at"),
)  # fmt: skip
@guards.guarded
class Appeal(Stateful):
    """A challenge to procedure or fact of one decision.

    ``held_minor`` is the money of the call (minor units) kept aside meanwhile; ``answer`` are the reasons of the panel, or
    why it was not admitted; ``replaced`` the keys of seats that do not score a renewed evaluation.
    """

    state = FSMField(default=_S.LODGED, choices=_S.choices, editable=False)
    reference = models.CharField(max_length=20, unique=True, editable=False)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="appeal")
    grounds = ArrayField(models.CharField(max_length=24, choices=AppealGround.choices), verbose_name=_("grounds"))
    statement = models.TextField(_("what happened"))
    lodged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    lodged_at = models.DateTimeField(_("lodged"))
    due_at = models.DateTimeField(_("to be answered by"), null=True)
    held_minor = models.BigIntegerField(_("money held"), default=0)
    answer = models.TextField(_("reasons"), blank=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=_S.choices, blank=True)
    re_evaluate = models.BooleanField(_("evaluated anew"), default=False)
    replaced = models.JSONField(default=list)
    decided_at = models.DateTimeField(_("decided"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="appeal_names_a_ground", condition=~Q(grounds=[])),
            models.CheckConstraint(name="appeal_says_what_happened", condition=~Q(statement="")),
            models.CheckConstraint(
                name="appeal_is_answered_with_reasons",
                condition=Q(state__in=[_S.LODGED, _S.ADMISSIBLE, _S.UNDER_REVIEW]) | (~Q(answer="") & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @transition(field=state, source=_S.LODGED, target=_S.ADMISSIBLE, custom={"event": events.AppealAdmitted})
    def admit(self) -> None:
        """Edge: in time, by the signatory, on a ground that is one."""

    @transition(field=state, source=_S.LODGED, target=_S.INADMISSIBLE, custom={"event": events.AppealNotAdmitted})
    def refuse(self) -> None:
        """Edge: not admissible, with the reason."""

    @transition(field=state, source=_S.ADMISSIBLE, target=_S.UNDER_REVIEW, custom={"event": events.AppealReviewStarted})
    def review(self) -> None:
        """Edge: the panel is drawn."""

    @transition(field=state, source=_S.UNDER_REVIEW, target=_S.UPHELD, custom={"event": events.AppealUpheld})
    def uphold(self) -> None:
        """Edge: the majority of the panel; the application is evaluated anew."""

    @transition(
        field=state, source=_S.UNDER_REVIEW, target=_S.PARTLY_UPHELD, custom={"event": events.AppealPartlyUpheld}
    )
    def uphold_partly(self) -> None:
        """Edge: right in part; the panel says what follows."""

    @transition(field=state, source=_S.UNDER_REVIEW, target=_S.DISMISSED, custom={"event": events.AppealDismissed})
    def dismiss(self) -> None:
        """Edge: the decision stands."""

    @transition(
        field=state, source=[_S.INADMISSIBLE, *DECIDED], target=_S.CLOSED, custom={"event": events.AppealClosed}
    )
    def close(self) -> None:
        """Edge: told, remedied, and the money is free or spent."""


@walls.walled
@guards.append_only(recorded=True)
class AppealEvidence(Recorded):
    """A document that the organisation put to its appeal."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField(max_length=150)
    file = models.FileField(storage=private_storage, upload_to=UploadTo("appeals"))
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name


@walls.walled
@guards.append_only(recorded=True)
class AppealPanelist(Recorded):
    """A member of the panel of one appeal, drawn among those who took no part."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="panel")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appeals")

    class Meta:
        constraints = [models.UniqueConstraint(name="once_in_an_appeals_panel", fields=["appeal", "user"])]

    def __str__(self) -> str:
        return f"{self.appeal_id} · {self.user}"


@walls.walled
@guards.append_only(recorded=True)
class AppealVote(Recorded):
    """A panelist's vote on the appeal, once."""

    panelist = models.OneToOneField(AppealPanelist, on_delete=models.PROTECT, related_name="vote")
    choice = models.CharField(max_length=16, choices=AppealChoice.choices)

    def __str__(self) -> str:
        return self.choice
