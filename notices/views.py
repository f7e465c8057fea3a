"""A person's messages, and how they come."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import person, posted
from kernel.permissions import Refused
from notices import gateways, selectors, services
from notices.forms import ChannelForm, CodeForm, WishesForm
from notices.services import channels
from notices.states import Way

PAGE = 30


def notice_list(request: HttpRequest) -> HttpResponse:
    """All messages, the newest first."""
    page = Paginator(selectors.visible_to(request.user), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "messages_in_words": selectors.in_words(page),
        "unread": selectors.unread_count(request.user),
    }
    return render(request, "notices/notice_list.html", context)


def notice_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One message; opening it marks it as read."""
    notice = get_object_or_404(selectors.visible_to(request.user), pk=pk)
    services.mark_read(person(request), notice.pk)
    (message,) = selectors.in_words([notice])
    leads_here = url_has_allowed_host_and_scheme(notice.url, None)
    return render(request, "notices/notice_detail.html", {"message": message, "url": notice.url if leads_here else ""})


@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """Mark everything read."""
    services.mark_all_read(person(request))
    return redirect("notices:notice_list")


# How they come -------------------------------------------------------------------------------------------------------


def wishes(request: HttpRequest) -> HttpResponse:
    """By which way, when, and with how many words messages come."""
    form = WishesForm(posted(request), user=person(request))
    if request.method == "POST" and form.is_valid():
        channels.wish(person(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("notices:wishes")
    return _page(request, form=form)


@require_POST
def number_ask(request: HttpRequest) -> HttpResponse:
    """Send a code to a number of the person's."""
    form = ChannelForm(request.POST)
    if form.is_valid() and _allowed(form, "address", channels.ask, person(request), form.cleaned_data["channel"]):
        messages.success(request, _("A code is on its way to your number. Write it here."))
        return redirect("notices:wishes")
    return _page(request, adding=form)


@require_POST
def number_prove(request: HttpRequest, way: str) -> HttpResponse:
    """Take the code that proves a number."""
    form = CodeForm(request.POST, prefix=_known(way))
    if form.is_valid() and _allowed(form, "code", channels.confirm, person(request), way):
        messages.success(request, _("Your messages come to this number from now on."))
        return redirect("notices:wishes")
    return _page(request, **{f"code_{way}": form})


@require_POST
def number_erase(request: HttpRequest, way: str) -> HttpResponse:
    """Erase a number."""
    channels.forget(person(request), _known(way))
    messages.success(request, _("The number is erased. Messages come by e-mail."))
    return redirect("notices:wishes")


def _known(way: str) -> str:
    if way not in Way.values:
        raise Http404
    return way


def _allowed(form: Form, field: str, act: Any, user: Any, way: str) -> bool:
    """Whether ``act`` took the form's ``field``; where not, the field says why."""
    try:
        done = act(user, way, **{field: form.cleaned_data[field]})
    except Refused as refusal:
        form.add_error(field, str(refusal))
        return False
    if not done:
        form.add_error(field, _("This is not the code that we sent. Look at the newest message."))
    return bool(done)


def _page(request: HttpRequest, **forms: Form) -> HttpResponse:
    """The page of wishes; forms that could not be taken come back as they were."""
    user = person(request)
    own = [
        (channel, forms.get(f"code_{channel.way}") or CodeForm(prefix=channel.way))
        for channel in selectors.channels_of(user)
    ]
    context = {
        "form": forms.get("form") or WishesForm(user=user),
        "adding": forms.get("adding") or (ChannelForm() if gateways.offered() else None),
        "channels": own,
    }
    return render(request, "notices/wishes.html", context)
