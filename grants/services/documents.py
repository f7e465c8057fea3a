"""Printed matter: the call with all its questions, and the receipt of an application, drawn by the outbox's workers."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import override

from audit import outbox
from grants.models import Application, Call, CallDocument
from grants.selectors import printed
from grants.selectors.calls import with_form
from grants.services.applications import RECEIPT
from grants.services.calls import DRAW
from kernel.pdf import render_pdf


@outbox.handler(DRAW)
def draw_call(payload: dict[str, Any]) -> None:
    """Draw the call in one language; drawn again after an extension, the file is replaced."""
    call = with_form(Call.objects.filter(pk=payload["call"])).get()
    language = payload["language"]
    with override(language):
        pdf = render_pdf("grants/call.typ", printed.call_data(call, language))
    document = CallDocument.objects.filter(call=call, language=language).first() or CallDocument(
        call=call, language=language
    )
    document.sha256 = hashlib.sha256(pdf).hexdigest()
    document.file.save(f"{call.reference}.{language}.pdf", ContentFile(pdf), save=False)
    document.save()


@outbox.handler(RECEIPT)
def draw_receipt(payload: dict[str, Any]) -> None:
    """Draw the receipt of what was submitted, in the language of the person who submitted it."""
    application = Application.objects.select_related("call", "organisation", "submitted_by").get(
        pk=payload["application"]
    )
    language = application.submitted_by.language if application.submitted_by else "ar"
    with override(language):
        pdf = render_pdf("grants/receipt.typ", printed.receipt_data(application, language))
    application.receipt.save(f"{application.reference}.pdf", ContentFile(pdf), save=False)
    application.save(update_fields=["receipt"])
