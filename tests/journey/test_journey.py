"""One grant from the call to its closing, through the web alone, in Arabic: people click, the test watches the books."""

from collections.abc import Iterator
from typing import Any

import pytest

from audit import fsck
from tests.journey import applying, calling, deciding, granting
from tests.journey.cast import Story, gather
from tests.journey.people import Stage, clock

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def story(chromium: Any, live_server: Any) -> Iterator[Story]:
    """The stage with everybody on it."""
    stage = Stage(live_server.url, chromium)
    with clock() as hands:
        yield gather(stage, hands)
        stage.close()


def test_one_grant_from_the_call_to_its_closing(story: Story) -> None:
    a_call_is_made(story)
    applications_come_in(story)
    the_committee_decides(story)
    the_grant_is_spent_and_closed(story)
    assert story.stage.complaints == []
    assert list(fsck.findings()) == []


def a_call_is_made(story: Story) -> None:
    """Drafted, approved by the board, published, opened by the clock."""
    calling.draft(story)
    calling.name_the_source(story)
    calling.approve(story)
    calling.publish(story)
    calling.open_by_the_clock(story)


def applications_come_in(story: Story) -> None:
    """Written by the preparer, submitted by the signatory, screened by the officer."""
    applying.begin(story)
    applying.answer_the_questions(story)
    applying.fill_in_the_budget(story)
    applying.submit(story)
    applying.submit_the_other(story)
    applying.close_by_the_clock(story)
    applying.screen(story)


def the_committee_decides(story: Story) -> None:
    """Declared, scored, discussed, voted, reasoned, minuted."""
    deciding.hand_over(story)
    deciding.declare(story)
    deciding.assign(story)
    deciding.score(story)
    deciding.meet(story)
    deciding.vote(story)
    deciding.sign_the_minutes(story)
    deciding.read_the_reasons(story)


def the_grant_is_spent_and_closed(story: Story) -> None:
    """Offered, signed, paid, reported, paid again, reported, refunded, closed."""
    story.clock.move_to(2, 25)
    granting.offer(story)
    story.clock.move_to(2, 28)
    granting.sign(story)
    story.clock.move_to(3, 2)
    granting.pay(story, 1, look=True)
    granting.spend_and_report(story)
    granting.finish(story)
    granting.balance_the_books(story)
