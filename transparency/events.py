"""What the transparency app records in the log."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from audit.events import Event, register


@register
class HistoryImported(Event):
    """Public files of other funds were imported; ``files`` gives each file's SHA-256."""

    type: ClassVar[str] = "transparency.history.imported"
    sentence: ClassVar = _(
        "imported public files of other funds: %(created)s rows new, %(updated)s changed, %(unchanged)s unchanged, "
        "%(removed)s removed, %(bad)s left out"
    )
    files: dict[str, str]
    rows: int
    created: int
    updated: int
    unchanged: int
    removed: int
    bad: int


@register
class HistoryImportConfirmed(Event):
    """A person looked at the rehearsal of an import and let it run."""

    type: ClassVar[str] = "transparency.history.confirmed"
    sentence: ClassVar = _("confirmed the import of %(rows)s rows, bad rows: %(bad)s")
    rows: int
    bad: int
    skip_bad_rows: bool
