"""Changes of a grant's budget, from the request to the day on which they count."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register

__all__ = [
    "AmendmentCountersigned",
    "AmendmentSigned",
    "CostExtensionRequested",
    "CostExtensionRequestedAgain",
    "EnvelopeReservedForExtension",
    "ExtensionAgreed",
    "ExtensionRequested",
    "ExtensionRequestedAgain",
    "RevisedAmountSet",
    "RevisionApproved",
    "RevisionBecameEffective",
    "RevisionRejected",
    "RevisionRequested",
    "RevisionRequestedAgain",
    "RevisionReturned",
    "RevisionTakenUp",
    "RevisionWithdrawn",
]


@register
class RevisionRequested(Event):
    type = "grants.revision.requested"
    sentence = _("asked for a change of the budget that moves %(moved_minor)s")
    grant: UUID
    needs: str
    moved_minor: int
    percent: int


@register
class ExtensionRequested(Event):
    type = "grants.revision.extension_requested"
    sentence = _("asked for %(months)s more months, until %(new_end)s")
    grant: UUID
    needs: str
    months: int
    old_end: date
    new_end: date
    by_committee: bool


@register
class ExtensionRequestedAgain(Event):
    type = "grants.revision.extension_requested_again"
    sentence = _("asked again for %(months)s more months, until %(new_end)s, round %(round)s")
    round: int
    needs: str
    months: int
    old_end: date
    new_end: date
    by_committee: bool


@register
class CostExtensionRequested(Event):
    type = "grants.revision.cost_extension_requested"
    sentence = _("asked for %(added_minor)s more, to be paid from %(paid_from)s on; the grant ends on %(new_end)s")
    grant: UUID
    needs: str
    old_minor: int
    added_minor: int
    paid_from: date
    months: int
    old_end: date
    new_end: date
    by_committee: bool


@register
class CostExtensionRequestedAgain(Event):
    type = "grants.revision.cost_extension_requested_again"
    sentence = _(
        "asked again for %(added_minor)s more, to be paid from %(paid_from)s on; the grant ends on %(new_end)s, round %(round)s"
    )
    round: int
    needs: str
    old_minor: int
    added_minor: int
    paid_from: date
    months: int
    old_end: date
    new_end: date
    by_committee: bool


@register
class EnvelopeReservedForExtension(Event):
    type = "grants.envelope.reserved_for_extension"
    needs_second_factor = True
    sentence = _("reserved %(amount_minor)s of contribution %(contribution)s for an extension")
    revision: UUID
    contribution: str
    amount_minor: int
    currency: str


@register
class ExtensionAgreed(Event):
    type = "grants.revision.extension_agreed"
    sentence = _("agreed to the extension for the committee")
    revision: UUID
    round: int
    as_chair: bool
    content_sha256: str


@register
class RevisedAmountSet(Event):
    type = "grants.revision.amount_set"
    sentence = _("set category %(category)s from %(before_minor)s to %(after_minor)s")
    revision: UUID
    round: int
    category: str
    before_minor: int
    after_minor: int


@register
class RevisionTakenUp(Event):
    type = "grants.revision.taken_up"
    sentence = _("began to look at the change")


@register
class RevisionReturned(Event):
    type = "grants.revision.returned"
    sentence = _("returned the change")


@register
class RevisionRequestedAgain(Event):
    type = "grants.revision.requested_again"
    sentence = _("asked for the change again, round %(round)s")
    round: int
    needs: str
    moved_minor: int
    percent: int


@register
class RevisionRejected(Event):
    type = "grants.revision.rejected"
    sentence = _("rejected the change")


@register
class RevisionWithdrawn(Event):
    type = "grants.revision.withdrawn"
    sentence = _("took the change back")


@register
class RevisionApproved(Event):
    type = "grants.revision.approved"
    needs_second_factor = True
    sentence = _("approved the change")
    content_sha256: str
    sha256_ar: str
    sha256_en: str


@register
class AmendmentSigned(Event):
    type = "grants.revision.amendment_signed"
    needs_second_factor = True
    sentence = _("signed the amendment for the partner")
    sha256_ar: str
    sha256_en: str


@register
class AmendmentCountersigned(Event):
    type = "grants.revision.amendment_countersigned"
    needs_second_factor = True
    sentence = _("countersigned the amendment for the fund; the change counts")
    sha256_ar: str
    sha256_en: str


@register
class RevisionBecameEffective(Event):
    type = "grants.revision.became_effective"
    sentence = _("the change counts")
