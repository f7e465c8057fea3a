"""Comparing names with the United Nations' list: how long a thousand organisations take, who is found, who is disturbed."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from bench import Figure, seconds

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "standards" / "sanctions"
ORGANISATIONS = 1_000
NAMES_EACH = 8


def measure() -> Iterator[Figure]:
    """Figures of the real list; none where it does not lie beside the checkout."""
    if not SHARED.is_dir():
        print("screening: ../shared/data/standards/sanctions is absent, nothing measured")
        return
    from organisations.screening.lists import read_un
    from organisations.screening.matching import THRESHOLD, Index

    content = (SHARED / "lists" / "UN_consolidated.xml").read_bytes()
    entries = read_un(content).entries
    pairs, negatives = _rows("un_arabic_latin_pairs.csv"), [row["full_name"] for row in _rows("negatives_global.csv")]
    arabic = {row["name_original_script"] for row in pairs}
    whole = Index((one.reference, name) for one in entries for name in one.strong)
    latin = Index((one.reference, name) for one in entries for name in one.strong if name not in arabic)
    note = f"likeness from {THRESHOLD:g}"
    for name, index in (("whole list", whole), ("Latin spellings only", latin)):
        met = sum(
            any(one.entry == row["reference"].strip() for one in index.like(row["name_original_script"]))
            for row in pairs
        )
        yield Figure("screening", f"Arabic names found, {name}", round(100 * met / len(pairs), 1), "%", note=note)
    alarms = sum(bool(whole.like(name)) for name in negatives)
    yield Figure("screening", "false alarms in 1,000 names", alarms, "names", limit=10, note=note)
    names = random.Random(1).choices([*negatives, *arabic], k=ORGANISATIONS * NAMES_EACH)
    took = seconds(lambda: [whole.like(name) for name in names])
    yield Figure("screening", f"{ORGANISATIONS:,} organisations of {NAMES_EACH} names", round(took, 1), "s", limit=60)


def _rows(name: str) -> list[dict[str, str]]:
    with (SHARED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
