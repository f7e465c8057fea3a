"""Pages for what went wrong: each says in the reader's language what happened and what to do next."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from django.views.defaults import permission_denied

from kernel.permissions import Refused


@pytest.mark.parametrize("language", ["ar", "en", "ku"])
@pytest.mark.parametrize("name", ["400.html", "404.html", "500.html", "403_csrf.html"])
def test_a_page_can_be_made_with_nothing_known_of_the_request(name: str, language: str) -> None:
    with translation.override(language):
        page = render_to_string(name)
    assert f'<html lang="{language}"' in page
    assert page.count("<h1>") == 1
    assert "csrfmiddlewaretoken" not in page


def refusal(error: PermissionDenied) -> HttpResponse:
    with translation.override("en"):
        return permission_denied(RequestFactory().get("/"), error)


def test_a_refusal_gives_the_rules_own_reason() -> None:
    page = refusal(Refused("The call closed on Sunday.")).content.decode()
    assert "The call closed on Sunday." in page


def test_a_refusal_without_a_reason_still_says_what_to_do() -> None:
    page = refusal(PermissionDenied()).content.decode()
    assert "does not include this page" in page
    assert "secretariat" in page


@pytest.mark.django_db
def test_a_form_left_open_too_long_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"}, headers={"accept-language": "ar"})
    assert answer.status_code == 403
    assert "أرسل الاستمارة مرة أخرى" in answer.content.decode()
