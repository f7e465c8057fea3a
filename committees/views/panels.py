"""Pages of a committee's work on one call: declarations, assignment, progress, ranking."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.forms import DeclarationForm, PanelForm, ReasonForm, ReassignForm
from committees.models import Panel, Seat
from committees.rules import facts, held
from committees.rules.blinding import is_blind
from committees.rules.panels import unscored
from committees.rules.scoring import sees_scores
from committees.selectors import concepts, figures, meetings, panels, ranking, scores
from committees.selectors import conflicts as conflicts_read
from committees.services import assignments, conflicts
from committees.services import panels as services
from committees.states import ConflictKind, FactsKind, PanelState
from committees.views.base import attempt, fetch, only_secretariat, own_seat, press
from grants.selectors import calls as grants_calls
from kernel.csv_files import csv_file
from kernel.money import Money
from kernel.permissions import Refused, require


def _url(panel: Panel) -> str:
    return reverse("committees:panel_detail", args=[panel.pk])


def panel_open(request: HttpRequest, call: UUID) -> HttpResponse:
    """Hand a closed call to a committee."""
    only_secretariat(request)
    found = fetch(grants_calls.visible_to(request.user), call)
    form = PanelForm(request.POST or None)
    opened = attempt(form, lambda: services.open_panel(found, form.cleaned_data["committee"], actor=request.user))
    if opened is not None:
        messages.success(request, _("The members are asked for their declarations."))
        return redirect(_url(opened))
    return render(request, "committees/panel_open.html", {"call": found, "form": form})


def panel_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far the panel is: for the secretariat all, for a member what he may see."""
    panel = fetch(panels.visible_to(request.user), pk)
    runs = facts.is_secretariat(request.user)
    context = {
        "panel": panel,
        "step": panels.next_step(request.user, panel),
        "runs": runs,
        "oversees": facts.oversees(request.user),
        "reads_register": conflicts_read.reads_register(request.user, panel),
        "blind": is_blind(request.user, panel),
        "gaps": runs and panel.state == PanelState.DELIBERATING and bool(unscored(panel)),
        "progress": panels.progress(request.user, panel),
        "notes": concepts.rows(request.user, panel),
        "declared": panels.declarations_progress(panel) if facts.oversees(request.user) else [],
        "recused": panels.recused_number(request.user, panel),
        "seat": facts.seat_in(request.user, panel),
        "meetings": meetings.visible_to(request.user).filter(panel=panel),
        "sees_scores": sees_scores(request.user, panel),
    }
    return render(request, "committees/panel_detail.html", context)


def panel_declare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The declaration round: names, places, sectors, and nothing else."""
    panel = fetch(panels.visible_to(request.user), pk)
    seat = own_seat(request.user, panel)
    names = panels.to_declare(request.user, panel)
    rows = [
        (one, DeclarationForm(request.POST or None, prefix=one.handle.hex, found=bool(one.found)))
        for one in names
        if not one.declared or one.found
    ]
    if request.method == "POST" and rows and declared(request, seat, rows):
        return redirect(_url(panel))
    context = {
        "panel": panel,
        "rows": rows,
        "declared": [one for one in names if one.declared and not one.found],
        "recused": panels.recused_number(request.user, panel),
    }
    return render(request, "committees/panel_declare.html", context)


def declared(request: HttpRequest, seat: Seat, rows: list[tuple[panels.NamesOnly, DeclarationForm]]) -> bool:
    """Record all declarations of a page, or none; errors stand in their forms."""
    valid = [form.is_valid() for _names, form in rows]
    if not all(valid):
        return False
    said = {one.application_id: form.cleaned_data for one, form in rows}
    try:
        conflicts.declare_all(seat, said, actor=request.user)
    except Refused as refused:
        rows[0][1].add_error(None, str(refused.reason))
        return False
    messages.success(request, _("Your declarations are recorded. Thank you."))
    return True


def panel_declare_again(request: HttpRequest, pk: UUID, application: UUID) -> HttpResponse:
    """A link or conflict that a member finds later; it can only add to what was said."""
    panel = fetch(panels.visible_to(request.user), pk)
    seat = own_seat(request.user, panel)
    names = next(
        (one for one in panels.to_declare(request.user, panel) if application in {one.handle, one.application_id}), None
    )
    if names is None:
        raise Http404
    form = DeclarationForm(request.POST or None, again=True, found=bool(names.found))
    said = names.application_id
    made = attempt(form, lambda: conflicts.declare_all(seat, {said: form.cleaned_data}, actor=request.user))
    if made is not None:
        if form.cleaned_data["kind"] == ConflictKind.HARD:
            messages.success(request, _("You are out of this application. It will no longer be shown to you."))
        return redirect(_url(panel))
    named = application == names.handle  # who comes from the page of scoring in a blind call reads no name here
    context = {"panel": panel, "names": names if named else None, "form": form, "cancel": _url(panel)}
    return render(request, "committees/panel_declare_again.html", context)


@require_POST
def panel_fill_gaps(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Find scorers for applications that lost theirs."""
    only_secretariat(request)
    panel = fetch(panels.visible_to(request.user), pk)
    done = _("Missing scorers are assigned.")
    return press(request, lambda: services.fill_gaps(panel, actor=request.user), back=_url(panel), done=done)


def panel_extend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give scorers more time, with a reason."""
    only_secretariat(request)
    panel = fetch(panels.visible_to(request.user), pk)
    form = ReasonForm(request.POST or None)
    longer = attempt(
        form,
        lambda: assignments.extend_scoring(panel, actor=request.user, reason=form.cleaned_data["reason"]),
    )
    if longer is not None:
        messages.success(request, _("The time to score is extended."))
        return redirect(_url(panel))
    return render(request, "committees/panel_extend.html", {"panel": panel, "form": form, "cancel": _url(panel)})


@require_POST
def panel_close_scoring(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close the scoring; scores become visible."""
    only_secretariat(request)
    panel = fetch(panels.visible_to(request.user), pk)
    done = _("The scoring is closed. The applications are before the committee.")
    return press(request, lambda: services.close_scoring(panel, actor=request.user), back=_url(panel), done=done)


def panel_scorers(request: HttpRequest, pk: UUID, application: UUID) -> HttpResponse:
    """Who scores an application, for the secretariat alone: names and whether they have scored, never how."""
    only_secretariat(request)
    panel = fetch(panels.visible_to(request.user), pk)
    found = fetch(facts.applications_of(panel), application)
    scorers = panels.scorers_of(found)
    form = ReassignForm(request.POST or None, scorers=scorers)
    replaced = attempt(
        form,
        lambda: assignments.replace_scorer(
            form.cleaned_data["assignment"], actor=request.user, reason=form.cleaned_data["reason"]
        ),
    )
    if replaced:
        messages.success(request, _("Another member has the application to score."))
        return redirect(request.path)
    context = {"panel": panel, "application": found, "scorers": scorers, "form": form}
    return render(request, "committees/panel_scorers.html", context)


def panel_ranking(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The ranking as this person may see it, as a page or as CSV."""
    panel = fetch(panels.visible_to(request.user), pk)
    require(sees_scores(request.user, panel))
    rows = ranking.ranking_visible_to(request.user, panel)
    if request.GET.get("format") == "csv":
        return _csv(rows)
    whole = all(row.whole for row in rows)
    context = {
        "panel": panel,
        "rows": rows,
        "whole": whole,
        "held_minor": held.held_minor(panel.call) if whole else 0,
        "criteria": scores.criteria_of(panel.call),
        "adjusted": figures.adjusted(figures.visible_to(request.user, panel, FactsKind.CALIBRATION)) if whole else {},
        "portfolio": ranking.portfolio_lines(panel) if whole and facts.oversees(request.user) else [],
    }
    return render(request, "committees/panel_ranking.html", context)


def _csv(rows: list[ranking.RankRow]) -> HttpResponse:
    head = [_("Rank"), _("Reference"), _("Organisation"), _("Mean"), _("Amount requested")]
    return csv_file("ranking.csv", head, (_cells(row) for row in rows))


def _cells(row: ranking.RankRow) -> list[object]:
    one = row.application
    amount = Money(one.requested_minor, one.call.currency).amount
    return [row.rank, one.reference, one.organisation.name, row.mean, amount]
