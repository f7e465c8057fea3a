"""How long the public files of two real funds take to import and to draw, and whether every figure arrives."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Sum

from bench import Figure, seconds
from tests.factories import transparency as make
from transparency.models import DashboardChart, HistoryProject
from transparency.ocha.bundle import Bundle, from_folder
from transparency.services import drawing, importing, runs
from transparency.services.importing import Report

FILES = settings.BASE_DIR.parent / "shared" / "data" / "cbpf"
GOAL = 60
ROWS = 18_213
DOLLARS = 1_638_432_524.74


def measure() -> Iterator[Figure]:
    """Import, import again, draw; without the files beside the checkout it says so."""
    if not FILES.is_dir():
        yield Figure("history", "the public files do not lie beside this checkout: files found", 0, "files")
        return
    bundle = from_folder(FILES)
    reports: list[Report] = []
    first = seconds(lambda: reports.append(_take(bundle)))
    again = seconds(lambda: reports.append(_take(bundle)))
    total = HistoryProject.objects.aggregate(total=Sum("budget"))["total"]
    yield Figure("history", "two funds, first import", first, "s", limit=GOAL)
    yield Figure("history", "two funds, unchanged import", again, "s", limit=GOAL)
    yield Figure("history", "rows imported", reports[0].counts()["created"], "rows", expected=ROWS)
    yield Figure("history", "rows unchanged the second time", reports[1].counts()["unchanged"], "rows", expected=ROWS)
    yield Figure("history", "all projects", float(total), "US$", expected=DOLLARS)
    yield Figure("history", "public charts drawn in three languages", seconds(drawing.draw_dashboard), "s")
    largest = max(len(svg.encode()) for svg in DashboardChart.objects.values_list("svg", flat=True))
    yield Figure("history", "largest chart, uncompressed", largest, "bytes")


def _take(bundle: Bundle) -> Report:
    run = runs.start_from_folder(skip_bad_rows=False)
    return runs.finish(run, importing.import_bundle(run, bundle, actor=None, progress=make.silent))
