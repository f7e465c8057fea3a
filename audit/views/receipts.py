"""The proof of one recorded act: its place in the log for anybody who knows its hash, its receipt for whom it concerns."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from audit import holders, papers, receipts, selectors
from audit.models import Leaf

PER_PAGE = 50


def paper(request: HttpRequest, subject: UUID) -> HttpResponse:
    """From the code on a paper to the proof of what was signed last by its fingerprint."""
    leaf = papers.leaf_of(subject)
    if leaf is None:
        raise Http404
    return redirect("audit:proof", bytes(leaf.leaf_hash).hex())


def proof(request: HttpRequest, leaf: str) -> HttpResponse:
    """Where the leaf stands in the tree, under which checkpoint, and what its holder can take home."""
    found = _leaf(leaf)
    mine = bool(holders.may_hold(request.user, found.event))
    context: dict[str, Any] = {
        "leaf": found,
        "hash": leaf,
        "mine": mine,
        "entry": selectors.entry(found.event) if mine else None,
        "checkpoint": receipts.checkpoint_for(found),
        "witnessed": receipts.is_witnessed(found),
        "promised_by": receipts.promised_by(found),
        "promises": receipts.promises(),
        "erased": not selectors.is_open(found),
        "qr": receipts.qr(leaf),
    }
    return render(request, "audit/proof.html", context)


def receipt(request: HttpRequest, leaf: str) -> HttpResponse:
    """The ``.tlog-proof`` with the owner's record and nonce."""
    return _download(receipts.receipt(_own(request, leaf)), f"{leaf[:12]}.tlog-proof")


def promise(request: HttpRequest, leaf: str) -> HttpResponse:
    """The signed promise, before and after sealing."""
    return _download(receipts.promise(_own(request, leaf)), f"{leaf[:12]}.promise.txt")


def record(request: HttpRequest) -> HttpResponse:
    """For auditors: every act in their scope, newest first, each with its proof."""
    kind = request.GET.get("kind", "")
    types = [one for one in holders.audited_types() if not kind or one.startswith(f"{kind}.")]
    page = Paginator(selectors.events_of_types(types), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "entries": [selectors.entry(event) for event in page.object_list],
        "kinds": _kinds(),
        "kind": kind,
    }
    return render(request, "audit/record.html", context)


def _kinds() -> list[tuple[str, str]]:
    """The parts of the house whose acts are audited, with their names, as filters."""
    labels = sorted({one.partition(".")[0] for one in holders.audited_types()})
    return [(label, str(apps.get_app_config(label).verbose_name)) for label in labels]


def _leaf(text: str) -> Leaf:
    found = selectors.leaf_of_hash(text)
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, text: str) -> Leaf:
    found = _leaf(text)
    if not holders.may_hold(request.user, found.event):
        raise Http404
    return found


def _download(content: str | None, name: str) -> HttpResponse:
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
