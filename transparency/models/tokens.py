"""Tokens with which programs read a donor's own data."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards
from audit.models import Stateful
from audit.walls import walled
from funds.models import Donor
from transparency import token_events as events


class TokenState(models.TextChoices):
    IN_FORCE = "in_force", _("in force")
    REVOKED = "revoked", _("revoked")


@walled
@guards.fixed("donor", "user", "name", "digest", "expires_on")
@guards.guarded
class DonorToken(Stateful):
    """Lets a program read what ``user`` may read of ``donor``'s money, as long as the person represents the donor.

    The token itself is shown once; ``digest`` is its SHA-256. ``expires_on`` is the first day on which it opens nothing.
    """

    state = FSMField(default=TokenState.IN_FORCE, choices=TokenState.choices, editable=False)
    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="tokens")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="donor_tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    expires_on = models.DateField(_("until"))
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-made_at", "pk"]
        constraints = [models.CheckConstraint(name="token_has_a_name", condition=~models.Q(name=""))]

    def __str__(self) -> str:
        return self.name

    @transition(
        field=state, source=TokenState.IN_FORCE, target=TokenState.REVOKED, custom={"event": events.DonorTokenRevoked}
    )
    def revoke(self) -> None:
        """Edge: it opens nothing any more."""
