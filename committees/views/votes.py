"""Pages of one application in a meeting: discussion, checks, vote, decision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.forms import AdjournForm, DecisionForm, VoteForm
from committees.item_forms import ItemForm
from committees.models import AgendaItem
from committees.rules import facts
from committees.rules.meetings import may_minute
from committees.rules.votes import leads
from committees.selectors import committees, figures, ranking, scores
from committees.selectors import meetings as selectors
from committees.services import agenda
from committees.services import votes as services
from committees.states import ItemState, VoteChoice
from committees.views.base import attempt, fetch, own_seat, press
from kernel.permissions import require


def _item(request: HttpRequest, pk: UUID) -> AgendaItem:
    return fetch(selectors.items_visible_to(request.user), pk)


def _url(item: AgendaItem) -> str:
    return reverse("committees:item_detail", args=[item.pk])


def item_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One application in its meeting: what is proposed, who sits, which checks hold."""
    item = _item(request, pk)
    return render(request, "committees/item_detail.html", item_context(request, item))


def item_context(request: HttpRequest, item: AgendaItem) -> dict[str, Any]:
    """Everything of an item that its readers see; none of them is recused from it."""
    sitting = facts.sitting_of(item.meeting, item.application)
    keeps = bool(may_minute(item.meeting, request.user)) and item.state == ItemState.DISCUSSED
    whole = ranking.sees_everything(request.user, item.meeting.panel)
    return {
        "item": item,
        "application": item.application,
        "meeting": item.meeting,
        "panel": item.meeting.panel,
        "arc": committees.arc_of_sitting(sitting),
        "checks": committees.check_lines(sitting.checks),
        "may_vote": sitting.may_decide,
        "substitutions": selectors.substitutions(sitting, selectors.seats_by_key(item.meeting)),
        "out": selectors.who_is_out(item),
        "leads": bool(leads(item, request.user)),
        "keeps": bool(may_minute(item.meeting, request.user)),
        "form": ItemForm.of(item) if keeps else None,
        "adjourn": AdjournForm(),
        "cards": scores.cards_visible_to(request.user, item.application, item.meeting.panel),
        "result": scores.summary_visible_to(request.user, item.application, item.meeting.panel),
        "voted": selectors.votes_in(item),
        "voters": len(item.voters),
        "my_vote": selectors.vote_of(request.user, item),
        "sits": any(str(one.pk) in item.voters for one in _own(request, item)),
        "envelope_left": facts.envelope_left_minor(item) if whole else None,
        "tally_rows": selectors.tally_rows(item),
        "decision": getattr(item, "decision", None),
        "rank": ranking.row_of(item.meeting.panel, item.application) if whole else None,
    }


def _own(request: HttpRequest, item: AgendaItem) -> list[Any]:
    seat = facts.seat_in(request.user, item.meeting.panel)
    return [seat] if seat is not None else []


@require_POST
def item_discuss(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Call the application; recused members leave."""
    item = _item(request, pk)
    require(leads(item, request.user))
    return press(request, lambda: agenda.discuss(item, actor=request.user), back=_url(item))


@require_POST
def item_minute(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down the discussion and the proposal."""
    item = _item(request, pk)
    require(may_minute(item.meeting, request.user))
    form = ItemForm.of(item, request.POST)
    written = attempt(form, lambda: _minute(item, form, request))
    if written is not None:
        messages.success(request, _("Written down."))
        return redirect(_url(item))
    return render(request, "committees/item_detail.html", {**item_context(request, item), "form": form})


def _minute(item: AgendaItem, form: ItemForm, request: HttpRequest) -> AgendaItem:
    return agenda.minute(
        item,
        proposed_minor=form.cleaned_data["proposed_minor"],
        conditions=form.conditions_listed(),
        discussion=form.cleaned_data["discussion"],
        actor=request.user,
    )


@require_POST
def item_open_vote(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open the vote, if every check holds."""
    item = _item(request, pk)
    require(leads(item, request.user))
    return press(request, lambda: services.open_voting(item, actor=request.user), back=_url(item))


@require_POST
def item_close_vote(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close the vote: decided, or back for another round."""
    item = _item(request, pk)
    require(leads(item, request.user))

    def close() -> None:
        if services.close_voting(item, actor=request.user).again:
            messages.warning(
                request, _("Nothing carried. The vote is open once more; after it, nothing carried means not approved.")
            )

    return press(request, close, back=_url(item))


@require_POST
def item_adjourn(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put the item off to another meeting."""
    item = _item(request, pk)
    require(may_minute(item.meeting, request.user))
    form = AdjournForm(request.POST)
    done = attempt(form, lambda: agenda.adjourn(item, cause=form.cleaned_data["cause"], actor=request.user))
    if done is not None:
        return redirect(reverse("committees:meeting_detail", args=[item.meeting_id]))
    return render(request, "committees/item_detail.html", {**item_context(request, item), "adjourn": form})


def item_vote(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A member's vote, made for a phone."""
    item = _item(request, pk)
    seat = own_seat(request.user, item.meeting.panel)
    form = VoteForm(request.POST or None, choices=_offered(request, item), initial={"round": item.round})
    vote = attempt(form, lambda: services.cast_or_recall(item, seat, **form.said(item.round), actor=request.user))
    if vote is not None:
        messages.success(request, _("Your vote is recorded: %(choice)s") % {"choice": vote.get_choice_display()})
        return redirect(request.path)
    context = {
        "item": item,
        "form": form,
        "mine": selectors.vote_of(request.user, item),
        "open": item.state == ItemState.VOTING,
    }
    return render(request, "committees/item_vote.html", context)


def _offered(request: HttpRequest, item: AgendaItem) -> list[VoteChoice]:
    """What may be voted for; who has voted may send any choice again and gets the recorded one back."""
    return list(VoteChoice) if selectors.vote_of(request.user, item) else services.choices_of(item)


def item_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The reasons of the decision that the vote made."""
    item = _item(request, pk)
    require(may_minute(item.meeting, request.user))
    initial = {"deviation": figures.rules_in_words(item)}
    form = DecisionForm(request.POST or None, departs=services.departs_from_rank(item), initial=initial)
    made = attempt(
        form,
        lambda: services.record_decision(item, services.Reasons(**form.cleaned_data), actor=request.user),
    )
    if made is not None:
        messages.success(request, _("The decision is recorded and goes to the organisation."))
        return redirect(reverse("committees:meeting_detail", args=[item.meeting_id]))
    return render(request, "committees/item_decide.html", {"item": item, "form": form, "cancel": _url(item)})
