"""Lists of sanctions, likenesses that two people judge, and when an organisation's names were compared."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import person
from audit.selectors import timeline
from kernel.permissions import require
from kernel.pieces import Tone
from organisations import rules
from organisations.models import HitJudgement, SanctionsList
from organisations.screening_forms import JudgementForm, SanctionsListForm
from organisations.screening_words import refusal_in_words
from organisations.selectors import screening as selectors
from organisations.services import screening as services
from organisations.states import HitState, ListState
from organisations.views.common import acted, posted, visible

PER_PAGE = 50
LIST_TONES = {
    ListState.TAKEN: Tone.OPEN, ListState.IN_FORCE: Tone.DONE, ListState.SUPERSEDED: Tone.OFF, ListState.REFUSED: Tone.STOP,
}  # fmt: skip
HIT_TONES = {
    HitState.OPEN: Tone.TODO, HitState.LOOKED_AT: Tone.OPEN, HitState.DISPUTED: Tone.WARN, HitState.CONFIRMED: Tone.STOP,
    HitState.CLEARED: Tone.DONE,
}  # fmt: skip


def screening(request: HttpRequest) -> HttpResponse:
    """The lists with their versions, and every likeness, those that wait first."""
    page = Paginator(selectors.hits_visible_to(request.user).order_by("state", "-moved_at", "pk"), PER_PAGE)
    context = {
        "versions": [(one, refusal_in_words(one.refusal)) for one in selectors.lists_visible_to(request.user)[:20]], "in_force": selectors.in_force(),
        "page": (hits := page.get_page(request.GET.get("page"))), "hits": hits.object_list,
        "waiting": selectors.hits_to_judge(request.user).count(), "list_tones": LIST_TONES, "hit_tones": HIT_TONES,
        "takes": rules.may_take_list(SanctionsList(), actor=request.user),
    }  # fmt: skip
    return render(request, "organisations/screening.html", context)


def list_new(request: HttpRequest) -> HttpResponse:
    """An officer gives a version of a list."""
    require(rules.may_take_list(SanctionsList(), actor=request.user))
    form = SanctionsListForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.take_list(
            form.cleaned_data["source"], form.cleaned_data["file"], aliases=form.cleaned_data["aliases"],
            actor=person(request),
        ),
        done=_("The list is being read; then every organisation is compared with it."),
        to=reverse("organisations:screening"),
    )  # fmt: skip
    return answer or render(request, "organisations/screening_list_new.html", {"form": form})


def hit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One likeness: both names side by side, what is known of both, and one's own judgement; the other's is read after it."""
    found = get_object_or_404(selectors.hits_visible_to(request.user), pk=pk)
    may = rules.may_judge_hit(HitJudgement(hit=found), actor=request.user)
    if request.method == "POST":
        require(may)
    form = JudgementForm(*posted(request))
    answer = acted(
        request, form,
        lambda: services.judge(found, actor=person(request), **form.cleaned_data),
        done=_("Your judgement is recorded."), to=reverse("organisations:screening"),
    )  # fmt: skip
    context = {
        "hit": found, "form": form if may else None, "why_not": None if may else may, "tone": HIT_TONES[HitState(found.state)],
        "judgements": selectors.judgements_shown(found, judging=bool(may)), "entries": timeline(found),
        "people": found.organisation.people.select_related("user").order_by("starts_on"),
    }  # fmt: skip
    return answer or render(request, "organisations/screening_hit.html", context)


def of_organisation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """When an organisation's names were compared and what came of it; an officer may ask for it now."""
    organisation = visible(request, pk)
    if request.method == "POST":
        require(rules.may_ask_for_screening(organisation, actor=request.user))
        services.ask(organisation, actor=person(request))
        messages.success(request, _("The names are compared within minutes."))
        return redirect("organisations:of_screening", pk)
    context = {
        "organisation": organisation, "screenings": selectors.screenings_of(request.user, organisation)[:PER_PAGE],
        "hits": selectors.hits_visible_to(request.user).filter(organisation=organisation).order_by("-moved_at", "pk"),
        "hit_tones": HIT_TONES, "clear": rules.is_clear(organisation),
        "may_ask": rules.may_ask_for_screening(organisation, actor=request.user),
    }  # fmt: skip
    return render(request, "organisations/screening_of.html", context)
