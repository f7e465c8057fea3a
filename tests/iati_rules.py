"""IATI's own rules over a file: rulesets and code lists of version 2.03, as the official validator reads them.

Only what the rules of the standard use is here; a kind of rule that is not known is an error, so that none is passed over.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

Case = dict[str, Any]
XML = {"xml": "http://www.w3.org/XML/1998/namespace"}


def findings(document: bytes, rules: Path) -> list[str]:
    """What the standard finds wrong, with its severity; warnings too."""
    tree = etree.fromstring(document)
    standard = json.loads((rules / "standard-2.03.json").read_text())
    lists = json.loads((rules / "codelist_rules-2.03.json").read_text())
    return [*_by_rulesets(tree, standard), *_by_lists(tree, lists)]


def _select(node: Any, path: str) -> list[Any]:
    found = node.xpath(path, namespaces=XML)
    return found if isinstance(found, list) else [found]


def _contexts(tree: Any, path: str) -> list[Any]:
    return [
        one
        for part in path.split(" | ")
        for one in (_select(tree, part) if part.startswith("//") else tree.getroottree().xpath(part, namespaces=XML))
    ]


def _by_rulesets(tree: Any, standard: dict[str, Any]) -> Iterator[str]:
    for path, kinds in standard.items():
        for node in _contexts(tree, path):
            for kind, rule in kinds.items():
                for case in rule["cases"]:
                    yield from _case(node, kind, case)


def _case(node: Any, kind: str, case: Case) -> Iterator[str]:
    if kind == "loop":
        for value in set(map(str, _select(node, case["foreach"]))):
            for inner, rule in case["do"].items():
                for one in rule["cases"]:
                    put = {name: _put(content, value) for name, content in one.items() if name != "ruleInfo"}
                    yield from _case(node, inner, {**put, "ruleInfo": one["ruleInfo"]})
        return
    if "condition" in case and not node.xpath(case["condition"], namespaces=XML):
        return
    if not CHECKS[kind](node, case):
        about = case["ruleInfo"]
        yield f"{about['severity']} {about['id']}: {about['message']} ({_name(node)})"


def _put(content: Any, value: str) -> Any:
    if isinstance(content, list):
        return [one.replace("$1", value) for one in content]
    return content.replace("$1", value) if isinstance(content, str) else content


def _name(node: Any) -> str:
    return str((node.xpath("string(ancestor-or-self::iati-activity/iati-identifier)")) or node.tag)


def _values(node: Any, case: Case) -> list[str]:
    return [
        one if isinstance(one, str) else "".join(one.itertext())
        for path in case["paths"]
        for one in _select(node, path)
    ]


def _day(text: str) -> date:
    return date.today() if text == "NOW" else date.fromisoformat(text[:10])  # noqa: DTZ011 -- a rule of days


def _pair(node: Any, first: str, second: str) -> tuple[list[date], list[date]]:
    sides = [["NOW"] if path == "NOW" else [str(one) for one in _select(node, path)] for path in (first, second)]
    return [_day(one) for one in sides[0]], [_day(one) for one in sides[1]]


def _date_order(node: Any, case: Case) -> bool:
    less, more = _pair(node, case["less"], case["more"])
    return all(one <= other for one in less for other in more)


def _time_limit(node: Any, case: Case) -> bool:
    starts, ends = _pair(node, case["start"], case["end"])
    return all((end - start).days <= 366 for start in starts for end in ends)


def _between(node: Any, case: Case) -> bool:
    days, starts = _pair(node, case["date"], case["start"])
    _same, ends = _pair(node, case["date"], case["end"])
    return all(start <= day <= end for day in days for start in starts for end in ends)


def _one_or_all(node: Any, case: Case) -> bool:
    if _select(node, case["one"]):
        return case["one"] != "sector" or not _select(node, "transaction/sector")
    wanted = {
        "lang": ("descendant::narrative", "@xml:lang"),
        "currency": ("descendant::value", "@currency"),
        "sector": ("transaction", "sector"),
    }[case["all"]]
    return all(_select(one, wanted[1]) for one in _select(node, wanted[0]))


def _startswith(node: Any, case: Case) -> bool:
    if "idCondition" in case:
        return True  # needs the register of identifiers, which is online
    prefixes = [str(one) + case.get("separator", "") for path in case["prefix"] for one in _select(node, path)]
    return all(any(value.startswith(prefix) for prefix in prefixes) for value in _values(node, case))


def _strict_sum(node: Any, case: Case) -> bool:
    return sum(map(Decimal, _values(node, case)), Decimal(0)) == case["sum"]


CHECKS: dict[str, Callable[[Any, Case], bool]] = {
    "unique": lambda node, case: len(_values(node, case)) == len(set(_values(node, case))),
    "startswith": _startswith,
    "atleast_one": lambda node, case: bool(_values(node, case)),
    "no_more_than_one": lambda node, case: len(_values(node, case)) <= 1,
    "one_or_all": _one_or_all,
    "date_now": lambda node, case: all(
        datetime.fromisoformat(str(one)) <= datetime.now().astimezone() for one in _select(node, case["date"])
    ),
    "date_order": _date_order,
    "time_limit": _time_limit,
    "between_dates": _between,
    "regex_matches": lambda node, case: all(re.search(case["regex"], one) for one in _values(node, case)),
    "no_spaces": lambda node, case: not any(one != one.strip() for one in _values(node, case)),
    "strict_sum": _strict_sum,
    "range": lambda node, case: all(case["min"] <= float(one) <= case["max"] for one in _values(node, case)),
    "if_then": lambda node, case: (
        not node.xpath(case["if"], namespaces=XML) or bool(node.xpath(case["then"], namespaces=XML))
    ),
}


def _by_lists(tree: Any, lists: dict[str, Any]) -> Iterator[str]:
    for path, attributes in lists.items():
        nodes = tree.getroottree().xpath(path) if path.startswith("/") else _select(tree, "descendant-or-self::*")
        for attribute, rule in attributes.items():
            for node in nodes:
                yield from _outside(node, attribute, rule)


def _outside(node: Any, attribute: str, rule: dict[str, Any]) -> Iterator[str]:
    for value in map(str, _select(node, attribute if attribute == "text()" else f"@{attribute}")):
        for one in _rules_for(node, rule):
            if value not in one["allowedCodes"]:
                yield f"{one['severity']} {one['id']}: {value} ({_name(node)})"


def _rules_for(node: Any, rule: dict[str, Any]) -> list[dict[str, Any]]:
    if "conditions" not in rule:
        return [rule]
    conditions = rule["conditions"]
    value = node.get(conditions["vocabulary"] if isinstance(conditions.get("vocabulary"), str) else "vocabulary")
    known = conditions["mapping"].get(value or conditions.get("defaultLink") or "1")
    return [known] if known else []
