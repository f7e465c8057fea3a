"""Calls in two stages: a short note first, judged by members; only who is invited writes the full proposal."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from charter.calendar import add_working_days
from charter.selectors import end_of_day
from committees.models import ConceptScore, Panel
from committees.rules import clocks, facts
from committees.selectors import panels as panels_read
from committees.services import concepts as judging
from committees.services import conflicts, panels
from committees.work import for_members, for_the_secretariat
from grants import stages
from grants.models import Application, Call, ConceptNote, Feedback, Letter, Section
from grants.selectors import applications as grants_applications
from grants.selectors import parts, printed
from grants.selectors.calls import screened_by
from grants.selectors.review import review_content
from grants.selectors.steps import answered_by
from grants.services import applications as services
from grants.services import calls, extending, review, screening
from grants.states import ApplicationState, Stage
from kernel import identity
from kernel.pdf import render_pdf
from kernel.permissions import Refused
from tests.factories import accounts
from tests.factories import committees as seats
from tests.factories import grants as make
from tests.factories.organisations import eligible_organisation

S = ApplicationState
SENTENCE = "الفكرة واضحة ومبنية على ما قاله أهل الحي."


def two_stage_terms() -> dict[str, Any]:
    opens = end_of_day(add_working_days(timezone.localdate(), 5)) + timedelta(hours=9)
    concepts = end_of_day(add_working_days(timezone.localdate(opens), 16))
    return {
        "opens_at": opens,
        "concept_closes_at": concepts,
        "closes_at": end_of_day(add_working_days(timezone.localdate(concepts), 40)),
    }


def noted(call: Call) -> Application:
    """A complete concept note of another organisation, not sent yet."""
    application = make.draft_application(call, eligible_organisation())
    said = make.answers(application)
    for key in (parts.ELIGIBILITY, parts.BASICS, "need"):
        write(application, key, said[key])
    return application


def write(application: Application, key: str, typed: dict[str, Any]) -> None:
    services.save_part(application, key, typed, version=0, tab="x", actor=make.preparer(application.organisation))


def send(application: Application) -> Application:
    return services.submit(application, actor=make.signatory(application.organisation))


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def call(db: None) -> Call:
    return make.open_call(**two_stage_terms())


@pytest.fixture
def afterwards(call: Call) -> Iterator[time_machine.Traveller]:
    """The time for concept notes is over by a minute."""
    assert call.concept_closes_at is not None
    with time_machine.travel(call.concept_closes_at + timedelta(minutes=3), tick=True) as clock:
        yield clock


def points(call: Call, each: int) -> dict[str, tuple[int, str]]:
    keys = facts.rules_of(call).scoring.concepts.criteria
    return dict.fromkeys(keys, (each, SENTENCE))


@pytest.mark.database("opened")
def test_a_concept_note_is_short_sent_once_and_kept(call: Call) -> None:
    application = noted(call)
    assert [one.key for one in parts.parts_of(application)] == [parts.ELIGIBILITY, parts.BASICS, "need"]
    with pytest.raises(LookupError):
        write(application, parts.BUDGET, make.answers(application)[parts.BUDGET])
    sent = send(application)
    assert (sent.state, sent.submitted_at, sent.expected_minor) == (S.CONCEPT_SENT, None, 20 * make.THOUSAND)
    assert send(sent).leaf_id == sent.leaf_id, "a second click finds the same receipt"
    assert sent.concept_note.sha256 == sent.content_sha256
    with pytest.raises(Refused, match="submitted"):
        write(sent, "need", {"need": "شيء آخر"})
    officer, person = make.programme_officer(), make.preparer(sent.organisation)
    assert not grants_applications.visible_to(officer).filter(pk=sent.pk).exists()
    client = Client()
    client.cookies["django_language"] = "en"
    accounts.sign_in(client, person)
    page = client.get(reverse("grants:application_detail", args=[sent.pk])).content.decode()
    assert sent.content_sha256 in page
    assert "all are answered together" in page
    note = client.get(reverse("grants:concept_note", args=[sent.pk]))
    assert sent.title in note.getvalue().decode()
    rival = make.preparer(noted(call).organisation)
    accounts.sign_in(client, rival)
    assert client.get(reverse("grants:concept_note", args=[sent.pk])).status_code == 404


@pytest.mark.database("opened")
def test_nobody_passes_the_concept_note(call: Call, afterwards: Any) -> None:
    assert call.concept_closes_at is not None
    with time_machine.travel(call.concept_closes_at - timedelta(days=1)):
        draft = noted(call)
    with pytest.raises(Refused, match="time for concept notes is over"):
        write(draft, "need", {"need": "متأخر"})
    with pytest.raises(Refused, match="not open"):
        services.start(call, eligible_organisation(), actor=make.preparer(eligible_organisation()))
    with pytest.raises(IntegrityError, match="not invited"), transaction.atomic():
        Application.objects.filter(pk=draft.pk).update(state=S.SUBMITTED)


@pytest.mark.database("opened")
def test_the_whole_way_in_two_stages(call: Call) -> None:
    committee = seats.constituted_committee()
    good, weak = send(noted(call)), send(noted(call))
    officer = make.programme_officer()
    with pytest.raises(Refused, match="after it has closed"):
        panels.open_panel(call, committee, actor=officer)
    assert call.concept_closes_at is not None
    with time_machine.travel(call.concept_closes_at + timedelta(minutes=3), tick=True):
        assert [one for one in for_the_secretariat(officer) if one.detail == "needs a committee"]
        panel = panels.open_panel(call, committee, actor=officer)
        call.refresh_from_db()
        assert call.state == "open"
        first, second, third, *_rest = seats.members(committee)
        member = Client()
        member.cookies["django_language"] = "en"
        accounts.sign_in(member, first.user)
        address = reverse("committees:concept_judge", args=[panel.pk, good.pk])
        assert member.get(address).status_code == 404, "no declaration, no access"
        with identity.person(first.user.pk):
            assert {one.application_id for one in panels_read.to_declare(first.user, panel)} == {good.pk, weak.pk}
        for seat in (first, second):
            for note in (good, weak):
                conflicts.declare(seat, note, kind="none", actor=seat.user)
        conflicts.declare(third, good, kind="hard", ground="family", actor=third.user)
        waits_for(officer, panel, "Members judge the concept notes", answered_by(call))
        judged_by_members(panel, member, address, [first, second], third, good, weak)
        answered(panel, officer, good, weak)
        with time_machine.travel(panel.declarations_due + timedelta(hours=1)):
            waits_for(officer, panel, "Those invited write their full proposals", call.closes_at)
        write_and_submit(call, good, first.user)
    # From here on it is an application as any other; who was not invited stays out of all of it.
    make.closed_call(call)
    good.refresh_from_db()
    assert good.state == S.SUBMITTED
    with pytest.raises(Refused, match="not screened yet"):
        panels.start_scoring(panel, actor=officer)
    with time_machine.travel(call.closes_at + timedelta(hours=1)):
        to_screen = screened_by(call, call.closes_at)
        waits_for(officer, panel, "The members declare", clocks.declarations_due(call, to_screen))
    good = screening.find_eligible(good, checklist=make.all_holds(good), actor=officer)
    for seat in seats.members(committee)[2:]:
        if not facts.is_recused(seat.user, good):
            seats.declare(seat, good)
    assert {one.pk for one in facts.applications_of(panel)} == {good.pk}
    panels.start_scoring(panel, actor=officer)
    call.refresh_from_db()
    good.refresh_from_db()
    assert (call.state, good.state) == ("in_review", S.SCORING)
    review.start_deliberation(good, panel_mean="70.00")
    decided = review.record_decision(
        good, outcome="rejected", amount_minor=0, conditions=[], rank=None, feedback=make.feedback_draft(good)
    )
    given = Feedback.objects.filter(application=decided).values_list("outcome", flat=True)
    assert set(given) == {S.SHORTLISTED, S.REJECTED}, "the reasons of the decision stand beside those of the note"


def waits_for(officer: Any, panel: Panel, step: str, due: datetime) -> None:
    """The secretariat reads the same step and day in its work and on the page of the panel, and nothing is late."""
    panel = Panel.objects.get(pk=panel.pk)
    [item] = [one for one in for_the_secretariat(officer) if str(panel.pk) in one.url]
    shown = panels_read.next_step(officer, panel)
    assert str(item.detail).startswith(step)
    assert (item.due, shown.due) == (due, due)
    assert due > timezone.now()


def judged_by_members(
    panel: Panel, member: Client, address: str, judges: list[Any], recused: Any, good: Application, weak: Application
) -> None:
    page = member.get(address).content.decode()
    assert good.title in page
    assert "Budget" not in page.partition("My judgement")[0].partition("<article")[2]
    first, second = judges
    assert {one.kind for one in for_members(first.user)} >= {"Concept notes to judge"}
    posted = {
        f"{name}_{key}": value
        for key in facts.rules_of(panel.call).scoring.concepts.criteria
        for name, value in (("points", "4"), ("why", SENTENCE))
    }
    assert member.post(address, {**posted, "points_need": ""}).status_code == 200
    assert not ConceptScore.objects.exists()
    assert member.post(address, posted).status_code == 302
    member.post(address, posted)
    assert ConceptScore.objects.count() == 1, "once"
    with pytest.raises(Refused, match="more members"):
        judging.announce(panel, actor=make.programme_officer())
    judging.judge(second, good, points(panel.call, 3), actor=second.user)
    for seat, each in ((first, 3), (second, 2)):
        judging.judge(seat, weak, points(panel.call, each), actor=seat.user)
    with pytest.raises(Refused, match="no access"):
        judging.judge(recused, good, points(panel.call, 0), actor=recused.user)
    with pytest.raises(Refused, match="for himself"):
        judging.judge(second, good, points(panel.call, 5), actor=first.user)


def read_by(person: Any) -> tuple[int, int]:
    """How many concept notes and judgements a person reads past all rules."""
    with identity.person(person.pk):
        return ConceptNote.objects.count(), ConceptScore.objects.count()


def answered(panel: Panel, officer: Any, good: Application, weak: Application) -> None:
    first, second, *_rest = seats.members(panel.committee)
    assert read_by(accounts.user()) == read_by(make.preparer(eligible_organisation())) == (0, 0)
    assert read_by(make.signatory(weak.organisation)) == (1, 0)
    assert read_by(officer) == (2, 0)
    assert [read_by(one.user)[1] for one in (first, second)] == [2, 2]
    client = Client()
    client.cookies["django_language"] = "en"
    accounts.sign_in(client, officer, second_factor=True)
    page = client.get(reverse("committees:panel_detail", args=[panel.pk])).content.decode()
    assert page.count("2 of 2") == 2
    with pytest.raises(Refused, match="run by"):
        judging.announce(panel, actor=panel.committee.seats.first().user)
    assert client.post(reverse("committees:concepts_answer", args=[panel.pk])).status_code == 302
    good.refresh_from_db()
    weak.refresh_from_db()
    assert (good.state, weak.state) == (S.SHORTLISTED, S.NOT_SHORTLISTED)
    means = dict(Feedback.objects.values_list("application", "panel_mean"))
    assert means == {good.pk: "70.00", weak.pk: "50.00"}
    reasons = Feedback.objects.get(application=weak)
    assert reasons.criteria[0]["comments"] == [SENTENCE, SENTENCE]
    assert set(Letter.objects.values_list("outcome", flat=True)) == {S.SHORTLISTED, S.NOT_SHORTLISTED}
    accounts.sign_in(client, make.signatory(weak.organisation))
    page = client.get(reverse("grants:application_feedback", args=[weak.pk])).content.decode()
    assert "from 60 an applicant is invited" in page
    assert SENTENCE in page
    assert "Appeal against" in page


def write_and_submit(call: Call, good: Application, reader: Any) -> None:
    assert not grants_applications.visible_to(reader).filter(pk=good.pk).exists(), "nobody reads along"
    assert not stages.is_concept(good)
    said = make.answers(good)
    first = [parts.ELIGIBILITY, parts.BASICS, "need"]
    rest = [key for key in said if key not in {*first, parts.BUDGET}]
    assert [one.key for one in parts.parts_of(good)] == [*first, *rest, parts.BUDGET]
    kept = {one.part.key: one.reading.complete for one in parts.states_of(good)}
    assert kept["need"], "what the concept note said stands there"
    for key, page in said.items():
        if key not in {parts.ELIGIBILITY, parts.BASICS, "need"}:
            write(good, key, page)
    sent = send(good)
    assert sent.state == S.SUBMITTED
    assert sent.submitted_at is not None
    assert sent.concept_note.sha256 != sent.content_sha256
    assert not review_content(sent).concept


@pytest.mark.database("opened")
def test_the_call_waits_for_the_answers_and_lets_lapse_what_nobody_finished(call: Call) -> None:
    note = send(noted(call))
    late = call.closes_at + timedelta(hours=1)
    assert calls.close_due(now=late) == 0, "concept notes wait for their answer"
    with transaction.atomic():
        review.answer_note(note, invited=True, panel_mean="80.00", criteria=[])
    assert calls.close_due(now=late) == 1
    note.refresh_from_db()
    assert note.state == S.LAPSED


@pytest.mark.database("opened")
def test_an_extension_moves_the_stage_that_runs(call: Call) -> None:
    assert call.concept_closes_at is not None
    later = call.concept_closes_at + timedelta(days=2)
    moved = extending.extend(call, closes_at=later, actor=make.second_officer(), reason="طرق مقطوعة")
    assert (moved.concept_closes_at, moved.closes_at) == (later, call.closes_at + timedelta(days=2))
    with pytest.raises(IntegrityError, match="only be extended"), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(concept_closes_at=call.concept_closes_at)
    with pytest.raises(IntegrityError, match="terms"), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(concept_closes_at=None)


@pytest.mark.database("opened")
def test_the_public_reads_both_stages_beforehand(db: None) -> None:
    draft = make.draft_call(
        **{**two_stage_terms(), "closes_at": two_stage_terms()["concept_closes_at"] + timedelta(days=3)}
    )
    Section.objects.filter(call=draft).update(stage=Stage.FULL)
    with pytest.raises(Refused, match="Between the last concept note"):
        make.approved(draft)
    call = make.published_call(**two_stage_terms())
    client = Client()
    client.cookies["django_language"] = "en"
    page = client.get(reverse("grants:call_detail", args=[call.pk])).content.decode()
    for said in ("Two stages", "First a short concept note", "Only who is invited", "in the full proposal only"):
        assert said in page
    data = printed.call_data(call, "en")
    assert len(data["stages"]) == 4
    assert {one["stage"] for one in data["sections"]} == {"concept", "full"}
    assert render_pdf("grants/call.typ", data).startswith(b"%PDF")
