"""What the charter asks of the log. The charter stands above the log, so it hands its numbers down when it is loaded."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Needs:
    """Witnesses of each group that must have signed, and seconds within which an act is promised to be in the log."""

    donors: int = 0
    networks: int = 0
    promised_seconds: int = 60


_provider: Callable[[], Needs] = Needs


def provided_by(provider: Callable[[], Needs]) -> Callable[[], Needs]:
    """Register who answers `needs`."""
    global _provider  # noqa: PLW0603 -- one registration, made when the apps are loaded
    _provider = provider
    return provider


def needs() -> Needs:
    """What the rules in force ask of the log."""
    return _provider()
