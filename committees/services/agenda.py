"""One application in a meeting: called, minuted, adjourned."""

from typing import Any

from django.db import transaction

from audit import lifecycle
from committees import events
from committees.models import AgendaItem, Meeting, Panel
from committees.rules import facts
from committees.rules.votes import proposal_fits
from committees.selectors import scores
from committees.services.conflicts import refresh_conflicts
from committees.services.meetings import leave_for, return_after
from grants.conditions import Asked
from kernel.permissions import require


@transaction.atomic
def discuss(item: AgendaItem, *, actor: Any) -> AgendaItem:
    """Call an application: whoever is recused leaves the room, and the time is minuted."""
    meeting = Meeting.objects.select_for_update(no_key=True).get(pk=item.meeting_id)
    refresh_conflicts(Panel.objects.get(pk=meeting.panel_id), [item.application])
    result = scores.result_of(item.application)
    changes = {"must_discuss": result is not None and result.alarm.raised}
    opened = lifecycle.move(item, events.ItemOpened(application=item.application_id), actor=actor, changes=changes)
    here = facts.present_seats(meeting)
    people = facts.people_of(meeting.panel)
    out = set(item.application.recusals.values_list("seat__user_id", flat=True))
    for seat in (*people.voting, *people.observers):
        if seat.pk in here and seat.user_id in out:
            leave_for(opened, seat)
    return opened


@transaction.atomic
def minute(
    item: AgendaItem, *, proposed_minor: int, conditions: list[Asked], discussion: str, actor: Any
) -> AgendaItem:
    """Write down the discussion and what will be voted on; raises `Refused` for an amount that cannot be granted."""
    locked = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    require(proposal_fits(locked, proposed_minor))
    event = events.ItemMinuted(
        application=locked.application_id,
        proposed_minor=proposed_minor,
        currency=locked.application.call.currency,
        conditions=conditions,
        discussion=discussion,
    )
    lifecycle.note(locked, event, actor=actor)
    locked.proposed_minor, locked.conditions, locked.discussion = proposed_minor, conditions, discussion
    locked.save(update_fields=["proposed_minor", "conditions", "discussion"])
    return locked


@transaction.atomic
def adjourn(item: AgendaItem, *, cause: str, actor: Any) -> AgendaItem:
    """Put an application off to another meeting, for example because a check cannot be met."""
    Meeting.objects.select_for_update(no_key=True).get(pk=item.meeting_id)
    adjourned = lifecycle.move(item, events.ItemAdjourned(cause=cause), actor=actor, reason=cause)
    return_after(adjourned)
    return adjourned
