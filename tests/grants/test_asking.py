"""Questions about a call: asked without showing who, answered once for all, until the charter's day."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.roles import Role
from audit import fsck
from grants.models import Call, CallQuestion
from grants.rules import asking as rules
from grants.services import asking as services
from kernel import identity
from kernel.database import played_time
from kernel.permissions import Refused
from kernel.work import work_for
from notices.models import Notice
from organisations.selectors import users_of
from tests.factories import accounts, grants
from tests.factories import organisations as made

pytestmark = [pytest.mark.django_db, pytest.mark.database("opened")]
ASKED = "هل نستطيع نحن في جمعية السرّ شراء سيارة؟"


def test_a_question_is_answered_for_everybody_and_nobody_reads_who_asked() -> None:
    application = grants.draft_application()
    call = application.call
    asker = made.signatory_of(made.eligible_organisation())
    page = reverse("grants:call_questions", args=[call.pk])
    browser = accounts.browser_of(asker)
    assert "Ask a question" in browser.get(page).content.decode()
    browser.post(reverse("grants:call_ask", args=[call.pk]), {"text": ASKED})
    question = CallQuestion.objects.get()
    assert ASKED in browser.get(page).content.decode()
    # Others read neither the question nor that there is one; the secretariat reads it, never who asked.
    other = accounts.browser_of(made.signatory_of(application.organisation))
    for reader in (Client(), other):
        assert ASKED not in reader.get(page).content.decode()
    officer = made.colleague(Role.PROGRAMME_OFFICER)
    answering = reverse("grants:question_answer", args=[question.pk])
    text = accounts.browser_of(officer).get(answering).content.decode()
    assert ASKED in text
    assert asker.full_name not in text
    (item,) = [one for one in work_for(officer) if answering in one.url]
    assert item.due == rules.answer_due(question)
    assert other.get(answering).status_code in {403, 404}
    for person, number in ((asker, 1), (officer, 1), (made.signatory_of(application.organisation), 0)):
        with identity.person(person.pk):
            assert CallQuestion.objects.count() == number
    # The answer needs its Arabic; then everybody reads it at once, worded so that nobody is given away.
    said = {"decision": "publish", "question_ar": "هل يمكن شراء سيارة؟", "answer_ar": "لا.", "answer_en": "No."}
    missing = accounts.browser_of(officer).post(answering, {**said, "answer_ar": ""}).content.decode()
    assert "Arabic is needed" in missing
    accounts.browser_of(officer).post(answering, said)
    for reader in (Client(), other, browser):
        text = reader.get(page).content.decode()
        assert "هل يمكن شراء سيارة؟" in text
        assert "جمعية السرّ" not in text
        assert reader is browser or asker.full_name not in text
    told = set(Notice.objects.filter(kind="grants.question_answered").values_list("user", flat=True))
    assert told == {asker.pk, *(one.pk for one in users_of(application.organisation))}
    with pytest.raises(Refused):
        services.decline(question, reason="مرتين", actor=officer)
    assert list(fsck.findings()) == []


def test_questions_end_in_time_for_every_answer_to_help(settings: Any) -> None:
    settings.DEMO = True  # the database's clock goes with this process's
    call = grants.draft_application().call
    asker = made.signatory_of(made.eligible_organisation())
    last = rules.last_moment(call)
    assert timedelta(days=3) <= call.closes_at - last < timedelta(days=9)
    with played_time(), time_machine.travel(last - timedelta(minutes=1), tick=False):
        services.ask(call, text="سؤال أخير؟", actor=asker)
    late = time_machine.travel(last + timedelta(minutes=1), tick=False)
    with played_time(), late, translation.override("en"), pytest.raises(Refused, match="Questions were taken until"):
        services.ask(call, text="متأخر؟", actor=asker)


def test_floods_strangers_and_what_is_not_about_the_call() -> None:
    call: Call = grants.draft_application().call
    asker = made.signatory_of(made.eligible_organisation())
    first, *_rest = [services.ask(call, text=f"سؤال {n}؟", actor=asker) for n in range(rules.MOST_WAITING)]
    with translation.override("en"):
        with pytest.raises(Refused, match="Several of your questions"):
            services.ask(call, text="سؤال آخر؟", actor=asker)
        with pytest.raises(Refused, match="register yours first"):
            services.ask(call, text="من أنتم؟", actor=accounts.user())
        with pytest.raises(Refused):
            services.decline(first, reason="x", actor=asker)
    services.decline(first, reason="أُجيب عنه أعلاه", actor=made.colleague(Role.FUND_MANAGER))
    notice = Notice.objects.get(kind="grants.question_declined")
    assert notice.user == asker
    services.ask(call, text="سؤال جديد؟", actor=asker)
    text = accounts.browser_of(asker).get(reverse("grants:call_questions", args=[call.pk])).content.decode()
    assert "not published" in text
    hidden = grants.draft_call()
    assert Client().get(reverse("grants:call_questions", args=[hidden.pk])).status_code == 404
    assert timezone.now() < rules.last_moment(call)
