"""Pages of meetings: agenda, attendance, minutes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.forms import MeetingForm, PostponeForm, SignForm
from committees.models import Meeting
from committees.rules import facts
from committees.rules.meetings import may_minute
from committees.selectors import committees, panels
from committees.selectors import meetings as selectors
from committees.selectors.extracts import reads_extracts
from committees.selectors.minutes import hidden_items
from committees.services import meetings as services
from committees.services import minutes
from committees.states import MeetingState, Presence
from committees.views.base import as_key, attempt, fetch, only_secretariat, own_seat, press
from kernel.downloads import private_file
from kernel.permissions import require


def _url(meeting: Meeting) -> str:
    return reverse("committees:meeting_detail", args=[meeting.pk])


def meeting_form(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Call a meeting."""
    only_secretariat(request)
    panel = fetch(panels.visible_to(request.user), pk)
    form = MeetingForm(request.POST or None)
    called = attempt(
        form,
        lambda: services.call_meeting(
            panel, held_at=form.cleaned_data["held_at"], place=form.cleaned_data["place"], actor=request.user
        ),
    )
    if called is not None:
        messages.success(request, _("The meeting is called; its members are told."))
        return redirect(_url(called))
    return render(request, "committees/meeting_form.html", {"panel": panel, "form": form})


def meeting_postpone(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move a meeting that was not opened."""
    only_secretariat(request)
    meeting = fetch(selectors.visible_to(request.user), pk)
    form = PostponeForm(request.POST or None)
    moved = attempt(form, lambda: _postpone(meeting, form, request))
    if moved is not None:
        return redirect(_url(meeting))
    return render(
        request, "committees/meeting_postpone.html", {"meeting": meeting, "form": form, "cancel": _url(meeting)}
    )


def _postpone(meeting: Meeting, form: PostponeForm, request: HttpRequest) -> Meeting:
    data = form.cleaned_data
    return services.postpone(
        meeting, held_at=data["held_at"], place=data["place"], actor=request.user, reason=data["reason"]
    )


def meeting_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The meeting as this person may see it: agenda, who is there, and what he may do."""
    meeting = fetch(selectors.visible_to(request.user), pk)
    sitting = facts.sitting_of(meeting)
    seat = facts.seat_in(request.user, meeting.panel)
    context = {
        "meeting": meeting,
        "agenda": selectors.agenda(request.user, meeting),
        "members": selectors.members(meeting),
        "seat": seat,
        "here": seat is not None and seat.pk in facts.present_seats(meeting),
        "live": meeting.state in {MeetingState.CALLED, MeetingState.OPEN},
        "reads_minutes": seat is not None or facts.oversees(request.user),
        "reads_extract": reads_extracts(request.user),
        "arc": committees.arc_of_sitting(sitting),
        "checks": committees.check_lines(sitting.checks),
        "leads": facts.presides(request.user, meeting),
        "keeps": bool(may_minute(meeting, request.user)),
        "runs": facts.is_secretariat(request.user),
        "votes": [one for one in selectors.votes_waiting(request.user) if one.meeting_id == meeting.pk],
        "signatures": meeting.signatures.select_related("seat__user"),
    }
    return render(request, "committees/meeting_detail.html", context)


@require_POST
def meeting_attend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A member says that he comes or goes; chair and rapporteur record it for others."""
    meeting = fetch(selectors.visible_to(request.user), pk)
    who = request.POST.get("seat", "")
    if who:
        require(may_minute(meeting, request.user))
        seat = fetch(meeting.panel.committee.seats.select_related("user"), as_key(who))
    else:
        seat = own_seat(request.user, meeting.panel)
    presence = Presence.JOINED if request.POST.get("presence") == "joined" else Presence.LEFT
    act = lambda: services.attend(meeting, seat, presence, actor=request.user)  # noqa: E731 -- one act, one line
    return press(request, act, back=_url(meeting))


@require_POST
def meeting_open(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open the meeting."""
    meeting = fetch(selectors.visible_to(request.user), pk)
    require(may_minute(meeting, request.user))
    return press(request, lambda: services.open_meeting(meeting, actor=request.user), back=_url(meeting))


@require_POST
def meeting_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close the meeting for good."""
    meeting = fetch(selectors.visible_to(request.user), pk)
    require(may_minute(meeting, request.user))
    done = _("The meeting is closed. Its minutes are drawn and wait for two signatures.")
    return press(request, lambda: services.close_meeting(meeting, actor=request.user), back=_url(meeting), done=done)


def meeting_minutes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The minutes as PDF: the signed file, or an extract for a reader who is recused from a part."""
    meeting = fetch(selectors.visible_to(request.user).exclude(minutes=""), pk)
    if not facts.oversees(request.user):
        own_seat(request.user, meeting.panel)
    return private_file(minutes.minutes_for(request.user, meeting), f"minutes-{meeting.held_at:%Y-%m-%d}.pdf")


def meeting_sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sign the minutes as chair or rapporteur, with a fresh second factor."""
    meeting = fetch(selectors.visible_to(request.user).exclude(minutes=""), pk)
    seat = own_seat(request.user, meeting.panel)
    require(may_minute(meeting, request.user))
    form = SignForm(request.POST or None, initial={"sha256": meeting.minutes_sha256})
    signed = attempt(form, lambda: minutes.sign(meeting, seat, sha256=form.cleaned_data["sha256"], actor=request.user))
    if signed is not None:
        messages.success(request, _("Your signature is under the minutes."))
        return redirect(_url(meeting))
    context = {"meeting": meeting, "form": form, "hidden": hidden_items(request.user, meeting), "cancel": _url(meeting)}
    return render(request, "committees/meeting_sign.html", context)
