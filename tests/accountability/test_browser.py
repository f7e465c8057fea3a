"""The pages of complaints in Chromium: Arabic and English, phone and desk, for who complains and who handles."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from accountability import services
from accounts.roles import Role
from tests.accessibility import findings, look
from tests.factories import accounts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_somebody_complains_on_a_phone_and_a_handler_answers(page: Any, live_server: Any) -> None:
    handler = accounts.officer(Role.CASE_HANDLER)
    accounts.officer(Role.CASE_HANDLER)
    _code, complaint = services.receive(once=uuid4(), category="fraud", text="طلب مالاً.", language="ar")
    _code, answered = services.receive(once=uuid4(), category="fraud", text="أُبعدنا عن التوزيع.", language="ar")
    services.take_up(answered, category="fraud", handler=handler, actor=handler)
    services.answer(answered, outcome="substantiated", answer="صحيح.", actor=handler)

    def at(name: str, *args: Any) -> str:
        return reverse(f"accountability:{name}", args=args)

    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(live_server.url + at("complain"))
    page.get_by_label("استغلال", exact=False).check()
    page.locator("[name=text]").fill("حدث أمر لا يجوز.")
    with page.expect_navigation():
        page.locator("main form button").click()
    code = page.locator("main .code, main bdi").first.inner_text()
    assert findings(page) == []
    page.goto(live_server.url + at("follow_up"))
    page.locator("[name=code]").fill(code)
    with page.expect_navigation():
        page.locator("main form button").click()
    assert "حدث أمر لا يجوز." in page.inner_text("main")
    assert findings(page, contrast=False) == []
    pages = [at("complain"), at("follow_up"), at("complaint_list"), at("complaint_detail", complaint.pk)]
    pages += [at(f"complaint_{act}", complaint.pk) for act in ("sort", "answer", "assign", "exclude")]
    pages += [at(f"complaint_{act}", answered.pk) for act in ("detail", "ask")]
    assert look(page, live_server, handler, pages) == []
