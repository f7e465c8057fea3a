"""Whether the tests take enough branches of the pure modules and the services; fails when they do not.

Pure modules are those that import no Django; services are the rooms of that name. `make coverage` calls this twice: with
``--config`` for what coverage.py has to measure, which takes a quarter of the time that everything takes, and with its report.
"""

import ast
import json
import sys
import tomllib
from collections.abc import Iterable
from configparser import RawConfigParser
from pathlib import Path
from typing import NamedTuple

FLOOR = 95.0
"""Percent of all branches of these modules together; modules below it are listed one by one."""
IMPURE = ("django", "allauth", "celery", "kombu", "import_export", "pgtrigger", "guardian", "i18nfield")
ELSEWHERE = ("poolfund", "tests", "bench", "tools", "deploy")


class Taken(NamedTuple):
    """How many branches a module has, and how many of them the tests took."""

    path: str
    kind: str
    taken: int
    branches: int
    lines: str

    @property
    def percent(self) -> float:
        """The share of branches taken; a module without branches has nothing to miss."""
        return 100.0 * self.taken / self.branches if self.branches else 100.0


def kind_of(path: Path, source: str) -> str:
    """``service``, ``pure``, or nothing for modules that other tests are for."""
    if path.parts[0] in ELSEWHERE or "migrations" in path.parts:
        return ""
    if "services" in path.parts or path.name == "services.py":
        return "service"
    return "" if any(name.split(".")[0] in IMPURE for name in imported(source)) else "pure"


def imported(source: str) -> Iterable[str]:
    """The names of all modules that a source imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def measured(report: dict[str, object], root: Path) -> list[Taken]:
    """The modules that count, from coverage.py's report in JSON."""
    found = []
    files: dict[str, dict[str, object]] = report["files"]  # type: ignore[assignment]
    for name, file in files.items():
        kind = kind_of(Path(name), (root / name).read_text(encoding="utf-8"))
        summary: dict[str, int] = file["summary"]  # type: ignore[assignment]
        if kind:
            missing: list[list[int]] = file.get("missing_branches", [])  # type: ignore[assignment]
            lines = ", ".join(f"{start}→{end if end > 0 else 'end'}" for start, end in missing)
            found.append(Taken(name, kind, summary["covered_branches"], summary["num_branches"], lines))
    return found


def counted(root: Path) -> list[str]:
    """The modules that count, by their paths in ``root``; nothing that a tool keeps in a hidden folder."""
    paths = (path.relative_to(root) for path in sorted(root.glob("[!.]*/**/*.py")))
    return [str(path) for path in paths if kind_of(path, (root / path).read_text(encoding="utf-8"))]


def config(root: Path) -> RawConfigParser:
    """What coverage.py reads: the project's own settings, and of all modules those that count."""
    said = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["coverage"]
    said["run"]["include"] = counted(root)
    made = RawConfigParser()
    made.read_dict(
        {
            room: {name: "\n".join(value) if isinstance(value, list) else value for name, value in values.items()}
            for room, values in said.items()
        }
    )
    return made


def judge(report: Path, root: Path) -> int:
    """Print what is below the floor and the sums; 1 when the whole is below it."""
    modules = measured(json.loads(report.read_text(encoding="utf-8")), root)
    for module in sorted(modules, key=lambda one: (one.percent, one.path)):
        if module.percent < FLOOR:
            print(f"{module.percent:6.1f} %  {module.taken:4}/{module.branches:<4} {module.path}  {module.lines}")
    wanting = False
    for kind in ("pure", "service"):
        taken, branches = (
            sum(getattr(one, name) for one in modules if one.kind == kind) for name in ("taken", "branches")
        )
        share = 100.0 * taken / branches if branches else 0.0
        wanting = wanting or share < FLOOR
        number = sum(one.kind == kind for one in modules)
        print(f"{kind}: {taken} of {branches} branches of {number} modules taken, {share:.1f} % (floor {FLOOR:.0f} %)")
    return int(wanting)


def main(said: str, root: Path) -> int:
    """Print the configuration, or judge the report at the path ``said``."""
    if said == "--config":
        config(root).write(sys.stdout)
        return 0
    return judge(Path(said), root)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path.cwd()))
