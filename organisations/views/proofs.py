"""Documents of an organisation, with the day on which they end."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.http import person
from kernel.permissions import require
from kernel.uploads import send_private
from organisations import rules, selectors, services
from organisations.forms import ProofForm
from organisations.models import RegistrationProof
from organisations.views.common import acted, posted, visible


def proof_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All documents, the newest first; those past their end are marked."""
    organisation = visible(request, pk)
    context = {
        "organisation": organisation,
        "proofs": selectors.proofs_of(organisation),
        "today": timezone.localdate(),
        "may_add": rules.may_add_proof(RegistrationProof(organisation=organisation), actor=request.user),
        "missing": rules.missing_for_due_diligence(organisation),
    }
    return render(request, "organisations/proof_list.html", context)


def add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a document."""
    organisation = visible(request, pk)
    require(rules.may_add_proof(RegistrationProof(organisation=organisation), actor=request.user))
    form = ProofForm(*posted(request))
    answer = acted(
        request,
        form,
        lambda: services.add_proof(organisation, actor=person(request), **form.cleaned_data),
        done=_("The document is kept."),
        to=reverse("organisations:proofs", args=[pk]),
    )
    context = {"form": form, "organisation": organisation, "title": _("Add a document"), "back": "organisations:proofs"}
    return answer or render(request, "organisations/organisation_form.html", context)


def download(request: HttpRequest, pk: UUID, proof: UUID) -> FileResponse:
    """Send one document to who may see the organisation."""
    organisation = visible(request, pk)
    found = get_object_or_404(selectors.proofs_of(organisation).exclude(file=""), pk=proof)
    return send_private(found.file, name=f"{found.kind}-{found.sha256[:8]}")
