"""Bank accounts of an organisation; every change asks for a fresh second factor."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.http import person
from kernel.permissions import require
from organisations import rules, selectors, services
from organisations.bank_forms import BankChangeForm
from organisations.forms import BankAccountForm, SuspensionForm, VerifyForm
from organisations.models import BankAccount, Organisation
from organisations.selectors import bank_changes
from organisations.views.common import acted, posted, visible


def _seen(request: HttpRequest, pk: UUID) -> Organisation:
    organisation = visible(request, pk)
    require(rules.may_see_bank_accounts(organisation, actor=request.user))
    return organisation


def account_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All accounts, with who recorded and verified them."""
    organisation = _seen(request, pk)
    changes = list(bank_changes.open_changes_of(organisation))
    context = {
        "organisation": organisation,
        "accounts": selectors.bank_accounts_of(organisation),
        "may_add": rules.may_record_account(BankAccount(organisation=organisation), actor=request.user),
        "verifies": selectors.verifies_bank_accounts(request.user),
        "changes": changes,
        "held": {account for change in changes for account in (change.account_id, change.replaces_id)},
    }
    return render(request, "organisations/bank_account_list.html", context)


def record(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record where the organisation receives money."""
    organisation = visible(request, pk)
    require(rules.may_record_account(BankAccount(organisation=organisation), actor=request.user))
    later = bank_changes.asks_for_changes(organisation)
    form = BankChangeForm(*posted(request), organisation=organisation) if later else BankAccountForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.record_bank_account(organisation, actor=person(request), **form.cleaned_data),
        done=_("Recorded. A finance officer will ask you on a second way before money goes there."),
        to=reverse("organisations:bank_accounts", args=[pk]),
    )
    context = {
        "form": form, "organisation": organisation, "title": _("Change of bank details") if later else _("Add a bank account"), "back": "organisations:bank_accounts",
    }  # fmt: skip
    return answer or render(request, "organisations/organisation_form.html", context)


def _account(request: HttpRequest, pk: UUID, account: UUID) -> BankAccount:
    return get_object_or_404(selectors.bank_accounts_visible_to(request.user), organisation=pk, pk=account)


def verify(request: HttpRequest, pk: UUID, account: UUID) -> HttpResponse:
    """Confirm the details as a second person, through a second channel."""
    found = _account(request, pk, account)
    if found.state != "recorded" or found.is_erased:
        raise Http404
    require(rules.may_verify_account(found, actor=request.user))
    form = VerifyForm(*posted(request))
    form.initial["fingerprint"] = found.fingerprint
    answer = acted(
        request,
        form,
        lambda: services.verify_bank_account(found, actor=person(request), **form.cleaned_data),
        done=_("Verified. Money may go there after the pause that the charter sets."),
        to=reverse("organisations:bank_accounts", args=[pk]),
    )
    context = {
        "form": form, "account": found, "organisation": found.organisation, "same": selectors.same_numbers(found),
    }  # fmt: skip
    return answer or render(request, "organisations/bank_account_verify.html", context)


def retire(request: HttpRequest, pk: UUID, account: UUID) -> HttpResponse:
    """Stop using an account."""
    found = _account(request, pk, account)
    require(rules.may_retire_account(found, actor=request.user))
    form = SuspensionForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.retire_bank_account(found, actor=person(request), reason=form.cleaned_data["reason"]),
        done=_("This account is no longer used."),
        to=reverse("organisations:bank_accounts", args=[pk]),
    )
    context = {"form": form, "account": found, "organisation": found.organisation}
    return answer or render(request, "organisations/bank_account_retire.html", context)
