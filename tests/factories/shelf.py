"""What stands ready for a test, so that a factory takes it instead of making it.

Some stands in the database that the test begins in (`tests.factories.furniture`). Some a module keeps for its own tests::

    @pytest.fixture(scope="module", autouse=True)
    def ready(standing: None) -> None:
        shelf.keep(active_grant, tier="L")

The first ``active_grant(tier="L")`` of each test is then that one, and a second call makes another.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db.models import Model

from audit.models import RecordedEvent

M = TypeVar("M", bound=Model)
P = ParamSpec("P")
_ready: set[str] = set()
_kept: dict[str, Model] = {}
"""What the module keeps, by the call that made it."""


def fill(state: str) -> None:
    """A test begins in the database of ``state``."""
    _ready.clear()
    _ready.update({state, *_kept})


def keep(factory: Callable[..., Model], **wishes: object) -> None:
    """Make it once, for all tests of the module (which asks for the fixture ``standing``).

    It is made of nothing that is kept: what a test takes has nothing of what it takes next.
    """
    _ready.difference_update(_kept)
    _kept[_call(factory, wishes)] = factory(**wishes)
    _ready.update(_kept)


def clear() -> None:
    """The module's tests are over."""
    _kept.clear()


def keepable(factory: Callable[P, M]) -> Callable[P, M]:
    """A factory whose thing a module may `keep`; it is read again for each test."""

    @wraps(factory)
    def made_or_taken(*given: P.args, **wishes: P.kwargs) -> M:
        call = _call(factory, wishes)
        if given or not take(call):
            return factory(*given, **wishes)
        kept = _kept[call]
        return type(kept)._default_manager.get(pk=kept.pk)  # type: ignore[return-value]  # what the factory made

    return made_or_taken


def _call(factory: Callable[..., object], wishes: object) -> str:
    return f"{factory.__module__}.{factory.__name__}({wishes})"


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
