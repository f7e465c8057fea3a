"""Accounts and transfers: every dollar moves once, from one account to another, for ever.

Running totals of an account are kept by a trigger on `Transfer`; the application's database role cannot write them.
"""

import uuid
from calendar import monthrange

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards
from audit.models import Leaf, Recorded, Stateful
from ledger import events, sql
from ledger.rates import POUND, Series
from ledger.wording import in_words


class TransferKind(models.TextChoices):
    """How a transfer touches the totals: at once, as a reservation, or as the end of a reservation."""

    POST = "post", _("posted")
    PEND = "pend", _("reserved")
    SETTLE = "settle", _("settled")
    VOID = "void", _("released")


TOTALS = ("debits_posted", "debits_pending", "credits_posted", "credits_pending")
DEBIT_CLASSES = frozenset("1567")
"""First digits of the codes of assets and expenses in the chart of accounts; the others grow by credits."""


@guards.append_only(except_columns=TOTALS)
class Account(models.Model):
    """A place where money is: one currency, one purpose. Nothing of it changes but the totals, by transfers alone.

    Totals are in minor units: posted and pending debits and credits. ``debits_within_credits`` marks an account that
    cannot be overdrawn (a restricted source, an envelope, a grant's payable); ``credits_within_debits`` the same for
    accounts of the debit side (a bank account). ``purpose`` is the key of a wording and ``facts`` what it mentions
    (`ledger.wording`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(_("code"), max_length=80, unique=True)
    purpose = models.CharField(_("purpose"), max_length=200)
    facts = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    currency = models.CharField(_("currency"), max_length=3)
    debits_within_credits = models.BooleanField(default=False)
    credits_within_debits = models.BooleanField(default=False)
    debits_posted = models.BigIntegerField(default=0, editable=False)
    debits_pending = models.BigIntegerField(default=0, editable=False)
    credits_posted = models.BigIntegerField(default=0, editable=False)
    credits_pending = models.BigIntegerField(default=0, editable=False)
    opened_at = models.DateTimeField(auto_now_add=True)

    # The application's role must be able to lock the row, for which PostgreSQL asks the right to change some column; the
    # guard above refuses the change itself. The totals are written by the owner's function `ledger_apply_transfer` only.
    updatable_columns = ("purpose",)

    class Meta:
        ordering = ["code"]
        triggers = [
            pgtrigger.Trigger(
                name="opens_empty",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=sql.OPENS_EMPTY,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="account_totals_not_negative",
                condition=Q(debits_posted__gte=0, debits_pending__gte=0, credits_posted__gte=0, credits_pending__gte=0),
            ),
            models.CheckConstraint(
                name="account_not_overdrawn_by_debits",
                condition=Q(debits_within_credits=False)
                | Q(credits_posted__gte=F("debits_posted") + F("debits_pending")),
            ),
            models.CheckConstraint(
                name="account_not_overdrawn_by_credits",
                condition=Q(credits_within_debits=False)
                | Q(debits_posted__gte=F("credits_posted") + F("credits_pending")),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> str:
        """What the account is for, in the reader's language."""
        return in_words(self.purpose, self.facts)

    @property
    def grows_by_debits(self) -> bool:
        """Whether the account is of the debit side: assets and expenses, by its code."""
        return self.credits_within_debits or (not self.debits_within_credits and self.code[:1] in DEBIT_CLASSES)


@guards.append_only()
class Transfer(models.Model):
    """An amount that moves from the ``credit`` to the ``debit`` account in one currency; corrected only by further transfers.

    ``key`` is made by the caller and makes a repetition harmless; ``group`` ties the transfers of one business act;
    ``pending`` is the reservation that a settlement or release ends (once). ``reason`` is the key of a wording and
    ``facts`` what it mentions (`ledger.wording`).
    """

    id = models.BigAutoField(primary_key=True)
    key = models.UUIDField(unique=True)
    group = models.UUIDField(db_index=True)
    debit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="debits")
    credit = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="credits")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=6, choices=TransferKind.choices)
    pending = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="resolution")
    reason = models.CharField(max_length=200)
    facts = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    leaf = models.ForeignKey(Leaf, on_delete=models.PROTECT, related_name="+")
    posted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        triggers = [
            pgtrigger.Trigger(name="lawful", when=pgtrigger.Before, operation=pgtrigger.Insert, func=sql.LAWFUL),
            pgtrigger.Trigger(
                name="period_open", when=pgtrigger.Before, operation=pgtrigger.Insert, func=sql.PERIOD_OPEN
            ),
        ]
        constraints = [
            models.CheckConstraint(name="transfer_amount_positive", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(name="transfer_between_two_accounts", condition=~Q(debit=F("credit"))),
            models.CheckConstraint(
                name="only_a_resolution_names_a_reservation",
                condition=Q(kind__in=[TransferKind.POST, TransferKind.PEND], pending__isnull=True)
                | Q(kind__in=[TransferKind.SETTLE, TransferKind.VOID], pending__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor} {self.currency}"

    @property
    def why(self) -> str:
        """Why the money moved, in the reader's language."""
        return in_words(self.reason, self.facts)


class PoundSeries(models.TextChoices):
    """Which Syrian pounds are meant (`ledger.rates`)."""

    OLD = Series.OLD.value, _("old pounds (before 2026)")
    NEW = Series.NEW.value, _("new pounds (since 2026)")


@guards.append_only(recorded=True)
class ReferenceRate(Recorded):
    """How many ``units`` of a currency one unit of ``base`` was worth on a day, as a public bulletin says it.

    A Syrian pound always says its ``series``. A correction is a further row of the same day: the latest counts.
    """

    day = models.DateField(_("day"))
    base = models.CharField(_("for one unit of"), max_length=3, default="USD")
    currency = models.CharField(_("currency"), max_length=3)
    series = models.CharField(_("series"), max_length=3, choices=PoundSeries.choices, blank=True)
    units = models.DecimalField(_("units"), max_digits=18, decimal_places=6)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        ordering = ["-day", "-recorded_at"]
        constraints = [
            models.CheckConstraint(name="rate_positive", condition=Q(units__gt=0)),
            models.CheckConstraint(name="rate_between_two_currencies", condition=~Q(base=F("currency"))),
            models.CheckConstraint(
                name="pound_says_its_series",
                condition=Q(currency=POUND, series__in=PoundSeries.values) | (~Q(currency=POUND) & Q(series="")),
            ),
        ]
        indexes = [models.Index(fields=["base", "currency", "-day"], name="rates_by_currency")]

    def __str__(self) -> str:
        return f"{self.units.normalize():f} {self.currency} {self.series}".strip()


class PeriodState(models.TextChoices):
    LOCKED = "locked", _("locked")
    UNLOCK_ASKED = "unlock_asked", _("locked; a second person decides on opening it")
    OPEN = "open", _("opened again")


_P = PeriodState


@guards.fixed("month", by_moves=("transfers", "sha256", "locked_by", "asked_by", "decided_by"))
@guards.guarded
class Period(Stateful):
    """A month of the books that was closed: PostgreSQL takes no transfer into it until two people open it again.

    ``sha256`` is that of its ``transfers`` transfers in their order, so that whoever reads a balance of that month later
    can tell that nothing of it changed.
    """

    state = FSMField(default=_P.LOCKED, choices=_P.choices, editable=False)
    month = models.DateField(_("month"), unique=True)
    transfers = models.PositiveIntegerField(_("transfers"))
    sha256 = models.CharField(max_length=64)
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.CheckConstraint(name="period_is_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="period_opened_by_two", condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by"))
            ),
            models.CheckConstraint(
                name="open_period_was_decided",
                condition=~Q(state=_P.OPEN) | Q(asked_by__isnull=False, decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    @property
    def days(self) -> str:
        """Its first and last day, as the list of transfers is asked for them."""
        last = self.month.replace(day=monthrange(self.month.year, self.month.month)[1])
        return f"since={self.month}&until={last}"

    @transition(field=state, source=_P.LOCKED, target=_P.UNLOCK_ASKED, custom={"event": events.PeriodUnlockAsked})
    def ask_unlock(self) -> None:
        """Edge: somebody says why it must be opened."""

    @transition(field=state, source=_P.UNLOCK_ASKED, target=_P.OPEN, custom={"event": events.PeriodUnlocked})
    def unlock(self) -> None:
        """Edge: a second person agrees."""

    @transition(field=state, source=_P.UNLOCK_ASKED, target=_P.LOCKED, custom={"event": events.PeriodUnlockDeclined})
    def decline_unlock(self) -> None:
        """Edge: a second person does not."""

    @transition(field=state, source=_P.OPEN, target=_P.LOCKED, custom={"event": events.PeriodLockedAgain})
    def lock_again(self) -> None:
        """Edge: what had to be mended is mended."""
