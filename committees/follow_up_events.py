"""What happens after decisions: the waiting list moves up, decisions are appealed."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register


@register
class WaitingProposed(Event):
    type = "committees.waiting.proposed"
    sentence = _("money came back: proposed the application at rank %(rank)s of the waiting list for %(amount_minor)s")
    application: UUID
    rank: int
    amount_minor: int
    currency: str


@register
class WaitingConfirmed(Event):
    type = "committees.waiting.confirmed"
    needs_second_factor = True
    sentence = _("confirmed that the application moves up from the waiting list, after a fresh screening")
    application: UUID
    screening: str


@register
class WaitingDismissed(Event):
    type = "committees.waiting.dismissed"
    sentence = _("passed over the application on the waiting list")
    application: UUID


@register
class WaitingOutdated(Event):
    type = "committees.waiting.outdated"
    sentence = _("the proposal from the waiting list fell away: the application left the list")
    application: UUID


@register
class AppealMoneyKept(Event):
    type = "committees.appeal_money.kept"
    needs_second_factor = True
    sentence = _("%(amount_minor)s of the envelope wait for appeals")
    amount_minor: int
    currency: str


@register
class AppealMoneyFreed(Event):
    type = "committees.appeal_money.freed"
    needs_second_factor = True
    sentence = _("%(amount_minor)s that waited for appeals are free again: the last one is over")
    amount_minor: int
    currency: str


@register
class AppealLodged(Event):
    type = "committees.appeal.lodged"
    sentence = _("lodged an appeal against the decision")
    application: UUID
    grounds: list[str]
    held_minor: int
    currency: str


@register
class AppealEvidenceAdded(Event):
    type = "committees.appeal.evidence_added"
    sentence = _("put a document to the appeal")
    sha256: str


@register
class AppealAdmitted(Event):
    type = "committees.appeal.admitted"
    sentence = _("found the appeal admissible")


@register
class AppealNotAdmitted(Event):
    type = "committees.appeal.not_admitted"
    sentence = _("found the appeal not admissible")


@register
class AppealPanelistNamed(Event):
    type = "committees.appeal.panelist_named"
    sentence = _("a member who took no part was drawn for the appeals panel")
    panelist: UUID


@register
class AppealReviewStarted(Event):
    type = "committees.appeal.review_started"
    sentence = _("the appeals panel of %(members)s took the appeal over, to be decided by %(due)s")
    members: int
    due: str


@register
class AppealVoteCast(Event):
    type = "committees.appeal.vote_cast"
    sentence = _("voted on the appeal")
    choice: str


@register
class AppealUpheld(Event):
    type = "committees.appeal.upheld"
    sentence = _("upheld the appeal")
    votes: dict[str, int]
    re_evaluate: bool


@register
class AppealPartlyUpheld(Event):
    type = "committees.appeal.partly_upheld"
    sentence = _("upheld the appeal in part")
    votes: dict[str, int]
    re_evaluate: bool


@register
class AppealDismissed(Event):
    type = "committees.appeal.dismissed"
    sentence = _("dismissed the appeal")
    votes: dict[str, int]


@register
class AppealClosed(Event):
    type = "committees.appeal.closed"
    sentence = _("closed the appeal")


@register
class PanelSentBack(Event):
    type = "committees.panel.sent_back"
    sentence = _("opened the panel again: an appeal sends an application back to be scored anew")
    application: UUID
