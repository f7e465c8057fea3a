"""What follows from the charter for the public figures."""

from typing import Any

from audit import outbox
from audit.models import Leaf
from audit.reactions import reacts_to
from charter.events import CharterRatified
from charter.models import CharterVersion
from transparency.selectors.dashboard import newest_edition
from transparency.services.importing import DRAW


@reacts_to(CharterRatified)
def draw_by_the_new_rules(version: CharterVersion, event: CharterRatified, *, actor: Any, leaf: Leaf) -> None:
    """The charter says what is withheld: figures that are public already are drawn by the new rules."""
    if newest_edition() is not None:
        outbox.put(DRAW, {}, dedupe_key=f"{DRAW}:{leaf.pk}")
