"""Invitations: sent and taken back by those who may, accepted through the link in the letter."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import letters, selectors, services
from accounts.forms import InvitationForm, RegistrationForm
from accounts.http import person, posted
from accounts.models import Invitation
from accounts.staff import staff_session_required
from accounts.states import InvitationState
from audit import lifecycle
from kernel.permissions import Refused


def invitation_list(request: HttpRequest) -> HttpResponse:
    """Invitations that I sent, and for administrators those to offices."""
    invitations = selectors.invitations_visible_to(request.user)[:200]
    rows = [(invitation, letters.offered(invitation)) for invitation in invitations]
    return render(request, "accounts/invitation_list.html", {"rows": rows})


@staff_session_required
def invite(request: HttpRequest) -> HttpResponse:
    """Invite a person to an office."""
    form = InvitationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.invite_to_office(**form.cleaned_data, actor=person(request))
        except Refused as refused:
            form.add_error(None, str(refused.reason))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("accounts:invitation_list")
    return render(request, "accounts/invitation_form.html", {"form": form})


@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an invitation back."""
    invitation = get_object_or_404(selectors.invitations_visible_to(request.user), pk=pk)
    services.withdraw(invitation, actor=person(request))
    messages.success(request, _("The invitation is withdrawn; its link no longer works."))
    return redirect("accounts:invitation_list")


def answer(request: HttpRequest, token: str) -> HttpResponse:
    """What the link of the letter opens."""
    invitation = services.invitation_of(token)
    if invitation is None:
        raise Http404
    if invitation.state != InvitationState.SENT or invitation.expired:
        return _over(request, invitation)
    if request.user.is_authenticated:
        return _accept(request, invitation)
    if selectors.person_with_address(invitation.email) is not None:
        return redirect_to_login(request.get_full_path())
    return _register(request, invitation)


def _over(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    return render(request, "accounts/invitation_over.html", {"invitation": invitation}, status=410)


def _accept(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    user = person(request)
    if request.method == "POST":
        services.accept(invitation, actor=user)
        messages.success(request, _("Welcome: you have accepted the invitation."))
        return redirect("work")
    return _page(request, invitation, mine=user.email == invitation.email)


def _register(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = RegistrationForm(posted(request), email=invitation.email, initial={"full_name": invitation.full_name})
    if request.method != "POST" or not form.is_valid():
        return _page(request, invitation, form=form, mine=True)
    try:
        user = services.register_invited(
            invitation,
            full_name=form.cleaned_data["full_name"],
            password=form.password(),
            language=get_language() or invitation.language,
        )
    except lifecycle.IllegalMove as used:
        return _over(request, used.subject)
    login(request, user, backend="accounts.backends.ByKey")
    return redirect("work" if form.password() else "mfa_add_webauthn")


def _page(request: HttpRequest, invitation: Invitation, *, mine: bool, form: Any = None) -> HttpResponse:
    context = {"invitation": invitation, "offered": letters.offered(invitation), "form": form, "mine": mine}
    return render(request, "accounts/invitation_answer.html", context)
