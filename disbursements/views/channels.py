"""The register of providers: who may carry payments, under which licence, within which limits."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import person
from audit import lifecycle
from audit.selectors import timeline
from disbursements import events, pages, selectors
from disbursements.forms import ProviderForm, ReasonForm, ScreeningForm
from disbursements.models import PaymentProvider, ProviderScreening
from disbursements.rules import may_propose_provider, may_screen_provider
from disbursements.services import channels
from disbursements.views.common import acted, confirmed
from kernel.permissions import require


def seen_provider(request: HttpRequest, pk: UUID) -> PaymentProvider:
    """The entry, or 404 for who may not know of it."""
    return get_object_or_404(selectors.visible_providers(request.user), pk=pk)


def provider_list(request: HttpRequest) -> HttpResponse:
    """The whole register."""
    context = {
        "providers": selectors.visible_providers(request.user), "tones": pages.PROVIDER_TONES,
        "proposes": may_propose_provider(PaymentProvider(), actor=request.user),
    }  # fmt: skip
    return render(request, "disbursements/provider_list.html", context)


def provider_new(request: HttpRequest) -> HttpResponse:
    """A finance officer proposes an entry."""
    require(may_propose_provider(PaymentProvider(), actor=request.user))
    form = ProviderForm(request.POST or None)
    answer = acted(
        request, form, lambda: channels.propose_provider(actor=person(request), **form.cleaned_data),
        done=_("Proposed. Search it in the lists of sanctions; then another person approves it."),
        to=reverse("disbursements:provider_list"),
    )  # fmt: skip
    return answer or render(request, "disbursements/provider_new.html", {"form": form})


_EVENTS: dict[str, Any] = {
    "approve": events.ProviderApproved,
    "suspend": events.ProviderSuspended,
    "resume": events.ProviderResumed,
    "retire": events.ProviderRetired,
}


def provider_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One entry: licence, limits, commission, searches, and what it holds now."""
    provider = seen_provider(request, pk)
    context: dict[str, Any] = {
        "provider": provider, "tone": pages.PROVIDER_TONES.get(provider.state), "entries": timeline(provider),
        "screens": may_screen_provider(ProviderScreening(provider=provider), actor=request.user),
        "held": selectors.held_by(provider),
    }  # fmt: skip
    for act, event in _EVENTS.items():
        context[act] = lifecycle.possible(provider, event(), actor=request.user)
    return render(request, "disbursements/provider_detail.html", context)


def provider_screen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A finance officer records a look at the lists of sanctions."""
    provider = seen_provider(request, pk)
    require(may_screen_provider(ProviderScreening(provider=provider), actor=request.user))
    form, back = ScreeningForm(request.POST or None), pages.url("provider_detail", provider)
    answer = acted(
        request, form, lambda: channels.screen_provider(provider, actor=person(request), **form.cleaned_data), to=back,
        done=_("Recorded."),
    )  # fmt: skip
    return answer or confirmed(
        request, form, title=_("Search in the lists of sanctions"), whom=str(provider), cancel=back, submit=_("Record the search"),
        what=_("What is not clear stops every payment through it."), undo=_("No, but a later search counts instead."),
    )  # fmt: skip


def _words(act: str) -> dict[str, Any]:
    return {
        "approve": {
            "title": _("Approve the provider"),
            "what": _("Payments may go through it, within its limits, as long as its licence is valid."),
        },
        "suspend": {"title": _("Suspend the provider"), "what": _("Nothing is paid through it until it is resumed.")},
        "resume": {"title": _("Resume the provider"), "what": _("Payments may go through it again.")},
        "retire": {"title": _("End the use of the provider"), "what": _("Nothing is ever paid through it again.")},
    }[act]


def provider_act(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Approve, suspend, resume or retire an entry."""
    provider = seen_provider(request, pk)
    require(lifecycle.possible(provider, _EVENTS[act](), actor=request.user))
    back, words = pages.url("provider_detail", provider), _words(act)
    made = forms.Form if act == "approve" else ReasonForm
    form = made(request.POST if request.method == "POST" else None)
    service = getattr(channels, f"{act}_provider")
    answer = acted(
        request, form, lambda: service(provider, actor=person(request), **form.cleaned_data), to=back,
        done=_("Recorded."),
    )  # fmt: skip
    return answer or confirmed(
        request, form, **words, whom=str(provider), cancel=back, submit=words["title"], danger=act == "retire",
        undo=_("No.") if act == "retire" else _("Yes: it can be suspended and resumed at any time."),
    )  # fmt: skip
