"""Requests, approvals and holds of tranches."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.http import person
from audit import lifecycle
from audit.selectors import timeline
from disbursements import events, pages, selectors, threads, waiting
from disbursements.forms import ApproveForm, NoteForm, PrepareForm, ReasonForm, RequestForm, WaiveForm
from disbursements.models import ConditionWaiver, Tranche
from disbursements.rules import may_be_approved, may_be_prepared, may_waive
from disbursements.services import payments, tranches
from disbursements.states import ApprovalKind, Waivable
from disbursements.views.common import acted, confirmed, seen_tranche
from kernel.permissions import PermissionResult, require
from kernel.pieces.data import NextStep
from organisations.rules import is_person_of
from organisations.selectors import sees_bank_accounts


def tranche_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One payment of the schedule: what was asked, who approved exactly that, what was paid."""
    tranche = seen_tranche(request, pk)
    requests = list(selectors.requests_of(tranche))
    made, waivers = list(selectors.payments_of(tranche)), list(selectors.waivers_of(tranche))
    acts = _acts(tranche, request.user)
    context = {
        "step": _step(tranche, request.user, acts),
        "asked": requests[0] if requests and tranche.request_round else None,
        "shows_account": sees_bank_accounts(request.user, tranche.grant.organisation),
        "approvals": selectors.approvals_shown(tranche),
        "waivers": waivers,
        "payments": made,
        "payment_tones": pages.PAYMENT_TONES,
        "entries": timeline(tranche, *requests, *made, *waivers),
        **pages.waiting_context(tranche, request.user, _waits(tranche)),
        **acts,
    }
    return render(request, "disbursements/tranche_detail.html", context)


def _step(tranche: Tranche, user: Any, acts: dict[str, Any]) -> NextStep:
    """`pages.tranche_step`, whose button leads to the act itself and never to the page on which it stands."""
    step = pages.tranche_step(tranche, user)
    acting = [f"approve_{kind}" for kind in acts["kinds"]] + ["payment_prepare"] * bool(acts["prepares"])
    if acting:
        return replace(step, mine=True, url=pages.url(acting[0], tranche))
    return replace(step, mine=step.mine and step.url != pages.url("tranche_detail", tranche))


def _waits(tranche: Tranche) -> list[PermissionResult]:
    return waiting.unmet(tranche) if tranche.state in waiting.NOT_ASKED_YET else []


def _acts(tranche: Tranche, user: Any) -> dict[str, Any]:
    """Which acts the person may do now."""
    may = lifecycle.possible
    return {
        "kinds": [kind for kind in ApprovalKind if may_be_approved(tranche, kind, actor=user)],
        "prepares": may_be_prepared(tranche, actor=user),
        "returns": may(tranche, events.TrancheReturned(), actor=user),
        "holds": may(tranche, events.TrancheHeld(), actor=user),
        "releases": may(tranche, events.TrancheReleased(), actor=user),
        "cancels": may(tranche, events.TrancheCancelled(), actor=user),
        "waives": waives(tranche, user),
    }


def tranche_request(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The signatory asks for a tranche; until that is possible the organisation's people read what it waits for."""
    tranche = seen_tranche(request, pk)
    require(is_person_of(request.user, tranche.grant.organisation))
    if waits := waiting.unmet_for(tranche, request.user):
        context = pages.waiting_context(tranche, request.user, waits)
        return render(request, "disbursements/tranche_waits.html", context)
    form = RequestForm(request.POST or None, tranche=tranche)
    answer = acted(
        request, form, lambda: tranches.request_tranche(tranche, actor=person(request), **_stated(form)),
        done=_("Requested. The fund answers within the charter's days."), to=pages.url("tranche_detail", tranche),
    )  # fmt: skip
    context = {
        "tranche": tranche, "grant": tranche.grant, "form": form, "cash": pages.cash_of(tranche.grant),
        "returned": selectors.last_return(tranche), "states_spending": waiting.states_spending(tranche),
        "thread": threads.thread(tranche.grant, request.user, tranche=tranche),
    }  # fmt: skip
    return answer or render(request, "disbursements/tranche_request.html", context)


def _stated(form: RequestForm) -> dict[str, Any]:
    data = dict(form.cleaned_data)
    return data | {"outstanding_advances_minor": data["outstanding_advances_minor"] or 0}


def tranche_waive(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The fund manager waives a condition that keeps the tranche from being requested."""
    tranche = seen_tranche(request, pk)
    conditions = waives(tranche, request.user)
    if not conditions:
        require(may_waive(ConditionWaiver(tranche=tranche), actor=request.user))
    form, back = WaiveForm(request.POST or None, conditions=conditions), pages.url("tranche_detail", tranche)
    answer = acted(
        request, form, lambda: tranches.waive_condition(tranche, actor=person(request), **form.cleaned_data), to=back,
        done=_("Waived; the organisation was told why."),
    )  # fmt: skip
    return answer or confirmed(
        request, form, grant=tranche.grant, title=_("Waive a condition"), whom=str(tranche.grant.organisation), cancel=back,
        what=_("The tranche may be requested without it. Everybody who sees the grant reads that it was waived, and why."),
        undo=_("No. The tranche can still be held."), submit=_("Waive the condition"),
    )  # fmt: skip


def waives(tranche: Tranche, user: Any) -> list[Waivable]:
    """The conditions that the person may waive now."""
    found = waiting.waivable(tranche)
    return [one for one in found if may_waive(ConditionWaiver(tranche=tranche, condition=one), actor=user)]


def tranche_approve(request: HttpRequest, pk: UUID, kind: str) -> HttpResponse:
    """Approve exactly what the page shows."""
    tranche = seen_tranche(request, pk)
    wanted = ApprovalKind(kind)
    require(may_be_approved(tranche, wanted, actor=request.user))
    asked = selectors.requests_of(tranche)[0]
    form = ApproveForm(request.POST or None, initial={"payload_sha256": asked.payload_sha256})
    answer = acted(
        request, form, lambda: tranches.approve(tranche, wanted, actor=person(request), **form.cleaned_data),
        done=_("Approved, and recorded with its proof."), to=pages.url("tranche_detail", tranche),
    )  # fmt: skip
    context = {
        "tranche": tranche, "grant": tranche.grant, "asked": asked, "form": form, "kind": wanted,
        "shows_account": sees_bank_accounts(request.user, tranche.grant.organisation),
        "cash": pages.cash_of(tranche.grant), "approvals": selectors.approvals_shown(tranche),
    }  # fmt: skip
    return answer or render(request, "disbursements/tranche_approve.html", context)


def payment_prepare(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Prepare the payment of a fully approved tranche."""
    tranche = seen_tranche(request, pk)
    require(may_be_prepared(tranche, actor=request.user))
    asked = selectors.requests_of(tranche)[0]
    back = pages.url("tranche_detail", tranche)
    posted = request.POST if request.method == "POST" else None
    form = PrepareForm(posted, providers=selectors.providers_in_use(tranche.currency))
    answer = acted(
        request, form, lambda: payments.prepare_payment(tranche, actor=person(request), **form.cleaned_data), to=back,
        done=_("Prepared; the money is kept aside. Another person releases it."),
    )  # fmt: skip
    context = {
        "tranche": tranche,
        "grant": tranche.grant,
        "asked": asked,
        "shows_account": sees_bank_accounts(request.user, tranche.grant.organisation),
        "form": form,
        "approvals": selectors.approvals_shown(tranche),
        "cancel": back,
    }
    return answer or render(request, "disbursements/payment_prepare.html", context)


_ACTS: dict[str, tuple[Any, Any, Any]] = {
    "return": (events.TrancheReturned, tranches.return_request, NoteForm),
    "hold": (events.TrancheHeld, tranches.hold, ReasonForm),
    "release": (events.TrancheReleased, tranches.release, ReasonForm),
    "cancel": (events.TrancheCancelled, tranches.cancel, ReasonForm),
}


def _words(act: str) -> dict[str, Any]:
    return {
        "return": {
            "title": _("Return the request"),
            "what": _("The organisation mends its request and sends it again; earlier approvals count no more."),
            "undo": _("No. The organisation sends a new request."),
            "done": _("Returned; the organisation was told what to mend."),
        },
        "hold": {
            "title": _("Hold the tranche"),
            "what": _("It cannot be requested until the hold is lifted."),
            "undo": _("Yes: the hold can be lifted at any time."),
            "done": _("Held; the organisation was told why."),
        },
        "release": {
            "title": _("Lift the hold"),
            "what": _("It can be requested as soon as its conditions are met."),
            "undo": _("Yes: it can be held again."),
            "done": _("The hold is lifted."),
        },
        "cancel": {
            "title": _("Cancel the tranche"),
            "what": _("It is not paid any more; the money goes back to its source when the grant is closed."),
            "undo": _("No."),
            "done": _("Cancelled."),
        },
    }[act]


def tranche_act(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Return a request; hold, release or cancel a tranche."""
    tranche = seen_tranche(request, pk)
    event, service, make = _ACTS[act]
    require(lifecycle.possible(tranche, event(), actor=request.user))
    form, words, back = make(request.POST or None), _words(act), pages.url("tranche_detail", tranche)
    answer = acted(
        request,
        form,
        lambda: service(tranche, actor=person(request), **form.cleaned_data),
        done=words.pop("done"),
        to=back,
    )
    whom = f"{tranche.grant.organisation} · {tranche.grant.reference}"
    return answer or confirmed(
        request,
        form,
        **words,
        whom=whom,
        submit=words["title"],
        cancel=back,
        danger=act == "cancel",
        grant=tranche.grant,
    )
