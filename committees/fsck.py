"""What scorers submitted is what their leaves commit to."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from audit import log
from audit.fsck import check_of_the_log
from committees.models import Score, Scorecard


@check_of_the_log
def points_are_those_of_their_scorecards() -> Iterator[str]:
    """Every point of a scorecard is the one that the scorecard's leaf commits to, and none is missing."""
    given: defaultdict[Any, dict[str, int]] = defaultdict(dict)
    for card_id, key, points in Score.objects.values_list("scorecard_id", "criterion__key", "points").iterator(2000):
        given[card_id][key] = points
    for card in Scorecard.objects.select_related("leaf", "leaf__opening").order_by("leaf_id").iterator(2000):
        opening = getattr(card.leaf, "opening", None)
        if opening is not None and log.opened(opening)["event"]["points"] != given[card.pk]:
            yield f"{log.place(card.leaf)}: scorecard {card.pk} shows other points than it commits to"
