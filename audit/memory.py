"""What the signer remembers outside the database and its backups: every checkpoint, before it is published.

A file that only grows, one JSON line a checkpoint: origin, size, root, time, and the Ed25519 signature line, so that a line
is also evidence. It is on the disk before the database learns of the checkpoint; a restored database cannot undo it.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from audit.notes import Checkpoint, Malformed, SignedNote, from_base64, to_base64

BROKEN_OFF = " (broken off)\n"
"""Ends a line that was not wholly written; the file itself is only ever added to."""


class MemoryBroken(Exception):
    """The file cannot be read or says something impossible; the message says where."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """One checkpoint that was signed."""

    checkpoint: Checkpoint
    at: int
    signature: str

    @property
    def note(self) -> str:
        """The signed note with its Ed25519 signature."""
        return f"{self.checkpoint.text}\n{self.signature}"


class Memory:
    """The file at ``path``; it need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, int] = (-1, -1)
        self._lines: list[Remembered] = []

    def lines(self) -> list[Remembered]:
        """Everything remembered, oldest first; raises `MemoryBroken`.

        A last line without its end was not wholly written when the machine stopped: its checkpoint was never published.
        """
        try:
            state = self.path.stat()
            if self._seen != (state.st_ino, state.st_size):
                text = self.path.read_text(encoding="utf-8")
                self._lines = [
                    self._parse(number, line)
                    for number, line in enumerate(text.split("\n")[:-1], 1)
                    if not line.endswith(BROKEN_OFF.strip())
                ]
                self._seen = (state.st_ino, state.st_size)
        except FileNotFoundError:
            return []
        except (OSError, UnicodeError) as error:
            raise MemoryBroken(f"{self.path} cannot be read: {error}") from error
        return self._lines

    def of(self, origin: str) -> list[Remembered]:
        """What is remembered of one origin, oldest first."""
        return [line for line in self.lines() if line.checkpoint.origin == origin]

    def remember(self, note: SignedNote, *, at: int) -> None:
        """Add a checkpoint and wait until the disk has it."""
        checkpoint = Checkpoint.parse(note.text)
        record = {
            "origin": checkpoint.origin,
            "size": checkpoint.size,
            "root": to_base64(checkpoint.root),
            "at": at,
            "signature": note.signatures[0].line,
        }
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            length = os.fstat(handle).st_size
            broken_off = length > 0 and os.pread(handle, 1, length - 1) != b"\n"
            line = json.dumps(record, ensure_ascii=False) + "\n"
            os.write(handle, ((BROKEN_OFF if broken_off else "") + line).encode())
            os.fsync(handle)
        finally:
            os.close(handle)
        if length == 0:
            self._sync_folder()

    def _sync_folder(self) -> None:
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _parse(self, number: int, line: str) -> Remembered:
        try:
            record = json.loads(line)
            checkpoint = Checkpoint(record["origin"], int(record["size"]), from_base64(record["root"]))
            return Remembered(checkpoint, int(record["at"]), str(record["signature"]))
        except (ValueError, KeyError, TypeError, Malformed) as error:
            raise MemoryBroken(f"{self.path}, line {number}, is damaged") from error
