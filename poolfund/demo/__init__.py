"""A whole fund, played through the real services for a first look."""

from collections.abc import Callable

from poolfund.demo_sign_in import SignInLink

__all__ = ["play"]


def play(say: Callable[[str], None]) -> list[SignInLink]:
    """Play the fund on an empty, migrated database; ``say`` tells the person who waits what happens.

    Returns one link for each part that a visitor can take.
    """
    # The story imports every app's services: models must be ready first.
    from poolfund.demo import story

    return story.play(say)
