"""Drafts of the charter: written section by section or as a whole, proposed, withdrawn."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.forms import ReasonForm
from accounts.http import person, posted
from charter import selectors, services, wording
from charter.forms import ProposeForm, SectionForm, SummaryForm, WholeForm
from charter.labels import SECTIONS
from charter.models import CharterVersion
from kernel.permissions import Refused


def _draft(request: HttpRequest, number: int) -> CharterVersion:
    return get_object_or_404(selectors.drafts_visible_to(request.user), number=number)


def create(request: HttpRequest) -> HttpResponse:
    """A new draft on the ground of the version in force, else of the proposal that the software brings."""
    form = SummaryForm(posted(request))
    if request.method == "POST" and form.is_valid():
        version = services.draft_version(selectors.rules_to_begin_with(), form.summary(), person(request))
        return redirect("charter:draft", number=version.number)
    context = {"form": form, "ground": selectors.find_charter_in_force()}
    return render(request, "charter/draft_new.html", context)


def draft(request: HttpRequest, number: int) -> HttpResponse:
    """A draft: its chapters, what it changes, and the summary."""
    version = _draft(request, number)
    form = SummaryForm(posted(request), summary=version.summary)
    if request.method == "POST" and form.is_valid():
        services.revise(version, rules=version.rules, summary=form.summary(), actor=person(request))
        messages.success(request, _("Saved."))
        return redirect("charter:draft", number=number)
    earlier = selectors.find_charter_in_force()
    differences = wording.compare(earlier.rules, version.rules) if earlier else []
    context = {"version": version, "form": form, "chapters": SECTIONS, "earlier": earlier, "differences": differences}
    return render(request, "charter/draft.html", context)


def section(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """The numbers of one chapter."""
    version = _draft(request, number)
    if key not in SECTIONS:
        raise Http404
    form = SectionForm(
        posted(request), rules_data=wording.data_of(version.rules), section=key, ground=version.rules_sha256
    )
    return _edit(request, version, form, SECTIONS[key], "charter/draft_section.html")


def whole(request: HttpRequest, number: int) -> HttpResponse:
    """The whole draft as JSON."""
    version = _draft(request, number)
    text = json.dumps(wording.data_of(version.rules), ensure_ascii=False, indent=2)
    form = WholeForm(posted(request), files=request.FILES or None, initial={"text": text}, ground=version.rules_sha256)
    return _edit(request, version, form, _("The whole charter as JSON"), "charter/draft_section.html")


def _edit(request: HttpRequest, version: CharterVersion, form: Any, title: Any, template: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            services.revise(version, rules=form.rules, summary=version.summary, actor=person(request))
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Saved."))
            return redirect("charter:draft", number=version.number)
    return render(request, template, {"version": version, "form": form, "title": title})


def propose(request: HttpRequest, number: int) -> HttpResponse:
    """Put the draft before the networks."""
    version = _draft(request, number)
    form = ProposeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.propose(version, actor=person(request), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("The version is before the networks; their representatives have been told."))
            return redirect("charter:version_detail", number=number)
    return render(request, "charter/propose.html", {"version": version, "form": form})


def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a draft or a proposed version back."""
    version = get_object_or_404(selectors.versions_visible_to(request.user), number=number)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw(version, actor=person(request), reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("The version is withdrawn."))
            return redirect("charter:version_list")
    return render(request, "charter/withdraw.html", {"version": version, "form": form})
