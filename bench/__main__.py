"""``python -m bench [NAME …]``: measure all, or what is named; into ``bench-results/``."""

import os
import sys
from importlib import import_module
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "poolfund.settings.test")

MEASURES = ("door", "books", "pages", "history")
RESULTS = Path(__file__).resolve().parents[1] / "bench-results"


def main(names: list[str]) -> int:
    """Measure on a database of its own, print the table, and fail when a goal was missed."""
    import django

    django.setup()
    from bench.figures import Figure, keep
    from poolfund.database.testing import TestDatabases

    databases = TestDatabases()
    databases.build()
    figures: list[Figure] = []
    try:
        for name in names or MEASURES:
            databases.clone()
            print(f"measuring: {name}", flush=True)
            for figure in import_module(f"bench.{name}").measure():
                print(f"  {figure.row()}", flush=True)
                figures.append(figure)
    finally:
        databases.drop()
    keep(figures, RESULTS)
    missed = [figure.name for figure in figures if figure.reached is False]
    print(f"{len(figures)} figures in {RESULTS.name}/figures.json" + (f"; missed: {missed}" if missed else ""))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
