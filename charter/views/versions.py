"""The charter as everybody reads it, and the networks' votes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.http import person, posted
from accounts.selectors import has_role, is_officer
from audit.selectors import timeline, without_names
from charter import selectors, services, wording
from charter.forms import VoteForm
from charter.models import CharterVersion, Network
from charter.rules import WRITERS
from charter.states import CharterState
from kernel.permissions import Refused


def _version(request: HttpRequest, number: int) -> CharterVersion:
    return get_object_or_404(selectors.versions_visible_to(request.user), number=number)


def in_force(request: HttpRequest) -> HttpResponse:
    """The charter in force, in words."""
    version = selectors.find_charter_in_force()
    if version is None:
        proposed = selectors.version_before_the_networks()
        return render(request, "charter/none.html", {"proposed": proposed, "writes": has_role(request.user, *WRITERS)})
    return render(request, "charter/in_force.html", {"version": version, **_text(version)})


def _text(version: CharterVersion) -> dict[str, Any]:
    """The rules in words, and which of them the version does not say itself."""
    return {
        "sections": wording.describe(version.rules),
        "added": wording.added(version.rules, version.rules_data),
    }


def version_list(request: HttpRequest) -> HttpResponse:
    """All versions with what the networks said."""
    context = {
        "rows": selectors.versions_with_votes(request.user),
        "writes": has_role(request.user, *WRITERS),
        "waiting": selectors.networks_that_wait_for(request.user),
    }
    return render(request, "charter/version_list.html", context)


def version_detail(request: HttpRequest, number: int) -> HttpResponse:
    """One version: its text, its votes, its record."""
    version = _version(request, number)
    earlier, entries = selectors.version_before(version), timeline(version)
    context = {
        "version": version,
        **_text(version),
        "votes": selectors.votes_on(version),
        "count": selectors.count_votes(version) if version.state == CharterState.PROPOSED else None,
        "earlier": earlier,
        "differences": wording.compare(earlier.rules, version.rules) if earlier else [],
        "remarks": selectors.remarks_on(version),
        "speaks": selectors.speaks_for(request.user, version),
        "entries": entries if is_officer(request.user) else without_names(entries),
        "writes": has_role(request.user, *WRITERS),
        "waiting": [network for one, network in selectors.networks_that_wait_for(request.user) if one == version],
    }
    return render(request, "charter/version_detail.html", context)


def version_json(request: HttpRequest, number: int) -> HttpResponse:
    """The rules of a version as data; the same bytes validate and hash to the same fingerprint."""
    version = _version(request, number)
    options: dict[str, Any] = {"ensure_ascii": False, "indent": 2, "sort_keys": True}
    response = JsonResponse(version.rules_data, json_dumps_params=options)
    response["Content-Disposition"] = f'attachment; filename="charter-{version.number}.json"'
    return response


def compare(request: HttpRequest, before: int, after: int) -> HttpResponse:
    """What changed between two versions."""
    old, new = _version(request, before), _version(request, after)
    context = {"before": old, "after": new, "differences": wording.compare(old.rules, new.rules)}
    return render(request, "charter/compare.html", context)


def vote(request: HttpRequest, number: int, network_id: UUID) -> HttpResponse:
    """A representative votes for a network."""
    version, network = _version(request, number), _own_network(request, network_id)
    form = VoteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        consents = form.cleaned_data["consents"] == "yes"
        try:
            services.vote(
                version, network, consents=consents, actor=person(request), comment=form.cleaned_data["comment"]
            )
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("Your network's vote is cast and recorded."))
            return redirect("charter:version_detail", number=number)
    earlier = selectors.version_before(version)
    differences = wording.compare(earlier.rules, version.rules) if earlier else []
    context = {"version": version, "network": network, "form": form, "earlier": earlier, "differences": differences}
    return render(request, "charter/vote.html", context)


def _own_network(request: HttpRequest, pk: UUID) -> Network:
    try:
        return selectors.network_of_representative(request.user, pk)
    except Network.DoesNotExist as error:
        raise Http404 from error
