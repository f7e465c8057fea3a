"""Logs carry what was allowed and nothing of people."""

import json
import logging
import sys
from typing import Any

import pytest

from poolfund.logs import StructuredFormatter, redact


def line(record: logging.LogRecord) -> dict[str, Any]:
    """A record as it would be written."""
    return dict(json.loads(StructuredFormatter().format(record)))


def record(name: str, message: str, *args: object, **extra: object) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.WARNING, "x.py", 1, message, args, None)
    made.__dict__.update(extra)
    return made


def test_only_allowed_fields_are_written() -> None:
    written = line(record("grants.services", "receipt sent", kind="mail", count=3, email="samar@fund.example"))
    assert written | {"at": ""} == {
        "at": "", "level": "warning", "logger": "grants.services", "event": "receipt sent", "kind": "mail", "count": 3,
    }  # fmt: skip


def test_what_libraries_fill_in_is_dropped() -> None:
    assert line(record("django.request", "Not Found: %s", "/account/password/reset/key/secret"))["event"] == (
        "Not Found: %s"
    )


def test_an_exception_shows_its_frames_and_not_its_message() -> None:
    try:
        raise ValueError("samar@fund.example")
    except ValueError:
        made = record("grants", "failed")
        made.exc_info = sys.exc_info()
    written = line(made)
    assert written["error"] == "ValueError"
    assert written["frames"][-1].startswith("test_logs.py:")
    assert "samar" not in json.dumps(written)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wrote to samar@fund.example today", "wrote to [e-mail] today"),
        ("account DE89370400440532013000", "account [iban]"),
        ("call +963 11 555 0100 now", "call [number] now"),
        ("at 33.51380, 36.27650", "at [place]"),
        ("APP-2026-7K3QF2 moved", "APP-2026-7K3QF2 moved"),
    ],
)
def test_personal_patterns_are_blanked(text: str, expected: str) -> None:
    assert redact(text) == expected
