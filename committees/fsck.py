"""What scorers submitted is what their leaves commit to."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from audit import log
from audit.fsck import check_of_the_log
from committees.models import Score, Scorecard


@check_of_the_log
def scores_are_those_of_their_scorecards() -> Iterator[str]:
    """Every point of a scorecard and the sentence beside it are what the scorecard's leaf commits to; none is missing.

    Scorecards of before the sentences were committed to are compared by their points alone.
    """
    points: defaultdict[Any, dict[str, int]] = defaultdict(dict)
    sentences: defaultdict[Any, dict[str, str]] = defaultdict(dict)
    rows = Score.objects.values_list("scorecard_id", "criterion__key", "points", "sentence")
    for card_id, key, given, sentence in rows.iterator(2000):
        points[card_id][key], sentences[card_id][key] = given, sentence
    for card in Scorecard.objects.select_related("leaf", "leaf__opening").order_by("leaf_id").iterator(2000):
        opening = getattr(card.leaf, "opening", None)
        said = log.opened(opening)["event"] if opening is not None else {}
        for name, shown in (("points", points[card.pk]), ("sentences", sentences[card.pk])):
            if said.get(name) and said[name] != shown:
                yield f"{log.place(card.leaf)}: scorecard {card.pk} shows other {name} than it commits to"
