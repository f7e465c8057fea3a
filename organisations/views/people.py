"""People of an organisation."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import person as who
from kernel.permissions import require
from organisations import rules, selectors, services
from organisations.forms import EndForm, InviteForm
from organisations.views.common import acted, allowed, posted, visible


def people_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who prepares, who signs, and who is invited."""
    organisation = visible(request, pk)
    context = {
        "organisation": organisation,
        "people": selectors.people_of(organisation),
        "invitations": selectors.invitations_of(organisation),
        "may_invite": rules.may_invite_person(organisation, actor=request.user),
        "belongs": rules.person_role(request.user, organisation),
    }
    return render(request, "organisations/person_list.html", context)


def invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a letter that offers a role."""
    organisation = allowed(request, pk, rules.may_invite_person)
    form = InviteForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.invite_person(organisation, actor=who(request), **form.cleaned_data),
        done=_("The invitation is on its way."),
        to=reverse("organisations:people", args=[pk]),
    )
    context = {
        "form": form,
        "organisation": organisation,
        "title": _("Invite a person"),
        "back": "organisations:people",
    }
    return answer or render(request, "organisations/organisation_form.html", context)


def end(request: HttpRequest, pk: UUID, person: UUID) -> HttpResponse:
    """End a person's role today."""
    organisation = visible(request, pk)
    require(rules.is_person_of(who(request), organisation))
    found = get_object_or_404(selectors.people_of(organisation), pk=person)
    form = EndForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.remove_person(found, actor=who(request), reason=form.cleaned_data["reason"]),
        done=_("The role has ended."),
        to=reverse("organisations:people", args=[pk]),
    )
    return answer or render(
        request, "organisations/person_end.html", {"form": form, "organisation": organisation, "person": found}
    )


def withdraw(request: HttpRequest, pk: UUID, invitation: UUID) -> HttpResponse:
    """Take an invitation back."""
    organisation = allowed(request, pk, rules.may_invite_person)
    found = get_object_or_404(selectors.invitations_of(organisation), pk=invitation)
    services.withdraw_invitation(found, actor=who(request))
    messages.success(request, _("The invitation no longer works."))
    return redirect("organisations:people", pk=pk)
