"""The pages of ``docs/reference`` that are made from the code, so that they cannot disagree with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.utils import translation

from audit import events, reactions
from committees import disclosure
from poolfund import access

HEAD = "<!-- made by `make docs`; change the code, not this page -->\n\n"


def pages() -> dict[str, str]:
    """File name -> Markdown, in English."""
    with translation.override("en"):
        return {
            "events.md": HEAD + "\n".join(_events()) + "\n",
            "reactions.md": HEAD + "\n".join(_reactions()) + "\n",
            "states.md": HEAD + "\n".join(_states()) + "\n",
            "access.md": HEAD + "\n".join(_access()) + "\n",
            "commands.md": HEAD + "\n".join(_commands()) + "\n",
            "who-sees-what.md": HEAD + "\n".join(disclosure.pages()) + "\n",
        }


def write(folder: Path) -> list[str]:
    """Write the pages that changed and return their names."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, text in pages().items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed


def stale(folder: Path) -> list[str]:
    """Names of pages that do not say what the code says."""
    return [
        name
        for name, text in pages().items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]


def _events() -> Iterator[str]:
    yield "# Events\n\nEverything that is recorded, by the type under which the log keeps it.\n"
    yield "| type | class | sentence | fields |\n|---|---|---|---|"
    for name, cls in sorted(events.registered().items()):
        fields = ", ".join(f"`{field}`" for field in cls.model_fields)
        yield f"| `{name}` | `{cls.__name__}` | {cls.sentence} | {fields} |"


def _reactions() -> Iterator[str]:
    yield "# Reactions\n\nWhat a higher layer does in the transaction of a lower layer's event.\n"
    yield "| event | reaction | meaning |\n|---|---|---|"
    rows = sorted(
        (cls.type, f"{fn.__module__}.{fn.__qualname__}", (fn.__doc__ or "").strip().splitlines()[0])
        for cls, functions in reactions.registered().items()
        for fn in functions
    )
    for event, function, meaning in rows:
        yield f"| `{event}` | `{function}` | {meaning} |"


def _states() -> Iterator[str]:
    yield "# States\n\nLife cycles of all objects: PostgreSQL refuses any other move.\n"
    stateful = [model for model in apps.get_models() if hasattr(model, "never_deleted") and _state_field(model)]
    for model in sorted(stateful, key=lambda model: model._meta.label):
        field = _state_field(model)
        yield f"## {model._meta.label}\n\n| from | event | to |\n|---|---|---|"
        moves = {(str(t.source), t.custom["event"].__name__, str(t.target)) for t in field.get_all_transitions(model)}
        for source, event, target in sorted(moves):
            yield f"| `{source}` | `{event}` | `{target}` |"
        yield ""


def _state_field(model: Any) -> Any:
    field = next((field for field in model._meta.fields if field.name == "state"), None)
    return field if hasattr(field, "get_all_transitions") else None


def _access() -> Iterator[str]:
    yield "# Access table\n\nEvery URL name: who may open it, what the view itself demands, and whether it asks for a\nsecond factor that is not older than five minutes.\n"
    yield "| URL name | open to | relation | second factor | methods | formats |\n|---|---|---|---|---|---|"
    for name, row in sorted(access.table().items()):
        who = ", ".join(sorted(row.roles)) or row.audience.value
        asks = "yes" if row.second_factor else ""
        methods, formats = ", ".join(sorted(row.methods)), ", ".join(sorted(row.formats))
        yield f"| `{name}` | {who} | {row.relation} | {asks} | {methods} | {formats} |"


def _commands() -> Iterator[str]:
    yield "# Commands\n\n`manage.py NAME`; `make help` lists the targets of the Makefile.\n"
    yield "| command | what it does |\n|---|---|"
    ours = {*settings.FUND_APPS, "poolfund"}
    for name, app in sorted(get_commands().items()):
        if app in ours:
            yield f"| `{name}` | {load_command_class(app, name).help} |"
