"""History of other pooled funds, as their public files tell it, and the charts drawn from it.

These tables stand apart from the fund's own books: nothing here is a grant, a contribution or an organisation of this
fund, and no total of the fund reads them.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kernel.files import UploadTo, private_storage
from transparency.ocha.values import DECIMAL_PLACES, WHOLE_DIGITS

DIGITS = WHOLE_DIGITS + DECIMAL_PLACES
"""Amounts are US dollars with every digit that the source wrote; they are no minor units: it writes 0 to 10 places."""


class PartnerKind(models.IntegerChoices):
    """Kinds of partners by OCHA's numbers."""

    NATIONAL = 1, _("National NGOs")
    INTERNATIONAL = 2, _("International NGOs")
    UN = 3, _("UN agencies")
    OTHER = 4, _("Others")


class AllocationSource(models.IntegerChoices):
    """How an allocation is made, by OCHA's numbers."""

    RESERVE = 1, _("Reserve")
    STANDARD = 2, _("Standard")


class HistoryImport(models.Model):
    """One import of public files: what was read, by whom, what came of it.

    Its stage follows from its times: uploaded, checked (a rehearsal that changes nothing), confirmed, finished. Whoever
    works on it keeps ``alive_at`` fresh, so that a process that is gone is noticed without anybody saying so.
    """

    class Origin(models.TextChoices):
        FOLDER = "folder", _("from a folder, by command")
        UPLOAD = "upload", _("uploaded")

    class Breakdown(models.TextChoices):
        ERROR = "error", _("Something unexpected happened while the files were read.")
        DIED = "died", _("The program that read the files was stopped in the middle.")

    SILENCE = timedelta(seconds=60)
    """Without a sign of life for so long, whoever worked on the import is gone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    origin = models.CharField(max_length=10, choices=Origin)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    skip_bad_rows = models.BooleanField(_("Import the good rows and leave out the bad ones"), default=False)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    alive_at = models.DateTimeField(null=True)
    begun = models.PositiveSmallIntegerField(default=0)
    breakdown = models.CharField(max_length=10, choices=Breakdown, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    not_read = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return f"{self.uploaded_at:%Y-%m-%d %H:%M}"

    @property
    def stage(self) -> str:
        """Where the import stands: checking, checked, running, finished, failed (bad rows) or broken (not their fault)."""
        if self.failed_at:
            return "broken" if self.breakdown else "failed"
        if self.finished_at:
            return "finished"
        if self.checked_at and not self.confirmed_at:
            return "checked"
        if self.is_silent:
            return "broken"
        return "running" if self.confirmed_at else "checking"

    @property
    def is_silent(self) -> bool:
        """Whether somebody worked on it and gave no sign of life for long: a process that was killed tells nobody."""
        return self.alive_at is not None and timezone.now() - self.alive_at > self.SILENCE

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has begun to work on it although there was time enough."""
        since = self.confirmed_at or self.uploaded_at
        return self.alive_at is None and timezone.now() - since > self.SILENCE

    @property
    def why_broken(self) -> str:
        """What broke it, in a sentence."""
        return str(self.Breakdown(self.breakdown or self.Breakdown.DIED).label)


class HistoryFile(models.Model):
    """One file of an import: its fingerprint and what became of its rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(HistoryImport, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    encoding = models.CharField(max_length=12)
    content = models.FileField(storage=private_storage, upload_to=UploadTo("history"), null=True)
    rows = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)
    doubts = models.PositiveIntegerField(default=0)
    first_rows = models.JSONField(default=list)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="one_file_of_a_name_per_import")]

    def __str__(self) -> str:
        return self.name


class HistoryProblem(models.Model):
    """A row left out (grave) or a doubt about a row that was taken as it stands."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(HistoryImport, on_delete=models.CASCADE, related_name="problems")
    file = models.CharField(max_length=40)
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=130)
    code = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    grave = models.BooleanField()

    class Meta:
        ordering = ["-grave", "file", "line", "column"]
        indexes = [models.Index(fields=["run", "-grave", "file", "line"], name="problems_of_an_import")]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.column} {self.code}"


class HistoryRow(models.Model):
    """What every imported row keeps: its key, the source text of every column, and a fingerprint of that text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.TextField(unique=True)
    fund = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    raw = models.JSONField()
    raw_sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key


class HistoryProject(HistoryRow):
    """A project that another fund paid for. Amounts are US dollars as a 32-bit float wrote them."""

    code = models.TextField()
    allocation_title = models.TextField(blank=True)
    source = models.PositiveSmallIntegerField(null=True, choices=AllocationSource)
    partner_name = models.TextField(blank=True)
    partner_kind = models.PositiveSmallIntegerField(null=True, choices=PartnerKind)
    partner_withheld = models.BooleanField()
    partner_code = models.TextField(blank=True)
    title = models.TextField(blank=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    duration_text = models.TextField(blank=True)
    budget = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMAL_PLACES)
    direct_cost = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMAL_PLACES, null=True)
    support_cost = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMAL_PLACES, null=True)
    submitted_on = models.DateField(null=True)
    approved_on = models.DateField(null=True)
    men = models.BigIntegerField(null=True)
    women = models.BigIntegerField(null=True)
    boys = models.BigIntegerField(null=True)
    girls = models.BigIntegerField(null=True)
    gender_marker = models.TextField(blank=True)
    status_name = models.TextField(blank=True)
    status_number = models.BigIntegerField(null=True)
    status_code = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["fund", "year"], name="history_projects_of_a_year")]


class HistoryLocation(HistoryRow):
    """A place of a project, coarse: the first administrative level and the value at the deepest level of the row.

    ``place_raw`` is the source's spelling to the last space. Districts, communities and coordinates are not columns.
    """

    project_code = models.TextField()
    place = models.TextField(blank=True)
    place_raw = models.TextField(blank=True)
    governorate = models.CharField(max_length=4, blank=True)
    level = models.PositiveSmallIntegerField()
    budget = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMAL_PLACES)
    clusters = models.JSONField(default=list)
    men = models.BigIntegerField()
    women = models.BigIntegerField()
    boys = models.BigIntegerField()
    girls = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["fund", "project_code"], name="history_places_of_a_project")]


class HistoryAllocation(HistoryRow):
    """A call of another fund. Its title is kept to the last space: projects refer to it so."""

    type_id = models.TextField()
    fund_name = models.TextField(blank=True)
    title = models.TextField()
    summary = models.TextField(blank=True)
    source_name = models.TextField(blank=True)
    source = models.PositiveSmallIntegerField(null=True, choices=AllocationSource)
    fund_type = models.PositiveSmallIntegerField(null=True)
    planned = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMAL_PLACES, null=True)
    planned_start = models.DateField(null=True)
    planned_end = models.DateField(null=True)
    last_approval = models.DateField(null=True)
    projects_under_approval = models.BigIntegerField(null=True)
    budget_under_approval = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMAL_PLACES, null=True)
    projects_approved = models.BigIntegerField(null=True)
    budget_approved = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMAL_PLACES, null=True)
    plans = models.JSONField(default=list)
    documents = models.JSONField(default=list)


class HistoryContribution(HistoryRow):
    """Money a donor gave to another fund in a year (US dollars)."""

    fund_name = models.TextField(blank=True)
    donor_name = models.TextField(blank=True)
    donor_code = models.TextField(blank=True)
    donor_number = models.TextField(blank=True)
    donor_short_name = models.TextField(blank=True)
    amount = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMAL_PLACES)
    percent_of_fund = models.DecimalField(max_digits=DIGITS, decimal_places=DECIMAL_PLACES, null=True)

    class Meta:
        indexes = [models.Index(fields=["fund", "year"], name="history_gifts_of_a_year")]


class HistoryResult(HistoryRow):
    """People planned and reached by a project."""

    fund_name = models.TextField(blank=True)
    source = models.PositiveSmallIntegerField(null=True, choices=AllocationSource)
    project_code = models.TextField()
    planned_men = models.BigIntegerField(null=True)
    planned_women = models.BigIntegerField(null=True)
    planned_boys = models.BigIntegerField(null=True)
    planned_girls = models.BigIntegerField(null=True)
    planned_total = models.BigIntegerField(null=True)
    actual_men = models.BigIntegerField(null=True)
    actual_women = models.BigIntegerField(null=True)
    actual_boys = models.BigIntegerField(null=True)
    actual_girls = models.BigIntegerField(null=True)
    actual_total = models.BigIntegerField(null=True)
