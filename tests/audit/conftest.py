"""A signer with keys and a memory of its own."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from audit import checkpoints, keys
from audit.memory import Memory
from audit.models import LogCheckpoint
from audit.notes import SigningKey


@dataclass
class Signer:
    """What stands outside the web process: key file and memory."""

    folder: Path
    keys: list[SigningKey] = field(default_factory=list)

    @property
    def key_file(self) -> Path:
        return self.folder / "keys"

    @property
    def memory(self) -> Memory:
        return Memory(self.folder / "memory")

    def sign(self) -> LogCheckpoint | None:
        return checkpoints.sign(keys.load(self.key_file), self.memory)


@pytest.fixture
def signer(tmp_path: Path, settings: Any) -> Signer:
    made = Signer(tmp_path / "log")
    made.keys = keys.create(made.key_file, settings.FUND_ID)
    settings.LOG_KEYS_PATH = str(made.key_file)
    settings.LOG_MEMORY_PATH = str(made.memory.path)
    return made
