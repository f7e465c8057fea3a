"""Figures and how they are kept."""

import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. ``goal`` says in words what it should reach, ``reached`` whether it did (None: no goal)."""

    name: str
    value: float | int | str
    unit: str = ""
    goal: str = ""
    reached: bool | None = None

    def row(self) -> str:
        """The figure as a row of a Markdown table."""
        value = (
            f"{self.value:,.2f}"
            if isinstance(self.value, float)
            else f"{self.value:,}"
            if isinstance(self.value, int)
            else self.value
        )
        verdict = {None: "", True: "reached", False: "MISSED"}[self.reached]
        return f"| {self.name} | {value} {self.unit} | {self.goal} | {verdict} |"


def at_most(name: str, value: float, limit: float, unit: str) -> Figure:
    """A figure that should not exceed ``limit``."""
    return Figure(name, value, unit, f"≤ {limit:,} {unit}", value <= limit)


def exactly(name: str, value: float | str, expected: float | str, unit: str = "") -> Figure:
    """A figure that should be ``expected``."""
    return Figure(name, value, unit, f"= {expected} {unit}".strip(), value == expected)


def seconds(fn: Callable[[], object], *, times: int = 1) -> list[float]:
    """How long each of ``times`` calls of ``fn`` took."""
    taken = []
    for _ in range(times):
        start = perf_counter()
        fn()
        taken.append(perf_counter() - start)
    return taken


def keep(figures: Sequence[Figure], folder: Path) -> None:
    """Write ``figures.json`` and ``figures.md`` into ``folder``."""
    folder.mkdir(exist_ok=True)
    machine = {"python": platform.python_version(), "cores": _cores(), "measured_at": datetime.now(UTC).isoformat()}
    content = {"machine": machine, "figures": [asdict(figure) for figure in figures]}
    (folder / "figures.json").write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    head = "| figure | value | goal | |\n|---|---|---|---|\n"
    (folder / "figures.md").write_text(head + "\n".join(figure.row() for figure in figures) + "\n", encoding="utf-8")


def _cores() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
