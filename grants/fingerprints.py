"""What exactly a person reads before deciding, as a hash: a decision on anything else is refused."""

import hashlib
from datetime import UTC
from typing import Any

import rfc8785
from django.utils.translation import gettext_lazy as _

from charter.selectors import charter_in_force
from grants.models import Call, Report, Revision, Section
from kernel.permissions import Allowed, Denied, PermissionResult

NARRATIVE = ("achieved", "did_not_work", "participation", "people_reached")
"""The words and the number of a report."""


def _sha256(content: dict[str, Any]) -> str:
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def report_sha256(report: Report) -> str:
    """SHA-256 over RFC 8785 JSON of what a report says: period, narrative, spending by category."""
    return _sha256(
        {
            "report": str(report.pk),
            "period": [report.period_start.isoformat(), report.period_end.isoformat()],
            "narrative": {name: getattr(report, name) for name in NARRATIVE},
            "lines": {line.category: [line.spent_minor, line.explanation] for line in report.lines.all()},
        }
    )


def revision_sha256(revision: Revision) -> str:
    """SHA-256 over RFC 8785 JSON of what a change of the budget, or an extension, asks for in its last round.

    The days, and what is added, are part of it where they change.
    """
    amounts = revision.amounts.filter(round=revision.round)
    return _sha256(
        {
            "revision": str(revision.pk),
            "round": revision.round,
            "reason": revision.reason,
            "new_post": revision.new_post,
            "amounts": {one.category: [one.before_minor, one.after_minor] for one in amounts},
            **({"ends": [one.isoformat() for one in revision.ends]} if revision.ends else {}),
            **({"added": [revision.added_minor, str(revision.paid_from)]} if revision.added_minor else {}),
        }
    )


def call_sha256(call: Call) -> str:
    """SHA-256 over RFC 8785 JSON of all that the board approves: terms, card, questions, sources, the charter in force."""
    return _sha256(
        {
            "call": call.reference,
            "charter": charter_in_force().rules_sha256,
            "terms": _terms(call),
            "criteria": _rows(call.criteria.all(), "name", "guidance", "weight", "anchors"),
            "eligibility": _rows(call.eligibility_questions.all(), "text", "expected", "explanation"),
            "sections": [
                {**_row(one, "title", "intro", "relevant", *_staged(call)), "questions": _questions(one)}
                for one in call.sections.prefetch_related("questions")
            ],
            "sources": sorted(
                [one.contribution.reference, one.amount_minor]
                for one in call.planned_sources.select_related("contribution")
            ),
        }
    )


def _staged(call: Call) -> tuple[str, ...]:
    """What a page says of its stage, where the call has two."""
    return () if call.concept_closes_at is None else ("stage",)


_QUESTION = (
    "kind", "label", "hint", "required", "max_length", "minimum", "maximum", "choices", "relevant", "constraint",
    "constraint_message", "calculation",
)  # fmt: skip


def _questions(section: Section) -> list[dict[str, Any]]:
    """The questions in their order, each with the group that it stands in."""
    rows = list(section.questions.all())
    keys: dict[Any, str] = {one.pk: one.key for one in rows}
    placed = sorted(rows, key=lambda one: (keys.get(one.parent_id, ""), one.order, one.key))
    return [{**_row(one, *_QUESTION), "in": keys.get(one.parent_id, "")} for one in placed]


def _terms(call: Call) -> dict[str, Any]:
    plain = ("grant_type", "currency", "envelope_minor", "floor_minor", "ceiling_minor")
    return {
        **{name: _said(getattr(call, name)) for name in ("title", "summary", "text")},
        **{name: getattr(call, name) for name in plain},
        **{name: sorted(getattr(call, name)) for name in ("sectors", "governorates", "months_allowed")},
        **({} if call.logframe_from_minor is None else {"logframe_from_minor": call.logframe_from_minor}),
        **({"asks_places": True} if call.asks_places else {}),
        **(
            {}
            if call.concept_closes_at is None
            else {"concept_closes_at": call.concept_closes_at.astimezone(UTC).isoformat()}
        ),
        **{name: getattr(call, name).astimezone(UTC).isoformat() for name in ("opens_at", "closes_at")},
    }


def _rows(rows: Any, *names: str) -> list[dict[str, Any]]:
    return [_row(one, *names) for one in rows]


def _row(one: Any, *names: str) -> dict[str, Any]:
    return {"key": one.key, **{name: _said(getattr(one, name)) for name in names}}


def _said(value: Any) -> Any:
    """A text in several languages as a plain mapping, anything else as it is."""
    data = getattr(value, "data", value)
    return {str(key): text for key, text in data.items()} if isinstance(data, dict) else data


def is_what_was_read(shown_sha256: str, now_sha256: str) -> PermissionResult:
    """Whether what a person decides on is what stands there now."""
    if shown_sha256 == now_sha256:
        return Allowed()
    return Denied(_("This changed after you opened it. Please read it again, then decide."))
