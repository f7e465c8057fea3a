"""Changes of a grant's budget or days: asked for, judged, signed, in force."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from accounts.http import person
from audit import lifecycle
from audit.selectors import timeline
from disbursements import pages, revision_pages
from disbursements.forms import ReasonForm
from disbursements.forms.extensions import CostExtensionForm, ExtensionForm
from disbursements.forms.revisions import ApproveRevisionForm, RevisionForm, SignAmendmentForm, TakeUpForm
from disbursements.selectors.extensions import moved_days
from disbursements.views.common import acted, confirmed, seen_grant
from grants import events
from grants.fingerprints import revision_sha256
from grants.models import Grant, Revision
from grants.rules.extensions import may_begin_extension
from grants.rules.revisions import may_begin
from grants.selectors import revisions as selectors
from grants.selectors.grants import rules_of
from grants.services import cost_extensions, extensions, revisions
from grants.states import RevisionKind
from kernel.permissions import require
from kernel.uploads import send_private


def _seen(request: HttpRequest, pk: UUID) -> Revision:
    return get_object_or_404(selectors.visible_to(request.user), pk=pk)


def revision_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The organisation's signatory, or an officer, says which category gets how much, and why."""
    grant = seen_grant(request, pk)
    require(may_begin(grant, actor=request.user))
    form = RevisionForm(request.POST or None, now=selectors.budget_in_force(grant), currency=grant.currency)
    act = lambda: revisions.request(grant, actor=person(request), **form.wished())  # noqa: E731 -- one act, one line
    back = pages.url("grant_detail", grant)
    done = _("Sent. The change and its days stand on the page of the grant.")
    answer = acted(request, form, act, done=done, to=back)
    context = {"grant": grant, "form": form, "back": back, "rules": rules_of(grant)}
    return answer or render(request, "disbursements/revision_edit.html", context)


def extension_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The organisation's signatory, or an officer, says how many months more, and why."""
    grant = seen_grant(request, pk)
    require(may_begin_extension(grant, actor=request.user))
    form, back = ExtensionForm(request.POST or None), pages.url("grant_detail", grant)
    act = lambda: extensions.request(grant, actor=person(request), **form.cleaned_data)  # noqa: E731 -- one act, one line
    return _extension_page(request, grant, form, act, back=back)


def _extension_again(request: HttpRequest, revision: Revision) -> HttpResponse:
    form, back = ExtensionForm(request.POST or None, revision=revision), pages.url("revision_detail", revision)
    act = lambda: extensions.request_again(revision, actor=person(request), **form.cleaned_data)  # noqa: E731
    return _extension_page(request, revision.grant, form, act, back=back)


def _extension_page(
    request: HttpRequest, grant: Grant, form: ExtensionForm, act: Callable[[], Any], *, back: str
) -> HttpResponse:
    answer = acted(request, form, act, done=_("Sent. The change and its days stand on the page of the grant."), to=back)
    context = {"grant": grant, "form": form, "back": back, **revision_pages.extension_terms(grant)}
    return answer or render(request, "disbursements/extension_edit.html", context)


def cost_extension_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The organisation's signatory, or an officer, says how much more is needed for what, and why."""
    grant = seen_grant(request, pk)
    require(may_begin_extension(grant, actor=request.user))
    form = CostExtensionForm(request.POST or None, grant=grant)
    act = lambda: cost_extensions.request(grant, actor=person(request), **form.wished())  # noqa: E731
    return _cost_extension_page(request, grant, form, act, back=pages.url("grant_detail", grant))


def _cost_extension_again(request: HttpRequest, revision: Revision) -> HttpResponse:
    grant = revision.grant
    form = CostExtensionForm(request.POST or None, grant=grant, revision=revision)
    act = lambda: cost_extensions.request_again(revision, actor=person(request), **form.wished())  # noqa: E731
    return _cost_extension_page(request, grant, form, act, back=pages.url("revision_detail", revision))


def _cost_extension_page(
    request: HttpRequest, grant: Grant, form: CostExtensionForm, act: Callable[[], Any], *, back: str
) -> HttpResponse:
    answer = acted(request, form, act, done=_("Sent. The change and its days stand on the page of the grant."), to=back)
    context = {"grant": grant, "form": form, "back": back, **revision_pages.money_terms(grant)}
    return answer or render(request, "disbursements/cost_extension_edit.html", context)


def revision_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A returned change, mended and sent again."""
    revision = _seen(request, pk)
    require(lifecycle.possible(revision, revision_pages.again(revision), actor=request.user))
    if revision.kind == RevisionKind.COST:
        return _cost_extension_again(request, revision)
    if revision.kind == RevisionKind.NO_COST:
        return _extension_again(request, revision)
    grant, now = revision.grant, selectors.budget_in_force(revision.grant)
    form = RevisionForm(request.POST or None, now=now, currency=grant.currency, revision=revision)
    act = lambda: revisions.request_again(revision, actor=person(request), **form.wished())  # noqa: E731
    back = pages.url("revision_detail", revision)
    done = _("Sent. The change and its days stand on the page of the grant.")
    answer = acted(request, form, act, done=done, to=back)
    context = {"grant": grant, "form": form, "back": back, "rules": rules_of(grant)}
    return answer or render(request, "disbursements/revision_edit.html", context)


def revision_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Before and after of every category or day, whose turn it is, who agreed, the texts, the record."""
    revision = _seen(request, pk)
    context = {
        "revision": revision,
        "grant": revision.grant,
        "step": revision_pages.step_of(revision, request.user),
        "rounds": selectors.rounds_of(revision),
        "days": moved_days(revision),
        "consents": selectors.consents_of(revision),
        "entries": timeline(revision),
        **revision_pages.may(revision, request.user),
    }
    return render(request, "disbursements/revision_detail.html", context)


def revision_approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve exactly what is shown."""
    revision = _seen(request, pk)
    require(lifecycle.possible(revision, revision_pages.approval(revision), actor=request.user))
    form = ApproveRevisionForm(request.POST or None, initial={"content_sha256": revision_sha256(revision)})
    act = lambda: revisions.approve(revision, actor=person(request), **form.cleaned_data)  # noqa: E731
    back = pages.url("revision_detail", revision)
    answer = acted(request, form, act, done=_("Approved; the organisation was told."), to=back)
    return answer or confirmed(
        request, form, grant=revision.grant, title=_("Approve the change"), what=revision_pages.what_follows(revision),
        cancel=back, whom=str(revision.grant.organisation), undo=_("No, but another change can be asked for."),
        submit=_("Approve the change"),
    )  # fmt: skip


_ACTS: dict[str, tuple[Any, Any, Callable[..., Any]]] = {
    "take_up": (events.RevisionTakenUp, TakeUpForm, revisions.take_up),
    "return": (events.RevisionReturned, ReasonForm, revisions.give_back),
    "reject": (events.RevisionRejected, ReasonForm, revisions.reject),
    "withdraw": (events.RevisionWithdrawn, ReasonForm, revisions.withdraw),
}


def _words(act: str) -> dict[str, str]:
    return {
        "take_up": {
            "title": _("Look at the change"),
            "what": _("You approve, return or reject it; a notice does not count by itself any more."),
            "undo": _("No. It stands in the record with your name."),
            "submit": _("Look at it"),
            "done": _("The change waits for your decision."),
        },
        "return": {
            "title": _("Return the change"),
            "what": _("Who asked for it mends it and sends it again."),
            "undo": _("Yes: it can be sent again."),
            "submit": _("Return the change"),
            "done": _("Returned; who asked for it was told what is missing."),
        },
        "reject": {
            "title": _("Reject the change"),
            "what": _("Budget and days of the grant stay as they are."),
            "undo": _("No, but another change can be asked for."),
            "submit": _("Reject the change"),
            "done": _("Rejected; who asked for it was told why."),
        },
        "withdraw": {
            "title": _("Take the change back"),
            "what": _("Budget and days of the grant stay as they are."),
            "undo": _("No, but another change can be asked for."),
            "submit": _("Take the change back"),
            "done": _("The change is taken back."),
        },
    }[act]


def revision_act(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Look at, return, reject, take back."""
    revision = _seen(request, pk)
    event, form_class, service = _ACTS[act]
    require(lifecycle.possible(revision, event(), actor=request.user))
    form = form_class(request.POST if request.method == "POST" else None)
    words, back = _words(act), pages.url("revision_detail", revision)
    done = words.pop("done")
    run = lambda: service(revision, actor=person(request), **form.cleaned_data)  # noqa: E731 -- one act, one line
    answer = acted(request, form, run, done=done, to=back)
    whom = f"{revision.grant.organisation} · {revision.grant.reference}"
    return answer or confirmed(
        request, form, **words, whom=whom, cancel=back, grant=revision.grant, danger=act == "reject"
    )


def revision_sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sign the amendment for the partner, or countersign it for the fund."""
    revision = _seen(request, pk)
    require(lifecycle.possible(revision, revision_pages.signature(revision), actor=request.user))
    sign = revisions.countersign if revision.state == "amendment_signed" else revisions.sign
    shown = {"sha256_ar": revision.amendment_ar_sha256, "sha256_en": revision.amendment_en_sha256}
    form, back = SignAmendmentForm(request.POST or None, initial=shown), pages.url("revision_detail", revision)
    answer = acted(
        request, form, to=back, done=_("Signed, and recorded with its proof."),
        act=lambda: sign(
            revision, sha256_ar=form.cleaned_data["sha256_ar"], sha256_en=form.cleaned_data["sha256_en"],
            actor=person(request),
        ),
    )  # fmt: skip
    follows = revision_pages.what_follows(revision)
    context = {"revision": revision, "grant": revision.grant, "form": form, "follows": follows}
    return answer or render(request, "disbursements/revision_sign.html", context)


def revision_file(request: HttpRequest, pk: UUID, language: str) -> HttpResponseBase:
    """The amendment as PDF in one language."""
    revision = _seen(request, pk)
    file = revision.text_of(language)
    if not file:
        raise Http404
    return send_private(file, name=f"{revision.grant.reference}-amendment.{language}")
