"""Partners' reports in the donors' place: the list, a report, and the report as a paper."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from funds import rules
from funds.models import Donor
from kernel.downloads import private, private_file
from kernel.permissions import require
from transparency.document_exports import document_pdf
from transparency.selectors import documents as selectors
from transparency.views.giving import donor_of


def _reader_of(request: HttpRequest, pk: UUID) -> Donor:
    donor = donor_of(request, pk)
    require(rules.may_read_reports(donor, request.user))
    return donor


def donor_documents(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Cleared reports of the grants that the donor's money paid."""
    donor = _reader_of(request, pk)
    context = {"donor": donor, "documents": selectors.documents_of(donor)}
    return private(render(request, "transparency/donor_documents.html", context))


def donor_document(request: HttpRequest, pk: UUID, code: str, number: int, extra: int) -> HttpResponse:
    """One of them; as PDF with ``format=pdf``."""
    donor = _reader_of(request, pk)
    found = selectors.document(donor, code, number=number, extra=extra)
    if found is None:
        raise Http404
    document, paper = found
    if request.GET.get("format") == "pdf":
        return private_file(document_pdf(donor, document, paper), f"report-{code}-{paper.label}.pdf")
    context = {"donor": donor, "document": document, "paper": paper}
    return private(render(request, "transparency/donor_document.html", context))
