"""Destroying a file that came with an application: a proposal of one, carried out by another."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Stateful
from audit.states import ErasureGround, ErasureState
from grants import events
from grants.models.attachments import Attachment

User = settings.AUTH_USER_MODEL


@walls.walled
@pgtrigger.register(
    # Fires after legal_moves: PostgreSQL goes by the names.
    pgtrigger.Trigger(
        name="not_of_a_draft",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
        IF NOT EXISTS (
            SELECT FROM grants_attachment f JOIN grants_application a ON a.id = f.application_id
            WHERE f.id = NEW.attachment_id AND f.erased_at IS NULL
              AND a.state NOT IN ('draft', 'shortlisted', 'returned_for_completion')
        ) THEN
            RAISE EXCEPTION '%: only what was sent is erased, once', TG_TABLE_NAME USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
        """,
    )
)
@guards.fixed("attachment", "ground", "proposed_by", by_moves=("carried_out_by",))
@guards.guarded
class FileErasure(Stateful):
    """A file whose bytes and name are to be destroyed; its hash stays. Why in detail is the reason of the recorded event."""

    state = FSMField(_("state"), default=ErasureState.PROPOSED, choices=ErasureState.choices, editable=False)
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="erasures")
    ground = models.CharField(_("ground"), max_length=20, choices=ErasureGround.choices)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    carried_out_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            guards.carried_out_by_another("file_erasure_by_two"),
            models.UniqueConstraint(
                name="file_erased_once", fields=["attachment"], condition=~Q(state=ErasureState.WITHDRAWN)
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @transition(
        field=state,
        source=ErasureState.PROPOSED,
        target=ErasureState.CARRIED_OUT,
        custom={"event": events.FileErased},
    )
    def carry_out(self) -> None:
        """Edge: a second person agrees; name and bytes go."""

    @transition(
        field=state,
        source=ErasureState.PROPOSED,
        target=ErasureState.WITHDRAWN,
        custom={"event": events.FileErasureWithdrawn},
    )
    def withdraw(self) -> None:
        """Edge: the proposal was wrong."""
