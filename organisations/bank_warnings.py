"""What looks odd about new bank details: numbers, holders and countries compared. Plain Python."""

from typing import Final

from organisations import alike, banking

FEW: Final = 2
"""In so many characters at most do two numbers differ that a reader takes for each other."""


def are_near(one: str, other: str) -> bool:
    """Whether two different normalised numbers differ in few characters: changed, added, left out or swapped."""
    return one != other and _distance(one, other, FEW) <= FEW


def _distance(one: str, other: str, most: int) -> int:
    """How many characters must be changed, added, left out or swapped; any number above ``most`` means "more"."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


def names_another(holder: str, name: str) -> bool:
    """Whether the Latin name of an account holder is not like the organisation's: neither has all telling words of the other."""
    one, other = _telling(holder), _telling(name)
    fewer, more = sorted((one, other), key=len)
    return not fewer or not all(any(alike.are_alike(word, each) for each in more) for word in fewer)


def _telling(name: str) -> set[str]:
    """The consonants of each word that not every organisation bears."""
    return {alike.latin_key(word) for word in name.split()} - {""}


def is_elsewhere(number: str, in_use: str) -> bool:
    """Whether two IBANs are of different countries; numbers that are no IBAN say nothing."""
    both = banking.looks_like_iban(number) and banking.looks_like_iban(in_use)
    return both and number[:2] != in_use[:2]
