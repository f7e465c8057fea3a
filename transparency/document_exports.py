"""A cleared report as a paper for one donor: whose copy it is stands on every page."""

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from funds.models import Donor
from kernel.money import format_money
from kernel.pdf import render_pdf
from kernel.pieces.words import day_in_words, month_in_words
from transparency.selectors.documents import Document, ReportPaper, Spent


def document_pdf(donor: Donor, document: Document, paper: ReportPaper) -> bytes:
    """The report in the reader's language, with the donor's name as whose copy it is."""
    language = get_language() or "ar"
    period = " – ".join(month_in_words(day, language=language) for day in (paper.first, paper.last))
    told = [(_("Grant"), document.grant.code), (_("Period"), period), (_("Report"), f"{paper.label} · {paper.kind}")]
    if paper.people:
        told.append((_("People reached"), paper.people))
    data = {
        "language": language,
        "title": document.grant.called,
        "reference": f"{document.grant.code} · {paper.label}",
        "facts": told,
        "sections": paper.sections,
        "spending_title": _("Money"),
        "spending_head": (_("Category"), _("This period")),
        "spending": [(one.category, one.explanation, _spent(one, language)) for one in paper.spending],
        "hidden_title": _("Taken out for somebody's safety") if paper.hidden else "",
        "hidden": paper.hidden,
        "note": _("Copy for %(donor)s, drawn on %(day)s. Pass it on to nobody who does not need it.")
        % {"donor": donor.name, "day": day_in_words(timezone.localdate(), language=language)},
    }
    return render_pdf("transparency/document.typ", data)


def _spent(one: Spent, language: str) -> str:
    return f"{one.percent} %" if one.amount is None else format_money(one.amount, language)
