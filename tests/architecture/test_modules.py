"""Small modules, short functions, one door for states, no queries in views."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.tree import ROOT, name, parsed, python_files

MODULE_LINES = 400
FUNCTION_LINES = 60
LATER = re.compile(r"#.*\b(?:TODO|FIXME|XXX)\b")
DOOR = {"audit/lifecycle.py"}
"""Where a state may be assigned."""


def test_modules_are_small() -> None:
    long = {
        name(file): lines
        for file in python_files()
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > MODULE_LINES
    }
    assert long == {}


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _is_a_table(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function only returns one value: data, however long, is not a procedure."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return len(body) == 1 and isinstance(body[0], ast.Return)


def test_functions_are_short() -> None:
    long = {
        f"{name(file)}:{function.lineno} {function.name}": lines
        for file in python_files()
        for function in _functions(parsed(file))
        if not _is_a_table(function) and (lines := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    }
    assert long == {}


def _sets_a_state(node: ast.AST) -> bool:
    """``x.state = …``, ``x.state += …``, ``setattr(x, "state", …)`` or ``….update(state=…)``."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets)
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name) and node.func.id == "setattr" and len(node.args) > 1:
        return isinstance(node.args[1], ast.Constant) and node.args[1].value == "state"
    if isinstance(node.func, ast.Attribute) and node.func.attr in {"update", "bulk_update", "update_or_create"}:
        return any(keyword.arg == "state" for keyword in node.keywords)
    return False


def test_states_change_through_the_one_door() -> None:
    elsewhere = [
        f"{name(file)}:{getattr(node, 'lineno', '?')}"
        for file in python_files()
        if name(file) not in DOOR
        for node in ast.walk(parsed(file))
        if _sets_a_state(node)
    ]
    assert elsewhere == []


def test_views_ask_selectors() -> None:
    queries = [
        f"{name(file)}:{node.lineno}"
        for file in python_files()
        if file.name == "views.py" or "views" in file.relative_to(ROOT).parts
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Attribute) and node.attr == "objects"
    ]
    assert queries == []


def test_nothing_is_left_for_later() -> None:
    left = [
        f"{name(file)}:{number}"
        for file in python_files()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if LATER.search(line)
    ]
    assert left == []
