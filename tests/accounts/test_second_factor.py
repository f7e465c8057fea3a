"""The second factor: what counts as one, what does not, and how its secrets are kept."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from accounts import second_factor, selectors
from accounts.models import User
from accounts.roles import Role
from accounts.secrets import SecretError, open_sealed, seal, secrets_of
from tests.factories import accounts as make

pytestmark = pytest.mark.django_db

PAGE = "accounts:staff_session"


def asked_to_confirm(response: Any) -> bool:
    return response.status_code == 302 and urlsplit(response["Location"]).path == reverse("accounts:second_factor")


def test_a_page_that_needs_it_sends_to_the_confirmation_and_back(client: Client) -> None:
    make.sign_in(client, make.administrator())
    response = client.get(reverse(PAGE))
    assert asked_to_confirm(response)
    assert parse_qs(urlsplit(response["Location"]).query)["next"] == [reverse(PAGE)]


def test_a_fresh_one_opens_the_page(client: Client) -> None:
    make.sign_in(client, make.administrator(), second_factor=True)
    assert client.get(reverse(PAGE)).status_code == 200


@pytest.mark.parametrize("seconds_ago", [301, 3600, -60])
def test_an_old_one_and_one_from_the_future_do_not_count(client: Client, seconds_ago: float) -> None:
    make.sign_in(client, make.administrator(), second_factor=True, seconds_ago=seconds_ago)
    assert asked_to_confirm(client.get(reverse(PAGE)))


@pytest.mark.parametrize(
    "change",
    [
        {"method": "password"},
        {"type": "recovery_codes"},
        {"at": "now"},
        {"at": None},
        {"id": None},
        {"id": 999_999},
    ],
)
def test_what_is_no_second_factor_does_not_count(client: Client, change: dict[str, Any]) -> None:
    make.sign_in(client, make.administrator(), second_factor=True)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{**session[AUTHENTICATION_METHODS_SESSION_KEY][0], **change}]
    session.save()
    assert asked_to_confirm(client.get(reverse(PAGE)))


def test_a_factor_that_was_taken_out_counts_no_more(client: Client) -> None:
    person = make.administrator()
    make.sign_in(client, person, second_factor=True)
    Authenticator.objects.filter(user=person).delete()
    assert asked_to_confirm(client.get(reverse(PAGE)))


def test_somebody_elses_factor_does_not_count(client: Client) -> None:
    person = make.administrator()
    make.sign_in(client, person, second_factor=True)
    other = make.authenticator(make.user())
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{**session[AUTHENTICATION_METHODS_SESSION_KEY][0], "id": other.pk}]
    session.save()
    assert asked_to_confirm(client.get(reverse(PAGE)))


def test_without_a_factor_the_page_leads_to_enrolment(client: Client) -> None:
    make.sign_in(client, make.administrator())
    page = client.get(reverse("accounts:second_factor")).content.decode()
    assert reverse("mfa_add_webauthn") in page
    assert reverse("mfa_activate_totp") in page


def test_what_was_typed_is_kept_when_the_confirmation_is_too_old(client: Client) -> None:
    admin = make.administrator()
    make.sign_in(client, admin)
    response = client.post(reverse(PAGE), {"reason": "المسؤولة المالية <الجديدة>"})
    assert response.status_code == 403
    assert "المسؤولة المالية &lt;الجديدة&gt;" in response.content.decode()
    assert selectors.recent_staff_sessions(admin).count() == 1


def test_it_leads_nowhere_else(client: Client) -> None:
    make.sign_in(client, make.administrator(), second_factor=True)
    response = client.get(reverse("accounts:second_factor"), {"next": "https://evil.example/"})
    assert response["Location"] == reverse("accounts:second_factor_done")


def test_a_real_code_confirms(client: Client) -> None:
    person = make.user(password=make.PASSWORD)
    factor = make.authenticator(person)
    make.sign_in(client, person)
    with secrets_of(person):
        secret = open_sealed(factor.data["secret"], person=str(person.pk))
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    done = reverse("accounts:second_factor_done")
    response = client.post(f"{reverse('mfa_reauthenticate')}?next={done}", {"code": code})
    assert response["Location"] == done
    assert client.get(done).context["fresh"] is True


def code_of(person: User) -> str:
    secret = open_sealed(make.authenticator(person).data["secret"], person=str(person.pk))
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in_by_hand(client: Client, person: User, code: str) -> Any:
    person.set_password(make.PASSWORD)
    person.save()
    client.post(reverse("account_login"), {"login": person.email, "password": make.PASSWORD})
    return client.post(reverse("mfa_authenticate"), {"code": code})


def test_signing_in_with_a_code_counts_for_five_minutes(client: Client) -> None:
    person = make.administrator()
    response = sign_in_by_hand(client, person, code_of(person))
    assert response["Location"] == reverse("work")
    assert client.get(reverse(PAGE)).status_code == 200


def test_signing_in_with_a_recovery_code_confirms_nothing(client: Client) -> None:
    person = make.administrator()
    make.authenticator(person)
    with secrets_of(person):
        code = RecoveryCodes.activate(person).generate_codes()[0]
    assert sign_in_by_hand(client, person, code)["Location"] == reverse("work")
    assert asked_to_confirm(client.get(reverse(PAGE)))


def test_a_code_works_once(client: Client) -> None:
    person = make.administrator()
    code = code_of(person)
    sign_in_by_hand(client, person, code)
    assert sign_in_by_hand(Client(), person, code).status_code == 200


def test_secrets_are_sealed_for_their_person() -> None:
    one, two = make.user(), make.user()
    factor = make.authenticator(one)
    sealed = factor.data["secret"]
    assert sealed.startswith("v1:")
    assert len(open_sealed(sealed, person=str(one.pk))) == 32
    with pytest.raises(SecretError):
        open_sealed(sealed, person=str(two.pk))
    with pytest.raises(SecretError):
        open_sealed(sealed[:-6] + "AAAAA=", person=str(one.pk))
    with pytest.raises(SecretError):
        open_sealed("JBSWY3DPEHPK3PXP", person=str(one.pk))


def test_a_secret_copied_to_another_account_opens_nothing_there(client: Client) -> None:
    thief, victim = make.user(), make.user()
    stolen = make.authenticator(thief)
    factor = make.authenticator(victim)
    Authenticator.objects.filter(pk=factor.pk).update(data=stolen.data)
    make.sign_in(client, victim)
    secret = open_sealed(stolen.data["secret"], person=str(thief.pk))
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post(reverse("mfa_reauthenticate"), {"code": code}).status_code == 403


def test_a_second_key_still_opens_what_the_first_sealed(settings: Any) -> None:
    sealed = seal("secret", person="x")
    new = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    settings.SECOND_FACTOR_KEYS = [new, *settings.SECOND_FACTOR_KEYS]
    assert open_sealed(sealed, person="x") == "secret"
    settings.SECOND_FACTOR_KEYS = [new]
    with pytest.raises(SecretError):
        open_sealed(sealed, person="x")


def test_strangers_have_no_factor(rf: Any) -> None:
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/")
    request.user = AnonymousUser()
    request.session = {}
    assert not second_factor.is_fresh(request)
    assert second_factor.kinds_of(request.user) == frozenset()


@pytest.mark.parametrize("role", [Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.AUDITOR])
def test_other_officers_do_not_even_reach_the_question(client: Client, role: Role) -> None:
    make.sign_in(client, make.officer(role), second_factor=True)
    assert client.get(reverse(PAGE)).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_small_organisation_without_a_factor_sets_one_up_on_the_way_and_comes_back(client: Client) -> None:
    """Nobody is locked out: from the form to the enrolment, and back to the form, without a second code."""
    from tests.factories import organisations

    organisation = organisations.registered_organisation()
    signatory = organisations.signatory_of(organisation)
    client.force_login(signatory, backend="accounts.backends.ByKey")
    page = reverse("organisations:invite", args=[organisation.pk])
    kept = client.post(page, {"email": "new@people.example", "full_name": "سمر", "role": "preparer"})
    assert kept.status_code == 403
    assert 'value="new@people.example"' in kept.content.decode()
    assert asked_to_confirm(client.get(page))
    asked = client.get(client.get(page)["Location"])
    assert reverse("mfa_activate_totp") in asked.content.decode()
    enrolment = client.get(reverse("mfa_activate_totp"))
    assert reverse("accounts:second_factor") in enrolment.content.decode()
    code = format_hotp_value(hotp_value(enrolment.context["form"].secret, int(time.time()) // 30))
    codes = client.post(reverse("mfa_activate_totp"), {"code": code}, follow=True)
    back = f"{reverse('accounts:second_factor')}?next={page}"
    assert back in codes.content.decode()
    assert client.get(back)["Location"] == page
    assert client.get(page).status_code == 200
    assert back not in client.get(reverse("mfa_index")).content.decode()
