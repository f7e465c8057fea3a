"""The fund's rules as versions, the networks that adopt them, and the holidays of the working calendar."""

import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from i18nfield.fields import I18nCharField, I18nTextField

from audit import guards
from audit.models import Recorded, Stateful
from charter import events, stored
from charter.documents import CharterField
from charter.labels import SECTIONS
from charter.schema import CharterRules
from charter.states import CharterState


class Network(models.Model):
    """A network or association of Syrian civil society that ratifies the charter and nominates committee members."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = I18nCharField(_("name"), max_length=200)
    joined_on = models.DateField(_("joined on"))
    left_on = models.DateField(_("left on"), null=True, blank=True)

    def __str__(self) -> str:
        return str(self.name)


@guards.mandate(given=events.MandateGiven, ended=events.MandateEnded)
class NetworkRepresentative(models.Model):
    """A person who votes on the charter for a network, for a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="representatives")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="network_mandates")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mandate_dates_in_order",
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.network}"


@guards.guarded
class CharterVersion(Stateful):
    """One version of the fund's rules: data that `charter.schema.CharterRules` has validated."""

    state = FSMField(default=CharterState.DRAFT, choices=CharterState.choices, editable=False)
    number = models.PositiveIntegerField(_("version"), unique=True)
    summary = I18nTextField(_("what changes and why"))
    rules_data = CharterField(_("rules"))
    rules_sha256 = models.CharField(max_length=64, editable=False)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    ratified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_charter_in_force", fields=["state"], condition=models.Q(state=CharterState.RATIFIED)
            ),
            models.UniqueConstraint(
                name="one_charter_before_the_networks",
                fields=["state"],
                condition=models.Q(state=CharterState.PROPOSED),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="text_stands_still",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("rules_data", "rules_sha256", "number"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(old__state__df=CharterState.DRAFT),
                func="RAISE EXCEPTION 'a charter that was proposed no longer changes';",
            )
        ]

    def __str__(self) -> str:
        return f"v{self.number}"

    @cached_property
    def rules(self) -> CharterRules:
        """The rules as one validated value."""
        return stored.rules_of(self.rules_data)

    @transition(
        field=state, source=CharterState.DRAFT, target=CharterState.PROPOSED, custom={"event": events.CharterProposed}
    )
    def propose(self) -> None:
        """Edge: the text goes to the networks and can no longer change."""

    @transition(
        field=state,
        source=CharterState.PROPOSED,
        target=CharterState.RATIFIED,
        custom={"event": events.CharterRatified},
    )
    def ratify(self) -> None:
        """Edge: enough networks consented."""

    @transition(
        field=state,
        source=CharterState.RATIFIED,
        target=CharterState.SUPERSEDED,
        custom={"event": events.CharterSuperseded},
    )
    def supersede(self) -> None:
        """Edge: a later version came into force."""

    @transition(
        field=state,
        source=[CharterState.DRAFT, CharterState.PROPOSED],
        target=CharterState.WITHDRAWN,
        custom={"event": events.CharterWithdrawn},
    )
    def withdraw(self) -> None:
        """Edge: taken back before it came into force."""


@guards.append_only(recorded=True)
class Ratification(Recorded):
    """A network's vote on a charter version."""

    version = models.ForeignKey(CharterVersion, on_delete=models.PROTECT, related_name="ratifications")
    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="ratifications")
    cast_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    consents = models.BooleanField(_("consents"))
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_vote_per_network", fields=["version", "network"])]

    def __str__(self) -> str:
        return f"{self.network} · {self.version}"


@guards.append_only(recorded=True)
class Remark(Recorded):
    """What a network (or the fund, without ``network``) says on a version; ``chapter`` is a key of the rules or empty.

    On the version before the networks it is discussion, on the one in force a request to change it.
    """

    version = models.ForeignKey(CharterVersion, on_delete=models.PROTECT, related_name="remarks")
    network = models.ForeignKey(Network, on_delete=models.PROTECT, null=True, related_name="remarks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    chapter = models.CharField(_("chapter"), max_length=30, blank=True)
    body = models.TextField(_("remark"))

    class Meta:
        indexes = [models.Index(fields=["version", "recorded_at"], name="remarks_of_version")]
        constraints = [models.CheckConstraint(name="remark_says_something", condition=~models.Q(body=""))]

    def __str__(self) -> str:
        return f"{self.network_id or 'fund'} · {self.version}"

    @property
    def chapter_title(self) -> str:
        """The chapter in words; empty for the whole charter."""
        return str(SECTIONS.get(self.chapter, ""))


class Holiday(models.Model):
    """A day on which the fund's clocks stand still."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day = models.DateField(_("day"), unique=True)
    name = I18nCharField(_("name"), max_length=100)

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"
