"""Invitations: one link, one address, once, for a time."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.signing import Signer
from django.test import Client
from django.urls import reverse

from accounts import selectors, services
from accounts.models import Invitation, User
from accounts.roles import Role
from audit import outbox
from kernel.permissions import Refused
from tests.factories import accounts as make
from tests.threads import together

pytestmark = pytest.mark.django_db

ADDRESS = "new.officer@people.example"


def invited(email: str = ADDRESS) -> Invitation:
    return services.invite_to_office(
        email=email,
        full_name="مسؤولة جديدة",
        role=Role.FINANCE_OFFICER,
        language="ar",
        reason="a new officer",
        actor=make.administrator(),
    )


def link(invitation: Invitation) -> str:
    return reverse("accounts:invitation", args=[services.token_of(invitation)])


REGISTRATION: dict[str, Any] = {
    "full_name": "مسؤولة جديدة",
    "way": "password",
    "password1": make.PASSWORD,
    "password2": make.PASSWORD,
}


def test_the_letter_brings_the_link_in_the_language_of_the_invited() -> None:
    invitation = invited()
    outbox.drain()
    letter = mail.outbox[-1]
    assert letter.to == [ADDRESS]
    assert link(invitation) in letter.body
    assert isinstance(letter, EmailMultiAlternatives)
    html = str(letter.alternatives[0][0])
    assert 'dir="rtl"' in html
    assert 'lang="ar"' in html


def test_a_new_person_sets_a_password_and_has_the_office(client: Client) -> None:
    invitation = invited()
    response = client.post(link(invitation), REGISTRATION)
    assert response.status_code == 302, response.context["form"].errors
    person = User.objects.get(email=ADDRESS)
    assert selectors.has_role(person, Role.FINANCE_OFFICER)
    assert person.check_password(make.PASSWORD)
    assert client.get(reverse("work")).context["user"] == person


def test_a_new_person_may_choose_a_passkey_instead(client: Client) -> None:
    response = client.post(link(invited()), {"full_name": "مسؤولة", "way": "passkey"})
    assert response["Location"] == reverse("mfa_add_webauthn")
    assert not User.objects.get(email=ADDRESS).has_usable_password()
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password2": "another sentence of mine"}, "password2"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": ""}, "password1"),
        ({"full_name": "Ali \u202eecila"}, "full_name"),
        ({"full_name": "Maria \u0421hen"}, "full_name"),
        ({"full_name": ""}, "full_name"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(client: Client, change: dict[str, str], field: str) -> None:
    response = client.post(link(invited()), {**REGISTRATION, **change})
    assert field in response.context["form"].errors
    assert not User.objects.filter(email=ADDRESS).exists()


def test_a_used_link_does_nothing_more(client: Client) -> None:
    invitation = invited()
    client.post(link(invitation), REGISTRATION)
    again = Client()
    assert again.get(link(invitation)).status_code == 410
    assert again.post(link(invitation), REGISTRATION).status_code == 410
    assert User.objects.filter(email=ADDRESS).count() == 1


def test_an_expired_link_does_nothing(client: Client) -> None:
    invitation = invited()
    with time_machine.travel(invitation.expires_at + timedelta(seconds=1)):
        assert client.post(link(invitation), REGISTRATION).status_code == 410
    assert not User.objects.filter(email=ADDRESS).exists()


def test_a_withdrawn_link_does_nothing(client: Client) -> None:
    invitation = invited()
    services.withdraw(invitation, actor=make.administrator())
    assert client.get(link(invitation)).status_code == 410
    outbox.drain()
    assert not [letter for letter in mail.outbox if letter.to == [ADDRESS]]


def test_a_second_invitation_replaces_the_first(client: Client) -> None:
    first, second = invited(), invited()
    assert client.get(link(first)).status_code == 410
    assert client.get(link(second)).status_code == 200


def test_a_forged_link_does_not_exist(client: Client) -> None:
    invitation = invited()
    forged = Signer(salt="another purpose").sign(str(invitation.pk))
    for token in (forged, "x", services.token_of(invitation)[:-1] + "_"):
        assert client.get(reverse("accounts:invitation", args=[token])).status_code == 404


def test_who_has_an_account_signs_in_first_and_then_accepts(client: Client) -> None:
    person = make.user(email=ADDRESS)
    invitation = invited()
    assert client.get(link(invitation))["Location"].startswith(reverse("account_login"))
    make.sign_in(client, person)
    assert client.get(link(invitation)).status_code == 200
    client.post(link(invitation))
    assert selectors.has_role(User.objects.get(pk=person.pk), Role.FINANCE_OFFICER)


def test_a_link_in_the_wrong_hands_gives_nothing(client: Client) -> None:
    make.user(email=ADDRESS)
    thief = make.user()
    invitation = invited()
    make.sign_in(client, thief)
    assert client.post(link(invitation)).status_code == 403
    assert not selectors.has_role(User.objects.get(pk=thief.pk), Role.FINANCE_OFFICER)


def test_nobody_but_administrators_invites_to_an_office() -> None:
    for stranger in (make.officer(Role.FUND_MANAGER), make.user()):
        with pytest.raises(Refused):
            services.invite_to_office(
                email=ADDRESS, full_name="x", role=Role.AUDITOR, language="ar", reason="x", actor=stranger
            )


def test_an_invitation_of_others_does_not_exist_for_me(client: Client) -> None:
    invitation = invited()
    make.sign_in(client, make.officer(Role.FUND_MANAGER))
    response = client.post(reverse("accounts:withdraw_invitation", args=[invitation.pk]))
    assert response.status_code == 404
    invitation.refresh_from_db()
    assert invitation.state == "sent"


def test_an_office_given_meanwhile_is_not_given_twice(client: Client) -> None:
    person = make.user(email=ADDRESS)
    invitation = invited()
    make.appointment(person, Role.FINANCE_OFFICER)
    make.sign_in(client, person)
    assert client.post(link(invitation)).status_code == 403
    invitation.refresh_from_db()
    assert invitation.state == "sent"


@pytest.mark.django_db(transaction=True)
def test_one_link_opened_twice_at_once_makes_one_account() -> None:
    invitation = invited()

    def accept() -> int:
        return Client(raise_request_exception=False).post(link(invitation), REGISTRATION).status_code

    answers = together([accept] * 2)
    assert answers.count(302) == 1, answers
    assert not [code for code in answers if code >= 500], answers
    assert User.objects.filter(email=ADDRESS).count() == 1
    assert len(selectors.appointments_of(User.objects.get(email=ADDRESS))) == 1
