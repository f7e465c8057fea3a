"""The rapid window at every step, through the real services."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from committees.models import Alert, Committee, Panel, Rota, Seat
from committees.rules import facts
from committees.services import alerts, on_call
from committees.services.alerts import AlertWords
from committees.states import AlertKind, Constituency, YesNo
from grants.models import Call
from grants.services import screening
from organisations.models import Organisation
from tests.factories import committees as make
from tests.factories import files, grants
from tests.factories.organisations import eligible_organisation


def standing_by(**changed: Any) -> Call:
    """A rapid call that the board approved and that stands by for weeks."""
    terms = {
        "grant_type": "rapid", "months_allowed": [1, 2],
        "envelope_minor": 60 * grants.THOUSAND, "ceiling_minor": 30 * grants.THOUSAND,
    }  # fmt: skip
    return grants.approved_call(**{**terms, **changed})


def rota(committee: Committee | None = None, *, days: int = 20) -> Rota:
    """Two of civil society and an expert on call from now, one more of each standing in."""
    committee = committee or make.constituted_committee()
    people = facts.membership(committee).members
    ours = [one for one in people if one.constituency == Constituency.CIVIL_SOCIETY]
    experts = [one for one in people if one.constituency == Constituency.EXPERT]
    return on_call.publish_rota(
        committee,
        starts_at=timezone.now(),
        ends_at=timezone.now() + timedelta(days=days),
        members=[*ours[:2], experts[0]],
        stand_ins=[*ours[2:3], experts[1]],
        actor=make.officer(),
    )


def words(**changed: Any) -> AlertWords:
    values: dict[str, Any] = {
        "kind": AlertKind.FLOOD,
        "governorates": ["SY07"],
        "place": "ريف إدلب الغربي",
        "reason": "غمرت المياه مئة وعشرين خيمة ليلاً، والناس في العراء.",
        "people": 640,
    }
    return AlertWords(**{**values, **changed})


def signatory(organisation: Organisation) -> User:
    return grants.signatory(organisation)


def raised(organisation: Organisation | None = None, **changed: Any) -> Alert:
    """An alert of an eligible organisation, with the panel on call."""
    if not Rota.objects.exists():
        rota()
    body = organisation or eligible_organisation(governorates=["SY07"])
    said = words(**{"evidence": files.pdf("photo.pdf"), **changed})
    return alerts.raise_alert(body, said, actor=signatory(body))


def panel_of(alert: Alert) -> list[Seat]:
    """Who is on call for an alert now."""
    return list(facts.on_call(alert.on_call.all()).voting)


def answer(alert: Alert, *choices: str) -> Alert:
    """Everybody on call declares that nothing links them, then answers (yes, unless ``choices`` say otherwise)."""
    for number, seat in enumerate(panel_of(alert)):
        choice = choices[number] if number < len(choices) else YesNo.YES
        alerts.declare(alert, seat, kind="none", actor=seat.user)
        alerts.vote(alert, seat, choice, sentence="لا يستدعي الاستعجال." if choice == YesNo.NO else "", actor=seat.user)
    return Alert.objects.get(pk=alert.pk)


def accepted(**changed: Any) -> Alert:
    """An alert that the panel accepted; its call is open."""
    if not Call.objects.filter(grant_type="rapid", state="board_approved").exists():
        standing_by()
    return answer(raised(**changed))


def taken_over(alert: Alert | None = None, *, number: int = 2) -> make.Case:
    """``number`` proposals came, the call closed, the screened proposals are before the panel on call."""
    alert = alert or accepted()
    assert alert.call is not None
    call = alert.call
    bodies = [eligible_organisation(governorates=["SY07"]) for _each in range(number)]
    for body in bodies:
        grants.submitted_application(call, body)
    close_and_screen(call)
    return case(call)


def close_and_screen(call: Call) -> None:
    """The hour comes, and a programme officer finds every proposal complete and eligible."""
    grants.closed_call(call)
    for application in call.applications.filter(state="submitted"):
        screening.find_eligible(application, checklist=grants.all_holds(application), actor=grants.programme_officer())


def case(call: Call) -> make.Case:
    """The panel on call with its people and proposals, read again."""
    panel = Panel.objects.get(call=call)
    people = facts.people_of(panel)
    return make.Case(
        panel, list(call.applications.order_by("created_at")), list(people.members), list(people.alternates)
    )
