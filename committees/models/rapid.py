"""The rapid window: who is on call, alerts, and the panel's answer (domain specification §3.3)."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Stateful
from charter.models import CharterVersion
from committees import rapid_events as events
from committees.models.seats import Committee, Seat
from committees.states import (
    SOFT_GROUNDS,
    AlertKind,
    AlertState,
    ConflictGround,
    ConflictKind,
    OnCallState,
    ReleaseCause,
    RotaState,
    YesNo,
)
from grants.models import Call
from kernel.files import UploadTo, private_storage
from kernel.places import Governorate
from organisations.models import Organisation

User = settings.AUTH_USER_MODEL
_S = AlertState


class _Period(Func):
    """The time of a rota as a range of PostgreSQL."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


@guards.fixed("committee", "starts_at", "ends_at", "members", "stand_ins", "published_by")
@guards.guarded
class Rota(Stateful):
    """Which members of a committee are on call, and who stands in for them, from one moment to another; public.

    ``members`` and ``stand_ins`` are keys of seats in the order in which they are called.
    """

    state = FSMField(default=RotaState.PUBLISHED, choices=RotaState.choices, editable=False)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="rotas")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    members = ArrayField(models.UUIDField(), verbose_name=_("on call"))
    stand_ins = ArrayField(models.UUIDField(), verbose_name=_("stand in"), default=list)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(name="rota_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))),
            ExclusionConstraint(
                name="one_panel_on_call_at_a_time",
                expressions=[(_Period("starts_at", "ends_at"), RangeOperators.OVERLAPS)],
                condition=Q(state=RotaState.PUBLISHED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee} · {self.starts_at:%Y-%m-%d}"

    @transition(
        field=state, source=RotaState.PUBLISHED, target=RotaState.WITHDRAWN, custom={"event": events.RotaWithdrawn}
    )
    def withdraw(self) -> None:
        """Edge: another rota takes its place."""


@walls.walled
@guards.fixed(
    "reference", "organisation", "raised_by", "raised_at", "kind", "governorates", "place", "reason", "people",
    "evidence", "evidence_name", "evidence_sha256", "charter", "rota", "answer_due",
    by_moves=("answered_at", "settled_at", "call", "tally", "checks"),
)  # fmt: skip
@guards.guarded
class Alert(Stateful):
    """An eligible organisation says that something happened which cannot wait; the panel on call says yes or no.

    ``charter`` is the version whose hours bind this alert; all moments are UTC and counted day and night.
    """

    state = FSMField(default=_S.RAISED, choices=_S.choices, editable=False)
    reference = models.CharField(max_length=20, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="alerts")
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(_("raised"))
    kind = models.CharField(_("what happened"), max_length=20, choices=AlertKind.choices)
    governorates = ArrayField(
        models.CharField(max_length=4, choices=Governorate.choices), verbose_name=_("governorates")
    )
    place = models.CharField(_("place"), max_length=200)
    reason = models.TextField(_("why it cannot wait"))
    people = models.PositiveIntegerField(_("people affected, about"), null=True)
    evidence = models.FileField(_("evidence"), storage=private_storage, upload_to=UploadTo("alerts"), blank=True)
    evidence_name = models.CharField(max_length=150, blank=True)
    evidence_sha256 = models.CharField(max_length=64, blank=True)
    charter = models.ForeignKey(CharterVersion, on_delete=models.PROTECT, related_name="+")
    rota = models.ForeignKey(Rota, on_delete=models.PROTECT, related_name="alerts")
    answer_due = models.DateTimeField(_("to be answered by"))
    answered_at = models.DateTimeField(_("answered"), null=True)
    settled_at = models.DateTimeField(_("decided"), null=True)
    call = models.OneToOneField(Call, on_delete=models.PROTECT, null=True, related_name="alert")
    tally = models.JSONField(null=True)
    checks = models.JSONField(null=True)

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(name="one_alert_at_a_time", fields=["organisation"], condition=Q(state=_S.RAISED)),
            models.CheckConstraint(name="alert_names_a_place", condition=~Q(governorates=[]) & ~Q(place="")),
            models.CheckConstraint(name="alert_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="accepted_alert_opened_a_call",
                condition=~Q(state__in=[_S.ACCEPTED, _S.SETTLED]) | Q(call__isnull=False, answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def places(self) -> str:
        """The governorates by name."""
        return "، ".join(str(Governorate(one).label) for one in self.governorates)

    @transition(field=state, source=_S.RAISED, target=_S.ACCEPTED, custom={"event": events.AlertAccepted})
    def accept(self) -> None:
        """Edge: the panel on call says yes, quorate and with civil society's majority."""

    @transition(field=state, source=_S.RAISED, target=_S.DECLINED, custom={"event": events.AlertDeclined})
    def decline(self) -> None:
        """Edge: the panel on call says no."""

    @transition(field=state, source=_S.RAISED, target=_S.WITHDRAWN, custom={"event": events.AlertWithdrawn})
    def withdraw(self) -> None:
        """Edge: the organisation takes it back."""

    @transition(field=state, source=_S.ACCEPTED, target=_S.SETTLED, custom={"event": events.AlertSettled})
    def settle(self) -> None:
        """Edge: every proposal of its call is decided."""


@walls.walled
@guards.fixed("alert", "seat", "number", "stands_in_for", "due_at", by_moves=("cause",))
@guards.guarded
class OnCall(Stateful):
    """A member called onto the panel of one alert and of the call that follows it; a stand-in names whose place it takes."""

    state = FSMField(default=OnCallState.CALLED, choices=OnCallState.choices, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="on_call")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="on_call")
    number = models.PositiveSmallIntegerField(_("place"))
    stands_in_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="stand_ins", verbose_name=_("stands in for")
    )
    due_at = models.DateTimeField(_("answers by"))
    cause = models.CharField(max_length=12, choices=ReleaseCause.choices, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(name="called_once", fields=["alert", "seat"]),
            models.UniqueConstraint(name="one_number_on_call", fields=["alert", "number"]),
            models.CheckConstraint(
                name="release_has_a_cause", condition=Q(state=OnCallState.CALLED, cause="") | ~Q(cause="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} · {self.number}"

    @transition(
        field=state, source=OnCallState.CALLED, target=OnCallState.RELEASED, custom={"event": events.MemberReleased}
    )
    def release(self) -> None:
        """Edge: a conflict, silence, or a seat that ended; another is called."""


@walls.walled
@guards.append_only(recorded=True)
class AlertDeclaration(Recorded):
    """What a member on call declares on an alert, knowing only names and places; once."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="declarations")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("declaration"), max_length=4, choices=ConflictKind.choices)
    ground = models.CharField(_("ground"), max_length=20, choices=ConflictGround.choices, blank=True)
    explanation = models.CharField(_("in a few words"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_declaration_on_an_alert", fields=["alert", "seat"]),
            models.CheckConstraint(
                name="conflict_on_alert_has_a_ground", condition=Q(kind=ConflictKind.NONE) | ~Q(ground="")
            ),
            models.CheckConstraint(
                name="hard_ground_on_alert_is_no_link",
                condition=~Q(kind=ConflictKind.SOFT) | Q(ground__in=sorted(SOFT_GROUNDS)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.kind}"


@walls.walled
@guards.append_only(recorded=True)
class AlertVote(Recorded):
    """A member's yes or no to an alert; a no says why, for the organisation to read."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="votes")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(_("answer"), max_length=8, choices=YesNo.choices)
    sentence = models.CharField(_("why"), max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_vote_on_an_alert", fields=["alert", "seat"]),
            models.CheckConstraint(name="a_no_says_why", condition=~Q(choice=YesNo.NO) | ~Q(sentence="")),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.choice}"
