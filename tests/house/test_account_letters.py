"""The letters of sign-in: short, in the reader's language, with what is needed and nothing to fear."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation

from accounts.models import User

NOTICES = [
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_set",
    "account/email/email_confirm",
    "mfa/email/recovery_codes_generated",
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
    "mfa/email/webauthn_added",
    "mfa/email/webauthn_removed",
]


@pytest.mark.parametrize("name", NOTICES)
@pytest.mark.parametrize(
    ("language", "fund"), [("ar", "الصندوق المشترك"), ("en", "Pooled Fund"), ("ku", "Fona Hevpar")]
)
def test_a_change_is_told_with_time_and_place(name: str, language: str, fund: str) -> None:
    data = {"ip": "192.0.2.7", "user_agent": "A browser", "timestamp": timezone.now()}
    with translation.override(language):
        subject = render_to_string(f"{name}_subject.txt", data)
        letter = render_to_string(f"{name}_message.txt", data)
    assert len(subject.strip().splitlines()) == 1
    assert "192.0.2.7" in letter
    assert fund in letter
    assert "<" not in letter


@pytest.mark.django_db
def test_a_new_password_is_offered_by_a_link_in_arabic(client: Client) -> None:
    person = User.objects.create(email="salma@example.org", full_name="سلمى الحداد")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client.post("/account/password/reset/", {"email": person.email}, headers={"accept-language": "ar"})
    (letter,) = mail.outbox
    assert letter.subject == "كلمة مرور جديدة"
    assert "http://testserver/account/password/reset/key/" in letter.body
    assert "احذف هذه الرسالة" in letter.body
