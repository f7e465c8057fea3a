"""Messages: once, in the reader's language, to their owner alone."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import get_language

from audit import outbox
from notices import registry, selectors, services
from notices.models import Notice
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db

KIND = "tests.something_happened"


@pytest.fixture(autouse=True)
def worded() -> Iterator[None]:
    @registry.wording(KIND)
    def fn(params: Mapping[str, Any]) -> tuple[str, str]:
        return f"{get_language()}: {params['what']}\nInjected: x", f"first <b>{params['what']}</b>\n\nsecond"

    yield
    del registry._wordings[KIND]


def tell(*people: Any, key: str = "one", url: str = "/work/") -> None:
    services.notify(people, KIND, params={"what": "قرار"}, url=url, dedupe_key=key)


def test_the_same_news_reaches_a_person_once() -> None:
    person = make.user()
    tell(person, person)
    tell(person)
    assert Notice.objects.count() == 1
    outbox.drain()
    assert len(mail.outbox) == 1
    tell(person, key="two")
    assert Notice.objects.count() == 2


def test_mail_is_plain_text_and_html_in_the_readers_language() -> None:
    tell(make.user(language="ar"), make.user(language="en"))
    outbox.drain()
    by_language = {letter.subject[:2]: letter for letter in mail.outbox}
    arabic, english = by_language["ar"], by_language["en"]
    assert isinstance(arabic, EmailMultiAlternatives)
    assert isinstance(english, EmailMultiAlternatives)
    assert "\n" not in arabic.subject
    html = str(arabic.alternatives[0][0])
    assert 'dir="rtl"' in html
    assert "&lt;b&gt;" in html
    assert "<b>قرار</b>" in arabic.body
    assert 'dir="ltr"' in str(english.alternatives[0][0])
    assert "http://testserver/work/" in arabic.body


def test_closed_accounts_get_nothing() -> None:
    person, closed = make.user(), make.user()
    tell(person)
    person.is_active = False
    person.save()
    closed.is_active = False
    closed.save()
    tell(closed, key="two")
    outbox.drain()
    assert mail.outbox == []
    assert not Notice.objects.filter(user=closed).exists()


def test_a_kind_without_wording_is_an_error_at_once() -> None:
    with pytest.raises(LookupError):
        services.notify([make.user()], "tests.unknown", params={}, url="", dedupe_key="x")


def test_the_navigation_counts_what_is_new_until_it_is_read(client: Client) -> None:
    person = make.user()
    tell(person)
    make.sign_in(client, person)
    page = client.get(reverse("notices:notice_list"))
    assert page.context["unread"] == 1
    entry = next(item for item in page.context["navigation"]["work"] if item.url == reverse("notices:notice_list"))
    assert entry.number == 1
    notice = Notice.objects.get()
    detail = client.get(reverse("notices:notice_detail", args=[notice.pk]))
    assert "&lt;b&gt;" in detail.content.decode()
    assert client.get(reverse("notices:notice_list")).context["unread"] == 0
    first = Notice.objects.get().read_at
    assert services.mark_read(person, notice.pk).read_at == first, "what was read is read once"


def test_all_are_marked_read(client: Client) -> None:
    person, other = make.user(), make.user()
    tell(person, other)
    tell(person, key="two")
    make.sign_in(client, person)
    client.post(reverse("notices:mark_all_read"))
    assert Notice.objects.filter(user=person, read_at__isnull=True).count() == 0
    assert Notice.objects.filter(user=other, read_at__isnull=True).count() == 1


def test_messages_of_others_do_not_exist(client: Client) -> None:
    tell(make.user())
    notice = Notice.objects.get()
    make.sign_in(client, make.user())
    assert client.get(reverse("notices:notice_detail", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None
    with pytest.raises(Notice.DoesNotExist):
        services.mark_read(make.user(), notice.pk)


def test_a_message_leads_nowhere_else(client: Client) -> None:
    person = make.user()
    tell(person, url="https://evil.example/")
    make.sign_in(client, person)
    page = client.get(reverse("notices:notice_detail", args=[Notice.objects.get().pk])).content.decode()
    assert "evil.example" not in page


def test_the_list_costs_the_same_for_any_number(client: Client) -> None:
    person = make.user()
    make.sign_in(client, person)
    costs = []
    for number in (1, 3):
        for n in range(number):
            tell(person, key=f"{number}-{n}")
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("notices:notice_list"))
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_every_kind_is_worded_in_every_language() -> None:
    assert {"charter.proposed", "charter.ratified", "charter.withdrawn"} <= set(registry.kinds())
    letter = registry.word("charter.ratified", {"number": 2, "consenting": 3, "networks": 4})
    assert "2" in letter.subject
    assert selectors.in_words([]) == []
