"""Calls: their text, criteria, questions, dates and envelope."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from i18nfield.fields import I18nCharField, I18nTextField

from audit import guards
from audit.models import Recorded, Stateful
from charter.documents import CharterField
from charter.models import CharterVersion
from funds.models import Contribution
from grants import events
from grants.guards import fixed_with_call, terms_fixed
from grants.questions.proportion import asked_from
from grants.states import CallState, GrantType, QuestionKind, Stage
from kernel.files import private_storage
from kernel.places import Governorate
from kernel.sectors import Sector
from ledger.models import Account

_S = CallState


@terms_fixed
@guards.guarded
class Call(Stateful):
    """A window with an envelope, rules and dates in which organisations apply.

    ``frozen_rules`` is the charter's data as it stood when the board approved the call; everything later reads it, never
    the charter in force. Amounts are minor units of ``currency``.
    """

    state = FSMField(default=_S.DRAFT, choices=_S.choices, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    title = I18nCharField(_("title"), max_length=200)
    summary = I18nTextField(_("summary"))
    text = I18nTextField(_("what we fund and how we decide"))
    grant_type = models.CharField(_("kind of grant"), max_length=20, choices=GrantType.choices)
    sectors = ArrayField(models.CharField(max_length=30, choices=Sector.choices), verbose_name=_("sectors"))
    governorates = ArrayField(
        models.CharField(max_length=4, choices=Governorate.choices), verbose_name=_("governorates")
    )
    currency = models.CharField(max_length=3, default="USD", editable=False)
    envelope_minor = models.BigIntegerField(_("envelope"))
    floor_minor = models.BigIntegerField(_("smallest grant"))
    ceiling_minor = models.BigIntegerField(_("largest grant"))
    months_allowed = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("durations in months"))
    logframe_from_minor = models.BigIntegerField(_("results framework asked from"), null=True, blank=True)
    """Who asks for so much or more sets out its results with indicators; None: nobody does."""
    asks_places = models.BooleanField(_("asks for places by code"), default=False)
    blind_applicants = models.BooleanField(_("scored without the applicants' names"), default=False)
    opens_at = models.DateTimeField(_("opens"))
    concept_closes_at = models.DateTimeField(_("concept notes until"), null=True, blank=True)
    """A call in two stages takes concept notes until then, full proposals of those invited until it closes; None: one stage."""
    closes_at = models.DateTimeField(_("closes"))
    charter = models.ForeignKey(CharterVersion, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    frozen_rules = CharterField(null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="call_closes_after_it_opens", condition=Q(closes_at__gt=F("opens_at"))),
            models.CheckConstraint(
                name="concept_notes_between_opening_and_closing",
                condition=Q(concept_closes_at__isnull=True)
                | Q(concept_closes_at__gt=F("opens_at"), concept_closes_at__lt=F("closes_at")),
            ),
            models.CheckConstraint(
                name="call_amounts_in_order",
                condition=Q(
                    floor_minor__gt=0, ceiling_minor__gte=F("floor_minor"), envelope_minor__gte=F("ceiling_minor")
                ),
            ),
            models.CheckConstraint(
                name="logframe_asked_from_an_amount",
                condition=Q(logframe_from_minor__isnull=True) | Q(logframe_from_minor__gte=0),
            ),
            models.CheckConstraint(
                name="approved_call_has_frozen_rules",
                condition=Q(state__in=[_S.DRAFT, _S.CANCELLED]) | Q(charter__isnull=False, frozen_rules__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "closes_at"], name="calls_by_state")]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def rules_version(self) -> int | None:
        """Number of the charter version that binds this call."""
        return self.charter.number if self.charter_id and self.charter else None

    @transition(field=state, source=_S.DRAFT, target=_S.BOARD_APPROVED, custom={"event": events.CallApproved})
    def approve(self) -> None:
        """Edge: the board approves; rules freeze, the envelope is reserved."""

    @transition(field=state, source=_S.BOARD_APPROVED, target=_S.PUBLISHED, custom={"event": events.CallPublished})
    def publish(self) -> None:
        """Edge: everybody can read it."""

    @transition(field=state, source=_S.PUBLISHED, target=_S.OPEN, custom={"event": events.CallOpened})
    def open(self) -> None:
        """Edge: organisations may apply."""

    @transition(field=state, source=_S.OPEN, target=_S.CLOSED, custom={"event": events.CallClosed})
    def close(self) -> None:
        """Edge: the hour has come."""

    @transition(field=state, source=_S.CLOSED, target=_S.IN_REVIEW, custom={"event": events.ReviewStarted})
    def start_review(self) -> None:
        """Edge: the committee takes over."""

    @transition(field=state, source=_S.IN_REVIEW, target=_S.DECIDED, custom={"event": events.CallDecided})
    def decide(self) -> None:
        """Edge: every application has its decision."""

    @transition(field=state, source=_S.DECIDED, target=_S.IN_REVIEW, custom={"event": events.ReviewReopened})
    def reopen_review(self) -> None:
        """Edge: a decision was taken back; the committee has work again."""

    @transition(field=state, source=_S.DECIDED, target=_S.COMPLETED, custom={"event": events.CallCompleted})
    def complete(self) -> None:
        """Edge: the call's report is published."""

    @transition(
        field=state,
        source=[_S.CLOSED, _S.IN_REVIEW],
        target=_S.COMPLETED,
        custom={"event": events.CallEndedEmpty},
    )
    def end_empty(self) -> None:
        """Edge: nothing is left that could be funded; the money goes back."""

    @transition(
        field=state,
        source=[_S.DRAFT, _S.BOARD_APPROVED, _S.PUBLISHED, _S.OPEN],
        target=_S.CANCELLED,
        custom={"event": events.CallCancelled},
    )
    def cancel(self) -> None:
        """Edge: the board calls it off."""


@guards.append_only(recorded=True)
class Envelope(Recorded):
    """Money of one contribution ring-fenced for a call, on an account that cannot be overdrawn."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="envelopes")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="envelopes")
    amount_minor = models.BigIntegerField(_("amount"))
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="envelope")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_envelope_per_source", fields=["call", "contribution"]),
            models.CheckConstraint(name="envelope_amount_positive", condition=Q(amount_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.call.reference} · {self.contribution.reference}"


@fixed_with_call()
class PlannedSource(models.Model):
    """A contribution that a draft call wants to draw on; becomes an `Envelope` when the board approves."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="planned_sources")
    contribution = models.ForeignKey(Contribution, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField(_("amount"))

    class Meta:
        constraints = [models.UniqueConstraint(name="source_planned_once", fields=["call", "contribution"])]

    def __str__(self) -> str:
        return f"{self.contribution}: {self.amount_minor}"


class Ordered(models.Model):
    """A part of a call's form or scorecard with its place; fixed once the call has left its draft (`grants.guards`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.PositiveSmallIntegerField(_("place"))
    key = models.SlugField(_("key"), max_length=40)

    class Meta:
        abstract = True
        ordering = ["order"]


@fixed_with_call()
class Criterion(Ordered):
    """What scorers judge from 0 to 5, with its weight of 100 and the meaning of each point."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="criteria")
    name = I18nCharField(_("criterion"), max_length=120)
    guidance = I18nTextField(_("what to look at"))
    weight = models.PositiveSmallIntegerField(_("weight"))
    anchors = models.JSONField(_("meaning of the points"), default=dict)

    class Meta(Ordered.Meta):
        constraints = [
            models.UniqueConstraint(name="criterion_key_in_call", fields=["call", "key"]),
            models.CheckConstraint(name="criterion_weight_of_100", condition=Q(weight__range=(1, 100))),
        ]

    def __str__(self) -> str:
        return str(self.name)


@fixed_with_call()
class EligibilityQuestion(Ordered):
    """A yes-or-no question that anyone can answer before writing a word, and that is asked again in the application."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="eligibility_questions")
    text = I18nCharField(_("question"), max_length=300)
    expected = models.BooleanField(_("answer that makes eligible"))
    explanation = I18nCharField(_("why we ask, and what to do otherwise"), max_length=500)

    class Meta(Ordered.Meta):
        constraints = [models.UniqueConstraint(name="eligibility_key_in_call", fields=["call", "key"])]

    def __str__(self) -> str:
        return str(self.text)


@fixed_with_call()
class Section(Ordered):
    """A page of the application form."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="sections")
    title = I18nCharField(_("title"), max_length=120)
    intro = I18nTextField(_("introduction"), blank=True)
    relevant = models.TextField(_("asked only if"), blank=True, max_length=2000)
    stage = models.CharField(_("asked"), max_length=10, choices=Stage.choices, default=Stage.FULL)
    """Counts in a call in two stages; what the concept note asks, the full proposal shows again with its answers."""

    class Meta(Ordered.Meta):
        constraints = [models.UniqueConstraint(name="section_key_in_call", fields=["call", "key"])]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def asked_from_minor(self) -> int | None:
        """From which requested amount on the page is asked; None: from any."""
        return asked_from(self.relevant)[0]


@fixed_with_call("section_id", "grants_call c JOIN grants_section s ON s.call_id = c.id WHERE s.id = parent")
class Question(Ordered):
    """A typed question of a section, or a group of them.

    Limits: characters for text, values for numbers (minor units for amounts). ``order`` is the place among those with the
    same ``parent`` (a group or a repeat of the same section; None stands directly on the page). ``relevant``,
    ``constraint`` and ``calculation`` are expressions (`grants.questions.expressions`).
    """

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="questions")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="below")
    kind = models.CharField(_("kind"), max_length=20, choices=QuestionKind.choices)
    label = I18nCharField(_("question"), max_length=300)
    hint = I18nCharField(_("help"), max_length=500, blank=True)
    required = models.BooleanField(_("must be answered"), default=True)
    max_length = models.PositiveIntegerField(_("characters at most"), null=True, blank=True)
    minimum = models.BigIntegerField(_("at least"), null=True, blank=True)
    maximum = models.BigIntegerField(_("at most"), null=True, blank=True)
    choices: Any = models.JSONField(_("choices"), default=list, blank=True)
    relevant = models.TextField(_("asked only if"), blank=True, max_length=2000)
    constraint = models.TextField(_("right only if"), blank=True, max_length=2000)
    constraint_message = I18nCharField(_("what is said otherwise"), max_length=500, blank=True)
    calculation = models.TextField(_("calculation"), blank=True, max_length=2000)

    class Meta(Ordered.Meta):
        constraints = [
            models.UniqueConstraint(name="question_key_in_section", fields=["section", "key"]),
            models.CheckConstraint(
                name="calculation_of_what_is_calculated",
                condition=Q(calculation="") | Q(kind=QuestionKind.CALCULATED),
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)

    @property
    def asked_from_minor(self) -> int | None:
        """From which requested amount on the question is asked; None: from any."""
        return asked_from(self.relevant)[0]


class CallDocument(models.Model):
    """The printable call with all its questions, one file per language, drawn when the call is published."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="documents")
    language = models.CharField(max_length=2)
    file = models.FileField(storage=private_storage, upload_to="calls/")
    sha256 = models.CharField(max_length=64)
    drawn_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="call_document_per_language", fields=["call", "language"])]

    def __str__(self) -> str:
        return f"{self.call.reference}.{self.language}.pdf"
