"""Reading public reports: what everybody reads, and what waits before it."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.safestring import mark_safe

from grants.models import Call
from transparency.models import PublicPaper
from transparency.paper_rules import REPORTED, reads_drafts
from transparency.states import PaperState

_HEAVY = ("pdf_ar", "pdf_en")


def published() -> QuerySet[PublicPaper]:
    """Published reports, the latest first; older versions stay beside newer ones."""
    rows = PublicPaper.objects.filter(state=PaperState.PUBLISHED).select_related("call")
    return rows.defer(*_HEAVY, "figures").order_by("-published_on", "-version")


def readable_by(user: Any) -> QuerySet[PublicPaper]:
    """Published ones for everybody, and that one was taken back; those that wait for who asks, approves or audits."""
    rows = PublicPaper.objects.select_related("call", "asked_by", "approved_by", "published_by").defer(*_HEAVY)
    stood = Q(state=PaperState.PUBLISHED) | Q(state=PaperState.TAKEN_BACK, published_on__isnull=False)
    return rows if reads_drafts(user) else rows.filter(stood)


def waiting(user: Any) -> QuerySet[PublicPaper]:
    """Reports that are asked for, drawn or approved, for who reads drafts."""
    states = [PaperState.ASKED, PaperState.DRAWN, PaperState.APPROVED]
    return readable_by(user).filter(state__in=states).order_by("moved_at")


def reportable_calls() -> QuerySet[Call]:
    """Calls of which a report can be drawn."""
    return Call.objects.filter(state__in=REPORTED).order_by("-closes_at")


def report(paper: PublicPaper, language: str) -> dict[str, Any] | None:
    """The drawn sections in a language, their pictures ready for a page; None before it is drawn."""
    drawn = paper.figures.get(language)
    if drawn is None:
        return None
    sections = [
        {**one, "picture": mark_safe(one["svg"])}  # noqa: S308 -- drawn by transparency.charts, which escapes its texts
        for one in drawn["sections"]
    ]
    return {**drawn, "sections": sections}


def document(paper: PublicPaper, language: str) -> bytes:
    """The PDF in a language; empty before it was drawn."""
    column = "pdf_ar" if language == "ar" else "pdf_en"
    content = PublicPaper.objects.filter(pk=paper.pk).values_list(column, flat=True).get()
    return bytes(content)
