"""Public reports: asked for, drawn by the worker from released figures, approved by the board, published."""

import hashlib
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from audit import lifecycle, outbox
from grants.models import Call, Grant
from kernel import identity
from kernel.pdf import render_pdf
from transparency import events
from transparency.models import PublicPaper, ReleaseBatch
from transparency.services import writing
from transparency.services.papers.calling import call_sections
from transparency.services.papers.parts import in_language, on_paper
from transparency.services.papers.yearly import year_sections
from transparency.states import PaperState

DRAW_PAPER = "transparency.draw_paper"
LANGUAGES = ("ar", "en")
TELLING = (PaperState.DRAWN, PaperState.APPROVED, PaperState.PUBLISHED)
"""States in which a report holds figures."""


@transaction.atomic
def ask(*, call: Call | None = None, year: int | None = None, learned: Any = "", actor: Any) -> PublicPaper:
    """Ask for a new version of the report of a call or a year; the worker draws it. Raises `Refused`."""
    return _ask(call, year, learned, by=actor, actor=actor)


def _ask(call: Call | None, year: int | None, learned: Any, *, by: Any, actor: Any) -> PublicPaper:
    last = PublicPaper.objects.filter(call=call, year=year).aggregate(last=Max("version"))["last"] or 0
    paper = PublicPaper(call=call, year=year, version=last + 1, learned=learned, asked_by=by)
    event = events.PaperAsked(of=call.reference if call else str(year), version=paper.version)
    made = lifecycle.create(paper, event, actor=actor)
    outbox.put(DRAW_PAPER, {"paper": str(made.pk)}, dedupe_key=f"{DRAW_PAPER}:{made.pk}")
    return made


@identity.system("transparency.papers")
@transaction.atomic
def draw(paper_id: UUID) -> PublicPaper | None:
    """Draw a paper that was asked for, once. What is withheld meanwhile waits for the drawing, and takes it back."""
    writing.alone()
    paper = PublicPaper.objects.select_related("call").filter(pk=paper_id, state=PaperState.ASKED).first()
    if paper is None:
        return None
    figures = {language: _figures(paper, language) for language in LANGUAGES}
    pdfs = {language: render_pdf("transparency/report.typ", on_paper(figures[language])) for language in LANGUAGES}
    sha256 = hashlib.sha256(b"".join(pdfs[language] for language in LANGUAGES)).hexdigest()
    return lifecycle.move(
        paper,
        events.PaperDrawn(sha256=sha256),
        actor=None,
        changes={"figures": figures, "pdf_ar": pdfs["ar"], "pdf_en": pdfs["en"], "sha256": sha256},
    )


@transaction.atomic
def take_back(batch: ReleaseBatch) -> list[PublicPaper]:
    """A grant of the batch is told otherwise now: reports that told it, or others beside it, are taken back and drawn anew.

    What they said, less what is said now, would tell what is withheld. Those of the batch's calls go, and those of its year
    and later ones, which tell the payments.
    """
    writing.alone()
    calls = Grant.objects.filter(released__batch=batch).values("call")
    told = PublicPaper.objects.filter(Q(call__in=calls) | Q(year__gte=batch.month.year), state__in=TELLING)
    taken = [
        lifecycle.move(one, events.PaperTakenBack(), actor=None, changes={"figures": {}, "pdf_ar": b"", "pdf_en": b""})
        for one in told.order_by("version")
    ]
    latest = {(one.call_id, one.year): one for one in taken}
    for one in latest.values():
        _ask(one.call, one.year, one.learned, by=one.asked_by, actor=None)
    return taken


def _figures(paper: PublicPaper, language: str) -> dict[str, Any]:
    with in_language(language):
        sections = call_sections(paper.call) if paper.call is not None else year_sections(paper.year or 0)
        return sections.drawn(language, reference=str(paper), learned=paper.learned.localize(language))


def approve(paper: PublicPaper, *, sha256: str, actor: Any) -> PublicPaper:
    """The board consents to exactly what it read. Raises `Refused`."""
    return lifecycle.move(paper, events.PaperApproved(sha256=sha256), actor=actor, changes={"approved_by": actor})


def publish(paper: PublicPaper, *, sha256: str, actor: Any) -> PublicPaper:
    """Let everybody read it. Raises `Refused`."""
    changes = {"published_by": actor, "published_on": timezone.localdate()}
    return lifecycle.move(paper, events.PaperPublished(sha256=sha256), actor=actor, changes=changes)


def discard(paper: PublicPaper, *, reason: str, actor: Any) -> PublicPaper:
    """Set it aside. Raises `Refused`."""
    return lifecycle.move(paper, events.PaperDiscarded(), actor=actor, reason=reason)
