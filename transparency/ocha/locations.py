"""What one row of locations.csv says: the place, and the value at its deepest filled level.

A row repeats its people and budgets on every administrative level it names; the deepest one counts, and only that one.
Communities and coordinates are never read into columns: they stay in the kept source text alone.
"""

from decimal import Decimal
from typing import Any

from transparency.ocha.places import governorate_code
from transparency.ocha.values import Unreadable, amount, people, split, words

LEVELS = range(6, 0, -1)


def deepest_level(row: dict[str, str]) -> int:
    """The deepest level that holds a budget or people, else the deepest that names a place; 0 when there is none."""
    for prefix in ("AdmLocClustBdg", "AdmLocBenClustAgg", "AdmLoc"):
        for level in LEVELS:
            if row[f"{prefix}{level}"].strip():
                return level
    return 0


def _budgets(row: dict[str, str], level: int) -> list[Decimal]:
    column = f"AdmLocClustBdg{level}"
    try:
        return [amount(part) or Decimal(0) for part in split(row[column])]
    except Unreadable as error:
        raise Unreadable(error.code, column=column, **error.params) from error


def _people(row: dict[str, str], level: int) -> tuple[int, int, int, int]:
    column = f"AdmLocBenClustAgg{level}"
    try:
        counted = [people(part) or (0, 0, 0, 0) for part in split(row[column])]
    except Unreadable as error:
        raise Unreadable(error.code, column=column, **error.params) from error
    men, women, boys, girls = (sum(group) for group in zip(*counted, strict=True)) if counted else (0, 0, 0, 0)
    return men, women, boys, girls


def _clusters(row: dict[str, str], budgets: list[Decimal], level: int) -> list[dict[str, str]]:
    clusters, percents = split(row["ClstAgg"]), split(row["ClstPrct"])
    if len(percents) != len(clusters):
        raise Unreadable("uneven_lists", column="ClstPrct", value=row["ClstPrct"], other="ClstAgg")
    if budgets and clusters and len(budgets) != len(clusters):
        column = f"AdmLocClustBdg{level}"
        raise Unreadable("uneven_lists", column=column, value=row[column], other="ClstAgg")
    for percent in percents:
        try:
            amount(percent)
        except Unreadable as error:
            raise Unreadable(error.code, column="ClstPrct", **error.params) from error
    return [{"cluster": words(c), "percent": p.strip()} for c, p in zip(clusters, percents, strict=True)]


def derive_location(row: dict[str, str]) -> dict[str, Any]:
    """Place, level, budget, clusters and people of a row."""
    level = deepest_level(row)
    budgets = _budgets(row, level) if level else []
    men, women, boys, girls = _people(row, level) if level else (0, 0, 0, 0)
    province = words(row["AdmLoc1"])
    return {
        "place": province,
        "place_raw": row["AdmLoc1"],
        "governorate": governorate_code(province),
        "level": level,
        "budget": sum(budgets, Decimal(0)),
        "clusters": _clusters(row, budgets, level),
        "men": men,
        "women": women,
        "boys": boys,
        "girls": girls,
    }
