"""One correlation id for all that a request or a task records."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

_correlation: ContextVar[uuid.UUID | None] = ContextVar("correlation", default=None)


def correlation_id() -> uuid.UUID:
    """The id of the current request or task; a new one outside of both."""
    return _correlation.get() or uuid.uuid4()


@contextmanager
def correlated() -> Iterator[uuid.UUID]:
    """Give everything recorded inside one common id."""
    value = uuid.uuid4()
    token = _correlation.set(value)
    try:
        yield value
    finally:
        _correlation.reset(token)


class CorrelationMiddleware:
    """Opens the correlation of each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with correlated():
            return self.get_response(request)
