"""The committee of the played fund: seven seats, an alternate, declarations, scores, a meeting, decisions."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from i18nfield.strings import LazyI18nString

from committees.models import Assignment, Committee, Meeting, Panel, Seat
from committees.services import agenda, committees, conflicts, meetings, minutes, panels, scores, votes
from committees.states import AssignmentState, ItemState, Presence
from grants.models import Application, Call
from poolfund.demo import cast, clock
from poolfund.demo.foundations import network_of, organisation, paper, person, who


def form(year: str) -> Committee:
    """Seven members and an alternate for one year, constituted under the charter."""
    name = {
        "ar": f"لجنة المراجعة {year} (تجريبية)",
        "en": f"Review committee {year} (demo)",
        "ku": f"Komîteya nirxandinê {year} (mînak)",
    }
    committee = committees.form_committee(LazyI18nString(name), actor=who("programme"))
    today = timezone.localdate()
    for part in cast.SEATS:
        network = network_of(part.network.removesuffix("-network")) if part.network else None
        main = committee.seats.get(user=who(part.alternate_of)) if part.alternate_of else None
        nomination = committees.Nomination(
            user=person(part.person),
            constituency=part.constituency,
            nomination="محضر ترشيح الشبكة (متخيّل)" if network else "قرار المجلس (متخيّل)",
            starts_on=today,
            ends_on=today + timedelta(days=364),
            governorate=part.governorate,
            network=network,
            evidence=paper("محضر ترشيح", str(network), part.person.name) if network else None,
            alternate_of=main,
            office=part.office,
            **dict.fromkeys(part.traits, True),
        )
        committees.fill_seat(committee, nomination, actor=who("programme"))
    return committees.constitute(committee, actor=who("programme"))


def _voting_seats(panel: Panel) -> list[Seat]:
    return list(panel.committee.seats.filter(voting=True).select_related("user").order_by("number"))


def declare(call: Call, committee: Committee, *, recused: dict[str, str]) -> Panel:
    """Everybody declares on every application, names only; ``recused``: member -> organisation of the hard conflict."""
    panel = panels.open_panel(call, committee, actor=who("programme"))
    for seat in _voting_seats(panel):
        for application in call.applications.filter(state="eligible").select_related("organisation"):
            conflict = recused.get(seat.user.email.partition("@")[0])
            hard = conflict is not None and application.organisation.email == f"{conflict}@demo.example"
            words = (
                {"kind": "hard", "ground": "family", "explanation": "قريبة من الدرجة الأولى في مجلس الإدارة"}
                if hard
                else {"kind": "none"}
            )
            conflicts.declare(seat, application, **words, actor=seat.user)
    return panel


def score(panel: Panel, points: dict[str, int], *, silent: frozenset[str] = frozenset()) -> None:
    """Every scorer judges alone; ``points`` by organisation; what is given to ``silent`` members stays to be done."""
    assignments = list(
        Assignment.objects.filter(application__call=panel.call_id, state=AssignmentState.ASSIGNED)
        .select_related("seat__user", "application__organisation", "application__call")
        .order_by("application__reference", "seat__number")
    )
    for number, assignment in enumerate(assignments):
        if _key(assignment.seat.user) in silent:
            continue
        key = assignment.application.organisation.email.partition("@")[0]
        base = points[key]
        judgement = {
            criterion.key: (max(0, min(5, base + (number + place) % 2)), _SENTENCES[(number + place) % len(_SENTENCES)])
            for place, criterion in enumerate(assignment.application.call.criteria.order_by("order"))
        }
        scores.submit(assignment, judgement, actor=assignment.seat.user)


_SENTENCES = [
    "الحاجة موصوفة بأمثلة من المكان، والناس شاركوا في تحديدها.",
    "الخطة معقولة، وينقصها جدول واضح للمتابعة.",
    "الميزانية متوازنة وتشرح كل بند.",
    "دور النساء والشباب حقيقي وليس شكلياً.",
    "يراعي المشروع عدم الإضرار ويذكر كيف يستمع إلى الشكاوى.",
]


def meet(panel: Panel, outcomes: dict[str, tuple[str, int]], *, absent: frozenset[str] = frozenset()) -> Meeting:
    """Hold the meeting: all but ``absent`` come, the alternate too; outcome and amount by organisation; minutes signed by both."""
    chair = who("member1")
    meeting = _open(panel, chair, absent)
    for item in _agenda(meeting):
        _decide(meeting, item, *_outcome(item, outcomes), chair)
    closed = meetings.close_meeting(Meeting.objects.get(pk=meeting.pk), actor=chair)
    for office in ("chair", "rapporteur"):
        seat = panel.committee.seats.get(office=office)
        minutes.sign(closed, seat, sha256=closed.minutes_sha256, actor=seat.user)
    return closed


def sit_down(panel: Panel, outcomes: dict[str, tuple[str, int]], *, silent: frozenset[str]) -> Meeting:
    """A meeting that goes on: all items but the last are decided, on the last one ``silent`` have still to vote."""
    chair = who("member1")
    meeting = _open(panel, chair, frozenset())
    *done, last = _agenda(meeting)
    for item in done:
        _decide(meeting, item, *_outcome(item, outcomes), chair)
    outcome, amount_minor = _outcome(last, outcomes)
    _vote(meeting, last, outcome, amount_minor, chair, silent)
    return meeting


def _open(panel: Panel, chair: Any, absent: frozenset[str]) -> Meeting:
    meeting = meetings.call_meeting(
        panel, held_at=timezone.now() + timedelta(hours=1), place="دمشق، وعن بُعد", actor=who("programme")
    )
    for seat in _voting_seats(panel):
        if _key(seat.user) not in absent:
            meetings.attend(meeting, seat, Presence.JOINED, actor=seat.user)
    meetings.open_meeting(meeting, actor=chair)
    return meeting


def _agenda(meeting: Meeting) -> list[Any]:
    return list(meeting.items.select_related("application__organisation").order_by("order"))


def _outcome(item: Any, outcomes: dict[str, tuple[str, int]]) -> tuple[str, int]:
    return outcomes[_key(item.application.organisation)]


def _key(somebody: Any) -> str:
    return str(somebody.email).partition("@")[0]


def _vote(
    meeting: Meeting, item: Any, outcome: str, amount_minor: int, chair: Any, silent: frozenset[str] = frozenset()
) -> Any:
    agenda.discuss(item, actor=chair)
    agenda.minute(
        item,
        proposed_minor=amount_minor or item.application.requested_minor,
        conditions=["إرسال سياسة الحماية موقّعة"] if outcome == "approve_with_conditions" else [],
        discussion="عُرضت النتائج ومتوسطاتها، وناقش الأعضاء الفروق بينها.",
        actor=chair,
    )
    opened = votes.open_voting(item, actor=chair)
    here = set(opened.voters)
    voting = [seat for seat in _voting_seats(meeting.panel) if str(seat.pk) in here or seat.pk in here]
    for seat in voting:
        if _key(seat.user) not in silent:
            unsure = not seat.civil_society and seat == voting[-1]
            votes.cast_vote(opened, seat, "abstain" if unsure else outcome, actor=seat.user)
    return opened


def _decide(meeting: Meeting, item: Any, outcome: str, amount_minor: int, chair: Any) -> None:
    closed = votes.close_voting(_vote(meeting, item, outcome, amount_minor, chair), actor=chair)
    reasons = votes.Reasons(
        strengths="حاجة واضحة ومشاركة حقيقية من الأهالي.",
        weaknesses="خطة التعلّم والمتابعة قصيرة، وبعض البنود بلا شرح.",
        advice="اذكروا كيف تقيسون النتيجة، ومن يتابع بعد انتهاء المنحة.",
        deviation="ناقشت اللجنة الترتيب ورأت أن القرار أنسب لتوزيع المناطق."
        if votes.departs_from_rank(closed.item)
        else "",
    )
    votes.record_decision(closed.item, reasons, actor=chair)


def decided(call: Call, key: str) -> Application:
    """The application of an organisation in a call, as it is now."""
    return call.applications.get(organisation=organisation(key))


def undecided(meeting: Meeting) -> bool:
    """Whether something on the agenda still waits."""
    return meeting.items.exclude(state__in=[ItemState.DECIDED, ItemState.ADJOURNED]).exists()


def review(call: Call, committee: Committee, *, began: int, scored: int, met: int, **play: Any) -> Meeting:
    """The whole review, each step on its day (days ago)."""
    panel = judge(call, committee, began=began, scored=scored, recused=play["recused"], points=play["points"])
    with clock.on(met):
        return meet(panel, play["outcomes"], absent=play.get("absent", frozenset()))


def judge(
    call: Call, committee: Committee, *, began: int, scored: int, recused: dict[str, str], points: dict[str, int]
) -> Panel:
    """Declarations and scores, up to the ranking; days ago."""
    with clock.on(began):
        panel = declare(call, committee, recused=recused)
    with clock.on(began - 2):
        panel = panels.start_scoring(panel, actor=who("programme"))
    with clock.on(scored):
        score(panel, points)
        return panels.close_scoring(Panel.objects.get(pk=panel.pk), actor=who("programme"))
