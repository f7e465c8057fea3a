"""A person's messages."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.http import person
from notices import selectors, services

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
