"""Links of an organisation to others: what the committees' conflicts are computed from."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import person as who
from organisations import rules, selectors, services
from organisations.partnership_forms import EndPartnershipForm, PartnershipForm
from organisations.views.common import acted, allowed, posted


def partnership_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Partners, mentors and hosts, on either side, now and before."""
    organisation = allowed(request, pk, rules.may_see_partnerships)
    context = {
        "organisation": organisation,
        "rows": selectors.partnerships_of(organisation),
        "may_keep": rules.may_keep_partnerships(organisation, actor=request.user),
    }
    return render(request, "organisations/partnership_list.html", context)


def record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a link with what shows it."""
    organisation = allowed(request, pk, rules.may_keep_partnerships)
    form = PartnershipForm(*posted(request), organisation=organisation)
    answer = acted(
        request,
        form,
        lambda: services.record_partnership(organisation, actor=who(request), **form.cleaned_data),
        done=_("The link is recorded."),
        to=reverse("organisations:partnerships", args=[pk]),
    )
    context = {
        "form": form,
        "organisation": organisation,
        "title": _("Record a link"),
        "back": "organisations:partnerships",
    }
    return answer or render(request, "organisations/organisation_form.html", context)


def end(request: HttpRequest, pk: UUID, link: UUID) -> HttpResponse:
    """End a link today; it stays on record."""
    organisation = allowed(request, pk, rules.may_keep_partnerships)
    found = get_object_or_404(organisation.partnerships.select_related("partner"), pk=link)
    form = EndPartnershipForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.end_partnership(found, actor=who(request), reason=form.cleaned_data["reason"]),
        done=_("The link has ended."),
        to=reverse("organisations:partnerships", args=[pk]),
    )
    context = {"form": form, "organisation": organisation, "link": found}
    return answer or render(request, "organisations/partnership_end.html", context)
