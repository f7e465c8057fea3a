"""What happens to organisations."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from organisations.states import PartnershipKind, PersonRole, ProofKind, Tier, VerificationChannel


@register
class OrganisationRegistered(Event):
    type = "organisations.organisation.registered"
    sentence = _("registered the organisation")
    name_ar: str
    name_latin: str


@register
class OrganisationProfileChanged(Event):
    type = "organisations.organisation.profile_changed"
    sentence = _("changed the profile")
    before: dict[str, str]
    after: dict[str, str]


@register
class PersonAdded(Event):
    type = "organisations.person.added"
    needs_second_factor = True
    sentence = _("added a person in the role “%(role)s”")
    labels = {"role": PersonRole}
    person: UUID
    role: str


@register
class PersonRemoved(Event):
    type = "organisations.person.removed"
    needs_second_factor = True
    sentence = _("ended a person's role “%(role)s”")
    labels = {"role": PersonRole}
    person: UUID
    role: str


@register
class PartnershipRecorded(Event):
    type = "organisations.partnership.recorded"
    sentence = _("recorded a link to another organisation: %(kind)s, from %(starts_on)s")
    labels = {"kind": PartnershipKind}
    organisation: UUID
    partner: UUID
    kind: str
    starts_on: str
    ends_on: str
    basis: str


@register
class PartnershipEnded(Event):
    type = "organisations.partnership.ended"
    sentence = _("ended the link to another organisation on %(ends_on)s: %(kind)s")
    labels = {"kind": PartnershipKind}
    organisation: UUID
    partner: UUID
    kind: str
    ends_on: str


@register
class ProofAdded(Event):
    type = "organisations.proof.added"
    sentence = _("added a proof of registration: %(kind)s")
    labels = {"kind": ProofKind}
    kind: str
    sha256: str


@register
class DueDiligenceSubmitted(Event):
    type = "organisations.due_diligence.submitted"
    sentence = _("submitted the profile for due diligence")
    proofs: list[str]
    declarations: list[str]


@register
class DueDiligenceReturned(Event):
    type = "organisations.due_diligence.returned"
    sentence = _("returned the profile for completion")
    missing: list[str]


@register
class DueDiligenceCleared(Event):
    type = "organisations.due_diligence.cleared"
    sentence = _("cleared the due diligence")
    checked: list[str]


@register
class AssessmentRecorded(Event):
    type = "organisations.assessment.recorded"
    sentence = _("recorded an assessment: %(score)s of 100")
    score: int
    sections: dict[str, int]


@register
class CapacityAssessed(Event):
    type = "organisations.capacity.assessed"
    sentence = _("assessed the capacity: %(score)s of 100")
    score: int
    sections: dict[str, int]


@register
class FoundEligible(Event):
    type = "organisations.organisation.found_eligible"
    sentence = _("found the organisation eligible in tier %(tier)s")
    labels = {"tier": Tier}
    tier: str
    charter_version: int


@register
class FoundIneligible(Event):
    type = "organisations.organisation.found_ineligible"
    sentence = _("found the organisation not eligible for now")


@register
class OrganisationSuspended(Event):
    type = "organisations.organisation.suspended"
    needs_second_factor = True
    sentence = _("suspended the organisation")


@register
class OrganisationReinstated(Event):
    type = "organisations.organisation.reinstated"
    needs_second_factor = True
    sentence = _("ended the suspension")


@register
class BankAccountRecorded(Event):
    type = "organisations.bank_account.recorded"
    needs_second_factor = True
    sentence = _("recorded a bank account")
    fingerprint: str


@register
class BankAccountVerified(Event):
    type = "organisations.bank_account.verified"
    needs_second_factor = True
    sentence = _("verified the bank account through a second channel: %(channel)s")
    labels = {"channel": VerificationChannel}
    fingerprint: str
    channel: str


@register
class BankAccountRetired(Event):
    type = "organisations.bank_account.retired"
    needs_second_factor = True
    sentence = _("retired the bank account")


@register
class PassportItemAsked(Event):
    """``key`` names the item in the charter, ``title`` is its name there by language."""

    type = "organisations.passport_item.asked"
    sentence = _("began the item of the passport “%(title)s”")
    key: str
    title: dict[str, str]


@register
class PassportItemAnswered(Event):
    """What was given is not in the record: ``answer`` is its row, ``sha256`` its document."""

    type = "organisations.passport_item.answered"
    sentence = _("gave an item of the passport: %(title)s")
    key: str
    title: dict[str, str]
    sha256: str


@register
class PassportItemSubmitted(Event):
    type = "organisations.passport_item.submitted"
    sentence = _("submitted the item of the passport “%(title)s”")
    key: str
    title: dict[str, str]
    answer: UUID


@register
class PassportItemAccepted(Event):
    type = "organisations.passport_item.accepted"
    sentence = _("accepted the item of the passport “%(title)s”")
    key: str
    title: dict[str, str]
    answer: UUID
    valid_until: date | None


@register
class PassportItemReturned(Event):
    type = "organisations.passport_item.returned"
    sentence = _("returned the item of the passport “%(title)s”")
    key: str
    title: dict[str, str]
    answer: UUID


@register
class PassportItemWaived(Event):
    type = "organisations.passport_item.waived"
    sentence = _("waived the item of the passport “%(title)s”")
    key: str
    title: dict[str, str]
