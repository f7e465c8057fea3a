"""Pages of scorers: what is assigned to me, an application beside its scorecard."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from committees.forms import ScorecardForm
from committees.models import Assignment
from committees.rules.blinding import is_blind
from committees.rules.scoring import may_revise, may_score_now
from committees.selectors import panels, scores
from committees.services import scores as services
from committees.states import AssignmentState
from committees.views.base import attempt, fetch
from grants.models import Application
from grants.selectors import review_content


def my_scores(request: HttpRequest) -> HttpResponse:
    """What I score and scored."""
    return render(request, "committees/my_scores.html", {"rows": scores.my_totals(request.user)})


def application_review(request: HttpRequest, pk: UUID, application: UUID) -> HttpResponse:
    """An application beside the scorecard: mine to fill in, or everybody's when the scoring is closed."""
    panel = fetch(panels.visible_to(request.user), pk)
    try:
        found = panels.readable(request.user, panel, application)
    except Application.DoesNotExist as missing:
        raise Http404 from missing
    assignment = scores.my_assignment(request.user, found)
    form = _form(request, assignment)
    if request.method == "POST" and form is not None and assignment is not None:
        card = attempt(form, lambda: _submit(request, form, assignment))
        if card is not None:
            messages.success(request, _("Your scorecard is submitted. Thank you."))
            return redirect(request.path)
    blind = is_blind(request.user, panel)
    context = {
        "panel": panel,
        "application": found,
        "blind": blind,
        "content": review_content(found, names=not blind),
        "assignment": assignment,
        "form": form,
        "mine": scores.my_card(assignment) if assignment else None,
        "cards": scores.cards_visible_to(request.user, found, panel),
        "result": scores.summary_visible_to(request.user, found, panel),
    }
    return render(request, "committees/application_review.html", context)


def _form(request: HttpRequest, assignment: Assignment | None) -> ScorecardForm | None:
    """The scorecard that the person may fill in now, None when there is none."""
    if assignment is None:
        return None
    revision = assignment.state == AssignmentState.COMPLETED
    allowed = may_revise(assignment) if revision else may_score_now(assignment)
    if not allowed:
        return None
    initial = services.initial_of(assignment) if revision else None
    return ScorecardForm(request.POST or None, assignment=assignment, revision=revision, initial=initial)


def _submit(request: HttpRequest, form: ScorecardForm, assignment: Assignment) -> object:
    reason = form.cleaned_data.get("reason", "")
    return services.submit(assignment, form.judgement(), actor=request.user, reason=reason)
