"""What happens in the rapid window: a rota of who is on call, alerts, and the panel's answer to them."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register
from committees.states import AlertKind, ConflictKind, ReleaseCause, YesNo


@register
class RotaPublished(Event):
    type = "committees.rota.published"
    sentence = _("published who is on call: %(civil_society)s of %(members)s are civil society")
    members: int
    civil_society: int
    seats: list[UUID]
    stand_ins: list[UUID]
    starts_at: str
    ends_at: str


@register
class RotaWithdrawn(Event):
    type = "committees.rota.withdrawn"
    sentence = _("withdrew the rota")


@register
class AlertRaised(Event):
    type = "committees.alert.raised"
    sentence = _("raised the alert %(reference)s: %(kind)s")
    labels = {"kind": AlertKind}
    reference: str
    kind: str
    governorates: list[str]
    due: str
    evidence: str = ""


@register
class AlertAccepted(Event):
    type = "committees.alert.accepted"
    sentence = _("the panel on call said yes to the alert; the call %(call)s opens")
    call: str
    tally: dict[str, int]
    checks: dict[str, bool]


@register
class AlertDeclined(Event):
    type = "committees.alert.declined"
    sentence = _("the panel on call said no to the alert")
    tally: dict[str, int]
    checks: dict[str, bool]


@register
class AlertWithdrawn(Event):
    type = "committees.alert.withdrawn"
    sentence = _("took the alert back")


@register
class AlertSettled(Event):
    type = "committees.alert.settled"
    sentence = _("every proposal that followed the alert is decided")


@register
class MemberCalled(Event):
    type = "committees.on_call.called"
    sentence = _("called a member of the committee onto the panel, to answer by %(due)s")
    seat: UUID
    due: str
    stands_in: bool


@register
class MemberReleased(Event):
    type = "committees.on_call.released"
    sentence = _("released a member from the panel on call: %(cause)s")
    labels = {"cause": ReleaseCause}
    seat: UUID
    cause: str


@register
class AlertConflictDeclared(Event):
    type = "committees.alert.conflict_declared"
    sentence = _("declared on the alert: %(kind)s")
    labels = {"kind": ConflictKind}
    kind: str
    ground: str


@register
class AlertVoteCast(Event):
    type = "committees.alert.vote_cast"
    sentence = _("answered the alert: %(choice)s")
    labels = {"choice": YesNo}
    choice: str
