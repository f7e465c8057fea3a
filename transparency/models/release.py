"""The released table: all that the public is told of grants. Every public output reads these rows and nothing else.

The rows are copies, made by the worker from the fund's own records through `transparency.release`; nothing is decided here.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from grants.models import Call, Grant
from grants.states import GrantState
from kernel.places import Governorate
from kernel.sectors import Sector
from organisations.states import OrganisationType


class ReleaseBatch(models.Model):
    """The grants signed in one month (``month``: its first day), released together so that none stands alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    month = models.DateField(unique=True)
    released_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class ReleasedPool(models.Model):
    """Grants told as one sum: number of grants and organisations, the sum, and what is said of all of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(ReleaseBatch, on_delete=models.PROTECT, related_name="pools")
    governorates = ArrayField(models.CharField(max_length=4, choices=Governorate.choices), default=list)
    sector = models.CharField(max_length=30, choices=Sector.choices, blank=True)
    grants = models.PositiveIntegerField()
    partners = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    banded = models.BooleanField()

    class Meta:
        constraints = [models.CheckConstraint(name="a_pool_is_a_sum", condition=Q(partners__gte=2, grants__gte=2))]

    def __str__(self) -> str:
        return f"{self.batch}: {self.grants}"


class ReleasedGrant(models.Model):
    """A grant as the public reads it; what is withheld is not in the row.

    ``grant`` joins it to the fund's record and is never published, ``code`` stands for it in public. Without an
    ``amount_minor`` the amount is a part of its ``pool``; without a pool either the grant is held back altogether.
    ``counted_minor`` is what the published sum of payments to pooled grants holds of it; it is never published by itself.
    ``amount_minor`` is what was signed and what extensions added as far as it is told (``added``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(ReleaseBatch, on_delete=models.PROTECT, related_name="rows")
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="released")
    pool = models.ForeignKey(ReleasedPool, on_delete=models.PROTECT, null=True, related_name="rows")
    code = models.CharField(_("code"), max_length=20, unique=True)
    name_ar = models.CharField(_("organisation"), max_length=200, blank=True)
    name_latin = models.CharField(max_length=200, blank=True)
    kind = models.CharField(_("type"), max_length=20, choices=OrganisationType.choices, blank=True)
    women_led = models.BooleanField(_("led by women"), null=True)
    youth_led = models.BooleanField(_("led by young people"), null=True)
    displaced_led = models.BooleanField(_("led by displaced people or returnees"), null=True)
    title = models.CharField(_("title"), max_length=150, blank=True)
    governorates = ArrayField(
        models.CharField(max_length=4, choices=Governorate.choices), default=list, verbose_name=_("governorates")
    )
    sector = models.CharField(_("sector"), max_length=30, choices=Sector.choices, blank=True)
    month = models.DateField(_("month of signature"), null=True)
    months = models.PositiveSmallIntegerField(_("duration in months"), null=True)
    state = models.CharField(_("state"), max_length=20, choices=GrantState.choices, blank=True)
    amount_minor = models.BigIntegerField(_("amount"), null=True)
    paid_minor = models.BigIntegerField(_("paid so far"), null=True)
    payments = models.JSONField(default=dict)
    """What was paid, minor units by the first day of each month (ISO); told of openly told grants only."""
    added = models.JSONField(_("of it added later"), default=dict)
    """What extensions added, as ``payments``, by the month in which both sides had signed; told of openly told grants only."""
    planned = models.JSONField(default=dict)
    """What is planned to be paid, as ``payments``; told of openly told grants only."""
    people_planned = models.PositiveIntegerField(_("people to be reached"), null=True)
    people_reached = models.PositiveIntegerField(_("people reached"), null=True)
    """People are told rounded, and not at all where they are few."""
    passed_on = models.JSONField(_("sub-grants"), default=dict)
    """What goes on to partners in the project, minor units by `transparency.selectors.sub_grants`; of openly told grants only."""
    ended = models.DateField(_("month of closing"), null=True)
    counted_minor = models.BigIntegerField(default=0)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("call"))
    """Told with the amount and the place only: a call names its governorates, and its sums are public."""
    size = models.CharField(_("size of the organisation"), max_length=40, blank=True)
    """The charter's key of the band of what it spent in a year."""
    spent_minor = models.BigIntegerField(_("accepted spending"), null=True)
    counted_spent_minor = models.BigIntegerField(default=0)
    """The same as ``counted_minor``, for what accepted reports say was spent."""
    counted_added_minor = models.BigIntegerField(default=0)
    """The same, for what extensions added and the sum of the pool does not hold."""
    pooled_added_minor = models.BigIntegerField(default=0)
    """What the sum of the pool holds of extensions: they were told openly before the grant went into it. Never published."""
    indirect_minor = models.BigIntegerField(_("of it for indirect costs"), null=True)
    """Told in sums of a year alone: the share of one grant would tell the partner's tier."""
    band_from_minor = models.BigIntegerField(null=True)
    band_below_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)

    class Meta:
        ordering = ["-batch__month", "code"]
        constraints = [
            models.CheckConstraint(
                name="told_openly_or_in_a_sum", condition=Q(amount_minor__isnull=True) | Q(pool__isnull=True)
            ),
            models.CheckConstraint(
                name="nameless_grant_is_told_in_a_sum",
                condition=~Q(name_ar="")
                | Q(amount_minor__isnull=True, title="", kind="", state="", ended__isnull=True),
            ),
            models.CheckConstraint(
                name="payments_of_a_sum_are_not_told",
                condition=Q(amount_minor__isnull=False) | Q(paid_minor__isnull=True),
            ),
            models.CheckConstraint(
                name="spending_of_a_sum_is_not_told",
                condition=Q(amount_minor__isnull=False) | Q(spent_minor__isnull=True),
            ),
            models.CheckConstraint(
                name="indirect_costs_are_told_with_the_amount",
                condition=Q(amount_minor__isnull=False) | Q(indirect_minor__isnull=True),
            ),
            models.CheckConstraint(
                name="call_is_told_with_the_amount",
                condition=Q(call__isnull=True) | (Q(amount_minor__isnull=False) & ~Q(governorates=[])),
            ),
            models.CheckConstraint(
                name="nameless_grant_tells_nothing_of_its_organisation",
                condition=~Q(name_ar="")
                | Q(size="", women_led__isnull=True, youth_led__isnull=True, displaced_led__isnull=True),
            ),
            models.CheckConstraint(
                name="plans_and_people_of_a_sum_are_not_told",
                condition=Q(amount_minor__isnull=False)
                | Q(planned={}, payments={}, passed_on={}, people_planned__isnull=True, people_reached__isnull=True),
            ),
            models.CheckConstraint(
                name="additions_of_a_sum_are_not_told", condition=Q(amount_minor__isnull=False) | Q(added={})
            ),
            models.CheckConstraint(
                name="additions_are_counted_of_a_sum",
                condition=Q(counted_added_minor=0, pooled_added_minor=0)
                | Q(pool__isnull=False, counted_added_minor__gte=0, pooled_added_minor__gte=0),
            ),
        ]
        indexes = [
            GinIndex(fields=["governorates"], name="released_by_governorate"),
            models.Index(fields=["sector"], name="released_by_sector"),
            models.Index(
                fields=["batch"], include=["currency", "amount_minor", "paid_minor", "pool"], name="released_sums"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def added_minor(self) -> int:
        """All that extensions added to a grant told openly, of its amount."""
        return sum(self.added.values())

    @property
    def signed_minor(self) -> int | None:
        """The amount without what was added later: what was decided and signed; None where it is not told."""
        return None if self.amount_minor is None else self.amount_minor - self.added_minor

    @property
    def passed_minor(self) -> int | None:
        """All sub-grants of the grant; None where there are none, or where they are not told."""
        return sum(self.passed_on.values()) or None

    @property
    def name(self) -> str:
        """The organisation's name in the script of the page's language, empty when it is withheld."""
        return self.name_ar if (get_language() or "ar").startswith("ar") else self.name_latin or self.name_ar


class OpenDataFile(models.Model):
    """A public file as the worker wrote it on a day, compressed; the newest of a name is what its plain address gives.

    ``sha256`` is of the file as a reader stores it, ``data_sha256`` of what it says without the time of writing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)
    day = models.DateField()
    content_type = models.CharField(max_length=80)
    compressed = models.BinaryField()
    size = models.PositiveBigIntegerField()
    packed_size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    data_sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "-day"]
        constraints = [models.UniqueConstraint(fields=["name", "day"], name="one_version_of_a_file_a_day")]

    def __str__(self) -> str:
        return f"{self.name} {self.day:%Y-%m-%d}"
