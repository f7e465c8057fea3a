"""What exactly was submitted, as bytes that can be hashed again by anyone who holds them."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import rfc8785

from grants.models import Application, Attachment, ConceptNote, ExpectedResult
from grants.questions.values import number_text
from grants.selectors.logframe import results_of
from grants.states import PartnerRole


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
            **({"places": sorted(application.places)} if application.places else {}),
            "months": application.months,
            "starts_on": application.starts_on.isoformat() if application.starts_on else None,
            "people_reached": application.people_reached,
            **({} if application.expected_minor is None else {"expected_minor": application.expected_minor}),
            **_partners(application),
        },
        "eligibility": _eligibility(application),
        "answers": _answers(application),
        **_results(application),
        "budget": _budget(application),
        "requested_minor": application.requested_minor,
        "currency": call.currency,
    }


def _partners(application: Application) -> dict[str, Any]:
    """The partners, where there are any: an application of before partners, or their shares, were asked for reads as then."""
    rows = list(application.partners.all())
    shares = {one.name: {"role": one.role, "percent": one.share_percent} for one in rows}
    said = any(one.share_percent or one.role != PartnerRole.CARRYING for one in rows)
    names = [one.name for one in rows]
    return ({"partners": names} if names else {}) | ({"partner_shares": shares} if said else {})


def _results(application: Application) -> dict[str, Any]:
    """The results framework, where one is asked for: an application of before reads as then."""
    rows = results_of(application)
    return {"results": [_result(row) for row in rows]} if rows else {}


def _result(row: ExpectedResult) -> dict[str, Any]:
    return {
        "level": row.level,
        "result": row.statement,
        "indicators": [
            {
                **{name: getattr(one, name) for name in ("name", "unit", "verification")},
                "baseline": None if one.baseline is None else number_text(one.baseline),
                "target": number_text(one.target),
                "split_by": sorted(one.split_by),
            }
            for one in row.indicators.all()
        ],
    }


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


PSEUDONYM: Final = 8
"""Characters of the hash by which an erased file is called; `grants.guards.erasable_file` holds it."""


def pseudonym(sha256: str) -> str:
    """What a file is called whose name is kept nowhere, or no more."""
    return f"file-{sha256[:PSEUDONYM]}"


def renamed(value: Any, names: Mapping[str, str]) -> Any:
    """The ``value`` of a content with each file called by ``names`` (by its id as text), or else by its pseudonym."""
    if isinstance(value, list):
        return [renamed(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    if {"file", "name", "sha256"} <= value.keys():
        return {**value, "name": names.get(value["file"]) or pseudonym(value["sha256"])}
    return {key: renamed(one, names) for key, one in value.items()}


def nameless_bytes(application: Application) -> bytes:
    """As `content_bytes`, with no word of what people called their files: for what is kept for ever."""
    return rfc8785.dumps(renamed(content_of(application), {}))


def note_bytes(note: ConceptNote) -> bytes:
    """A concept note as it was sent, whose hash is ``note.sha256``; without the names of files that were erased since."""
    names = dict(Attachment.objects.filter(application=note.application_id).values_list("pk", "name"))
    return rfc8785.dumps(renamed(json.loads(note.content), {str(pk): name for pk, name in names.items()}))


def content_sha256(application: Application) -> str:
    """SHA-256 of `content_bytes` in hexadecimal."""
    return hashlib.sha256(content_bytes(application)).hexdigest()
