"""Committees and who sits in them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from i18nfield.fields import I18nCharField

from audit import guards
from audit.models import Stateful
from charter.models import CharterVersion, Network
from committees import events
from committees.guards import nominated_with_evidence
from committees.states import CommitteeState, Constituency, SeatOffice, SeatState
from kernel.files import UploadTo, private_storage
from kernel.places import Governorate

User = settings.AUTH_USER_MODEL


@guards.fixed("charter", "created_by")
@guards.guarded
class Committee(Stateful):
    """A review committee with a civil-society majority, constituted under a charter version."""

    state = FSMField(default=CommitteeState.FORMING, choices=CommitteeState.choices, editable=False)
    name = I18nCharField(_("name"), max_length=200)
    charter = models.ForeignKey(CharterVersion, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.name)

    @transition(
        field=state,
        source=CommitteeState.FORMING,
        target=CommitteeState.CONSTITUTED,
        custom={"event": events.CommitteeConstituted},
    )
    def constitute(self) -> None:
        """Edge: the seats fulfil the charter."""

    @transition(
        field=state,
        source=[CommitteeState.FORMING, CommitteeState.CONSTITUTED],
        target=CommitteeState.DISSOLVED,
        custom={"event": events.CommitteeDissolved},
    )
    def dissolve(self) -> None:
        """Edge: its work is over."""


@nominated_with_evidence
@guards.fixed(
    "committee", "user", "number", "constituency", "civil_society", "voting", "office", "network", "nomination",
    "evidence", "evidence_sha256", "alternate_of", "starts_on", "ends_on", "woman", "under_30", "displaced", "disability", "governorate",
)  # fmt: skip
@guards.guarded
class Seat(Stateful):
    """A person's place in a committee for a term, nominated by a constituency; an alternate stands in for one seat."""

    state = FSMField(default=SeatState.FILLED, choices=SeatState.choices, editable=False)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="seats")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField(_("seat"))
    constituency = models.CharField(_("constituency"), max_length=20, choices=Constituency.choices)
    civil_society = models.BooleanField(_("civil-society seat"))
    voting = models.BooleanField(_("has a vote"), default=True)
    office = models.CharField(_("function"), max_length=12, choices=SeatOffice.choices, default=SeatOffice.MEMBER)
    network = models.ForeignKey(
        Network, on_delete=models.PROTECT, null=True, blank=True, related_name="seats", verbose_name=_("nominated by")
    )
    nomination = models.CharField(_("nomination"), max_length=300)
    evidence = models.FileField(
        _("evidence of the nomination"), storage=private_storage, upload_to=UploadTo("nominations"), blank=True
    )
    evidence_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    alternate_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="alternates",
        verbose_name=_("alternate of"),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    woman = models.BooleanField(_("woman"), default=False)
    under_30 = models.BooleanField(_("under 30"), default=False)
    displaced = models.BooleanField(_("displaced or returnee"), default=False)
    disability = models.BooleanField(_("person with a disability"), default=False)
    governorate = models.CharField(_("governorate"), max_length=4, choices=Governorate.choices)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                name="one_seat_per_member", fields=["committee", "user"], condition=Q(state=SeatState.FILLED)
            ),
            models.UniqueConstraint(
                name="seat_number_once", fields=["committee", "number"], condition=Q(state=SeatState.FILLED)
            ),
            models.CheckConstraint(
                name="civil_society_is_nominated", condition=Q(civil_society=False) | Q(network__isnull=False)
            ),
            models.UniqueConstraint(
                name="one_holder_of_an_office",
                fields=["committee", "office"],
                condition=Q(state=SeatState.FILLED) & ~Q(office=SeatOffice.MEMBER),
            ),
            models.CheckConstraint(
                name="alternates_hold_no_office", condition=Q(alternate_of__isnull=True) | Q(office=SeatOffice.MEMBER)
            ),
            models.CheckConstraint(name="term_in_order", condition=Q(ends_on__gt=F("starts_on"))),
            models.CheckConstraint(
                name="observers_have_no_vote", condition=~Q(constituency=Constituency.OBSERVER) | Q(voting=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_constituency_display()}"

    @transition(
        field=state, source=SeatState.FILLED, target=SeatState.SUSPENDED, custom={"event": events.SeatSuspended}
    )
    def suspend(self) -> None:
        """Edge: a conflict was kept silent; the member is out of everything until the case ends."""

    @transition(
        field=state, source=SeatState.SUSPENDED, target=SeatState.FILLED, custom={"event": events.SeatReinstated}
    )
    def reinstate(self) -> None:
        """Edge: the case ended in the member's favour, or the suspension is over."""

    @transition(
        field=state,
        source=[SeatState.FILLED, SeatState.SUSPENDED],
        target=SeatState.VACATED,
        custom={"event": events.SeatVacated},
    )
    def vacate(self) -> None:
        """Edge: the member leaves."""
