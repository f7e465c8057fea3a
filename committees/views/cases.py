"""Pages of conflicts: the register of a panel, and cases of conflicts that were not declared."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.selectors import timeline
from committees.conflict_forms import CaseForm, OutcomeForm
from committees.models import ConflictCase, Panel
from committees.rules import facts
from committees.rules.cases import may_close, may_judge
from committees.selectors import conflicts as selectors
from committees.selectors import panels
from committees.services import cases as services
from committees.states import CaseState
from committees.views.base import attempt, fetch
from kernel.permissions import require


def panel_conflicts(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who declared which link or conflict, and what the records show."""
    panel = fetch(panels.visible_to(request.user), pk)
    if not selectors.reads_register(request.user, panel):
        raise Http404
    context = {
        "panel": panel,
        "entries": selectors.register(request.user, panel),
        "cases": selectors.cases_visible_to(request.user).filter(application__call=panel.call_id),
        "reports": _may_report(request, panel),
    }
    return render(request, "committees/panel_conflicts.html", context)


def _may_report(request: HttpRequest, panel: Panel) -> bool:
    return facts.is_secretariat(request.user) or not facts.oversees(request.user)


def case_report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Report a conflict that a member did not declare."""
    panel = fetch(panels.visible_to(request.user), pk)
    if not selectors.reads_register(request.user, panel):
        raise Http404
    form = CaseForm(
        request.POST or None,
        seats=list(facts.membership(panel.committee).voting),
        applications=panels.applications_for(request.user, panel),
        reporter=request.user,
    )
    case = attempt(form, lambda: services.report(**form.cleaned_data, actor=request.user))
    if case is not None:
        messages.success(request, _("Reported. A second person judges it now."))
        return redirect("committees:panel_conflicts", panel.pk)
    context = {"panel": panel, "form": form, "cancel": reverse("committees:panel_conflicts", args=[panel.pk])}
    return render(request, "committees/case_report.html", context)


def case_list(request: HttpRequest) -> HttpResponse:
    """Cases that the person may read."""
    return render(request, "committees/case_list.html", {"cases": selectors.cases_visible_to(request.user)})


def case_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A case: what came to light, what it overturned, how it ended."""
    case = fetch(selectors.cases_visible_to(request.user), pk)
    context = {
        "case": case,
        "judges": case.state == CaseState.REPORTED and may_judge(case, actor=request.user, event=None),
        "closes": case.state == CaseState.CONFIRMED and may_close(case, actor=request.user, event=None),
        "consequence": selectors.consequence_of(case),
        "timeline": timeline(case),
    }
    return render(request, "committees/case_detail.html", context)


def _judged(request: HttpRequest, case: ConflictCase, done: str) -> HttpResponse:
    messages.success(request, done)
    return redirect("committees:case_detail", case.pk)


def case_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A second person agrees; the page says beforehand what falls."""
    case = fetch(selectors.cases_visible_to(request.user), pk)
    form = forms.Form(request.POST if request.method == "POST" else None)
    confirmed = attempt(form, lambda: services.confirm(case, actor=request.user))
    if confirmed is not None:
        return _judged(request, confirmed, _("Confirmed. The score is void and the member suspended."))
    context = {"case": case, "form": form, "foreseen": services.foreseen(case), "cancel": _url(case)}
    return render(request, "committees/case_confirm.html", context)


def case_dismiss(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A second person finds nothing that had to be declared."""
    case = fetch(selectors.cases_visible_to(request.user), pk)
    form = OutcomeForm(request.POST or None)
    ended = attempt(form, lambda: services.dismiss(case, **form.cleaned_data, actor=request.user))
    if ended is not None:
        return _judged(request, ended, _("The report is dismissed; nothing changes."))
    context = {"case": case, "form": form, "cancel": _url(case), "title": _("Dismiss the report")}
    return render(request, "committees/case_end.html", context)


def case_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who answers for the case writes down how it ended."""
    case = fetch(selectors.cases_visible_to(request.user), pk)
    require(may_close(case, actor=request.user, event=None))
    form = OutcomeForm(request.POST or None)
    ended = attempt(form, lambda: services.close(case, **form.cleaned_data, actor=request.user))
    if ended is not None:
        return _judged(request, ended, _("The case is closed."))
    context = {"case": case, "form": form, "cancel": _url(case), "title": _("Close the case")}
    return render(request, "committees/case_end.html", context)


def _url(case: ConflictCase) -> str:
    return reverse("committees:case_detail", args=[case.pk])
