"""`kernel.work`: what waits for a person, the most urgent first."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kernel import work
from kernel.work import WorkItem, source, work_for

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def item(title: str, due: datetime | None = None) -> WorkItem:
    return WorkItem(title=title, url="/", kind="Reports", due=due)


@pytest.fixture(autouse=True)
def no_other_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "_sources", [])


def test_dated_work_comes_first_and_the_earliest_on_top() -> None:
    @source
    def reports(user: Any) -> Iterable[WorkItem]:
        return [item("some day"), item("late", NOW + timedelta(days=9))]

    @source
    def payments(user: Any) -> Iterable[WorkItem]:
        yield item(f"soon for {user}", NOW)

    assert [one.title for one in work_for("Amal")] == ["soon for Amal", "late", "some day"]


def test_without_sources_nothing_waits() -> None:
    assert work_for("Amal") == []
