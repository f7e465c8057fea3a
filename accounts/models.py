"""People and the offices they hold."""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from accounts import events
from accounts.roles import Role
from accounts.states import AppointmentState, InvitationState, StaffSessionState
from audit import guards
from audit.models import Stateful


class UserManager(BaseUserManager["User"]):
    """Makes people known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person with a normalised e-mail address; without ``password`` only passkeys, codes or links let them in."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. There is no superuser: offices are `Appointment` rows, emergencies staff sessions.

    ``actor_ref`` is the person's pseudonym in the log.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("full name"), max_length=120)
    language = models.CharField(
        _("language"), max_length=2, default="ar", choices=[("ar", "العربية"), ("en", "English"), ("ku", "Kurmancî")]
    )
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    actor_ref = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(name="no_superuser", condition=models.Q(is_superuser=False)),
            models.CheckConstraint(name="email_in_lower_case", condition=models.Q(email=Lower("email"))),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name


@guards.fixed("user", "role", "made_by", "starts_on", by_moves=("ends_on",))
@guards.guarded
class Appointment(Stateful):
    """An office of the fund that a person holds from ``starts_on`` until ``ends_on`` (open while None)."""

    state = FSMField(default=AppointmentState.HELD, choices=AppointmentState.choices, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(_("office"), max_length=30, choices=Role.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="appointment_dates_in_order",
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
            ),
            models.CheckConstraint(
                name="nobody_appoints_themselves",
                condition=models.Q(made_by__isnull=True) | ~models.Q(made_by=models.F("user")),
            ),
        ]
        indexes = [models.Index(fields=["role", "ends_on"], name="office_holders")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"

    def holds_on(self, day: date) -> bool:
        """Whether the office is held on ``day`` (`accounts.rules.held_on` says the same to the database)."""
        begun = self.starts_on <= day
        return self.state == AppointmentState.HELD and begun and (self.ends_on is None or self.ends_on >= day)

    @transition(
        field=state,
        source=AppointmentState.HELD,
        target=AppointmentState.ENDED,
        custom={"event": events.AppointmentEnded},
    )
    def end(self) -> None:
        """Edge: the office ends."""


@guards.fixed(
    "email",
    "full_name",
    "language",
    "purpose",
    "target_id",
    "details",
    "invited_by",
    "expires_at",
    by_moves=("accepted_by",),
)
@guards.guarded
class Invitation(Stateful):
    """A letter to an e-mail address that offers a membership; the app of ``purpose`` makes it when it is accepted.

    ``target_id`` and ``details`` are read by the app that reacts to `InvitationAccepted`.
    """

    state = FSMField(default=InvitationState.SENT, choices=InvitationState.choices, editable=False)
    email = models.EmailField(_("e-mail address"))
    full_name = models.CharField(_("full name"), max_length=120)
    language = models.CharField(max_length=2, default="ar")
    purpose = models.CharField(max_length=60)
    target_id = models.UUIDField(null=True)
    details = models.JSONField(default=dict)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.email}: {self.purpose}"

    @property
    def expired(self) -> bool:
        """Whether its time is over; only one that waits can expire."""
        return self.state == InvitationState.SENT and self.expires_at <= timezone.now()

    @transition(
        field=state,
        source=InvitationState.SENT,
        target=InvitationState.ACCEPTED,
        custom={"event": events.InvitationAccepted},
    )
    def accept(self) -> None:
        """Edge: the invited person accepts."""

    @transition(
        field=state,
        source=InvitationState.SENT,
        target=InvitationState.WITHDRAWN,
        custom={"event": events.InvitationWithdrawn},
    )
    def withdraw(self) -> None:
        """Edge: the fund takes the invitation back."""


@guards.fixed("user", "reason", "expires_at")
@guards.guarded
class StaffSession(Stateful):
    """A time-limited, reasoned, recorded permission of an administrator to change people and offices."""

    state = FSMField(default=StaffSessionState.OPEN, choices=StaffSessionState.choices, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff_sessions")
    reason = models.CharField(_("reason"), max_length=300)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_staff_session", fields=["user"], condition=models.Q(state=StaffSessionState.OPEN)
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.reason}"

    @transition(
        field=state,
        source=StaffSessionState.OPEN,
        target=StaffSessionState.CLOSED,
        custom={"event": events.StaffSessionClosed},
    )
    def close(self) -> None:
        """Edge: the session ends, by hand or by time."""
