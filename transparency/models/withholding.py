"""What is not told in public of a grant, why, and until when that is looked at again."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Stateful
from grants.models import Call, Grant
from kernel.pieces.words import list_in_words
from transparency import events
from transparency.states import WITHHOLDS, Ground, WithheldPart, WithholdingState

User = settings.AUTH_USER_MODEL
_S = WithholdingState


@walls.walled
@guards.fixed(
    "grant", "call", "parts", "ground", "reason", "asked_by",
    by_moves=("lift_reason", "lift_proposed_by", "review_on"),
)  # fmt: skip
@guards.guarded
class Withholding(Stateful):
    """Parts of a grant that the public does not learn; of a call: of every grant that is signed under it from then on.

    ``reason`` is for the secretariat and the organisation. It is looked at again on ``review_on``.
    """

    state = FSMField(default=_S.IN_FORCE, choices=_S.choices, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, null=True, related_name="withholdings")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, related_name="withholdings")
    parts = ArrayField(
        models.CharField(max_length=10, choices=WithheldPart.choices), verbose_name=_("What is not told in public")
    )
    ground = models.CharField(_("ground"), max_length=10, choices=Ground.choices)
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    review_on = models.DateField(_("looked at again on"))
    lift_reason = models.TextField(_("why it can be told now"), blank=True, editable=False)
    lift_proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        ordering = ["review_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="withholding_of_a_grant_or_a_call",
                condition=Q(grant__isnull=True, call__isnull=False) | Q(grant__isnull=False, call__isnull=True),
            ),
            models.CheckConstraint(name="withholding_names_a_part", condition=~Q(parts=[])),
            models.CheckConstraint(name="withholding_has_a_reason", condition=~Q(reason="")),
        ]
        indexes = [
            models.Index(fields=["review_on"], name="withholdings_to_review", condition=Q(state__in=WITHHOLDS)),
        ]

    def __str__(self) -> str:
        return f"{self.grant or self.call}: {', '.join(self.parts)}"

    @property
    def parts_in_words(self) -> str:
        """What is not told, in the page's language."""
        labels = [str(WithheldPart(part).label) for part in self.parts]
        return list_in_words(labels, language=get_language() or settings.LANGUAGE_CODE)

    @transition(field=state, source=_S.IN_FORCE, target=_S.IN_FORCE, custom={"event": events.WithholdingReviewed})
    def review(self) -> None:
        """Edge: looked at again, and kept."""

    @transition(field=state, source=_S.IN_FORCE, target=_S.LIFT_PROPOSED, custom={"event": events.LiftProposed})
    def propose_lift(self) -> None:
        """Edge: one side thinks that it can be told now."""

    @transition(field=state, source=_S.LIFT_PROPOSED, target=_S.IN_FORCE, custom={"event": events.LiftDeclined})
    def decline_lift(self) -> None:
        """Edge: the other side does not consent."""

    @transition(field=state, source=_S.LIFT_PROPOSED, target=_S.LIFTED, custom={"event": events.WithholdingLifted})
    def lift(self) -> None:
        """Edge: the other side consents; what was told before cannot be taken back either way."""
