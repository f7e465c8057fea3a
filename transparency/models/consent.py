"""The organisation's consent to be named in public: without it the public reads of a national organisation."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Stateful
from grants.models import Grant
from transparency import events
from transparency.states import ConsentState

_S = ConsentState


@walls.walled
@guards.fixed("grant", by_moves=("given_by", "shown_sha256"))
@guards.guarded
class NameConsent(Stateful):
    """The signatory agrees that the organisation of a grant is named, having read what the public will read.

    ``shown_sha256`` is the fingerprint of what was read. Taken back, the name is withheld from that moment on.
    """

    state = FSMField(default=_S.GIVEN, choices=_S.choices, editable=False)
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="name_consent")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shown_sha256 = models.CharField(_("fingerprint of what was read"), max_length=64)

    class Meta:
        ordering = ["-moved_at"]

    def __str__(self) -> str:
        return f"{self.grant}: {self.get_state_display()}"

    @transition(field=state, source=_S.GIVEN, target=_S.TAKEN_BACK, custom={"event": events.NameConsentTakenBack})
    def take_back(self) -> None:
        """Edge: the organisation is not to be named any more."""

    @transition(field=state, source=_S.TAKEN_BACK, target=_S.GIVEN, custom={"event": events.NameConsentRenewed})
    def renew(self) -> None:
        """Edge: given again."""
