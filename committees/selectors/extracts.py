"""The board's extract of minutes: what was decided, by which numbers, and whether it is signed; no names, no discussion.

The board checks the process and does not decide on single applications (domain specification §3.4 step 8): it reads the
checks and the numbers of each vote, the secretariat and auditors beside it.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.roles import Role
from accounts.selectors import has_role
from committees.models import AgendaItem, Attendance, Meeting, MinutesSignature
from committees.rules import facts
from committees.selectors.meetings import tally_rows
from committees.selectors.minutes import check_rows
from committees.states import ItemState, MeetingState, Presence, VoteChoice
from grants.conditions import listed
from kernel import identity
from kernel.money import Money, format_money
from kernel.pieces.words import day_in_words, moment_in_words

READERS = (Role.BOARD_MEMBER, Role.AUDITOR, Role.PROGRAMME_OFFICER, Role.FUND_MANAGER)


def reads_extracts(user: Any) -> bool:
    """Whether a person reads what committees decided, for the board's check of the process."""
    return has_role(user, *READERS)


def extracts_visible_to(user: Any) -> QuerySet[Meeting]:
    """Closed meetings whose extract a person reads, the latest first."""
    if not user.is_authenticated or not reads_extracts(user):
        return Meeting.objects.none()
    states = [MeetingState.CLOSED, MeetingState.SIGNED]
    rows = Meeting.objects.filter(state__in=states).exclude(minutes="")
    return rows.select_related("panel__call", "panel__committee__charter").order_by("-held_at", "pk")


@dataclass(frozen=True, slots=True)
class Line:
    """A meeting in the list: how many of its decisions there are, and how far its minutes are signed."""

    meeting: Meeting
    decisions: int
    signatures: int

    @property
    def signed(self) -> bool:
        """Whether the minutes have all their signatures."""
        return bool(self.meeting.state == MeetingState.SIGNED)


@identity.system("committees.extracts")
def lines(meetings: list[Meeting]) -> list[Line]:
    """The meetings with the number of their decisions and signatures; two queries."""
    decided = _numbers(AgendaItem.objects.filter(meeting__in=meetings, state=ItemState.DECIDED))
    signed = _numbers(MinutesSignature.objects.filter(meeting__in=meetings))
    return [Line(one, decided.get(one.pk, 0), signed.get(one.pk, 0)) for one in meetings]


def _numbers(rows: QuerySet[Any]) -> dict[Any, int]:
    return dict(rows.order_by().values_list("meeting").annotate(number=Count("pk")))


@identity.system("committees.extracts")
def extract_data(user: Any, meeting: Meeting, *, language: str = "ar") -> dict[str, Any]:
    """What the extract says in words of ``language``; items from which the reader is recused are only mentioned."""
    with override(language):
        out = meeting.items.filter(application__in=facts.recused_from(user))
        hidden = set(out.values_list("pk", flat=True))
        panel = meeting.panel
        items = meeting.items.select_related("application__organisation", "application__call", "decision")
        return {
            "language": language,
            "currency": panel.call.currency,
            "title": _("Decisions of the review committee"),
            "reference": panel.call.reference,
            "facts": [
                [_("Call"), str(panel.call.title)],
                [_("Committee"), str(panel.committee.name)],
                [_("Time"), moment_in_words(meeting.held_at, language=language)],
                [_("Present"), _present(meeting)],
                [_("State of the minutes"), _signed(meeting, language)],
                [_("Fingerprint of the minutes"), meeting.minutes_sha256],
            ],
            "labels": {
                "check": _("Check"),
                "numbers": _("Numbers"),
                "result": _("Result"),
                "vote": _("Vote"),
                "votes": _("Votes"),
                "ours": _("of civil society"),
                "conditions": _("Conditions"),
                "deviation": _("Why the decision departs from the rank"),
                "note": _(
                    "Extract for the board, which checks the process. Discussion and roll-call stand in the minutes alone."
                ),
            },
            "items": [
                {"heading": f"{one.order}. " + _("An item that is not open to you"), "facts": [], "hidden": True}
                if one.pk in hidden
                else _item(one, language)
                for one in items.order_by("order")
            ],
        }


def _present(meeting: Meeting) -> str:
    """How many came, and how many of them for civil society."""
    came = Attendance.objects.filter(meeting=meeting, presence=Presence.JOINED, seat__voting=True)
    seats = dict(came.order_by().values_list("seat", "seat__civil_society").distinct())
    return _("%(number)s with a vote, %(ours)s of civil society") % {"number": len(seats), "ours": sum(seats.values())}


def _signed(meeting: Meeting, language: str) -> str:
    """Who signed when, by office; what is missing is said."""
    needed = facts.rules_of(meeting.panel.call).committee.minutes_signatures
    rows = list(meeting.signatures.filter(sha256=meeting.minutes_sha256).order_by("recorded_at"))
    said = [f"{one.get_office_display()} {day_in_words(one.recorded_at.date(), language=language)}" for one in rows]
    if len(rows) < needed:
        said.append(_("%(number)s of %(needed)s signatures") % {"number": len(rows), "needed": needed})
    words = ("، " if language == "ar" else ", ").join(said)
    return words if meeting.state == MeetingState.SIGNED else f"{_('signatures are missing')}: {words}"


def _item(item: AgendaItem, language: str) -> dict[str, Any]:
    application = item.application
    decision = getattr(item, "decision", None)

    def money(minor: int) -> str:
        return format_money(Money(minor, application.call.currency), language)

    outcome = VoteChoice(item.outcome).label if item.outcome else ItemState(item.state).label
    known = [
        [_("Decision"), str(outcome)],
        [_("Amount requested"), money(application.requested_minor)],
        [_("Amount"), money(decision.amount_minor) if decision and decision.amount_minor else ""],
        [_("Panel's mean of 100"), decision.panel_mean if decision else ""],
        [_("Rank"), str(decision.rank) if decision and decision.rank is not None else ""],
        [_("Recused, out of the room"), str(application.recusals.count() or "")],
    ]
    return {
        "hidden": False,
        "heading": f"{item.order}. {application.organisation.name_ar}",
        "reference": application.reference,
        "title": application.title,
        "facts": [pair for pair in known if pair[1]],
        "conditions": [str(one) for one in listed(item.conditions)],
        "checks": check_rows(item),
        "votes": [[str(label), str(votes), str(ours)] for label, votes, ours in tally_rows(item)],
        "deviation": decision.deviation_reason if decision else "",
    }
