"""Organisations that apply, their people, proofs, assessments and bank accounts."""
# public: the labels of an organisation's own forms

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from audit import guards, walls
from audit.models import Recorded, Sealing, Stateful
from audit.sealed import SealedTextField
from kernel.files import UploadTo, private_storage
from kernel.places import Governorate
from organisations import capacity_events, events
from organisations.bank_guards import first_or_changed
from organisations.states import (
    AssessmentWay,
    BankAccountState,
    OrganisationState,
    OrganisationType,
    PartnershipKind,
    PersonRole,
    ProofKind,
    RegistrationState,
    Tier,
)

_S = OrganisationState


@guards.fixed(by_moves=("capacity_score", "assessed_by", "decided_by", "tier", "tier_rules_version", "eligible_until"))
@guards.guarded
class Organisation(Sealing, Stateful):
    """An NGO, network or initiative that applies to the fund.

    ``name_key`` is the folded Arabic name under which look-alikes are found. ``tier`` and ``tier_rules_version`` are
    set when eligibility is decided under a charter version, ``eligible_until`` by its rule for the life of an assessment.
    How to reach it is sealed under its own key: in a small organisation that is a person's telephone.
    """

    state = FSMField(default=_S.REGISTERED, choices=_S.choices, editable=False)
    name_ar = models.CharField(_("name in Arabic"), max_length=200)
    name_latin = models.CharField(_("name in Latin script"), max_length=200)
    name_key = models.CharField(max_length=200, unique=True, editable=False)
    type = models.CharField(_("type"), max_length=20, choices=OrganisationType.choices)
    governorates = ArrayField(
        models.CharField(max_length=4, choices=Governorate.choices), verbose_name=_("governorates of work")
    )
    registration_state = models.CharField(_("registration"), max_length=20, choices=RegistrationState.choices)
    registration_number = models.CharField(_("registration number"), max_length=60, blank=True)
    registration_valid_until = models.DateField(_("valid until"), null=True, blank=True)
    fiscal_host = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="hosted", verbose_name=_("fiscal host")
    )
    founded_year = models.PositiveSmallIntegerField(_("founded in"))
    last_year_expenditure_minor = models.BigIntegerField(_("last year's expenditure (USD)"))
    women_led = models.BooleanField(_("led by women"), default=False)
    youth_led = models.BooleanField(_("led by young people"), default=False)
    displaced_led = models.BooleanField(_("led by displaced people or returnees"), default=False)
    disability_led = models.BooleanField(_("organisation of persons with disabilities"), default=False)
    email = SealedTextField(_("e-mail address"), max_length=254)
    phone = SealedTextField(_("phone"), max_length=30)
    about = models.TextField(_("who we are"), blank=True)
    capacity_score = models.PositiveSmallIntegerField(_("capacity score"), null=True, editable=False)
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    tier = models.CharField(_("tier"), max_length=1, choices=Tier.choices, blank=True, editable=False)
    tier_rules_version = models.PositiveIntegerField(null=True, editable=False)
    eligible_until = models.DateField(_("eligible until"), null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="capacity_score_of_100",
                condition=Q(capacity_score__isnull=True) | Q(capacity_score__range=(0, 100)),
            ),
            models.CheckConstraint(
                name="eligible_organisation_has_a_tier", condition=~Q(state=_S.ELIGIBLE) | ~Q(tier="")
            ),
            models.CheckConstraint(name="nobody_hosts_itself", condition=~Q(fiscal_host=F("id"))),
        ]
        indexes = [models.Index(fields=["state", "name_ar"], name="organisations_by_state")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the script of the page's language; a machine's or a signed text chooses for itself."""
        return self.name_ar if (get_language() or "ar").startswith("ar") else self.name_latin

    @property
    def other_name(self) -> str:
        """The name in the other script."""
        return self.name_latin if self.name == self.name_ar else self.name_ar

    @transition(
        field=state,
        source=[_S.REGISTERED, _S.DD_RETURNED, _S.INELIGIBLE],
        target=_S.DD_SUBMITTED,
        custom={"event": events.DueDiligenceSubmitted},
    )
    def submit_due_diligence(self) -> None:
        """Edge: the signatory asks for the check."""

    @transition(
        field=state,
        source=_S.DD_SUBMITTED,
        target=_S.DD_RETURNED,
        custom={"event": events.DueDiligenceReturned},
    )
    def return_due_diligence(self) -> None:
        """Edge: something is missing."""

    @transition(field=state, source=_S.DD_SUBMITTED, target=_S.DD_CLEARED, custom={"event": events.DueDiligenceCleared})
    def clear_due_diligence(self) -> None:
        """Edge: identity and papers are in order."""

    @transition(field=state, source=_S.DD_CLEARED, target=_S.ASSESSED, custom={"event": events.CapacityAssessed})
    def assess(self) -> None:
        """Edge: the capacity has a score."""

    @transition(
        field=state,
        source=[_S.DD_CLEARED, _S.ASSESSED],
        target=_S.ELIGIBLE,
        custom={"event": events.FoundEligible},
    )
    def find_eligible(self) -> None:
        """Edge: the fund manager decides; without a score only the entry tier."""

    @transition(
        field=state,
        source=[_S.DD_SUBMITTED, _S.DD_CLEARED, _S.ASSESSED],
        target=_S.INELIGIBLE,
        custom={"event": events.FoundIneligible},
    )
    def find_ineligible(self) -> None:
        """Edge: not now, with reasons."""

    @transition(
        field=state,
        source=[_S.ELIGIBLE, _S.INELIGIBLE],
        target=_S.ELIGIBLE,
        custom={"event": capacity_events.TierCorrected},
    )
    def correct_tier(self) -> None:
        """Edge: a contest was upheld, and the corrected score gives another tier."""

    @transition(field=state, source=_S.ELIGIBLE, target=_S.ELIGIBLE, custom={"event": capacity_events.TierChanged})
    def change_tier(self) -> None:
        """Edge: the index of performance moves the organisation up or down, as the charter says."""

    @transition(field=state, source=_S.ELIGIBLE, target=_S.SUSPENDED, custom={"event": events.OrganisationSuspended})
    def suspend(self) -> None:
        """Edge: no new applications or payments for now."""

    @transition(field=state, source=_S.SUSPENDED, target=_S.ELIGIBLE, custom={"event": events.OrganisationReinstated})
    def reinstate(self) -> None:
        """Edge: the cause is mended."""


@walls.walled
@guards.membership(given=events.PersonAdded, ended=events.PersonRemoved)
class Person(models.Model):
    """A person's role in an organisation, for a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="organisation_roles")
    role = models.CharField(_("role"), max_length=10, choices=PersonRole.choices)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_role_per_person", fields=["organisation", "user"], condition=Q(ends_on__isnull=True)
            ),
            models.CheckConstraint(
                name="person_dates_in_order", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"


@walls.walled
@guards.membership(given=events.PartnershipRecorded, ended=events.PartnershipEnded)
class Partnership(models.Model):
    """A dated link: ``partner`` is consortium partner, mentor or fiscal host of ``organisation``; ``basis`` says what shows it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="partnerships")
    partner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="supports", verbose_name=_("other organisation")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=PartnershipKind.choices)
    basis = models.CharField(_("what shows it"), max_length=300)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="nobody_partners_itself", condition=~Q(organisation=F("partner"))),
            models.CheckConstraint(name="partnership_says_what_shows_it", condition=~Q(basis="")),
            models.CheckConstraint(
                name="partnership_dates_in_order", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
            models.UniqueConstraint(
                name="one_open_link_of_a_kind",
                fields=["organisation", "partner", "kind"],
                condition=Q(ends_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} · {self.kind} · {self.partner_id}"


@walls.walled
@guards.append_only(recorded=True)
class RegistrationProof(Recorded):
    """A document that proves the organisation's existence."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(_("kind"), max_length=30, choices=ProofKind.choices)
    number = models.CharField(_("number"), max_length=60, blank=True)
    issued_by = models.CharField(_("issued by"), max_length=120)
    issued_on = models.DateField(_("issued on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    file = models.FileField(_("document"), storage=private_storage, upload_to=UploadTo("proofs"), blank=True)
    sha256 = models.CharField(max_length=64, editable=False)
    vouched = models.ForeignKey("PassportImport", on_delete=models.PROTECT, null=True, related_name="proofs")
    """The signed passport of another fund that has the document; then there is no file here."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="proof_has_a_file_or_a_voucher", condition=~Q(file="") | Q(vouched__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


@walls.walled
@guards.append_only(recorded=True)
class CapacityAssessment(Recorded):
    """An assessor's score by section (each 0–100) and the resulting score of 100.

    ``levels`` is what was found by question of the charter, ``findings`` the words by section, ``recognised`` the ids of
    others' assessments by the section that was taken from them. Assessments of old, and corrections, have sections alone.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assessments")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sections = models.JSONField(_("score by section"))
    score = models.PositiveSmallIntegerField(_("score"))
    advice = models.TextField(_("what to improve"))
    way = models.CharField(_("how"), max_length=10, choices=AssessmentWay.choices, default=AssessmentWay.DESK)
    visited_on = models.DateField(_("visited on"), null=True)
    levels = models.JSONField(default=dict)
    findings = models.JSONField(default=dict)
    recognised = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(name="assessment_of_100", condition=Q(score__range=(0, 100))),
            models.CheckConstraint(
                name="visit_has_its_day", condition=~Q(way=AssessmentWay.VISIT) | Q(visited_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.score}"


@walls.walled
@guards.fixed(
    "organisation", "data_key", "holder_latin", "holder_ar", "bank", "number", "currency", "fingerprint", "recorded_by",
    by_moves=("verified_by", "usable_from"),
)  # fmt: skip
@first_or_changed
@guards.guarded
class BankAccount(Sealing, Stateful):
    """Where an organisation receives money; payments go to verified accounts only.

    The details are sealed under the organisation's key. ``number_index`` finds the same number again without reading any;
    it is empty after an erasure.
    """

    state = FSMField(default=BankAccountState.RECORDED, choices=BankAccountState.choices, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="bank_accounts")
    holder_latin = SealedTextField(_("account holder in Latin script"), max_length=140, subject="organisation_id")
    holder_ar = SealedTextField(_("account holder in Arabic"), max_length=140, subject="organisation_id")
    bank = SealedTextField(_("bank"), max_length=140, subject="organisation_id")
    number = SealedTextField(_("IBAN or account number"), max_length=40, subject="organisation_id")
    number_index = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    fingerprint = models.CharField(max_length=64, editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    usable_from = models.DateTimeField(_("usable from"), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="number_recorded_once",
                fields=["organisation", "number_index", "currency"],
                condition=~Q(state=BankAccountState.RETIRED) & ~Q(number_index=""),
            ),
            models.CheckConstraint(
                name="bank_account_verified_by_another",
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("recorded_by")),
            ),
            models.CheckConstraint(
                name="verified_account_has_a_verifier",
                condition=~Q(state=BankAccountState.VERIFIED) | Q(verified_by__isnull=False, usable_from__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.ending or str(_("erased details"))

    @property
    def ending(self) -> str:
        """Bank and the last four characters of the number, by which its people know it again; empty when erased."""
        return "" if self.is_erased else f"{self.bank} …{self.number[-4:]}"

    @transition(
        field=state,
        source=BankAccountState.RECORDED,
        target=BankAccountState.VERIFIED,
        custom={"event": events.BankAccountVerified},
    )
    def verify(self) -> None:
        """Edge: called back on a second channel by another person."""

    @transition(
        field=state,
        source=[BankAccountState.RECORDED, BankAccountState.VERIFIED],
        target=BankAccountState.RETIRED,
        custom={"event": events.BankAccountRetired},
    )
    def retire(self) -> None:
        """Edge: no longer used."""
