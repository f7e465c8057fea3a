"""The Python that the environment is made from: the caller's, or an optimised one of the same version."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings

VERSION = f"{sys.version_info.major} {sys.version_info.minor}"
PLAIN = "'--prefix=/elsewhere'"
BUILT_WELL = f"{PLAIN} '--enable-optimizations'"


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool, called by a Python without optimisations that lies elsewhere."""
    spec = importlib.util.spec_from_file_location("best_python", settings.BASE_DIR / "tools" / "best_python.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    made_by(monkeypatch, PLAIN)
    return module


def made_by(monkeypatch: pytest.MonkeyPatch, arguments: str | None) -> None:
    """The caller was configured with ``arguments``."""
    monkeypatch.setattr(sys, "executable", "/elsewhere/bin/python3")
    monkeypatch.setattr("sysconfig.get_config_var", {"CONFIG_ARGS": arguments}.get)


def python(folder: Path, answer: str) -> Path:
    """A Python that answers so when it is asked for its version and how it was configured."""
    folder.mkdir(parents=True)
    program = folder / "python3"
    program.write_text(f'#!/bin/sh\ncat <<"END"\n{answer}\nEND\n')
    program.chmod(0o755)
    return program


def test_an_optimised_one_of_the_same_version_is_taken(tool: ModuleType, tmp_path: Path) -> None:
    plain, other = python(tmp_path / "plain", f"{VERSION} {PLAIN}"), python(tmp_path / "other", f"3 10 {BUILT_WELL}")
    good = python(tmp_path / "good", f"{VERSION} {BUILT_WELL}")
    assert tool.best([plain.parent, other.parent, good.parent]) == good


def test_that_of_the_distribution_needs_not_say_it(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, debian = python(tmp_path / "plain", f"{VERSION} {PLAIN}"), python(tmp_path / "usr", f"{VERSION} {PLAIN}")
    monkeypatch.setattr(tool, "DISTRIBUTIONS", debian.parent)
    assert tool.best([plain.parent, debian.parent]) == debian


@pytest.mark.parametrize("arguments", [BUILT_WELL, None])
def test_who_is_optimised_or_does_not_say_stays(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: str | None
) -> None:
    good = python(tmp_path / "good", f"{VERSION} {BUILT_WELL}")
    made_by(monkeypatch, arguments)
    assert tool.best([good.parent]) == Path("/elsewhere/bin/python3")


def test_without_a_twin_the_caller_stays(tool: ModuleType, tmp_path: Path) -> None:
    environment = python(tmp_path / "venv" / "bin", f"{VERSION} {BUILT_WELL}")
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    broken = python(tmp_path / "broken", "")
    broken.write_text("#!/nowhere/at/all\n")
    folders = [environment.parent, broken.parent, tmp_path / "nothing"]
    assert tool.best(folders) == Path("/elsewhere/bin/python3")
