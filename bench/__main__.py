"""Run every measurement, or those whose topics are named; print a table and write bench-results/latest.json."""

import argparse
import importlib
import json
import os
import platform
import shutil
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCAL = ROOT / ".local" / "bench"


def prepare() -> None:
    """An empty, migrated, durable database of our own."""
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"POOLFUND_LOCAL": str(LOCAL), "DJANGO_SETTINGS_MODULE": "poolfund.settings.local"}
    import django

    from poolfund import embedded

    if embedded.LOCAL.data.exists():  # of a measurement that was broken off
        embedded.LOCAL.stop()
    shutil.rmtree(LOCAL, ignore_errors=True)

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _promise(figure: Any) -> str:
    kept = "kept" if figure.kept else "BROKEN"
    if figure.limit is not None:
        return f"  (at most {figure.limit:g}: {kept})"
    return f"  (exactly {figure.expected:,.2f}: {kept})" if figure.expected is not None else ""


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("topics", nargs="*", help="what to measure; everything without one")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long the rush lasts (the promise: 10)")
    parser.add_argument(
        "--editors",
        type=int,
        default=600,
        help="pages that are open in the rush (the promise: 600); reads and submissions in proportion",
    )
    return parser.parse_args()


def main() -> int:
    """Measure; 1 when a promise is not kept."""
    from bench import SIZE, Figure

    asked = _asked()
    SIZE.minutes, SIZE.editors = asked.minutes, asked.editors
    print("preparing a database ...", flush=True)
    prepare()
    topics = asked.topics or sorted(
        file.stem.removeprefix("bench_") for file in Path(__file__).parent.glob("bench_*.py")
    )
    figures: list[Figure] = []
    for topic in topics:
        print(f"\n{topic}", flush=True)
        for figure in importlib.import_module(f"bench.bench_{topic}").measure():
            limit = _promise(figure)
            note = f"  {figure.note}" if figure.note else ""
            print(f"  {figure.name:<58}{figure.value:>12,.2f} {figure.unit}{limit}{note}", flush=True)
            figures.append(figure)
    results = ROOT / "bench-results"
    results.mkdir(exist_ok=True)
    report = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "figures": [asdict(figure) | {"kept": figure.kept} for figure in figures],
    }
    (results / "latest.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print("\nwritten to bench-results/latest.json")
    return 0 if all(figure.kept for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
