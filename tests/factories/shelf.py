"""What stands ready in the database of a test (`tests.factories.furniture`): a factory takes it instead of making it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db.models import Model

from audit.models import RecordedEvent

M = TypeVar("M", bound=Model)
_ready: set[str] = set()


def fill(state: str) -> None:
    """A test begins in the database of ``state``."""
    _ready.clear()
    _ready.add(state)


@contextmanager
def filled(state: str) -> Iterator[None]:
    """The same while something is made on top of ``state``."""
    before = set(_ready)
    fill(state)
    yield
    _ready.clear()
    _ready.update(before)


def take(thing: str) -> bool:
    """Whether ``thing`` stands ready; it is given out once, who asks again makes another."""
    ready = thing in _ready
    _ready.discard(thing)
    return ready


def first(model: type[M]) -> M:
    """The row of ``model`` that was made first: what stood ready, whatever the test made before it asked."""
    made = RecordedEvent.objects.filter(subject_type=model._meta.label_lower).earliest("leaf_id")
    return model._default_manager.get(pk=made.subject_id)
