"""A long extension of a grant, or more money for it, for members of the committee that awarded it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from committees.later_forms import AgreeForm
from committees.rules.extensions import may_agree_now
from committees.selectors import extensions as selectors
from committees.views.base import attempt
from grants.selectors.extensions import months_added, report_moves
from grants.services import extensions
from kernel.permissions import require


def extension_agree(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Why the grant needs more time and what moves; a member agrees for the committee."""
    revision = selectors.asked_of(request.user, pk)
    if revision is None:
        raise Http404
    allowed = may_agree_now(revision, request.user)
    if request.method == "POST":
        require(allowed)
    as_chair = selectors.agrees_as_chair(request.user, revision.grant)
    form = AgreeForm(request.POST or None, initial={"content_sha256": selectors.digest(revision)})
    agreed = attempt(
        form,
        lambda: extensions.agree(
            revision, content_sha256=form.cleaned_data["content_sha256"], as_chair=as_chair, actor=request.user
        ),
    )
    if agreed is not None:
        messages.success(request, _("Your consent is recorded."))
        return redirect("work")
    context = {
        "revision": revision,
        "grant": revision.grant,
        "months_added": months_added(revision.grant),
        "moves": [] if revision.has_ended or revision.ends is None else report_moves(revision),
        "budget": selectors.budget_asked(revision),
        "form": form,
        "allowed": allowed,
        "as_chair": as_chair,
        "cancel": reverse("work"),
    }
    return render(request, "committees/extension_agree.html", context)
