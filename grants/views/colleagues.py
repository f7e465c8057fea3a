"""Pages of colleagues: comments on a page of the application, and copying from an earlier one."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts.http import person
from grants.forms.colleagues import CommentForm, CopyForm
from grants.http import posted
from grants.models import Application
from grants.rules.applications import may_edit
from grants.selectors import applications as selectors
from grants.selectors import colleagues, parts
from grants.services import colleagues as services
from grants.services import copying
from kernel.permissions import Refused, require


def _own(request: HttpRequest, pk: uuid.UUID) -> Application:
    return get_object_or_404(selectors.with_call(selectors.own(person(request))), pk=pk)


def application_comments(request: HttpRequest, pk: uuid.UUID, key: str) -> HttpResponse:
    """Comments on one page, and the way to write one."""
    application, user = _own(request, pk), person(request)
    part = parts.part_called(application, key)
    if part is None:
        raise Http404
    may = may_edit(application, actor=user)
    form = CommentForm(posted(request))
    if request.method == "POST":
        require(may)
        if form.is_valid():
            services.comment(application, key, text=form.cleaned_data["text"], actor=user)
            return redirect("grants:application_comments", pk, key)
    context = {
        "application": application, "part": part, "form": form, "may": may,
        "comments": colleagues.comments_of(application, key),
    }  # fmt: skip
    return render(request, "grants/application_comments.html", context, status=422 if form.errors else 200)


@require_POST
def comment_settle(request: HttpRequest, pk: uuid.UUID, key: str, comment: uuid.UUID) -> HttpResponse:
    """Settle a comment, or take it up again."""
    application = _own(request, pk)
    written = get_object_or_404(colleagues.comments_of(application, key), pk=comment)
    services.settle(written, actor=person(request))
    return redirect("grants:application_comments", pk, key)


def application_copy(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Choose an earlier application; then what was copied, and what was not and why."""
    application, user = _own(request, pk), person(request)
    require(may_edit(application, actor=user))
    form = CopyForm(posted(request), sources=colleagues.sources_for(application))
    context = {"application": application, "form": form, "never": copying.never_copied()}
    if request.method == "POST" and form.is_valid():
        try:
            context["outcomes"] = copying.copy_earlier(application, form.chosen, actor=user)
            context["source"] = form.chosen
        except Refused as refused:
            form.add_error(None, str(refused.reason))
    return render(request, "grants/application_copy.html", context, status=422 if form.errors else 200)
