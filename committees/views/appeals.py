"""Pages of appeals: lodged by the organisation, admitted, judged, published."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.forms import ReasonForm
from committees.later_forms import AppealDecisionForm, AppealForm, AppealVoteForm
from committees.models import Appeal
from committees.rules import appeals as rules
from committees.rules.taking_part import candidates
from committees.selectors import appeals as selectors
from committees.services import appeals as services
from committees.states import AppealGround, AppealState
from committees.views.base import attempt, fetch, press
from grants import stages
from grants.selectors import applications as grants_applications
from grants.selectors import review_content
from kernel.permissions import require
from kernel.uploads import send_private


def _url(appeal: Appeal) -> str:
    return reverse("committees:appeal_detail", args=[appeal.pk])


def appeal_list(request: HttpRequest) -> HttpResponse:
    """The appeals that this person may see, and the decisions that he may appeal."""
    context = {"appeals": selectors.visible_to(request.user), "open": selectors.to_lodge(request.user)}
    return render(request, "committees/appeal_list.html", context)


def appeals_published(request: HttpRequest) -> HttpResponse:
    """For everybody: how many appeals there were and how they ended, without names."""
    context = {"rows": selectors.published(), "numbers": selectors.numbers()}
    return render(request, "committees/appeals_published.html", context)


def appeal_form(request: HttpRequest, application: UUID) -> HttpResponse:
    """Lodge an appeal."""
    found = fetch(grants_applications.own(request.user).select_related("organisation", "call"), application)
    form = AppealForm(request.POST or None, request.FILES or None)
    lodged = attempt(form, lambda: _lodge(found, form, request.user))
    if lodged is not None:
        messages.success(request, _("Your appeal is lodged. You will hear by the day that stands on this page."))
        return redirect(_url(lodged))
    feedback = grants_applications.feedback_of(found)
    if feedback is None:
        raise Http404
    context = {"application": found, "feedback": feedback, "form": form, "concept": stages.is_concept(found)}
    return render(request, "committees/appeal_form.html", context)


def _lodge(application: Any, form: AppealForm, actor: Any) -> Appeal:
    data = form.cleaned_data
    return services.lodge(
        application, grounds=data["grounds"], statement=data["statement"], files=form.documents(), actor=actor
    )


def appeal_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """An appeal as this person may see it: the panel reads the application, others the appeal and its answer."""
    return _shown(request, fetch(selectors.visible_to(request.user), pk), AppealVoteForm())


def _shown(request: HttpRequest, appeal: Appeal, vote_form: AppealVoteForm) -> HttpResponse:
    judge = bool(rules.judges(appeal, request.user))
    admits = appeal.state == AppealState.LODGED and bool(rules.may_admit(appeal, actor=request.user))
    own = selectors.vote_of(request.user, appeal)
    votes, members = selectors.votes_of(appeal), selectors.panel_size(appeal)
    context = {
        "appeal": appeal,
        "grounds": [AppealGround(one).label for one in appeal.grounds],
        "outcome": AppealState(appeal.outcome).label if appeal.outcome else "",
        "evidence": appeal.evidence.order_by("recorded_at"),
        "admits": admits,
        "candidates": candidates(appeal.application) if admits else [],
        "judge": judge,
        "content": review_content(appeal.application) if judge else None,
        "feedback": grants_applications.feedback_of(appeal.application) if judge else None,
        "vote_form": vote_form if judge and own is None else None,
        "own": own,
        "voted": sum(votes.values()),
        "members": members,
        "may_decide": judge and sum(votes.values()) == members,
        "renewed": selectors.renewed_decision(appeal),
    }
    return render(request, "committees/appeal_detail.html", context)


@require_POST
def appeal_admit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Find the appeal admissible; its panel is drawn."""
    appeal = fetch(selectors.visible_to(request.user), pk)
    done = _("The appeal is admissible; its panel is drawn.")
    return press(request, lambda: services.admit(appeal, actor=request.user), back=_url(appeal), done=done)


def appeal_refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Find the appeal not admissible, with the reason."""
    appeal = fetch(selectors.visible_to(request.user), pk)
    require(rules.may_admit(appeal, actor=request.user))
    form = ReasonForm(request.POST or None)
    refused = attempt(form, lambda: services.refuse(appeal, reason=form.cleaned_data["reason"], actor=request.user))
    if refused is not None:
        messages.success(request, _("The appeal is not admitted; the organisation reads the reason."))
        return redirect(_url(appeal))
    return render(request, "committees/appeal_refuse.html", {"appeal": appeal, "form": form, "cancel": _url(appeal)})


@require_POST
def appeal_vote(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A member of the panel votes."""
    appeal = fetch(selectors.visible_to(request.user), pk)
    require(rules.judges(appeal, request.user))
    form = AppealVoteForm(request.POST)
    if attempt(form, lambda: services.vote(appeal, form.cleaned_data["choice"], actor=request.user)) is None:
        return _shown(request, appeal, form)
    messages.success(request, _("Your vote is recorded."))
    return redirect(_url(appeal))


def appeal_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down the decision to which the votes came."""
    appeal = fetch(selectors.visible_to(request.user), pk)
    require(rules.judges(appeal, request.user))
    form = AppealDecisionForm(request.POST or None)
    decided = attempt(form, lambda: services.decide(appeal, **form.cleaned_data, actor=request.user))
    if decided is not None:
        messages.success(request, _("The appeal is decided; the organisation reads the reasons."))
        return redirect(_url(decided))
    return render(request, "committees/appeal_decide.html", {"appeal": appeal, "form": form, "cancel": _url(appeal)})


def appeal_document(request: HttpRequest, pk: UUID, document: UUID) -> FileResponse:
    """A document of an appeal, to those who may see it."""
    appeal = fetch(selectors.visible_to(request.user), pk)
    found = fetch(appeal.evidence.all(), document)
    return send_private(found.file, name=f"{appeal.reference}-{found.recorded_at:%Y%m%d%H%M%S}")
