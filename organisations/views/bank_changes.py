"""Changes of bank details: what is odd, the call back, the agreement of others; every step asks for a fresh second factor."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.http import person
from audit.selectors import timeline
from kernel.permissions import PermissionResult, require
from kernel.pieces import Tone
from organisations import rules, services
from organisations.bank_forms import AgreeForm, CallBackForm, EndChangeForm
from organisations.models import BankChange, BankChangeAgreement
from organisations.selectors import bank_changes as selectors
from organisations.states import BankChangeState
from organisations.views.common import acted, posted

TONES = {
    BankChangeState.REQUESTED: Tone.TODO, BankChangeState.CALLED_BACK: Tone.OPEN, BankChangeState.APPROVED: Tone.DONE,
    BankChangeState.REFUSED: Tone.STOP, BankChangeState.WITHDRAWN: Tone.OFF,
}  # fmt: skip


def _change(request: HttpRequest, pk: UUID, change: UUID) -> BankChange:
    return get_object_or_404(selectors.changes_visible_to(request.user), organisation=pk, pk=change)


def detail(request: HttpRequest, pk: UUID, change: UUID) -> HttpResponse:
    """What is asked for, what looks odd, who did what, and the steps that are one's own."""
    found = _change(request, pk, change)
    context = {
        "change": found, "organisation": found.organisation, "tone": TONES[BankChangeState(found.state)],
        "agreements": selectors.agreements_of(found), "entries": timeline(found, *selectors.agreements_of(found)),
        "may_call": found.state == BankChangeState.REQUESTED and rules.may_call_back(found, actor=request.user),
        "may_agree": rules.may_agree(BankChangeAgreement(change=found), actor=request.user),
        "is_open": found.state in {BankChangeState.REQUESTED, BankChangeState.CALLED_BACK},
        "may_refuse": rules.may_refuse_change(found, actor=request.user),
        "may_withdraw": rules.may_withdraw_change(found, actor=request.user),
    }  # fmt: skip
    return render(request, "organisations/bank_change_detail.html", context)


def _step(
    request: HttpRequest, change: BankChange, form: Form, act: Callable[[], Any], *,
    may: PermissionResult, title: str, done: str | Promise, submit: str,
) -> HttpResponse:  # fmt: skip
    require(may)
    to = reverse("organisations:bank_change", args=[change.organisation_id, change.pk])
    answer = acted(request, form, act, done=done, to=to)
    context = {
        "form": form, "change": change, "account": change.account, "organisation": change.organisation, "title": title,
        "submit": submit, "back": to,
    }  # fmt: skip
    return answer or render(request, "organisations/bank_change_step.html", context)


def call(request: HttpRequest, pk: UUID, change: UUID) -> HttpResponse:
    """An officer records the call back."""
    found = _change(request, pk, change)
    form = CallBackForm(*posted(request), change=found)
    return _step(
        request, found, form, lambda: services.call_back(found, actor=person(request), **form.values()),
        may=rules.may_call_back(found, actor=request.user), title=_("Record the call back"),
        done=_("Recorded. Now another person agrees."), submit=_("The organisation confirmed these details"),
    )  # fmt: skip


def agree(request: HttpRequest, pk: UUID, change: UUID) -> HttpResponse:
    """Another person agrees."""
    found = _change(request, pk, change)
    form = AgreeForm(*posted(request), change=found)
    return _step(
        request, found, form, lambda: services.agree_to_bank_change(found, actor=person(request), **form.values()),
        may=rules.may_agree(BankChangeAgreement(change=found), actor=request.user), title=_("Agree to the change"),
        done=_("You agreed. Money may go there after the pause that the charter sets."), submit=_("I agree to these details"),
    )  # fmt: skip


def refuse(request: HttpRequest, pk: UUID, change: UUID) -> HttpResponse:
    """The fund does not pay to the new account."""
    found = _change(request, pk, change)
    form = EndChangeForm(*posted(request))
    return _step(
        request, found, form,
        lambda: services.refuse_change(found, actor=person(request), reason=form.cleaned_data["reason"]),
        may=rules.may_refuse_change(found, actor=request.user), title=_("Refuse the change"),
        done=_("Refused. The account in use stays."), submit=_("Refuse the change"),
    )  # fmt: skip


def withdraw(request: HttpRequest, pk: UUID, change: UUID) -> HttpResponse:
    """A signatory takes the change back."""
    found = _change(request, pk, change)
    form = EndChangeForm(*posted(request))
    return _step(
        request, found, form,
        lambda: services.withdraw_change(found, actor=person(request), reason=form.cleaned_data["reason"]),
        may=rules.may_withdraw_change(found, actor=request.user), title=_("Take the change back"),
        done=_("Taken back. The account in use stays."), submit=_("Take the change back"),
    )  # fmt: skip
