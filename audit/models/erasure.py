"""Destroying what the log says of a person: a proposal of one, carried out by another, itself a leaf."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, log_events
from audit.models.record import Leaf
from audit.models.shapes import Stateful
from audit.models.vault import DataKey
from audit.states import ErasureGround, ErasureState


@guards.fixed("person", "data_key", "ground", "proposed_by", by_moves=("carried_out_by",))
@guards.guarded
class Erasure(Stateful):
    """What is to be destroyed: records about ``person``, or all that is sealed under ``data_key``.

    Why in detail is the reason of the recorded event.
    """

    state = FSMField(_("state"), default=ErasureState.PROPOSED, choices=ErasureState.choices, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    data_key = models.ForeignKey(DataKey, null=True, on_delete=models.PROTECT, related_name="erasures")
    ground = models.CharField(_("ground"), max_length=20, choices=ErasureGround.choices)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    carried_out_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="erasure_of_one_thing",
                condition=Q(person__isnull=False, data_key__isnull=True)
                | Q(person__isnull=True, data_key__isnull=False),
            ),
            guards.carried_out_by_another("erasure_by_two"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @transition(
        field=state,
        source=ErasureState.PROPOSED,
        target=ErasureState.CARRIED_OUT,
        custom={"event": log_events.ErasureCarriedOut},
    )
    def carry_out(self) -> None:
        """Edge: a second person agrees; records and nonces are destroyed in the same transaction."""

    @transition(
        field=state,
        source=ErasureState.PROPOSED,
        target=ErasureState.WITHDRAWN,
        custom={"event": log_events.ErasureWithdrawn},
    )
    def withdraw(self) -> None:
        """Edge: the proposal was wrong."""


@guards.append_only()
class ErasureItem(models.Model):
    """One leaf whose record the erasure destroys; listed with the proposal, never later."""

    id = models.BigAutoField(primary_key=True)
    erasure = models.ForeignKey(Erasure, on_delete=models.PROTECT, related_name="items")
    leaf = models.ForeignKey(Leaf, on_delete=models.PROTECT, related_name="erasures")

    class Meta:
        constraints = [models.UniqueConstraint(name="erased_once_in_an_erasure", fields=["erasure", "leaf"])]
        triggers = [
            pgtrigger.Trigger(
                name="listed_with_the_proposal",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                IF NOT EXISTS (
                    SELECT 1 FROM audit_erasure e WHERE e.id = NEW.erasure_id AND e.state = 'proposed'
                ) THEN
                    RAISE EXCEPTION 'leaves are listed while an erasure is proposed' USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.erasure_id} {self.leaf_id}"
