"""The minutes as data, drawn from the record alone; for a recused reader without the items he is out of."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit import papers
from audit.models import RecordedEvent
from committees import events
from committees.models import AgendaItem, Attendance, ConflictDeclaration, Meeting, Panel
from committees.quorum import Check, CheckName
from committees.rules import facts
from committees.rules.texts import check_name, check_numbers
from committees.states import ItemState, Presence, SeatOffice, VoteChoice
from grants.conditions import listed
from kernel import identity
from kernel.money import Money, format_money
from kernel.pieces.words import moment_in_words

papers.signed_by(events.MinutesCompleted.type)


@identity.system("committees.minutes")
def hidden_items(user: Any, meeting: Meeting) -> set[UUID]:
    """Items of a meeting from which a person is recused, or (as a member) on which that person never declared."""
    hidden = Q(application__in=facts.recused_from(user))
    if not facts.oversees(user):
        declared = ConflictDeclaration.objects.filter(seat__user=user).values("application")
        hidden |= ~Q(application__in=declared)
    return set(meeting.items.filter(hidden).values_list("pk", flat=True))


def minutes_data(meeting: Meeting, *, language: str = "ar", hidden: set[UUID] = frozenset()) -> dict[str, Any]:  # type: ignore[assignment]
    """What the minutes say, in words of ``language``; items in ``hidden`` are only mentioned, and no rank is told then."""
    with override(language):
        panel = meeting.panel
        rows = list(
            Attendance.objects.filter(meeting=meeting)
            .select_related("seat__user", "item")
            .order_by("recorded_at", "leaf_id")
        )
        shown_rows = [one for one in rows if one.item_id not in hidden]
        items = meeting.items.select_related("application__organisation", "application__call").prefetch_related(
            "votes__seat__user", "application__recusals__seat__user"
        )
        return {
            "language": language,
            "currency": panel.call.currency,
            "title": _("Minutes of the review committee"),
            "extract": bool(hidden),
            "proof": None if hidden else papers.to_be_signed(meeting),
            "labels": _labels(),
            "call": str(panel.call.title),
            "reference": panel.call.reference,
            "committee": str(panel.committee.name),
            "held": moment_in_words(meeting.held_at, language=language),
            "opened": _moment_of(meeting, events.MeetingOpened.type, language),
            "closed": _moment_of(meeting, events.MeetingClosed.type, language),
            "place": meeting.place,
            "attendance": _attendance(meeting.panel, shown_rows, language),
            "items": [
                _hidden(one) if one.pk in hidden else _item(one, rows, language, ranks=not hidden) for one in items
            ],
        }


def _moment_of(meeting: Meeting, kind: str, language: str) -> str:
    """When something was recorded about the meeting."""
    at = RecordedEvent.objects.filter(subject_id=meeting.pk, type=kind).values_list("at", flat=True).first()
    return moment_in_words(at, language=language) if at is not None else ""


def _labels() -> dict[str, str]:
    return {
        "extract": _("Extract: items from which its reader is recused are left out."),
        "call": _("Call"),
        "committee": _("Committee"),
        "time": _("Time"),
        "place": _("Place"),
        "opened": _("Opened"),
        "closed": _("Closed"),
        "check": _("Check"),
        "numbers": _("Numbers"),
        "result": _("Result"),
        "round": _("Round"),
        "attendance": _("Attendance"),
        "member": _("Member"),
        "constituency": _("Constituency"),
        "office": _("Function"),
        "comings": _("Came and went"),
        "requested": _("Amount requested"),
        "proposed": _("Amount voted on"),
        "mean": _("Panel's mean of 100"),
        "rank": _("Rank"),
        "recused": _("Recused, out of the room"),
        "discussion": _("Discussion"),
        "conditions": _("Conditions"),
        "checks": _("Checks when the vote opened"),
        "votes": _("Roll-call"),
        "outcome": _("Decision"),
        "amount": _("Amount"),
        "strengths": _("Strengths"),
        "weaknesses": _("Weaknesses"),
        "advice": _("What to change"),
        "deviation": _("Why the decision departs from the rank"),
        "chair": _("Chair"),
        "rapporteur": _("Rapporteur"),
        "signed": _(
            "Signed electronically in the fund's system; the signatures are recorded with the hash of this file."
        ),
    }


def _attendance(panel: Panel, rows: list[Attendance], language: str) -> list[list[str]]:
    by_seat: defaultdict[UUID, list[Attendance]] = defaultdict(list)
    for one in rows:
        by_seat[one.seat_id].append(one)
    table = []
    for records in by_seat.values():
        seat = records[0].seat
        said = "، ".join(
            f"{Presence(one.presence).label} {moment_in_words(one.recorded_at, language=language)}" for one in records
        )
        office = str(SeatOffice(facts.office_in(seat, panel)).label)
        table.append([seat.user.full_name, seat.get_constituency_display(), office, said])
    return table


def _hidden(item: AgendaItem) -> dict[str, Any]:
    return {"hidden": True, "heading": f"{item.order}. " + _("An item that is not open to you")}


def _item(item: AgendaItem, rows: list[Attendance], language: str, *, ranks: bool) -> dict[str, Any]:
    application = item.application
    decision = getattr(item, "decision", None)

    def money(minor: int | None) -> str:
        return format_money(Money(minor or 0, application.call.currency), language)

    outcome = VoteChoice(item.outcome).label if item.outcome else ItemState(item.state).label
    return {
        "hidden": False,
        "heading": f"{item.order}. {application.organisation.name_ar}",
        "reference": application.reference,
        "title": application.title,
        "facts": {
            "requested": money(application.requested_minor),
            "proposed": money(item.proposed_minor),
            "mean": decision.panel_mean if decision else "",
            "rank": str(decision.rank) if ranks and decision and decision.rank is not None else "",
            "recused": "، ".join(one.seat.user.full_name for one in application.recusals.all()),
            "outcome": str(outcome),
            "amount": money(decision.amount_minor) if decision and decision.amount_minor else "",
        },
        "discussion": item.discussion,
        "conditions": [str(one) for one in listed(item.conditions)],
        "checks": check_rows(item),
        "votes": [
            [one.seat.user.full_name, one.seat.get_constituency_display(), str(one.round), one.get_choice_display()]
            for one in sorted(item.votes.all(), key=lambda one: (one.round, one.seat.number))
        ],
        "reasons": {
            "strengths": decision.strengths if decision else "",
            "weaknesses": decision.weaknesses if decision else "",
            "advice": decision.advice if decision else "",
            "deviation": decision.deviation_reason if decision else "",
        },
    }


def check_rows(item: AgendaItem) -> list[list[str]]:
    """The checks that held when the vote on an item was opened: name, numbers, passed or not."""
    return [_check(one) for one in item.checks or []]


def _check(kept: dict[str, Any]) -> list[str]:
    check = Check(**{**kept, "name": CheckName(kept["name"])})
    return [check_name(check), check_numbers(check), "✓" if check.passed else "✗"]
