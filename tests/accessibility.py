"""What axe finds on a page: the helper of every browser test."""

from pathlib import Path
from typing import Any

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def findings(page: Any) -> list[str]:
    """What axe finds wrong on the page as it is shown, one line for each rule with the elements that break it."""
    page.evaluate(AXE)
    # Of rules that hold, axe need not collect every element.
    result = page.evaluate("rules => axe.run({ runOnly: rules, resultTypes: ['violations'] })", RULES)
    return [
        f"{finding['id']}: {finding['help']} {[node['target'] for node in finding['nodes']]}"
        for finding in result["violations"]
    ]
