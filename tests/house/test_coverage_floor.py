"""The check of branches can fail, and looks at pure modules and services only."""

import json
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

from django.conf import settings


def judged(folder: Path, modules: dict[str, tuple[str, int, int]]) -> "subprocess.CompletedProcess[str]":
    """What the tool says of modules: path -> (source, branches taken, branches)."""
    files = {}
    for name, (source, taken, branches) in modules.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
        summary = {"covered_branches": taken, "num_branches": branches}
        files[name] = {"summary": summary, "missing_branches": [[3, -1]] * (branches - taken)}
    (folder / "coverage.json").write_text(json.dumps({"files": files}))
    return asked(folder, "coverage.json")


def asked(folder: Path, what: str) -> "subprocess.CompletedProcess[str]":
    """What the tool says in a folder."""
    program = [sys.executable, str(settings.BASE_DIR / "tools/coverage_floor.py"), what]
    return subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


PURE, IMPURE = "import math\n", "def f():\n    from django.db import models\n"
WHOLE = {"grants/budgets.py": (PURE, 40, 40), "grants/services/calls.py": (IMPURE, 20, 20)}


def test_it_passes_when_enough_branches_are_taken(tmp_path: Path) -> None:
    said = judged(tmp_path, WHOLE)
    assert said.returncode == 0
    assert "pure: 40 of 40 branches of 1 modules" in said.stdout


def test_it_fails_below_the_floor_and_names_module_and_line(tmp_path: Path) -> None:
    said = judged(tmp_path, {**WHOLE, "ledger/services.py": (IMPURE, 10, 14)})
    assert said.returncode == 1
    assert "ledger/services.py  3→end" in said.stdout
    assert "service: 30 of 34" in said.stdout


def test_views_and_the_house_itself_do_not_count(tmp_path: Path) -> None:
    others = {
        "grants/views.py": (IMPURE, 0, 50),
        "poolfund/logs.py": (PURE, 0, 50),
        "grants/migrations/0001.py": (PURE, 0, 9),
    }
    assert judged(tmp_path, {**WHOLE, **others}).returncode == 0


def test_nothing_measured_is_a_failure(tmp_path: Path) -> None:
    assert judged(tmp_path, {}).returncode == 1


def test_what_counts_is_measured_and_no_more() -> None:
    said = RawConfigParser()
    said.read_string(asked(settings.BASE_DIR, "--config").stdout)
    measured = said["run"]["include"].split()
    assert {"kernel/money.py", "ledger/services.py", "grants/services/calls.py"} <= set(measured)
    assert not [name for name in measured if "/views/" in name and not name.endswith("__init__.py")]
    assert not [name for name in measured if name.startswith(("tests/", "poolfund/"))]
    assert said.getboolean("run", "branch")
