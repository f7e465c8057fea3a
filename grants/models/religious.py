"""Why zakat or the yield of a waqf may pay a line of a budget (domain specification §5.4)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Stateful
from grants import events
from grants.guards import justifies_a_fixed_line
from grants.models.applications import Application, BudgetLine
from grants.states import BasisState, ReligiousClass, ZakatRecipients

User = settings.AUTH_USER_MODEL
_B = BasisState


@walls.walled
@guards.fixed(
    "application", "line", "restriction", "recipients", "justification", "amount_minor", "proposed_by",
    by_moves=("scholar", "opinion", "decided_by"),
)  # fmt: skip
@justifies_a_fixed_line
@guards.guarded
class ReligiousBasis(Stateful):
    """One officer says whom a line reaches and why the money may pay it; the manager agrees by a scholar's written opinion.

    ``amount_minor`` is the line's whole cost, a direct one: the indirect cost is never justified. ``recipients`` is the class
    of recipients of zakat; the yield of a waqf has none, its ``justification`` says how the line keeps the donor's condition.
    """

    state = FSMField(default=_B.PROPOSED, choices=_B.choices, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="religious_bases")
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="religious_bases")
    restriction = models.CharField(_("paid by"), max_length=3, choices=ReligiousClass.choices)
    recipients = models.CharField(_("class of recipients"), max_length=10, choices=ZakatRecipients.choices, blank=True)
    justification = models.TextField(_("justification"))
    amount_minor = models.BigIntegerField(_("amount"))
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    scholar = models.CharField(_("scholar"), max_length=120, blank=True)
    opinion = models.CharField(_("written opinion"), max_length=200, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_religious_basis_of_a_line", fields=["line"], condition=~Q(state=_B.DECLINED)
            ),
            models.CheckConstraint(
                name="zakat_names_its_recipients",
                condition=Q(restriction=ReligiousClass.ZAKAT, recipients__in=ZakatRecipients.values)
                | Q(restriction=ReligiousClass.WAQF_YIELD, recipients=""),
            ),
            models.CheckConstraint(
                name="religious_basis_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="approved_basis_cites_an_opinion",
                condition=~Q(state=_B.APPROVED) | (Q(decided_by__isnull=False) & ~Q(scholar="") & ~Q(opinion="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_restriction_display()}: {self.line}"

    @transition(field=state, source=_B.PROPOSED, target=_B.APPROVED, custom={"event": events.BasisApproved})
    def approve(self) -> None:
        """Edge: a scholar's written opinion agrees, and another person than who proposed it has read it."""

    @transition(field=state, source=_B.PROPOSED, target=_B.DECLINED, custom={"event": events.BasisDeclined})
    def decline(self) -> None:
        """Edge: this money may not pay the line."""
