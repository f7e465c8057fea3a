"""What a change of a grant's budget needs, by the charter's percents (domain specification §4.4). Plain Python.

Shares are exact: no rounding lets a change slip under a bound.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from charter.schema import ChangeRules

STAFF = "A"
"""The category whose change, or whose new post, is never only a notice."""


class Need(StrEnum):
    """What must happen before a changed budget counts, from the least to the most."""

    NOTHING = "nothing"
    NOTICE = "notice"
    APPROVAL = "approval"
    AMENDMENT = "amendment"


_ORDER = tuple(Need)


@dataclass(frozen=True, slots=True)
class Shift:
    """How far a budget moved away from the one that both sides signed.

    ``moved_minor`` is what left some categories for others, ``percent`` the greatest change of one category against its
    signed amount, rounded up so that a shown 15 % is really within 15 %; ``new`` names categories that had nothing.
    """

    moved_minor: int
    percent: int
    new: tuple[str, ...]
    need: Need


def _changed(signed: Mapping[str, int], wished: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Signed amount and change of every category that differs."""
    every = sorted({*signed, *wished})
    pairs = {one: (signed.get(one, 0), wished.get(one, 0) - signed.get(one, 0)) for one in every}
    return {one: pair for one, pair in pairs.items() if pair[1]}


def _need(signed_minor: int, change: int, rules: ChangeRules) -> Need:
    if not signed_minor:
        return Need.AMENDMENT
    share = abs(change) * 100
    if share <= rules.notify_up_to_percent * signed_minor:
        return Need.NOTICE
    return Need.APPROVAL if share <= rules.approval_up_to_percent * signed_minor else Need.AMENDMENT


def _staff_need(change: tuple[int, int] | None, rules: ChangeRules, *, new_post: bool) -> Need:
    """A new post, or staff costs changed by more than the charter's percent, ask for an approval at least."""
    signed_minor, moved = change or (0, 0)
    large = abs(moved) * 100 > rules.staff_change_percent * signed_minor
    return Need.APPROVAL if new_post or (moved and large) else Need.NOTHING


def shift(signed: Mapping[str, int], wished: Mapping[str, int], rules: ChangeRules, *, new_post: bool = False) -> Shift:
    """What the change from the ``signed`` budget to the ``wished`` one needs; minor units by category.

    ``signed`` is what both sides signed last, so small changes add up until the next signature. Raises ValueError for a
    negative amount, and when the budgets do not come to the same: money that is added is an extension.
    """
    if min([*signed.values(), *wished.values()], default=0) < 0:
        raise ValueError("amounts are zero or more")
    if sum(signed.values()) != sum(wished.values()):
        raise ValueError("a revision neither adds money nor takes it away")
    changed = _changed(signed, wished)
    needs = [_need(minor, change, rules) for minor, change in changed.values()]
    needs.append(_staff_need(changed.get(STAFF), rules, new_post=new_post))
    return Shift(
        moved_minor=sum(change for _minor, change in changed.values() if change > 0),
        percent=max((-(-abs(change) * 100 // minor) for minor, change in changed.values() if minor), default=0),
        new=tuple(one for one, (minor, _change) in changed.items() if not minor),
        need=max(needs, key=_ORDER.index),
    )
