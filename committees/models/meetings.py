"""Sessions of a panel: attendance, agenda, votes, decisions, minutes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Stateful
from committees import events
from committees.guards import opens_with_a_whole_committee
from committees.models.panels import Panel
from committees.models.seats import Seat
from committees.ranking import Placement
from committees.states import ItemState, MeetingState, Presence, SeatOffice, VoteChoice
from grants.conditions import listed
from grants.models import Application
from grants.words import Words
from kernel.files import UploadTo, private_storage

User = settings.AUTH_USER_MODEL
PLACEMENTS = [
    (Placement.WITHIN_ENVELOPE.value, _("within the envelope")),
    (Placement.WAITLIST.value, _("waiting list")),
    (Placement.NOT_FUNDABLE.value, _("not fundable")),
]


@opens_with_a_whole_committee
@guards.fixed("panel", "called_by", once=("minutes", "minutes_sha256"))
@guards.guarded
class Meeting(Stateful):
    """A session of a panel; its minutes are drawn from the record and signed by chair and rapporteur."""

    state = FSMField(default=MeetingState.CALLED, choices=MeetingState.choices, editable=False)
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="meetings")
    held_at = models.DateTimeField(_("time"))
    place = models.CharField(_("place or link"), max_length=200)
    called_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    minutes = models.FileField(storage=private_storage, upload_to=UploadTo("minutes"), blank=True)
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
        field=state, source=MeetingState.CLOSED, target=MeetingState.SIGNED, custom={"event": events.MinutesCompleted}
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
    """A member comes or goes; the last record of a seat says whether it is present.

    ``item`` is set when a recused member leaves for one application and comes back after it.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    presence = models.CharField(max_length=6, choices=Presence.choices)
    item = models.ForeignKey("AgendaItem", on_delete=models.PROTECT, null=True, related_name="attendance")

    class Meta:
        indexes = [models.Index(fields=["meeting", "seat"], name="attendance_of_meeting")]

    def __str__(self) -> str:
        return f"{self.seat} {self.presence}"


@walls.walled
@guards.fixed(
    "meeting", "application", "order",
    by_moves=("round", "checks", "voters", "outcome", "tally", "must_discuss"),
    while_in=dict.fromkeys(("proposed_minor", "conditions", "discussion"), (ItemState.WAITING, ItemState.DISCUSSED)),
)  # fmt: skip
@guards.guarded
class AgendaItem(Stateful):
    """One application in a meeting: discussion, checks, vote, outcome.

    ``proposed_minor`` and ``conditions`` are what is voted on. ``checks`` are the numbers under which the vote was opened,
    ``voters`` the seats that may vote. ``must_discuss`` says that the spread alarm was raised when the item was called: then
    nothing is voted on before the discussion is minuted. What does not carry goes back as often as the charter says (``round``).
    """

    state = FSMField(default=ItemState.WAITING, choices=ItemState.choices, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="agenda_items")
    order = models.PositiveSmallIntegerField(_("place"))
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    proposed_minor = models.BigIntegerField(_("proposed amount"), null=True)
    conditions = models.JSONField(_("proposed conditions"), default=list)
    discussion = models.TextField(_("discussion in short"), blank=True)
    checks = models.JSONField(null=True, editable=False)
    voters = models.JSONField(default=list, editable=False)
    must_discuss = models.BooleanField(_("scorers far apart"), default=False, editable=False)
    outcome = models.CharField(_("outcome"), max_length=24, choices=VoteChoice.choices, blank=True, editable=False)
    tally = models.JSONField(null=True, editable=False)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(name="once_on_the_agenda", fields=["meeting", "application"]),
            models.UniqueConstraint(
                name="one_item_at_a_time",
                fields=["meeting"],
                condition=Q(state__in=[ItemState.DISCUSSED, ItemState.VOTING]),
            ),
            models.CheckConstraint(
                name="far_apart_is_discussed_first",
                condition=Q(must_discuss=False)
                | ~Q(state__in=[ItemState.VOTING, ItemState.DECIDED])
                | ~Q(discussion=""),
            ),
            models.CheckConstraint(
                name="decided_item_has_an_outcome", condition=~Q(state=ItemState.DECIDED) | ~Q(outcome="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.application_id}"

    @property
    def conditions_in_words(self) -> list[Words]:
        """The conditions, each with what waits for it and its day."""
        return listed(self.conditions)

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
        """Edge: quorum and majority hold; what does not carry is voted on once more."""

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


@walls.walled
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


@walls.walled
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
    placement = models.CharField(_("where the ranking placed it"), max_length=20, choices=PLACEMENTS, blank=True)
    proposed = models.BooleanField(_("funded in the selection under the charter's shares"), null=True)
    proposal_rules = models.JSONField(_("rules behind that selection"), default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="approval_has_an_amount",
                condition=~Q(outcome__in=[VoteChoice.APPROVE, VoteChoice.APPROVE_WITH_CONDITIONS])
                | Q(amount_minor__gt=0),
            ),
            models.CheckConstraint(name="nobody_decides_to_abstain", condition=~Q(outcome=VoteChoice.ABSTAIN)),
            models.CheckConstraint(
                name="departure_from_rank_has_a_reason",
                condition=Q(placement="")
                | ~Q(deviation_reason="")
                | Q(
                    placement=Placement.WITHIN_ENVELOPE.value,
                    outcome__in=[VoteChoice.APPROVE, VoteChoice.APPROVE_WITH_CONDITIONS],
                )
                | Q(placement=Placement.WAITLIST.value, outcome=VoteChoice.WAITLIST)
                | Q(placement=Placement.NOT_FUNDABLE.value, outcome=VoteChoice.REJECT),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.outcome}"
