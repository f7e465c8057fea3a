"""Answers of a rule: yes, or no with a reason that the person can read."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class PermissionResult:
    """What a rule answers; true when the act is allowed.

    ``reason`` is a translated sentence for the person who asked, empty when allowed.
    """

    allowed: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.allowed


def Allowed() -> PermissionResult:  # noqa: N802 -- reads as the answer it is
    """The act may be done."""
    return PermissionResult(allowed=True)


def Denied(reason: str | Promise) -> PermissionResult:  # noqa: N802 -- reads as the answer it is
    """The act may not be done, and ``reason`` says why."""
    return PermissionResult(allowed=False, reason=reason)


class Refused(PermissionDenied):
    """An act that a rule refused; ``reason`` is shown to the person."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason


def all_of(*results: PermissionResult | Callable[[], PermissionResult]) -> PermissionResult:
    """The first refusal among ``results``, or consent when there is none; what is called is asked only after consent."""
    for result in results:
        answer = result() if callable(result) else result
        if not answer:
            return answer
    return Allowed()


def any_of(*results: PermissionResult) -> PermissionResult:
    """Consent when one of ``results`` consents, else the last refusal."""
    return next((result for result in results if result), results[-1])


def require(result: PermissionResult) -> None:
    """Raise `Refused` with the reason unless ``result`` consents."""
    if not result:
        raise Refused(result.reason)
