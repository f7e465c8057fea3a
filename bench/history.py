"""How long the public files of two real funds take to import and to draw, and whether every figure arrives."""

from collections.abc import Iterator
from decimal import Decimal
from time import perf_counter

from django.conf import settings
from django.db.models import Sum

from bench.figures import Figure, at_most, exactly
from tests.factories import transparency as make
from transparency.models import DashboardChart, HistoryProject
from transparency.ocha.bundle import Bundle, from_folder
from transparency.services import drawing, importing, runs
from transparency.services.importing import Report

FILES = settings.BASE_DIR.parent / "shared" / "data" / "cbpf"
GOAL = 60


def measure() -> Iterator[Figure]:
    """Import, import again, draw; without the files beside the checkout it says so."""
    if not FILES.is_dir():
        yield Figure("history: the public files do not lie beside this checkout", "not measured")
        return
    bundle = from_folder(FILES)
    start = perf_counter()
    report = _take(bundle)
    yield at_most("history of two funds, first import", perf_counter() - start, GOAL, "s")
    start = perf_counter()
    again = _take(bundle)
    yield at_most("history of two funds, unchanged import", perf_counter() - start, GOAL, "s")
    yield exactly("rows imported", report.counts()["created"], 18213)
    yield exactly("rows unchanged the second time", again.counts()["unchanged"], 18213)
    total = HistoryProject.objects.aggregate(total=Sum("budget"))["total"]
    yield exactly("US$ of all projects, to the cent", f"{total:.2f}", str(Decimal("1638432524.74")))
    start = perf_counter()
    charts = drawing.draw_dashboard()
    yield Figure("public charts drawn in three languages", perf_counter() - start, f"s for {charts}")
    largest = max(len(svg.encode()) for svg in DashboardChart.objects.values_list("svg", flat=True))
    yield Figure("largest chart, uncompressed", largest, "bytes")


def _take(bundle: Bundle) -> Report:
    run = runs.start_from_folder(skip_bad_rows=False)
    return runs.finish(run, importing.import_bundle(run, bundle, actor=None, progress=make.silent))
