"""Structured logs that cannot leak: only named fields are written, and patterns of personal data are blanked."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

OUR_LOGGERS = frozenset({
    "kernel", "audit", "accounts", "notices", "ledger", "charter", "funds", "organisations", "grants", "committees",
    "disbursements", "transparency", "poolfund",
})  # fmt: skip
"""Loggers whose messages we write ourselves; of others only the template is kept, never what was filled in."""

FIELDS = (
    "request_id", "status_code", "method", "url_name", "task", "kind", "attempts", "seconds", "count", "code", "leaf",
    "object_type", "object_id", "signal",
)  # fmt: skip
"""Extra fields that a record may carry into the log."""

REDACTIONS = (
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "[e-mail]"),
    (re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b"), "[iban]"),
    (re.compile(r"(?<![\w-])\+?\d[\d\s().]{7,}\d(?![\w-])"), "[number]"),
    (re.compile(r"\b-?\d{1,2}\.\d{4,},\s*-?\d{1,3}\.\d{4,}\b"), "[place]"),
)


def redact(text: str) -> str:
    """``text`` without e-mail addresses, bank accounts, telephone numbers and coordinates; the net below the list."""
    for pattern, blank in REDACTIONS:
        text = pattern.sub(blank, text)
    return text


class StructuredFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's allowed fields; of an exception its type and frames, not its message."""
        ours = record.name.split(".")[0] in OUR_LOGGERS
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": redact(record.getMessage() if ours else str(record.msg)),
        }
        line |= {name: _plain(getattr(record, name)) for name in FIELDS if getattr(record, name, None) is not None}
        # Celery names its tasks there; what a task was given stays out.
        about = getattr(record, "data", None)
        if isinstance(about, dict) and "name" in about:
            line["task"] = _plain(about["name"])
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        if match is not None:
            line["url_name"] = match.view_name
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["frames"] = [
                f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-12:]
            ]
        return json.dumps(line, ensure_ascii=False)


def _plain(value: object) -> str | int | float | bool:
    return value if isinstance(value, int | float | bool) else redact(str(value))
