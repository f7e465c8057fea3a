"""The results framework: read and refused line by line, asked by amount, carried into everything that reads the application."""

from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from charter.defaults import default_rules
from grants import exports
from grants.merging import Sent
from grants.models import Application, Call, ExpectedResult, Indicator
from grants.selectors import content, logframe, parts, review_content
from grants.services import applications as services
from grants.services import copying
from kernel import identity
from kernel.permissions import Refused
from tests.factories import accounts
from tests.factories import grants as make

OUTCOME = "تشرب أسر الحي ماءً نظيفاً"
NAME = "أسر لديها ماء نظيف"
HERE = [pytest.mark.django_db, pytest.mark.database("opened")]


def typed(number: int, statement: str, *, level: str = "output", place: int = 0, **changed: Any) -> dict[str, Any]:
    """A result with one indicator as a person types it."""
    said = {
        "name": NAME,
        "unit": "أسرة",
        "baseline": "٢٠",
        "target": "١٥٠٫٥",
        "split_by": ["sex", "displacement"],
        "verification": "استبيان",
        **changed,
    }
    top = {"statement": statement} | ({"level": level} if number else {})
    return {f"result-{number}-{name}": value for name, value in top.items()} | {
        f"result-{number}-{place}-{name}": value for name, value in said.items()
    }


WHOLE = {**typed(0, OUTCOME), **typed(1, "مضخة مُصلحة", baseline="")}


@pytest.fixture
def bare() -> Call:
    call = Call(logframe_from_minor=0)
    call.__dict__["_rules"] = default_rules()
    return call


def test_what_is_typed_becomes_outcomes_outputs_and_indicators(bare: Call) -> None:
    given = {**WHOLE, **typed(3, "صيانة دورية", place=2), **typed(4, "تغيّر ثانٍ", level="outcome"), **typed(5, "مخرج")}
    reading = logframe.read(bare, given)
    assert reading.complete
    results, indicators = logframe.rows_of(Application(), reading)
    assert [(one.level, one.order, one.parent and one.parent.order) for one in results] == [
        ("outcome", 0, None), ("output", 1, 0), ("output", 3, 0), ("outcome", 4, None), ("output", 5, 4),
    ]  # fmt: skip
    assert [str(one.target) for one in indicators] == ["150.5"] * 5
    assert [one.baseline for one in indicators][:2] == [20, None]
    # A result is taken away by emptying it; the page keeps the places of the others.
    assert logframe.read(
        bare, {**given, **dict.fromkeys([name for name in typed(3, "", place=2) if not name.endswith("split_by")], "")}
    ).complete
    assert logframe.shape(bare, given) == [1, 1, 1, 3, 1, 1]
    assert logframe.shape(bare, given, more="result-3") == [1, 1, 1, 4, 1, 1]
    assert logframe.shape(bare, {}, more="result") == [1, 1, 1]
    limits = default_rules().applications
    assert logframe.shape(bare, typed(99, "x", place=99))[-1] == 1
    assert len(logframe.shape(bare, typed(99, "x"))) == limits.logframe_most_results
    assert logframe.shape(bare, typed(0, "x", place=98))[0] == limits.logframe_most_indicators


def test_findings_stand_at_their_line(bare: Call) -> None:
    with translation.override("en"):
        share = logframe.read(bare, {**WHOLE, **typed(0, OUTCOME, unit="%", target="101", baseline="100")})
        assert share.errors == {"result-0-0-target": ["A share is at most 100 %."]}
        assert set(logframe.read(bare, typed(0, OUTCOME)).errors) == {"result-0-statement"}
        first = logframe.read(bare, typed(1, "مخرج"))
        assert first.errors == {"result-1-level": ["Begin with an outcome."]}
        twice = logframe.read(bare, {**WHOLE, **typed(2, "تغيّر", level="outcome")})
        assert set(twice.errors) == {"result-2-statement"}
        wrong = logframe.read(bare, {**WHOLE, "result-0-0-target": "كثير", "result-0-0-split_by": ["blood"]})
        assert set(wrong.errors) == {"result-0-0-target", "result-0-0-split_by"}
        assert "result-0-0-name" in logframe.read(bare, {**WHOLE, "result-0-0-name": "\u202egnp"}).errors
    begun = logframe.read(bare, {**WHOLE, "result-1-1-unit": "يوم"})
    assert begun.missing == ["result-1-1-name", "result-1-1-target", "result-1-1-verification"]
    assert "result-0-statement" in logframe.read(bare, {}).missing
    # What cannot be read yet is not taken over, nor is an output without its outcome.
    results, _indicators = logframe.rows_of(Application(), first)
    assert results == []


def saved(application: Application, given: dict[str, Any]) -> None:
    writer = make.preparer(application.organisation)
    services.save_part(application, parts.LOGFRAME, given, version=0, tab="x", actor=writer)


class TestInAnApplication:
    pytestmark = HERE

    def test_from_the_first_box_to_the_papers(self) -> None:
        call = make.open_call(logframe_from_minor=10 * make.THOUSAND)
        application = make.complete_application(call, requested=20 * make.THOUSAND)
        page = reverse("grants:application_part", args=[application.pk, parts.LOGFRAME])
        client = Client()
        client.cookies["django_language"] = "en"
        accounts.sign_in(client, make.preparer(application.organisation))
        gaps = parts.gaps(application)
        assert {gap.part.key for gap in gaps} == {parts.LOGFRAME}
        with translation.override("en"):
            assert "1.1 Target" in [str(gap.what) for gap in gaps]
        # Box by box and by pressing the button, without a script.
        posted = {"version": "0", "tab": "x", **{f"q-{name}": value for name, value in typed(0, OUTCOME).items()}}
        shown = client.post(page, {**posted, "more": "result-0"})
        assert shown.status_code == 200
        assert 'name="q-result-0-1-target"' in shown.content.decode()
        posted |= {"version": "1", **{f"q-{name}": value for name, value in WHOLE.items()}}
        assert client.post(page, posted).status_code == 302
        preview = client.get(reverse("grants:application_submit", args=[application.pk])).content.decode()
        assert NAME in preview
        assert "measured at the start" in preview
        assert "Output <bdi>1.1</bdi>" in preview
        sent = services.submit(application, actor=make.signatory(application.organisation))
        (said,) = [one for one in content.content_of(sent)["results"] if one["level"] == "outcome"]
        assert said["indicators"][0] == {
            "name": NAME, "unit": "أسرة", "verification": "استبيان", "baseline": "20", "target": "150.5",
            "split_by": ["displacement", "sex"],
        }  # fmt: skip
        with translation.override("en"):
            book = load_workbook(BytesIO(exports.filled_workbook(sent)))
            assert [cell.value for cell in book["Results framework"][2]][:4] == ["1", "Outcome", OUTCOME, NAME]
            assert exports.filled_paper(sent).startswith(b"%PDF")
            assert [one.place for one in review_content(sent).results] == ["1", "1.1"]
        self._fixed_and_walled(sent)

    def _fixed_and_walled(self, sent: Application) -> None:
        indicator = Indicator.objects.first()
        assert indicator is not None
        for change in (
            lambda: Indicator.objects.filter(pk=indicator.pk).update(target=1),
            lambda: ExpectedResult.objects.filter(application=sent).update(statement="x"),
            lambda: Indicator.objects.filter(pk=indicator.pk).delete(),
        ):
            with pytest.raises(IntegrityError, match="fixed since"), transaction.atomic():
                change()
        stranger = make.preparer(make.draft_application(sent.call).organisation)
        for person, sees in ((make.preparer(sent.organisation), 2), (make.programme_officer(), 2), (stranger, 0)):
            with identity.person(person.pk):
                assert (ExpectedResult.objects.count(), Indicator.objects.count()) == (sees, sees)

    def test_below_the_amount_nobody_is_asked_and_nothing_typed_is_lost(self) -> None:
        call = make.open_call(logframe_from_minor=30 * make.THOUSAND)
        application = make.complete_application(call, requested=20 * make.THOUSAND)
        saved(application, WHOLE)
        assert ExpectedResult.objects.filter(application=application).count() == 2
        assert parts.gaps(application) == []
        sent = services.submit(application, actor=make.signatory(application.organisation))
        assert "results" not in content.content_of(sent)
        assert review_content(sent).results == []
        save = parts.last_save(sent, parts.LOGFRAME)
        assert save is not None
        assert save.answers["result-0-statement"] == OUTCOME

    def test_two_people_write_in_different_boxes_and_an_earlier_framework_is_copied_whole(self) -> None:
        call = make.open_call(logframe_from_minor=5 * make.THOUSAND)
        application = make.draft_application(call)
        saved(application, WHOLE)
        people = make.preparer(application.organisation), make.signatory(application.organisation)
        for tab, (name, text) in enumerate([("result-0-0-target", "99"), ("result-2-statement", "ثالثة")]):
            services.save_fields(application, parts.LOGFRAME, {name: Sent(text, 1)}, tab=f"t{tab}", actor=people[tab])
        last = parts.last_save(application, parts.LOGFRAME)
        assert last is not None
        assert (last.answers["result-0-0-target"], last.answers["result-2-statement"]) == ("99", "ثالثة")
        with pytest.raises(services.Outdated):
            services.save_fields(
                application, parts.LOGFRAME, {"result-0-0-target": Sent("7", 1)}, tab="t9", actor=people[1]
            )
        with pytest.raises(Refused):
            services.save_fields(
                application, parts.LOGFRAME, {"result-0-0-name": Sent("x" * 60_001, 9)}, tab="t1", actor=people[0]
            )
        later = services.start(
            make.open_call(logframe_from_minor=5 * make.THOUSAND), application.organisation, actor=people[0]
        )
        copying.copy_earlier(later, application, actor=people[0])
        assert [one.statement for one in later.results.all()] == [OUTCOME, "مضخة مُصلحة", "ثالثة"]
        again = copying.copy_earlier(later, application, actor=people[0])
        assert not any(one.copied for one in again)
