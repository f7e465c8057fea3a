"""Who on a list bears a name like the one that is asked for."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler, Levenshtein

from organisations.screening.keys import Spelling, spelling_of

THRESHOLD: Final = 0.82
"""Likeness from which a person looks; measured with `python -m bench screening`."""
_SHORTEST: Final = 4
"""Sounds that two names need at least to be compared as a whole, or two words to differ in one."""
_MOST_WORDS: Final = 400
"""A word in more listed names than this finds nobody by itself."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A listed name like the one asked for: whose it is, how it is written there, and how like (0 to 1)."""

    entry: str
    listed: str
    score: float


class Index:
    """All names of all entries, ready to be asked."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """``names`` are pairs of an entry's key and one of its names."""
        self._rows: list[tuple[str, str, Spelling]] = []
        for entry, name in names:
            spelling = spelling_of(name)
            if spelling.parts:
                self._rows.append((entry, name, spelling))
        self._joined = [spelling.joined for _entry, _name, spelling in self._rows]
        self._by_part: dict[str, list[int]] = defaultdict(list)
        for number, (_entry, _name, spelling) in enumerate(self._rows):
            for part in set(spelling.parts):
                self._by_part[part].append(number)
        counts = Counter({part: len(numbers) for part, numbers in self._by_part.items()})
        self._rarest = math.log(max(len(self._rows), 2))
        self._weights = {part: max(self._rarest - math.log(count), 0.5) for part, count in counts.items()}

    def __len__(self) -> int:
        return len(self._rows)

    def like(self, name: str, *, threshold: float = THRESHOLD) -> list[Likeness]:
        """Entries with a name at least so like, the likest first, each once."""
        asked = spelling_of(name)
        if not asked.parts:
            return []
        best: dict[str, Likeness] = {}
        for number in self._near(asked, threshold):
            entry, listed, spelling = self._rows[number]
            score = self._score(asked, spelling)
            if score >= threshold and (entry not in best or best[entry].score < score):
                best[entry] = Likeness(entry, listed, score)
        return sorted(best.values(), key=lambda one: (-one.score, one.entry))

    def _near(self, asked: Spelling, threshold: float) -> set[int]:
        """Names that share a telling word with it, or whose consonants in a row are nearly the same."""
        found = {number for part in asked.parts for number in self._telling(part)}
        close = process.extract(
            asked.joined, self._joined, scorer=Levenshtein.normalized_similarity, score_cutoff=threshold, limit=None
        )
        return found | {number for _text, _score, number in close}

    def _telling(self, part: str) -> Sequence[int]:
        numbers = self._by_part.get(part, ())
        return numbers if len(numbers) <= _MOST_WORDS else ()

    def _score(self, asked: Spelling, listed: Spelling) -> float:
        likeness = max(self._by_words(asked.parts, listed.parts), _as_a_whole(asked, listed))
        if asked.arabic is listed.arabic:
            # Written in one script, vowels speak too.
            likeness *= 0.5 + 0.5 * _spelt_alike(asked, listed)
        return likeness

    def _by_words(self, asked: Sequence[str], listed: Sequence[str]) -> float:
        """The share of both names' words, rare ones counting more, that have a partner in the other name."""
        pairs = sorted(
            (
                (alike * min(self._weight(one), self._weight(other)), alike, i, j)
                for i, one in enumerate(asked)
                for j, other in enumerate(listed)
                if (alike := _words_alike(one, other))
            ),
            reverse=True,
        )
        met, taken, given = 0.0, set[int](), set[int]()
        for _weight, alike, i, j in pairs:
            if i not in taken and j not in given:
                taken.add(i)
                given.add(j)
                met += alike * (self._weight(asked[i]) + self._weight(listed[j]))
        return met / sum(map(self._weight, [*asked, *listed]))

    def _weight(self, part: str) -> float:
        return self._weights.get(part, self._rarest)


def _words_alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if max(len(one), len(other)) < _SHORTEST:
        return 0.0
    alike = Levenshtein.normalized_similarity(one, other)
    return 0.9 * alike if alike >= 0.6 else 0.0


def _as_a_whole(asked: Spelling, listed: Spelling) -> float:
    one, other = asked.joined, listed.joined
    if min(len(asked.parts), len(listed.parts)) < 2 or max(len(one), len(other)) < _SHORTEST:
        return 0.0
    return Levenshtein.normalized_similarity(one, other)


def _spelt_alike(asked: Spelling, listed: Spelling) -> float:
    """How like the letters are, vowels too, in the order of the words or in that of the alphabet."""
    return max(
        JaroWinkler.similarity(" ".join(order(asked.words)), " ".join(order(listed.words))) for order in (list, sorted)
    )
