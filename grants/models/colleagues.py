"""What colleagues write beside an application, for themselves alone."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Sealing, Stateful
from audit.sealed import SealedTextField
from grants import events
from grants.models.applications import Application
from grants.states import CommentState
from organisations.models import Organisation

COMMENT_LENGTH = 1000
_S = CommentState


@walls.walled
@guards.fixed("application", "organisation", "part", "text", "data_key", "author")
@guards.guarded
class PartComment(Sealing, Stateful):
    """A colleague's comment on a page (``part``), read by the organisation's people only.

    Its words are sealed under the key of who wrote them: they go with that person's data.
    """

    state = FSMField(default=_S.OPEN, choices=_S.choices, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="part_comments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=40)
    text = SealedTextField(_("comment"), max_length=COMMENT_LENGTH, subject="author_id")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["application", "part", "state"], name="comments_of_a_page")]

    def __str__(self) -> str:
        return str(self.pk)

    @transition(field=state, source=_S.OPEN, target=_S.RESOLVED, custom={"event": events.CommentResolved})
    def resolve(self) -> None:
        """Edge: what it asks for is done, or settled otherwise."""

    @transition(field=state, source=_S.RESOLVED, target=_S.OPEN, custom={"event": events.CommentReopened})
    def reopen(self) -> None:
        """Edge: it is not settled after all."""
