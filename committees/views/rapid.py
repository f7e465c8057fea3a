"""Pages of the rapid window: who is on call, alerts, the panel's declarations and answers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.selectors import timeline
from committees.forms import ReasonForm
from committees.models import Alert, Rota, Seat
from committees.rapid_forms import AlertDeclarationForm, AlertForm, AnswerForm, RotaCommitteeForm, RotaForm
from committees.rules import facts
from committees.rules import rapid as rules
from committees.selectors import alerts as selectors
from committees.selectors import committees
from committees.services import alerts as services
from committees.services import on_call
from committees.states import AlertState
from committees.views.base import attempt, fetch, only_secretariat
from kernel.permissions import require
from kernel.uploads import send_private


def _url(alert: Alert) -> str:
    return reverse("committees:alert_detail", args=[alert.pk])


# Alerts ---------------------------------------------------------------------------------------------------------------


def alert_list(request: HttpRequest) -> HttpResponse:
    """The alerts that this person may see."""
    context = {
        "alerts": selectors.visible_to(request.user),
        "may_raise": bool(selectors.may_raise_for(request.user)),
        "on_call": selectors.on_call_now(),
        "oversees": facts.oversees(request.user),
    }
    return render(request, "committees/alert_list.html", context)


def alert_form(request: HttpRequest) -> HttpResponse:
    """Raise an alert."""
    organisations = selectors.may_raise_for(request.user)
    if not organisations:
        raise Http404
    form = AlertForm(request.POST or None, request.FILES or None, organisations=organisations)
    raised = attempt(form, lambda: _raise(form, request.user))
    if raised is not None:
        messages.success(request, _("Your alert is raised; the panel on call is written to now."))
        return redirect(_url(raised))
    return render(request, "committees/alert_form.html", {"form": form, "on_call": selectors.on_call_now()})


def _raise(form: AlertForm, actor: Any) -> Alert:
    data = dict(form.cleaned_data)
    organisation = data.pop("organisation")
    return services.raise_alert(organisation, services.AlertWords(**data), actor=actor)


def alert_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An alert as this person may see it: members on call read its words after they declared."""
    alert = fetch(selectors.visible_to(request.user), pk)
    seat = rules.seat_on_call(request.user, alert)
    reads = rules.reads_words(request.user, alert)
    oversees = facts.oversees(request.user)
    context = {
        "alert": alert,
        "step": selectors.step_for(request.user, alert),
        "stages": selectors.lines(selectors.stages_until_selection(alert)),
        "reads": reads,
        "names": selectors.people_named(alert) if seat is not None and not reads else [],
        "declares": alert.state == AlertState.RAISED and seat is not None and not reads,
        "answers": alert.state == AlertState.RAISED
        and seat is not None
        and reads
        and not selectors.has_answered(seat, alert),
        "called": selectors.called(alert) if oversees else [],
        "reasons": selectors.reasons_of(alert) if reads else [],
        "panel": selectors.panel_of(alert) if oversees or seat is not None else None,
        "withdraws": alert.state == AlertState.RAISED and bool(rules.may_withdraw(alert, actor=request.user)),
        "entries": timeline(alert) if oversees else [],
    }
    return render(request, "committees/alert_detail.html", context)


def _own_seat(request: HttpRequest, alert: Alert) -> Seat:
    """The seat with which the person who asks is on call; 404 without one."""
    seat = rules.seat_on_call(request.user, alert)
    if seat is None:
        raise Http404
    return seat


def alert_declare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Declare on an alert, knowing names and places alone."""
    alert = fetch(selectors.visible_to(request.user), pk)
    seat = _own_seat(request, alert)
    form = AlertDeclarationForm(request.POST or None)
    act = lambda: services.declare(alert, seat, **form.cleaned_data, actor=request.user)  # noqa: E731 -- one act
    if attempt(form, act) is not None:
        still = rules.seat_on_call(request.user, alert) is not None
        messages.success(
            request,
            _("Your declaration is recorded.") if still else _("You are out of this alert; another member is called."),
        )
        return redirect(_url(alert) if still else reverse("committees:alert_list"))
    context = {"alert": alert, "form": form, "names": selectors.people_named(alert), "cancel": _url(alert)}
    return render(request, "committees/alert_declare.html", context)


def alert_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say yes or no to an alert."""
    alert = fetch(selectors.visible_to(request.user), pk)
    seat = _own_seat(request, alert)
    if not rules.reads_words(request.user, alert):
        return redirect("committees:alert_declare", alert.pk)
    form = AnswerForm(request.POST or None)
    act = lambda: services.vote(alert, seat, **form.cleaned_data, actor=request.user)  # noqa: E731 -- one act
    if attempt(form, act) is not None:
        messages.success(request, _("Your answer is recorded."))
        return redirect(_url(alert))
    return render(request, "committees/alert_answer.html", {"alert": alert, "form": form, "cancel": _url(alert)})


def alert_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an alert back before its answer."""
    alert = fetch(selectors.visible_to(request.user), pk)
    require(rules.may_withdraw(alert, actor=request.user))
    form = ReasonForm(request.POST or None)
    gone = attempt(form, lambda: services.withdraw(alert, actor=request.user, reason=form.cleaned_data["reason"]))
    if gone is not None:
        messages.success(request, _("The alert is taken back."))
        return redirect(_url(alert))
    return render(request, "committees/alert_withdraw.html", {"alert": alert, "form": form, "cancel": _url(alert)})


def alert_evidence(request: HttpRequest, pk: UUID) -> FileResponse:
    """The evidence of an alert, to those who read its words."""
    alert = fetch(selectors.visible_to(request.user).exclude(evidence=""), pk)
    if not rules.reads_words(request.user, alert):
        raise Http404
    return send_private(alert.evidence, name=alert.reference)


# Who is on call -------------------------------------------------------------------------------------------------------


def rota_list(request: HttpRequest) -> HttpResponse:
    """Who is on call and who was, for those who read committees."""
    if not committees.sees_any(request.user):
        raise Http404
    runs = facts.is_secretariat(request.user)
    context = {
        "rows": selectors.rotas(),
        "runs": runs,
        "form": RotaCommitteeForm(request.GET or None) if runs else None,
    }
    form = context["form"]
    if isinstance(form, RotaCommitteeForm) and form.is_bound and form.is_valid():
        return redirect("committees:rota_form", form.cleaned_data["committee"].pk)
    return render(request, "committees/rota_list.html", context)


def rota_form(request: HttpRequest, committee: UUID) -> HttpResponse:
    """Publish who of a committee is on call."""
    only_secretariat(request)
    found = fetch(committees.visible_to(request.user), committee)
    form = RotaForm(request.POST or None, committee=found)
    made = attempt(form, lambda: _publish(form, found, request.user))
    if made is not None:
        messages.success(request, _("The rota is published; everybody on it is told."))
        return redirect("committees:rota_list")
    return render(request, "committees/rota_form.html", {"committee": found, "form": form})


def _publish(form: RotaForm, committee: Any, actor: Any) -> Rota:
    data = form.cleaned_data
    return on_call.publish_rota(
        committee,
        starts_at=data["starts_at"],
        ends_at=data["ends_at"],
        members=data["members"],
        stand_ins=data["stand_ins"],
        actor=actor,
    )


def rota_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a rota back."""
    only_secretariat(request)
    rota = fetch(selectors.standing_rotas(), pk)
    form = ReasonForm(request.POST or None)
    gone = attempt(form, lambda: on_call.withdraw_rota(rota, actor=request.user, reason=form.cleaned_data["reason"]))
    if gone is not None:
        messages.success(request, _("The rota is withdrawn."))
        return redirect("committees:rota_list")
    return render(request, "committees/rota_withdraw.html", {"rota": rota, "form": form})
