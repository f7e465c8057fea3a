"""Reports of the fund to everybody: of a call that ended, of a year. Drawn from released figures, then approved and published."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from i18nfield.fields import I18nTextField

from audit import guards
from audit.models import Stateful
from grants.models import Call
from transparency import events
from transparency.states import PaperState

User = settings.AUTH_USER_MODEL
_S = PaperState


@guards.fixed(
    "call", "year", "version", "learned", "asked_by",
    by_moves=("figures", "pdf_ar", "pdf_en", "sha256", "approved_by", "published_by", "published_on"),
)  # fmt: skip
@guards.guarded
class PublicPaper(Stateful):
    """A version of the report of a ``call`` or of a ``year``; ``learned`` is what the fund says it learned.

    ``figures`` are the sections in each language as they were drawn, ``sha256`` the fingerprint of both PDFs together. A
    later version stands beside the earlier ones: what was published stays, unless something in it has to be withheld.
    """

    state = FSMField(default=_S.ASKED, choices=_S.choices, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, related_name="papers")
    year = models.PositiveSmallIntegerField(_("year"), null=True)
    version = models.PositiveSmallIntegerField(_("version"))
    learned = I18nTextField(_("what the fund learned"), blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField(default=dict, editable=False)
    pdf_ar = models.BinaryField(default=bytes)
    pdf_en = models.BinaryField(default=bytes)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_on = models.DateField(_("published on"), null=True)

    class Meta:
        ordering = ["-year", "-version"]
        constraints = [
            models.CheckConstraint(
                name="paper_of_a_call_or_a_year",
                condition=Q(call__isnull=True, year__isnull=False) | Q(call__isnull=False, year__isnull=True),
            ),
            models.UniqueConstraint(name="one_version_of_a_call", fields=["call", "version"]),
            models.UniqueConstraint(name="one_version_of_a_year", fields=["year", "version"]),
            models.CheckConstraint(
                name="paper_published_by_another",
                condition=Q(published_by__isnull=True)
                | (Q(approved_by__isnull=False) & ~Q(published_by=F("approved_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call.reference if self.call else self.year} · {self.version}"

    @transition(field=state, source=_S.ASKED, target=_S.DRAWN, custom={"event": events.PaperDrawn})
    def draw(self) -> None:
        """Edge: the worker drew it in both languages."""

    @transition(field=state, source=_S.DRAWN, target=_S.APPROVED, custom={"event": events.PaperApproved})
    def approve(self) -> None:
        """Edge: the board read it and consents."""

    @transition(field=state, source=_S.APPROVED, target=_S.PUBLISHED, custom={"event": events.PaperPublished})
    def publish(self) -> None:
        """Edge: everybody reads it from now on."""

    @transition(
        field=state, source=[_S.DRAWN, _S.APPROVED], target=_S.DISCARDED, custom={"event": events.PaperDiscarded}
    )
    def discard(self) -> None:
        """Edge: it is not published; a new version takes its place."""

    @transition(
        field=state,
        source=[_S.DRAWN, _S.APPROVED, _S.PUBLISHED],
        target=_S.TAKEN_BACK,
        custom={"event": events.PaperTakenBack},
    )
    def take_back(self) -> None:
        """Edge: it tells something that is withheld now; its figures and PDFs go, its fingerprint stays."""
