"""Takes out of a PDF what a viewer would run, open or unpack. Run as a program of its own: PDF in, PDF out.

``python -I kernel/cleaning.py`` reads a PDF from its standard input and writes the inert one to its standard output. It is a
process of its own with little time and memory, so that a crafted file ends this process and nothing else. Exit status 0 is
success; with any other the file is refused.
"""

import resource
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

SECONDS: Final = 2
"""Of the processor, for one file."""
PATIENCE: Final = 15
"""Seconds of the clock on a busy machine."""
MEMORY: Final = 1024**3
DEEPEST: Final = 200
"""Levels of nesting; no honest document has so many."""
MOST_BYTES: Final = 64 * 1024 * 1024

KEYS: Final = frozenset(
    {"/JS", "/JavaScript", "/OpenAction", "/AA", "/Launch", "/EmbeddedFiles", "/EmbeddedFile", "/AF", "/XFA", "/RichMedia",
     "/RichMediaContent", "/RichMediaSettings", "/Collection", "/EF"}
)  # fmt: skip
"""Entries that go, wherever they stand."""
ACTIONS: Final = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/RichMediaExecute", "/Rendition", "/Movie",
     "/Sound"}
)  # fmt: skip
SUBTYPES: Final = frozenset({"/RichMedia", "/FileAttachment", "/Movie", "/Sound", "/Screen", "/3D"})
TYPES: Final = frozenset({"/EmbeddedFile", "/Filespec", "/F"})


class CleaningError(ValueError):
    """The file cannot be made inert."""


def inert(data: bytes) -> bytes:
    """The PDF without programs, attachments and actions, not encrypted; raises `CleaningError`."""
    try:
        done = subprocess.run(  # noqa: S603 -- ourselves
            [sys.executable, "-I", str(Path(__file__).resolve())],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as late:
        raise CleaningError("took too long") from late
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        raise CleaningError(done.stderr[-200:].decode(errors="replace"))
    return done.stdout


def _strip(value: Any, pikepdf: Any, depth: int = 0) -> None:
    """Take what is active out of one object and of what stands directly in it."""
    if depth > DEEPEST:
        raise CleaningError("too deep")
    if isinstance(value, pikepdf.Array):
        inside = list(value)
    elif isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        inside = _without_active(value, pikepdf)
    else:
        return
    for item in inside:
        # What stands elsewhere in the file comes by itself.
        if isinstance(item, pikepdf.Object) and not item.is_indirect:
            _strip(item, pikepdf, depth + 1)


def _without_active(value: Any, pikepdf: Any) -> list[Any]:
    """Take the active entries out of a dictionary, or all of them where it is itself active; returns what is left in it."""
    is_stream = isinstance(value, pikepdf.Stream)
    entries = value.stream_dict if is_stream else value
    said = {key: str(entries.get(key, "")) for key in ("/S", "/Subtype", "/Type")}
    active = said["/S"] in ACTIONS or said["/Subtype"] in SUBTYPES or said["/Type"] in TYPES
    if active and is_stream:
        value.write(b"")
    for key in list(entries.keys()):
        if key in KEYS or (active and key not in {"/Length", "/Filter"}):
            del entries[key]
    return [entries[key] for key in entries.keys()]  # noqa: SIM118 -- not a dict


def _main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    import io

    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sys.stdin.buffer.read(MOST_BYTES))) as document:
        for value in document.objects:
            _strip(value, pikepdf)
        _strip(document.trailer, pikepdf)
        document.remove_unreferenced_resources()
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, encryption=False, deterministic_id=True)
    sys.stdout.buffer.write(out.getvalue())
    return 0


if __name__ == "__main__":
    sys.exit(_main())
