"""Pages of concept notes: read and judged by members, answered all at once by the secretariat."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.forms import ConceptForm
from committees.selectors import concepts as selectors
from committees.selectors import panels
from committees.services import concepts as services
from committees.views.base import attempt, fetch, only_secretariat, press
from grants.selectors import review_content


def concept_judge(request: HttpRequest, pk: UUID, application: UUID) -> HttpResponse:
    """A concept note beside the member's points."""
    panel = fetch(panels.visible_to(request.user), pk)
    seat = selectors.seat_to_judge(request.user, panel)
    if seat is None:
        raise Http404
    found = fetch(selectors.to_read(request.user, panel), application)
    mine = selectors.score_of(request.user, found)
    form = None if mine else ConceptForm(request.POST or None, call=panel.call)
    if form is not None:
        made = attempt(form, lambda: services.judge(seat, found, form.judgement(), actor=request.user))
        if made is not None:
            messages.success(request, _("Your judgement is recorded. Thank you."))
            return redirect(reverse("committees:panel_detail", args=[panel.pk]))
    blind = selectors.is_hidden(request.user, panel)
    context = {
        "panel": panel,
        "application": found,
        "blind": blind,
        "content": review_content(found, names=not blind),
        "form": form,
        "mine": [(one, mine.points[one.key], mine.sentences[one.key]) for one in selectors.criteria_of(panel.call)]
        if mine
        else [],
        "due": selectors.due(panel),
    }
    return render(request, "committees/concept_judge.html", context)


@require_POST
def concepts_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer all concept notes at once."""
    only_secretariat(request)
    panel = fetch(panels.visible_to(request.user), pk)
    back = reverse("committees:panel_detail", args=[panel.pk])
    return press(request, lambda: services.announce(panel, actor=request.user), back=back, done=_("All are answered."))
