"""Certificates of what a giver gave in a year. They go by letter to the giver's own address and to nobody else."""

import hashlib
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from audit import lifecycle, outbox
from audit.sealed import opened_or
from funds import events
from funds.models import Gift, Giver, GivingCertificate
from funds.selectors import cards as selectors
from kernel import codes, identity, mail
from kernel.pdf import canonical_json
from kernel.pieces.words import in_damascus

CERTIFICATE = "funds.certificate"


@identity.system("funds.giving")
def ask_for(gift: Gift) -> None:
    """Owe the giver of ``gift`` a letter with the certificate of the gift's year; whoever asks learns nothing from it."""
    if gift.received_at is None or not opened_or(gift.giver, "email", ""):
        return
    year = in_damascus(gift.received_at).year
    payload = {"giver": str(gift.giver_id), "year": year, "language": gift.language}
    sha256 = _sha256(selectors.given_in(gift.giver_id, year))
    outbox.put(CERTIFICATE, payload, dedupe_key=f"{gift.giver_id}:{year}:{sha256}")


def _sha256(gifts: list[dict[str, Any]]) -> str:
    return hashlib.sha256(canonical_json({"gifts": gifts}).encode()).hexdigest()


@transaction.atomic
def issue(giver: Giver, year: int) -> GivingCertificate | None:
    """The certificate of a year as it stands now; the same gifts are certified once. None when nothing was given."""
    gifts = selectors.given_in(giver.pk, year)
    if not gifts:
        return None
    Giver.objects.select_for_update(no_key=True).get(pk=giver.pk)
    sha256 = _sha256(gifts)
    known = GivingCertificate.objects.filter(giver=giver, year=year, gifts_sha256=sha256).first()
    if known is not None:
        return known
    sums: dict[str, int] = {}
    for one in gifts:
        sums[one["currency"]] = sums.get(one["currency"], 0) + one["minor"]
    made = GivingCertificate(
        reference=codes.reference("GCT", year), giver=giver, year=year, gifts=gifts, gifts_sha256=sha256
    )
    event = events.CertificateIssued(year=year, reference=made.reference, gifts=len(gifts), sums=sums)
    return lifecycle.create(made, event, actor=None)


@outbox.handler(CERTIFICATE)
def send(payload: dict[str, Any]) -> None:
    """Issue the certificate and write to the giver's address where it is."""
    giver = Giver.objects.select_related("data_key").get(pk=UUID(payload["giver"]))
    made, address = issue(giver, payload["year"]), opened_or(giver, "email", "")
    if made is not None and address:
        mail.send(lambda: _letter(made), to=address, language=payload["language"], message_id=f"certificate.{made.pk}")


def _letter(made: GivingCertificate) -> mail.Letter:
    return mail.Letter(
        subject=_("Certificate of your gifts in %(year)s") % {"year": made.year},
        body=_("The link opens the certificate. Whoever has it sees what you gave in that year."),
        path=reverse("giving:certificate", args=[selectors.certificate_token(made)]),
        action=_("Open the certificate"),
    )
