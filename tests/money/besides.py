"""What the services of money do besides: they draw papers and tell people. Three runs of the machine in four leave that out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import typst

from audit import outbox, reactions
from notices.services.telling import TELL


def _blank(*_path: Any, sys_inputs: dict[str, str], **_how: Any) -> bytes:
    """A paper with nothing on it: of other data other bytes, as if it were drawn."""
    return b"%PDF-1.7\n" + sys_inputs["fingerprint"].encode()


@contextmanager
def nothing_besides() -> Iterator[None]:
    """Inside, papers stay blank, nobody is told of a step, and no message leaves; everything else is done as ever."""
    silent = {
        event: [one for one in listed if not one.__module__.endswith("tidings")]
        for event, listed in reactions.registered().items()
    }
    with (
        mock.patch.dict(reactions._reactions, silent),
        mock.patch.dict(outbox._handlers, {TELL: lambda payload: None}),
        mock.patch.object(typst, "compile", _blank),
    ):
        yield
