"""What the pieces show; views and selectors build these, the tags of ``fund`` put them into pages."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.functional import Promise

from kernel.money import Money

Text = str | Promise


class Tone(StrEnum):
    """How a state looks: a word with a shape, the same shape for the same meaning everywhere."""

    DONE = "done"
    """Finished well: a full circle."""
    OPEN = "open"
    """Under way: a half circle."""
    TODO = "todo"
    """Not begun: an empty circle."""
    NOW = "now"
    """Asks for an act of the reader now: a diamond."""
    WARN = "warn"
    """A deadline is near or something needs attention: a triangle."""
    STOP = "stop"
    """Held, refused or late: a square."""
    OFF = "off"
    """Over without result: a dash."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """State, whose turn it is, by when, and the button if it is the reader's (``mine``)."""

    state: Text
    turn: Text
    due: datetime | None = None
    tone: Tone = Tone.OPEN
    mine: bool = False
    url: str = ""
    action: Text = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One section of a long form, ``tone`` DONE, TODO or WARN (needs attention)."""

    title: Text
    url: str
    tone: Tone = Tone.TODO
    hint: Text = ""


@dataclass(frozen=True, slots=True)
class ThreadLink:
    """One link of the money thread: contribution, call, grant, tranche or report."""

    kind: Text
    label: Text
    url: str = ""
    money: Money | None = None
    here: bool = False
    """Whether this is the page that the thread stands on."""
    opens: str = ""
    """Where the amount opens into what it is made of."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of a filter, kept in the URL."""

    label: Text
    url: str
    current: bool = False
    number: int | None = None
