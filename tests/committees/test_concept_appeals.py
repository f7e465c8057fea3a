"""An organisation that was not invited appeals as any other: on the same grounds, until the same day, judged by others."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Self

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from audit import fsck
from committees.models import Appeal, ConceptScore, Panel, Seat
from committees.services import appeals, conflicts, panels
from committees.services import concepts as judging
from committees.states import AppealChoice, AppealState
from grants.models import Application, Letter
from grants.promises import StageName
from grants.selectors import calls as call_selectors
from grants.selectors import steps
from grants.services import calls
from grants.states import ApplicationState
from kernel.permissions import Refused
from ledger.models import Transfer
from tests.committees.test_appeals import SAID, board, judged, office
from tests.committees.test_concepts import noted, points, send, two_stage_terms
from tests.factories import committees as seats
from tests.factories import grants as make
from tests.factories.organisations import eligible_organisation
from tests.grants.test_pages import as_person, text
from transparency.selectors import kept_times

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund")]
S = ApplicationState


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


class Answered:
    """A call whose concept notes were judged by two members and answered: one invited, one not."""

    def __init__(self) -> None:
        self.call = make.open_call(**two_stage_terms())
        self.committee = seats.constituted_committee()
        self.good, self.weak = send(noted(self.call)), send(noted(self.call))
        assert self.call.concept_closes_at is not None
        self.clock = time_machine.travel(self.call.concept_closes_at + timedelta(minutes=3), tick=True)

    def __enter__(self) -> Self:
        self.clock.start()
        self.panel: Panel = panels.open_panel(self.call, self.committee, actor=make.programme_officer())
        self.members: list[Seat] = seats.members(self.panel.committee)
        for seat in self.members[:3]:
            for note in (self.good, self.weak):
                conflicts.declare(seat, note, kind="none", actor=seat.user)
        for seat in self.members[:2]:
            for note, each in ((self.good, 4), (self.weak, 2)):
                judging.judge(seat, note, points(self.call, each), actor=seat.user)
        judging.announce(self.panel, actor=make.programme_officer())
        self.weak.refresh_from_db()
        assert self.weak.state == S.NOT_SHORTLISTED
        return self

    def __exit__(self, *_error: object) -> None:
        self.clock.stop()

    def signatory(self) -> User:
        return make.signatory(self.weak.organisation)

    def appealed(self) -> Appeal:
        """The appeal before a panel of three."""
        office()
        lodged = appeals.lodge(self.weak, grounds=["procedure"], statement=SAID, files=[], actor=self.signatory())
        return appeals.admit(lodged, actor=board())


@pytest.fixture
def answered() -> Iterator[Answered]:
    with Answered() as made:
        yield made


def reading(person: User) -> Client:
    client = as_person(Client(), person)
    client.cookies["django_language"] = "en"
    return client


def test_from_the_reasons_to_the_form_on_the_same_grounds_and_no_later(answered: Answered) -> None:
    signatory = reading(answered.signatory())
    form = reverse("committees:appeal_form", args=[answered.weak.pk])
    page = text(signatory.get(reverse("grants:application_feedback", args=[answered.weak.pk])))
    assert form in page
    assert "and appeal" in text(signatory.get(reverse("grants:application_detail", args=[answered.weak.pk])))
    assert form in text(signatory.get(reverse("committees:appeal_list")))
    assert "other members judge your concept note anew" in text(signatory.get(form))
    assert Letter.objects.get(application=answered.weak).content["appeal"]
    with time_machine.travel(timezone.now() + timedelta(days=40), tick=True):
        late = reading(answered.signatory())
        assert "The last day of an appeal was" in text(
            late.get(reverse("grants:application_feedback", args=[answered.weak.pk]))
        )
        refused = late.post(form, {"grounds": ["procedure"], "statement": SAID})
        assert "The last day of an appeal has passed" in text(refused)
        assert SAID in text(refused), "nothing typed is lost"
    assert signatory.post(form, {"grounds": ["merit"], "statement": SAID}).status_code == 200
    assert not Appeal.objects.exists()
    invited = reading(make.signatory(answered.good.organisation))
    denied = invited.post(
        reverse("committees:appeal_form", args=[answered.good.pk]), {"grounds": ["procedure"], "statement": SAID}
    )
    assert "no decision on this application that can be appealed" in text(denied)
    money = Transfer.objects.count()
    assert signatory.post(form, {"grounds": ["procedure"], "statement": SAID}).status_code == 302
    appeal = Appeal.objects.get()
    assert (appeal.held_minor, Transfer.objects.count()) == (0, money), "the answer decided on no money"
    for person in (answered.signatory(), make.holder("fund_manager"), board()):
        assert answered.weak.reference in text(
            reading(person).get(reverse("committees:appeal_detail", args=[appeal.pk]))
        )


def test_an_upheld_appeal_is_judged_anew_by_others_and_ends_with_the_answer(answered: Answered) -> None:
    appeal = answered.appealed()
    panelist = appeal.panel.first()
    assert panelist is not None
    page = text(reading(panelist.user).get(reverse("committees:appeal_detail", args=[appeal.pk])))
    assert answered.weak.title in page
    part = {one.user_id for one in answered.members}
    assert not part & {one.user_id for one in appeal.panel.all()}, "nobody who judged it"
    decided = judged(appeal, AppealChoice.UPHOLD, AppealChoice.UPHOLD, AppealChoice.DISMISS)
    answered.weak.refresh_from_db()
    assert (answered.weak.state, decided.state) == (S.CONCEPT_SENT, AppealState.UPHELD)
    assert len(decided.replaced) == 1
    assert calls.close_due(now=answered.call.closes_at + timedelta(hours=1)) == 0, (
        "the call waits for the renewed answer"
    )
    with pytest.raises(Refused, match="more members"):
        judging.announce(answered.panel, actor=make.programme_officer())
    third = answered.members[2]
    judging.judge(third, answered.weak, points(answered.call, 5), actor=third.user)
    kept = next(one for one in answered.members[:2] if str(one.pk) not in decided.replaced)
    assert judging.announce(answered.panel, actor=make.programme_officer()) == 1
    answered.weak.refresh_from_db()
    decided.refresh_from_db()
    assert (answered.weak.state, decided.state) == (S.SHORTLISTED, AppealState.CLOSED)
    assert answered.weak.feedback.latest("recorded_at").panel_mean == "70.00", f"{kept} and {third}"
    assert ConceptScore.objects.filter(application=answered.weak).count() == 3, "nothing is lost"
    assert list(fsck.findings()) == []


def test_once_the_call_has_closed_nothing_can_follow_but_the_record(answered: Answered) -> None:
    appeal = answered.appealed()
    assert calls.close_due(now=answered.call.closes_at + timedelta(hours=1)) == 1
    decided = judged(appeal, *[AppealChoice.UPHOLD] * 3)
    answered.weak.refresh_from_db()
    assert (answered.weak.state, decided.state, decided.outcome) == (
        S.NOT_SHORTLISTED,
        AppealState.CLOSED,
        AppealState.UPHELD,
    )
    assert not decided.re_evaluate


def test_the_tracker_and_the_kept_times_tell_the_first_stage(answered: Answered) -> None:
    received, told = steps.tracked(answered.weak)
    assert (received.received, received.due) == (True, answered.weak.concept_note.recorded_at)
    assert told.done
    assert told.reached is not None
    assert not told.late
    page = text(
        reading(make.preparer(answered.weak.organisation)).get(
            reverse("grants:application_detail", args=[answered.weak.pk])
        )
    )
    assert "Concept note answered, with reasons" in page
    (stage, *_others) = kept_times.kept_of_call(answered.call)
    assert (stage.name, stage.ended, stage.kept) == (StageName.CONCEPT, 2, 2)
    names = [one.name for one in steps.promised(Application.objects.get(pk=answered.good.pk))]
    assert len(names) == 6, "of the full proposal the note is the beginning"


def test_a_call_is_offered_only_while_its_concept_notes_are_taken(answered: Answered) -> None:
    other = reading(make.preparer(eligible_organisation()))
    offered = reverse("grants:call_detail", args=[answered.call.pk])
    assert offered not in text(other.get(reverse("grants:application_list")))
    assert not call_selectors.open_now().exists()
    assert answered.call.concept_closes_at is not None
    with time_machine.travel(answered.call.concept_closes_at - timedelta(hours=1), tick=True):
        (shown,) = call_selectors.open_now()
        assert shown.begun_until == answered.call.concept_closes_at  # type: ignore[attr-defined]  # annotated
