"""Agreements: drawn in two languages, hashed, signed by the partner, countersigned by the fund, and then funded."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from audit import lifecycle
from charter.selectors import working_deadline
from grants import events
from grants.agreement_text import agreement_data
from grants.models import Grant
from grants.selectors.extensions import signed_end
from grants.selectors.grants import rules_of
from grants.services import funding
from grants.services.reports import schedule_reports
from kernel.pdf import render_pdf

LANGUAGES = ("ar", "en")


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One payment as the agreement promises it: number, amount in minor units, planned day, year of the grant."""

    number: int
    amount_minor: int
    due_on: date
    year: int


@transaction.atomic
def draw_agreement(grant: Grant, *, starts_on: date, ends_on: date, schedule: list[ScheduleRow], actor: Any) -> Grant:
    """Draw the agreement in Arabic and English and make it ready to sign; drawing again replaces an unsigned text.

    Raises `Refused` while a condition of the award is open.
    """
    files = {
        language: render_pdf(
            "grants/agreement.typ",
            agreement_data(grant, schedule, starts_on=starts_on, ends_on=ends_on, language=language),
        )
        for language in LANGUAGES
    }
    hashes = {language: hashlib.sha256(content).hexdigest() for language, content in files.items()}
    due = working_deadline(timezone.now(), rules_of(grant).deadlines.partner_signature_days)
    drawn = lifecycle.move(
        grant,
        events.AgreementDrafted(sha256_ar=hashes["ar"], sha256_en=hashes["en"], starts_on=starts_on, ends_on=ends_on),
        actor=actor,
        changes={
            "starts_on": starts_on,
            "ends_on": ends_on,
            "agreement_ar_sha256": hashes["ar"],
            "agreement_en_sha256": hashes["en"],
            "step_due": due,
        },
    )
    drawn.agreement_ar.save(f"{drawn.reference}.ar.pdf", ContentFile(files["ar"]), save=False)
    drawn.agreement_en.save(f"{drawn.reference}.en.pdf", ContentFile(files["en"]), save=False)
    drawn.save(update_fields=["agreement_ar", "agreement_en"])
    return drawn


def text_of(grant: Grant, language: str) -> dict[str, Any]:
    """What the drawn agreement says in ``language`` (Arabic or English), as data for a page."""
    ends_on = signed_end(grant)
    if grant.starts_on is None or ends_on is None:
        raise ValueError(f"{grant.reference} has no agreed dates")
    spoken = language if language in LANGUAGES else "en"
    return agreement_data(grant, [], starts_on=grant.starts_on, ends_on=ends_on, language=spoken)


def sign(grant: Grant, *, sha256_ar: str, sha256_en: str, actor: Any) -> Grant:
    """The partner's signatory signs exactly the texts with these hashes."""
    due = working_deadline(timezone.now(), rules_of(grant).deadlines.fund_signature_days)
    return lifecycle.move(
        grant,
        events.AgreementSigned(sha256_ar=sha256_ar, sha256_en=sha256_en),
        actor=actor,
        changes={"signed_by": actor, "signed_at": timezone.now(), "step_due": due},
    )


@transaction.atomic
def countersign(grant: Grant, *, sha256_ar: str, sha256_en: str, actor: Any) -> Grant:
    """The fund manager countersigns: the reserved money becomes owed, the reports are scheduled, the grant is active."""
    active = lifecycle.move(
        grant,
        events.AgreementCountersigned(sha256_ar=sha256_ar, sha256_en=sha256_en),
        actor=actor,
        changes={"countersigned_by": actor, "countersigned_at": timezone.now(), "step_due": None},
    )
    funding.commit(active)
    schedule_reports(active)
    return active
