"""Proposals from the waiting list: who is next when money comes back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Stateful
from committees import follow_up_events as events
from committees.states import WaitingState
from grants.conditions import listed
from grants.models import Application
from grants.words import Words


@walls.walled
@guards.fixed(
    "application", "rank", "amount_minor", "conditions", "answer_due", by_moves=("screening", "answered_by")
)  # fmt: skip
@guards.guarded
class WaitingProposal(Stateful):
    """The next application of a waiting list that fits the money that came back; a fund manager confirms it.

    Amount (minor units of the call's currency) and conditions are those on which the committee voted.
    """

    state = FSMField(default=WaitingState.PROPOSED, choices=WaitingState.choices, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="waiting_proposals")
    rank = models.PositiveSmallIntegerField(_("rank"))
    amount_minor = models.BigIntegerField(_("amount"))
    conditions = models.JSONField(_("conditions"), default=list)
    answer_due = models.DateTimeField(_("to be answered by"))
    screening = models.TextField(_("fresh screening"), blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="proposed_once_at_a_time", fields=["application"], condition=Q(state=WaitingState.PROPOSED)
            ),
            models.CheckConstraint(name="waiting_amount_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="confirmed_after_screening", condition=~Q(state=WaitingState.CONFIRMED) | ~Q(screening="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.application_id}"

    @property
    def conditions_in_words(self) -> list[Words]:
        """The conditions, each with what waits for it and its day."""
        return listed(self.conditions)

    @transition(
        field=state,
        source=WaitingState.PROPOSED,
        target=WaitingState.CONFIRMED,
        custom={"event": events.WaitingConfirmed},
    )
    def confirm(self) -> None:
        """Edge: screened afresh and confirmed; the award follows in the same transaction."""

    @transition(
        field=state,
        source=WaitingState.PROPOSED,
        target=WaitingState.DISMISSED,
        custom={"event": events.WaitingDismissed},
    )
    def dismiss(self) -> None:
        """Edge: passed over, with the reason; the next is proposed."""

    @transition(
        field=state,
        source=WaitingState.PROPOSED,
        target=WaitingState.OUTDATED,
        custom={"event": events.WaitingOutdated},
    )
    def outdate(self) -> None:
        """Edge: the application was withdrawn or its place ran out."""
