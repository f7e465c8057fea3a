"""A rapid alert of the played fund: raised in the night, answered in the morning, decided within its 72 hours."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from i18nfield.strings import LazyI18nString

from committees.models import AgendaItem, Alert, Committee, Meeting, Panel, Rota, Seat
from committees.rules import facts
from committees.services import agenda, alerts, conflicts, meetings, minutes, on_call, panels, votes
from committees.states import Constituency, Presence
from disbursements.services import agreements as schedules
from funds.models import Contribution
from grants.fingerprints import call_sha256
from grants.models import Call, Grant
from grants.services import agreements, awards
from grants.services import calls as grant_calls
from grants.services.calls import CallTerms
from poolfund.demo import calls, clock, committee, grants
from poolfund.demo.calls import Project
from poolfund.demo.foundations import organisation, paper, who

RAPID_CALL = {
    "ar": "استجابة سريعة في الشمال (تجريبية)",
    "en": "Rapid response in the north (demo)",
    "ku": "Bersiva bilez li bakur (mînak)",
}
_TEXT = LazyI18nString(
    {
        "ar": "تبقى هذه الدعوة في وضع الاستعداد ومالها محفوظ. يفتحها تنبيه مقبول أربعاً وعشرين ساعة، وتكفي صفحة واحدة.",
        "en": "This call stands by with its money kept. An accepted alert opens it for twenty-four hours; one page is enough.",
        "ku": "Ev bang bi pereyê xwe amade disekine. Hişyariyek qebûlkirî wê bîst û çar saetan vedike; rûpelek bes e.",
    }
)


def stand_by(*, approved: int, until: int, sources: dict[str, int]) -> Call:
    """A rapid call that the board approved ``approved`` days ago and that stands by until ``until`` days ago."""
    terms = CallTerms(
        title=LazyI18nString(RAPID_CALL),
        summary=_TEXT,
        text=_TEXT,
        grant_type="rapid",
        sectors=["wash", "health", "early_recovery"],
        governorates=["SY02", "SY07", "SY08", "SY09"],
        envelope_minor=sum(sources.values()),
        floor_minor=300_000,
        ceiling_minor=2_000_000,
        months_allowed=[1, 2],
        opens_at=clock.days_ago(approved - 1, hour=9),
        closes_at=clock.days_ago(until, hour=17),
    )
    with clock.on(approved + 3):
        call = grant_calls.draft_call(terms, actor=who("programme"))
        money = {Contribution.objects.get(bank_reference=key): minor for key, minor in sources.items()}
        grant_calls.plan_sources(call, money, actor=who("programme"))
    with clock.on(approved):
        return grant_calls.approve(
            call, content_sha256=call_sha256(call), actor=who("board"), reason="احتياطي الاستجابة"
        )


def put_on_call(seated: Committee, *, since: int, days: int) -> Rota:
    """Two of civil society and an expert are on call; the others stand in."""
    people = facts.membership(seated)
    ours = [one for one in people.members if one.constituency == Constituency.CIVIL_SOCIETY]
    expert = next(one for one in people.members if one.constituency == Constituency.EXPERT)
    with clock.on(since, hour=9):
        return on_call.publish_rota(
            seated,
            starts_at=timezone.now(),
            ends_at=timezone.now() + timedelta(days=days),
            members=[*ours[:2], expert],
            stand_ins=[*ours[2:], *people.alternates],
            actor=who("programme"),
        )


def raise_alert(key: str, *, raised: int) -> Alert:
    """An organisation raises an alert in the night; its first look at the evidence is a photo."""
    with clock.on(raised, hour=2):
        words = alerts.AlertWords(
            kind="flood",
            governorates=["SY07"],
            place="مخيمات غرب معرّة مصرين",
            reason="غمرت المياه مئة وعشرين خيمة هذه الليلة. الناس في مسجد القرية، ولا بطانيات ولا مياه صالحة للشرب.",
            people=640,
            evidence=paper("رسالة المجلس المحلي", "فيضان"),
        )
        return alerts.raise_alert(organisation(key), words, actor=who(key))


def _members(alert: Alert) -> list[Seat]:
    return list(facts.on_call(alert.on_call.all()).voting)


def answer(alert: Alert, *, answered: int) -> Alert:
    """The panel declares names only, then says yes."""
    with clock.on(answered, hour=9):
        for seat in _members(alert):
            alerts.declare(alert, seat, kind="none", actor=seat.user)
            alerts.vote(alert, seat, "approve", actor=seat.user)
        return Alert.objects.get(pk=alert.pk)


def select(call: Call, *, closed: int, outcomes: dict[str, tuple[str, int]], points: dict[str, int]) -> Meeting:
    """Screened, declared, scored and decided in the hours after the closing."""
    with clock.on(closed, hour=10):
        grant_calls.close_due(now=timezone.now())
        calls.screen(call)
        panel = Panel.objects.get(call=call)
        for seat in facts.people_of(panel).voting:
            for application in facts.applications_of(panel):
                conflicts.declare(seat, application, kind="none", actor=seat.user)
        panel = panels.start_scoring(panel, actor=who("programme"))
    with clock.on(closed, hour=15):
        committee.score(panel, points)
        panel = panels.close_scoring(Panel.objects.get(pk=panel.pk), actor=who("programme"))
    with clock.on(closed, hour=17):
        return _meet(panel, outcomes)


def _meet(panel: Panel, outcomes: dict[str, tuple[str, int]]) -> Meeting:
    seats = facts.people_of(panel).members
    meeting = meetings.call_meeting(panel, held_at=timezone.now(), place="عن بُعد", actor=who("programme"))
    for seat in seats:
        meetings.attend(meeting, seat, Presence.JOINED, actor=seat.user)
    leader = seats[0].user
    meetings.open_meeting(meeting, actor=leader)
    for item in meeting.items.select_related("application__organisation").order_by("order"):
        outcome, minor = outcomes[str(item.application.organisation.email).partition("@")[0]]
        _decide(item, outcome, minor, leader, seats)
    closed = meetings.close_meeting(Meeting.objects.get(pk=meeting.pk), actor=leader)
    for seat in seats[:2]:
        minutes.sign(closed, seat, sha256=closed.minutes_sha256, actor=seat.user)
    return closed


def _decide(item: AgendaItem, outcome: str, minor: int, leader: Any, seats: tuple[Seat, ...]) -> None:
    agenda.discuss(item, actor=leader)
    amount = minor or item.application.requested_minor
    agenda.minute(item, proposed_minor=amount, conditions=[], discussion="نوقشت الأولوية والسرعة.", actor=leader)
    opened = votes.open_voting(item, actor=leader)
    for seat in seats:
        votes.cast_vote(opened, seat, outcome, actor=seat.user)
    decided = votes.close_voting(opened, actor=leader).item
    reasons = votes.Reasons(
        strengths="تصل خلال يومين، ويعرفها الناس.",
        weaknesses="قائمة المستفيدين غير مكتملة بعد.",
        advice="أكملوا القائمة مع لجنة المخيم في الأسبوع الأول.",
        deviation="رأى الفريق أن مشروعاً واحداً يكفي لهذا المكان." if votes.departs_from_rank(decided) else "",
    )
    votes.record_decision(decided, reasons, actor=leader)


WATER = Project(
    "zeitoun", "مياه وبطانيات للخيام الغارقة", "صهاريج مياه وبطانيات وعزل لمئة وعشرين خيمة خلال أسبوع.", "wash",
    ("SY07",), 1, 640, 300_000, 1_000_000, 60_000,
)  # fmt: skip
CLINIC = Project(
    "sanabel", "عيادة متنقلة بعد الفيضان", "طبيبة وقابلة في خيمة لستة أسابيع.", "health",
    ("SY07",), 2, 400, 500_000, 700_000, 60_000,
)  # fmt: skip


def flood(seated: Committee, *, raised: int) -> Call:
    """An alert in the night ``raised`` days ago; by the next evening one of two proposals is funded."""
    stand_by(approved=raised + 20, until=-60, sources={"DEMO-BANK-001": 4_000_000})
    put_on_call(seated, since=raised + 5, days=raised + 65)
    alert = answer(raise_alert("zeitoun", raised=raised), answered=raised)
    call = Call.objects.get(alert=alert)
    for hour, project in ((16, WATER), (20, CLINIC)):
        with clock.on(raised, hour=hour):
            calls.submit(calls.begin(call, project), project.organisation)
    outcomes = {"zeitoun": ("approve", 1_300_000), "sanabel": ("reject", 0)}
    select(call, closed=raised - 1, outcomes=outcomes, points={"zeitoun": 4, "sanabel": 3})
    _pay(call.grants.get(organisation=organisation("zeitoun")), signed=raised - 1)
    stand_by(approved=10, until=-90, sources={"DEMO-BANK-001": 4_000_000})
    return call


def _pay(grant: Grant, *, signed: int) -> None:
    """Offer, agreement and both signatures on the evening of the decision; the first payment leaves in the morning."""
    signatory = who("zeitoun")
    with clock.on(signed, hour=20):
        grant = awards.accept_offer(awards.send_offer(grant, actor=who("programme")), actor=signatory)
        grant = schedules.draft_agreement(
            grant, starts_on=timezone.localdate() + timedelta(days=1), actor=who("programme")
        )
        hashes = {"sha256_ar": grant.agreement_ar_sha256, "sha256_en": grant.agreement_en_sha256}
        grant = agreements.sign(grant, **hashes, actor=signatory)
        grant = grants.agrees_to_be_named(agreements.countersign(grant, **hashes, actor=who("manager")), signatory)
    with clock.on(signed - 1, hour=9):
        grants.pay_now(grant, 1)
