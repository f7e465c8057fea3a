"""Committees, their panels on calls, conflicts, scorecards, meetings, votes and decisions."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from i18nfield.fields import I18nCharField

from audit import guards
from audit.models import Recorded, Stateful
from charter.models import CharterVersion, Network
from committees import events
from committees.states import (
    AssignmentState,
    CommitteeState,
    ConflictGround,
    ConflictKind,
    Constituency,
    ItemState,
    MeetingState,
    PanelState,
    Presence,
    RecusalSource,
    SeatOffice,
    SeatState,
    VoteChoice,
)
from grants.models import Application, Call, Criterion
from kernel.files import private_storage
from kernel.places import Governorate

User = settings.AUTH_USER_MODEL


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


@guards.guarded
class Seat(Stateful):
    """A person's place in a committee for a term, nominated by a constituency; an alternate stands in for one seat."""

    state = FSMField(default=SeatState.FILLED, choices=SeatState.choices, editable=False)
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="seats")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField(_("seat"))
    constituency = models.CharField(_("constituency"), max_length=12, choices=Constituency.choices)
    civil_society = models.BooleanField(_("civil-society seat"))
    voting = models.BooleanField(_("has a vote"), default=True)
    office = models.CharField(_("office"), max_length=12, choices=SeatOffice.choices, default=SeatOffice.MEMBER)
    network = models.ForeignKey(
        Network, on_delete=models.PROTECT, null=True, blank=True, related_name="seats", verbose_name=_("nominated by")
    )
    nomination = models.CharField(_("evidence of the nomination"), max_length=300)
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
            models.CheckConstraint(name="term_in_order", condition=Q(ends_on__gt=F("starts_on"))),
            models.CheckConstraint(
                name="observers_have_no_vote", condition=~Q(constituency=Constituency.OBSERVER) | Q(voting=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_constituency_display()}"

    @transition(field=state, source=SeatState.FILLED, target=SeatState.VACATED, custom={"event": events.SeatVacated})
    def vacate(self) -> None:
        """Edge: the member leaves."""


@guards.guarded
class Panel(Stateful):
    """A committee's work on one call: declarations, scoring, deliberation."""

    state = FSMField(default=PanelState.DECLARING, choices=PanelState.choices, editable=False)
    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="panel")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="panels")
    declarations_due = models.DateTimeField(_("declarations due"))
    scoring_due = models.DateTimeField(_("scores due"), null=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.call)

    @property
    def rules_version(self) -> int | None:
        """Number of the charter version that binds the call."""
        return self.call.rules_version

    @transition(
        field=state,
        source=PanelState.DECLARING,
        target=PanelState.SCORING,
        custom={"event": events.PanelScoringStarted},
    )
    def start_scoring(self) -> None:
        """Edge: everybody declared; applications are assigned."""

    @transition(
        field=state,
        source=PanelState.SCORING,
        target=PanelState.DELIBERATING,
        custom={"event": events.PanelScoringClosed},
    )
    def close_scoring(self) -> None:
        """Edge: enough scorecards for every application; scores become visible."""

    @transition(
        field=state, source=PanelState.DELIBERATING, target=PanelState.CLOSED, custom={"event": events.PanelClosed}
    )
    def close(self) -> None:
        """Edge: every application is decided."""


@guards.append_only(recorded=True)
class ConflictDeclaration(Recorded):
    """What a member declares about one application, knowing only names; a later declaration replaces an earlier one."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="declarations")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="declarations")
    kind = models.CharField(_("declaration"), max_length=4, choices=ConflictKind.choices)
    ground = models.CharField(_("ground"), max_length=20, choices=ConflictGround.choices, blank=True)
    explanation = models.CharField(_("in a few words"), max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["application", "seat"], name="declarations_of_app")]
        constraints = [
            models.CheckConstraint(name="conflict_has_a_ground", condition=Q(kind=ConflictKind.NONE) | ~Q(ground=""))
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.kind}"


@guards.append_only(recorded=True)
class Recusal(Recorded):
    """A member is out of an application for good: no reading, scoring, hearing, voting."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="recusals")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="recusals")
    ground = models.CharField(_("ground"), max_length=20, choices=ConflictGround.choices)
    source = models.CharField(max_length=10, choices=RecusalSource.choices)

    class Meta:
        constraints = [models.UniqueConstraint(name="recused_once", fields=["seat", "application"])]

    def __str__(self) -> str:
        return f"{self.seat} · {self.application_id}"


@guards.guarded
class Assignment(Stateful):
    """A member's task to score one application; ``pseudonym`` is how other members see the scorer."""

    state = FSMField(default=AssignmentState.ASSIGNED, choices=AssignmentState.choices, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="assignments")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assignments")
    due_at = models.DateTimeField(_("due"))
    pseudonym = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="assigned_once",
                fields=["seat", "application"],
                condition=~Q(state=AssignmentState.REMOVED),
            )
        ]
        indexes = [models.Index(fields=["application", "state"], name="assignments_of_app")]

    def __str__(self) -> str:
        return f"{self.pseudonym} · {self.application_id}"

    @transition(
        field=state,
        source=AssignmentState.ASSIGNED,
        target=AssignmentState.COMPLETED,
        custom={"event": events.AssignmentCompleted},
    )
    def complete(self) -> None:
        """Edge: the scorecard is in."""

    @transition(
        field=state,
        source=[AssignmentState.ASSIGNED, AssignmentState.COMPLETED],
        target=AssignmentState.REMOVED,
        custom={"event": events.AssignmentRemoved},
    )
    def remove(self) -> None:
        """Edge: recusal or reassignment; every access goes with it."""


@guards.append_only(recorded=True)
class Scorecard(Recorded):
    """One scorer's judgement. ``revision`` 1 is the single change allowed after discussion; both are kept."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="scorecards")
    revision = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(_("reason of the change"), max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_scorecard_per_revision", fields=["assignment", "revision"]),
            models.CheckConstraint(
                name="one_reasoned_revision",
                condition=Q(revision=0, reason="") | (Q(revision=1) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} r{self.revision}"


@guards.append_only()
class Score(models.Model):
    """Points for one criterion with the sentence that explains them."""

    id = models.BigAutoField(primary_key=True)
    scorecard = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField(_("points"))
    sentence = models.TextField(_("why"))

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_score_per_criterion", fields=["scorecard", "criterion"]),
            models.CheckConstraint(name="points_have_a_sentence", condition=~Q(sentence="")),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"


@guards.guarded
class Meeting(Stateful):
    """A session of a panel; its minutes are drawn from the record and signed by chair and rapporteur."""

    state = FSMField(default=MeetingState.CALLED, choices=MeetingState.choices, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="meetings")
    held_at = models.DateTimeField(_("time"))
    place = models.CharField(_("place or link"), max_length=200)
    called_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    minutes = models.FileField(storage=private_storage, upload_to="minutes/", blank=True)
    minutes_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_meeting_at_a_time",
                fields=["panel"],
                condition=Q(state__in=[MeetingState.CALLED, MeetingState.OPEN]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.panel} · {self.held_at:%Y-%m-%d}"

    @transition(
        field=state, source=MeetingState.CALLED, target=MeetingState.OPEN, custom={"event": events.MeetingOpened}
    )
    def open(self) -> None:
        """Edge: chair opens; the committee fulfils the charter."""

    @transition(
        field=state, source=MeetingState.OPEN, target=MeetingState.CLOSED, custom={"event": events.MeetingClosed}
    )
    def close(self) -> None:
        """Edge: every item is decided or adjourned; final."""

    @transition(
        field=state, source=MeetingState.CLOSED, target=MeetingState.SIGNED, custom={"event": events.MinutesSigned}
    )
    def sign(self) -> None:
        """Edge: the second of the two signatures is on the minutes."""


@guards.append_only(recorded=True)
class MinutesSignature(Recorded):
    """The chair's or rapporteur's signature under exactly these minutes."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="signatures")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=12, choices=SeatOffice.choices)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_signature_per_office", fields=["meeting", "office"]),
            models.UniqueConstraint(name="one_signature_per_seat", fields=["meeting", "seat"]),
        ]

    def __str__(self) -> str:
        return f"{self.office} · {self.meeting_id}"


@guards.append_only(recorded=True)
class Attendance(Recorded):
    """A member comes or goes; the last record of a seat says whether it is present."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    presence = models.CharField(max_length=6, choices=Presence.choices)

    class Meta:
        indexes = [models.Index(fields=["meeting", "seat"], name="attendance_of_meeting")]

    def __str__(self) -> str:
        return f"{self.seat} {self.presence}"


@guards.guarded
class AgendaItem(Stateful):
    """One application in a meeting: discussion, checks, vote, outcome. A tie goes back once (``round`` 2)."""

    state = FSMField(default=ItemState.WAITING, choices=ItemState.choices, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="agenda_items")
    order = models.PositiveSmallIntegerField(_("place"))
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    proposed_minor = models.BigIntegerField(_("proposed amount"), null=True)
    conditions = models.JSONField(_("proposed conditions"), default=list)
    discussion = models.TextField(_("discussion in short"), blank=True)
    checks = models.JSONField(null=True, editable=False)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(name="once_on_the_agenda", fields=["meeting", "application"])]

    def __str__(self) -> str:
        return f"{self.order}. {self.application_id}"

    @transition(field=state, source=ItemState.WAITING, target=ItemState.DISCUSSED, custom={"event": events.ItemOpened})
    def discuss(self) -> None:
        """Edge: the chair calls the item; recused members leave."""

    @transition(
        field=state,
        source=[ItemState.DISCUSSED, ItemState.VOTING],
        target=ItemState.VOTING,
        custom={"event": events.VotingOpened},
    )
    def open_voting(self) -> None:
        """Edge: quorum and majority hold; a tie reopens it once."""

    @transition(field=state, source=ItemState.VOTING, target=ItemState.DECIDED, custom={"event": events.ItemDecided})
    def decide(self) -> None:
        """Edge: the chair closes the vote; final."""

    @transition(
        field=state,
        source=[ItemState.WAITING, ItemState.DISCUSSED, ItemState.VOTING],
        target=ItemState.ADJOURNED,
        custom={"event": events.ItemAdjourned},
    )
    def adjourn(self) -> None:
        """Edge: not quorate, or no majority of civil society."""


@guards.append_only(recorded=True)
class Vote(Recorded):
    """A member's vote in one round, by name inside the fund, as a number outside."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="votes")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="votes")
    round = models.PositiveSmallIntegerField()
    choice = models.CharField(_("vote"), max_length=24, choices=VoteChoice.choices)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_vote_per_round", fields=["item", "seat", "round"])]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.choice}"


@guards.append_only(recorded=True)
class Decision(Recorded):
    """The committee's decision on an application with its reasons, the tally and the checks under which it was made."""

    item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="decision")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(_("decision"), max_length=24, choices=VoteChoice.choices)
    amount_minor = models.BigIntegerField(_("amount"), default=0)
    panel_mean = models.CharField(_("panel's mean of 100"), max_length=10)
    rank = models.PositiveSmallIntegerField(_("rank"), null=True)
    tally = models.JSONField()
    checks = models.JSONField()
    strengths = models.TextField(_("strengths"))
    weaknesses = models.TextField(_("weaknesses"))
    advice = models.TextField(_("what to change"))
    deviation_reason = models.TextField(_("reason of the deviation from the rank"), blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="approval_has_an_amount",
                condition=~Q(outcome__in=[VoteChoice.APPROVE, VoteChoice.APPROVE_WITH_CONDITIONS])
                | Q(amount_minor__gt=0),
            ),
            models.CheckConstraint(name="nobody_decides_to_abstain", condition=~Q(outcome=VoteChoice.ABSTAIN)),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.outcome}"
