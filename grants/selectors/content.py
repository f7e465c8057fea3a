"""What exactly was submitted, as bytes that can be hashed again by anyone who holds them."""

import hashlib
from typing import Any

import rfc8785

from grants.models import Application


def content_of(application: Application) -> dict[str, Any]:
    """Everything that the application says, as plain data: text, whole numbers (minor units), ISO days, truth values."""
    call, organisation = application.call, application.organisation
    return {
        "v": 1,
        "call": {"reference": call.reference, "charter": call.rules_version},
        "reference": application.reference,
        "organisation": {
            "id": str(organisation.pk),
            "name_ar": organisation.name_ar,
            "name_latin": organisation.name_latin,
        },
        "project": {
            "title": application.title,
            "summary": application.summary,
            "sector": application.sector,
            "governorates": sorted(application.governorates),
            "months": application.months,
            "starts_on": application.starts_on.isoformat() if application.starts_on else None,
            "people_reached": application.people_reached,
            **_partners(application),
        },
        "eligibility": _eligibility(application),
        "answers": _answers(application),
        "budget": _budget(application),
        "requested_minor": application.requested_minor,
        "currency": call.currency,
    }


def _partners(application: Application) -> dict[str, list[str]]:
    """The partners, where there are any: an application without them reads as those of before partners were asked for."""
    names = [one.name for one in application.partners.all()]
    return {"partners": names} if names else {}


def _eligibility(application: Application) -> dict[str, bool]:
    rows = application.eligibility_answers.select_related("question").order_by("question__key")
    return {row.question.key: row.value for row in rows}


def _answers(application: Application) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    rows = application.answers.select_related("question__section").order_by(
        "question__section__order", "question__order"
    )
    for row in rows:
        found.setdefault(row.question.section.key, {})[row.question.key] = row.value
    return found


def _budget(application: Application) -> list[dict[str, Any]]:
    names = (
        "category",
        "description",
        "unit",
        "quantity",
        "unit_cost_minor",
        "months",
        "percent_charged",
        "purpose",
        "remark",
    )
    return [{name: getattr(line, name) for name in names} for line in application.budget_lines.order_by("order", "pk")]


def content_bytes(application: Application) -> bytes:
    """The content in canonical JSON (RFC 8785)."""
    return rfc8785.dumps(content_of(application))


def content_sha256(application: Application) -> str:
    """SHA-256 of `content_bytes` in hexadecimal."""
    return hashlib.sha256(content_bytes(application)).hexdigest()
