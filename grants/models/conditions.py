"""Conditions of awards, followed to their end, and what partners showed for them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Stateful
from grants import events
from grants.conditions import in_words
from grants.models.grants import Grant
from grants.states import CLOSED_CONDITIONS, ConditionBlocks, ConditionState
from kernel.files import UploadTo, private_storage

_S = ConditionState
_LIVE = [_S.OPEN, _S.RETURNED, _S.ANSWERED]


@walls.walled
@guards.fixed("grant", "text", "blocks", "tranche", by_moves=("rounds", "closed_by", "closed_at"))
@guards.guarded
class AwardCondition(Stateful):
    """Something that the committee asks of an awarded organisation.

    ``blocks`` says what waits for it; ``tranche`` is the first tranche that waits, or the last one of a grant with fewer.
    ``owner`` follows it for the fund, ``due_on`` is the partner's day, ``rounds`` counts its answers.
    """

    state = FSMField(default=_S.OPEN, choices=_S.choices, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="conditions")
    text = models.CharField(_("condition"), max_length=300)
    blocks = models.CharField(_("what waits for it"), max_length=10, choices=ConditionBlocks.choices)
    tranche = models.PositiveSmallIntegerField(_("tranche"), null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("followed by")
    )
    due_on = models.DateField(_("due on"))
    rounds = models.PositiveSmallIntegerField(default=0, editable=False)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="condition_names_its_tranche",
                condition=Q(blocks=ConditionBlocks.TRANCHE, tranche__gte=1)
                | (~Q(blocks=ConditionBlocks.TRANCHE) & Q(tranche__isnull=True)),
            ),
            models.CheckConstraint(
                name="closed_condition_says_by_whom",
                condition=~Q(state__in=CLOSED_CONDITIONS) | Q(closed_by__isnull=False, closed_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="conditions_by_state")]

    def __str__(self) -> str:
        return self.text

    @property
    def rules_version(self) -> int:
        """Number of the charter version that binds the grant."""
        return self.grant.charter_number

    @property
    def is_closed(self) -> bool:
        """Whether nothing waits for it any more."""
        return self.state in CLOSED_CONDITIONS

    @property
    def effect(self) -> Any:
        """What waits for it, in words."""
        return in_words(self.blocks, self.tranche)

    @transition(
        field=state, source=[_S.OPEN, _S.RETURNED], target=_S.ANSWERED, custom={"event": events.ConditionAnswered}
    )
    def answer(self) -> None:
        """Edge: the partner shows what it did."""

    @transition(field=state, source=_S.ANSWERED, target=_S.RETURNED, custom={"event": events.ConditionReturned})
    def return_(self) -> None:
        """Edge: what was shown is not enough."""

    @transition(field=state, source=_LIVE, target=_S.MET, custom={"event": events.ConditionMet})
    def meet(self) -> None:
        """Edge: an officer accepts it."""

    @transition(field=state, source=_LIVE, target=_S.WAIVED, custom={"event": events.ConditionWaived})
    def waive(self) -> None:
        """Edge: the fund does not ask for it any more."""


@walls.walled
@guards.append_only(recorded=True)
class ConditionEvidence(Recorded):
    """What the partner showed for a condition in one round: words, and a file where there is one."""

    condition = models.ForeignKey(AwardCondition, on_delete=models.PROTECT, related_name="evidence")
    round = models.PositiveSmallIntegerField()
    text = models.TextField(_("what was done"))
    file = models.FileField(_("document"), storage=private_storage, upload_to=UploadTo("conditions"), blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="one_evidence_a_round", fields=["condition", "round"])]

    def __str__(self) -> str:
        return f"{self.condition_id} r{self.round}"
