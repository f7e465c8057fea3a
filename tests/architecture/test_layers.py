"""Imports, foreign keys and template includes point downwards only."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps

from tests.architecture.tree import RANK, ROOT, may_know, name, templates

REFERENCE = re.compile(r"{%\s*(?:extends|include)\s+[\"']([^\"']+)[\"']")


def test_every_app_has_its_height() -> None:
    from django.conf import settings

    assert {*settings.FUND_APPS, "poolfund"} == set(RANK)


def test_imports_keep_their_contracts() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stdout


def _relations() -> Iterator[tuple[str, str, str]]:
    """App of a model, the field that points to another, and that other's label."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            target: Any = field.related_model
            if field.is_relation and getattr(field, "concrete", False) and target is not None:
                yield model._meta.app_label, f"{model._meta.label}.{field.name}", target._meta.label


def test_foreign_keys_point_downwards() -> None:
    upwards = [
        f"{field} -> {target}"
        for app, field, target in _relations()
        if app in RANK and not may_know(app, target.split(".")[0])
        # The actor of a recorded event is a person, named by the settings.
        if (app, target) != ("audit", "accounts.User")
    ]
    assert upwards == []


def test_templates_include_downwards() -> None:
    upwards = [
        f"{name(file)} -> {target}"
        for file in templates()
        for target in REFERENCE.findall(file.read_text(encoding="utf-8"))
        if (app := file.relative_to(ROOT / "templates").parts[0]) in RANK and not may_know(app, target.split("/")[0])
    ]
    assert upwards == []
