"""The files of the project, as the architecture tests read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT: Path = settings.BASE_DIR
APPS: list[str] = [*settings.FUND_APPS, "poolfund"]
RANK = {
    "kernel": 0, "audit": 1, "accounts": 2, "notices": 3, "ledger": 4, "charter": 5, "organisations": 6, "funds": 6,
    "grants": 7, "committees": 8, "disbursements": 8, "accountability": 8, "transparency": 9, "poolfund": 10,
}  # fmt: skip
"""Height of each app; libraries lie below all."""


def may_know(upper: str, lower: str) -> bool:
    """Whether app ``upper`` may name app ``lower``: itself, or one that stands below it (siblings do not)."""
    return upper == lower or lower not in RANK or RANK[upper] > RANK[lower]


def python_files(*, tests: bool = False) -> Iterator[Path]:
    """The project's Python files without migrations."""
    for folder in [*APPS, *(["tests"] if tests else [])]:
        for file in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in file.parts:
                yield file


def templates() -> Iterator[Path]:
    """HTML templates."""
    yield from sorted((ROOT / "templates").rglob("*.html"))


@cache
def parsed(file: Path) -> ast.Module:
    """A file's syntax tree."""
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def name(file: Path) -> str:
    """A file as messages name it."""
    return file.relative_to(ROOT).as_posix()
