"""`kernel.permissions`: an answer is true or false and carries its reason."""

import pytest
from django.core.exceptions import PermissionDenied

from kernel.permissions import Allowed, Denied, Refused, all_of, any_of, require

YES, NO, NEVER = Allowed(), Denied("not yet"), Denied("never")


def test_answers_are_true_or_false() -> None:
    assert Allowed()
    assert not Denied("not yet")
    assert Denied("not yet").reason == "not yet"


@pytest.mark.parametrize(
    ("results", "every", "some"),
    [
        ((YES, YES), YES, YES),
        ((YES, NO, NEVER), NO, YES),
        ((NEVER, YES, NO), NEVER, YES),
        ((NO, NEVER), NO, NEVER),
        ((YES,), YES, YES),
    ],
)
def test_together(results: tuple[object, ...], every: object, some: object) -> None:
    assert all_of(*results) == every  # type: ignore[arg-type]  # rows of a table
    assert any_of(*results) == some  # type: ignore[arg-type]  # rows of a table


def test_nothing_asked_is_allowed() -> None:
    assert all_of()


def test_require_refuses_with_the_reason() -> None:
    require(YES)
    with pytest.raises(Refused) as caught:
        require(NO)
    assert caught.value.reason == "not yet"
    assert isinstance(caught.value, PermissionDenied)
