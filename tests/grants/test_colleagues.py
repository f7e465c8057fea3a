"""Colleagues: comments that nobody outside reads, and copying from an earlier application."""

from typing import Any

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import translation

from audit import erasure, vault
from grants.models import Application, PartComment, Question
from grants.selectors import parts
from grants.services import applications as services
from grants.services import calls, colleagues, copying
from kernel import identity
from kernel.permissions import Refused
from notices.models import Notice
from tests.factories import accounts
from tests.factories import grants as make

pytestmark = [pytest.mark.django_db, pytest.mark.database("opened")]
SECRET = "اسم الشاهدة سناء المثال"


def at(name: str, application: Application, *more: Any) -> str:
    return reverse(f"grants:{name}", args=[application.pk, *more])


def test_comments_are_read_by_colleagues_alone_and_go_with_their_writer() -> None:
    application = make.draft_application()
    writer, signatory = make.preparer(application.organisation), make.signatory(application.organisation)
    own, page = accounts.browser_of(writer), at("application_comments", application, "basics")
    assert own.post(page, {"text": ""}).status_code == 422
    assert own.post(page, {"text": SECRET}).status_code == 302
    (comment,) = PartComment.objects.all()
    assert [one.user for one in Notice.objects.filter(kind="grants.comment_written")] == [signatory]
    assert SECRET not in str(Notice.objects.values_list("params", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(c)::text FROM grants_partcomment c")
        assert SECRET not in str(cursor.fetchall())
    colleague = accounts.browser_of(signatory)
    assert SECRET in colleague.get(page).content.decode()
    assert "1 open comment" in colleague.get(at("application_detail", application)).content.decode()
    assert own.get(at("application_comments", application, "unheard")).status_code == 404
    with pytest.raises(LookupError, match="unheard"):
        colleagues.comment(application, "unheard", text="x", actor=writer)
    # Officers, strangers, and people of another organisation: no page, no row, no act.
    other = make.draft_application(application.call)
    stranger = accounts.browser_of(make.preparer(other.organisation))
    settle = at("comment_settle", application, "basics", comment.pk)
    for outsider in (stranger, accounts.browser_of(make.programme_officer())):
        assert outsider.get(page).status_code == 404
        assert outsider.post(settle).status_code == 404
    assert stranger.post(at("comment_settle", other, "basics", comment.pk)).status_code == 404
    for person, number in ((writer, 1), (make.preparer(other.organisation), 0), (make.programme_officer(), 0)):
        with identity.person(person.pk):
            assert PartComment.objects.count() == number
    assert colleague.post(settle).status_code == 302
    comment.refresh_from_db()
    assert comment.state == "resolved"
    colleagues.settle(comment, actor=writer)
    # What was submitted holds nothing of it, and cannot be commented any more.
    for key, typed in make.answers(application).items():
        services.save_part(application, key, typed, version=0, tab="x", actor=writer)
    submitted = services.submit(application, actor=signatory)
    assert accounts.browser_of(make.programme_officer()).get(at("application_detail", submitted)).status_code == 200
    assert (
        SECRET
        not in accounts.browser_of(make.programme_officer()).get(at("application_detail", submitted)).content.decode()
    )
    with pytest.raises(Refused):
        colleagues.comment(submitted, "basics", text="بعد", actor=writer)
    assert SECRET in colleague.get(page).content.decode()
    proposed = erasure.propose_key(
        vault.key_for(writer.pk), ground="request", reason="طلبت ذلك", actor=accounts.administrator()
    )
    erasure.carry_out(proposed, actor=accounts.officer("administrator"))
    shown = colleague.get(page).content.decode()
    assert SECRET not in shown
    assert "These words were erased" in shown


def test_what_is_asked_by_the_same_name_is_copied_into_what_is_empty() -> None:
    source = make.submitted_application()
    organisation, writer = source.organisation, make.preparer(source.organisation)
    application = make.draft_application(make.open_call(), organisation)
    other = make.draft_application(application.call)
    services.save_part(application, "basics", {"title": "عنواننا الجديد"}, version=0, tab="x", actor=writer)
    client, page = accounts.browser_of(writer), at("application_copy", application)
    assert source.title in client.get(page).content.decode()
    assert client.post(page, {"source": str(other.pk)}).status_code == 422
    shown = client.post(page, {"source": str(source.pk)}).content.decode()
    assert "something stands there already" in shown
    application.refresh_from_db()
    assert (application.title, application.summary) == ("عنواننا الجديد", source.summary)
    assert (application.starts_on, application.eligibility_answers.count()) == (None, 0)
    assert application.budget_lines.count() == source.budget_lines.count() > 0
    assert {one.question.key: one.value for one in application.answers.select_related("question")} == {
        one.question.key: one.value for one in source.answers.select_related("question")
    }
    with translation.override("en"):
        again = copying.copy_earlier(application, source, actor=writer)
    assert again
    assert not any(one.copied for one in again)
    assert (
        accounts.browser_of(make.preparer(other.organisation)).post(page, {"source": str(source.pk)}).status_code == 404
    )
    for into, of, actor in ((other, source, make.preparer(other.organisation)), (source, application, writer)):
        with pytest.raises(Refused):
            copying.copy_earlier(into, of, actor=actor)


def test_what_the_call_does_not_ask_or_offer_is_named() -> None:
    one = Question(kind="one_of", choices=[{"key": "a", "label": {"en": "A"}}])
    many = Question(kind="many_of", choices=[{"key": "a", "label": {"en": "A"}}])
    assert copying.fitting(one, "a") == "a"
    assert copying.fitting(one, "b") == ""
    assert (copying.fitting(many, ["a", "b"]), copying.fitting(many, ["b"])) == (["a"], [])
    source = make.submitted_application()
    draft = make.draft_call()
    question = Question.objects.filter(section__call=draft).order_by("section__order", "order").first()
    assert question is not None
    Question.objects.filter(pk=question.pk).update(key="another")
    call = calls.publish(make.approved(draft), actor=make.programme_officer())
    calls.open_due(now=call.opens_at)
    call.refresh_from_db()
    application = make.draft_application(call, source.organisation)
    outcomes = copying.copy_earlier(application, source, actor=make.preparer(source.organisation))
    with translation.override("en"):
        missed = [str(one.why) for one in outcomes if str(one.label) == str(question.label)]
    assert missed == ["not asked in this call"]
    assert parts.saves_of(application)["basics"].tab == copying.TAB
    # From an application in which nothing is written yet, nothing comes, not even an empty budget.
    empty = make.draft_application(make.open_call(), source.organisation)
    budget = application.budget_lines.count()
    assert not any(
        one.copied for one in copying.copy_earlier(application, empty, actor=make.preparer(source.organisation))
    )
    assert application.budget_lines.count() == budget
