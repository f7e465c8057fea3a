"""Signed passports through the fund: asked for, signed where the keys are, taken with what is chosen, brought from elsewhere."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from joserfc.jwk import OKPKey

from accounts.roles import Role
from audit import fsck, turns
from audit.confirmation import Unconfirmed, of_request
from audit.models import RecordedEvent
from charter.defaults import default_rules
from kernel import identity
from kernel.permissions import Refused
from organisations import carried, carried_events, passport_keys, sdjwt, selectors, services
from organisations.models import Organisation, PassportImport, PassportKey, SignedPassport, TrustedFund
from organisations.selectors import carrying
from organisations.services import carrying as signing
from tests.factories import accounts, charter
from tests.factories import organisations as made
from tools import verify_passport

pytestmark = pytest.mark.django_db
OTHER = "https://other-fund.example"
OTHER_KEY = OKPKey.generate_key("Ed25519")
OTHER_JWKS = {"keys": [passport_keys.public_side(OTHER_KEY)]}
BOARD = "سناء المثال — Sana Example — 01234567890"


@pytest.fixture(scope="module")
def eligible(standing: None) -> Organisation:
    """An eligible organisation with a verified account and a passport of many parts."""
    charter.ratified_charter(default_rules())
    organisation = made.eligible_organisation("M")
    made.verified_bank_account(organisation)
    return organisation


@pytest.fixture
def keys(tmp_path: Path, settings: Any) -> Path:
    """The signer's key file."""
    path = tmp_path / "passport-keys"
    settings.PASSPORT_KEYS_PATH = str(path)
    call_command("passport_key", "new")
    return path


def signed(organisation: Organisation) -> SignedPassport:
    services.ask_for_signature(organisation, actor=made.signatory_of(organisation))
    turns.run()
    found = carrying.current_passport(organisation)
    assert found is not None
    return found


def client(person: Any, *, second_factor: bool = False) -> Client:
    browser = Client()
    browser.cookies["django_language"] = "en"
    accounts.sign_in(browser, person, second_factor=second_factor)
    return browser


def test_a_passport_is_asked_for_signed_and_taken(eligible: Organisation, keys: Path) -> None:
    browser = client(made.signatory_of(eligible))
    page = reverse("organisations:signed_passport", args=[eligible.pk])
    assert "Nothing is signed yet" in browser.get(page).content.decode()
    browser.post(reverse("organisations:ask_passport_signature", args=[eligible.pk]))
    assert "The signer is at work" in browser.get(page).content.decode()
    assert services.ask_for_signature(eligible, actor=made.signatory_of(eligible)) == carrying.waiting_passport(
        eligible
    )
    turns.run()
    text = browser.get(page).content.decode()
    assert "item.board.text" in text
    assert "bank_account.1" not in text
    answer = browser.post(page, {"claims": ["type", "standing", "item.board"]})
    assert answer["Content-Type"] == "application/sd-jwt"
    assert "no-store" in answer["Cache-Control"]
    published = json.loads(Client().get(reverse("organisations:passport_keys")).content)
    payload, claims = _told(answer.content.decode(), published)
    assert payload["name_ar"] == eligible.name_ar
    assert set(claims) == {"type", "standing", "item.board"}
    assert claims["standing"]["tier"] == "M"
    assert claims["item.board"]["state"] == "accepted"
    note = RecordedEvent.objects.get(type=carried_events.PassportFileTaken.type)
    assert note.actor == made.signatory_of(eligible)
    # Bank accounts only on the page that asks for a fresh second factor, whatever is posted.
    assert "passport-" not in browser.post(page, {"claims": ["bank_account.1"]}).get("Content-Disposition", "")
    confirmed = reverse("organisations:signed_passport_with_accounts", args=[eligible.pk])
    assert browser.get(confirmed).status_code == 302
    sure = client(made.signatory_of(eligible), second_factor=True)
    file = sure.post(confirmed, {"claims": ["bank_account.1"]}).content.decode()
    assert _told(file, published)[1]["bank_account.1"]["number"] == made.IBAN
    for person, number in ((made.signatory_of(eligible), 1), (made.colleague(Role.AUDITOR), 0), (accounts.user(), 0)):
        with identity.person(person.pk):
            assert SignedPassport.objects.count() == number
    # Nobody else takes it: not a preparer, not an officer, not a stranger.
    for person, status in (
        (made.preparer_of(eligible), 403),
        (made.colleague(Role.FUND_MANAGER), 403),
        (accounts.user(), 404),
    ):
        assert client(person).get(page).status_code == status
    assert list(fsck.findings()) == []


def _told(text: str, published: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return verify_passport.verify(text, published, sdjwt.issuer_of(text), timezone.now().timestamp())


def test_the_door_itself_asks_for_the_second_factor(eligible: Organisation, keys: Path) -> None:
    passport = signed(eligible)
    signatory = made.signatory_of(eligible)
    with of_request(), pytest.raises(Unconfirmed):
        services.take(passport, names=["bank_account.1"], actor=signatory)
    with pytest.raises(Refused):
        services.take(passport, names=["no.such.claim"], actor=signatory)
    assert "bank_account.1" in carried.claims_of(eligible)


def test_keys_rotate_and_a_revoked_one_takes_its_passports_with_it(eligible: Organisation, keys: Path) -> None:
    first = signed(eligible)
    assert first.key is not None
    call_command("passport_key", "rotate")
    second = signed(eligible)
    assert second.key is not None
    assert second.key != first.key
    assert len(carrying.published_keys()["keys"]) == 2
    call_command("passport_key", "drop")
    signed(eligible)
    first.key.refresh_from_db()
    assert first.key.state == "retired"
    assert first.key.public in carrying.published_keys()["keys"]
    call_command("passport_key", "revoke", key=second.key.key_id)
    assert second.key.public not in carrying.published_keys()["keys"]
    assert carrying.current_passport(eligible) == first
    with pytest.raises(CommandError, match="no key"):
        call_command("passport_key", "revoke", key="unknown")
    # The signer does not sign with a key that was revoked, and says so without stopping the log.
    services.ask_for_signature(eligible, actor=made.signatory_of(eligible))
    turns.run()
    assert carrying.waiting_passport(eligible) is not None
    with pytest.raises(Refused):
        signing.sign_waiting(passport_keys.load(keys))
    assert not PassportKey.objects.exclude(state__in=["signing", "retired", "revoked"]).exists()


def test_a_passport_is_signed_only_of_what_was_found_in_order(eligible: Organisation, keys: Path) -> None:
    newcomer = made.registered_organisation()
    with pytest.raises(Refused):
        services.ask_for_signature(newcomer, actor=made.signatory_of(newcomer))
    with pytest.raises(Refused):
        services.ask_for_signature(eligible, actor=accounts.user())
    passport = signed(eligible)
    services.suspend(eligible, actor=made.colleague(Role.FUND_MANAGER), reason="تأخر")
    with pytest.raises(Refused):
        services.take(passport, names=["type"], actor=made.signatory_of(eligible))


# From another fund -------------------------------------------------------------------------------------------------


def other_claims(organisation: Organisation) -> dict[str, Any]:
    """What another fund accepted: papers, board with its words, safeguarding by fingerprint; no references."""
    until = (timezone.localdate() + timedelta(days=200)).isoformat()
    item = {"state": "accepted", "decided_on": "2026-01-05", "valid_until": until, "document_sha256": ""}
    proof = {
        "number": "R-1",
        "issued_by": "الجهة",
        "issued_on": "2020-05-01",
        "valid_until": None,
        "document_sha256": "b" * 64,
    }
    return {
        "type": "foundation",
        "about": "كتبنا هذا لصندوق آخر.",
        "leadership": {"women_led": True, "youth_led": "yes"},
        "registration": {"state": organisation.registration_state, "number": "R-1", "valid_until": until},
        "proof.certificate": proof,
        "proof.statutes": proof,
        "item.board": item,
        "item.board.text": BOARD,
        "item.safeguarding": {**item, "document_sha256": "c" * 64},
        "item.references": item,
        "item.policies.text": "بلا قرار",
        "bank_account.1": {"number": made.IBAN},
    }


def passport_of(organisation: Organisation, *, key: OKPKey = OTHER_KEY, claims: Any = None, **changes: Any) -> str:
    now = timezone.now()
    plain = {
        "iss": OTHER, "iat": int(now.timestamp()), "exp": int((now + timedelta(days=9)).timestamp()), "jti": "other-7",
        "name_ar": organisation.name_ar, "name_latin": organisation.name_latin, **changes,
    }  # fmt: skip
    disclosures = sdjwt.disclose(claims if claims is not None else other_claims(organisation))
    signed_part = sdjwt.sign(plain, disclosures, key, key_id=passport_keys.id_of(OTHER_KEY))
    return sdjwt.bundle(signed_part, disclosures)


@pytest.fixture
def trusted(eligible: Organisation) -> TrustedFund:
    manager = made.colleague(Role.FUND_MANAGER)
    return services.trust_fund(name="صندوق آخر (مثال)", issuer=OTHER, keys=OTHER_JWKS, actor=manager)


def test_a_passport_of_another_fund_leaves_only_the_gaps(trusted: TrustedFund) -> None:
    newcomer = made.registered_organisation(about="", registration_number="", registration_valid_until=None)
    signatory = made.signatory_of(newcomer)
    browser = client(signatory)
    page = reverse("organisations:import_passport", args=[newcomer.pk])
    file = SimpleUploadedFile("p.sd-jwt", passport_of(newcomer).encode())
    answer = browser.post(page, {"file": file}, follow=True).content.decode()
    assert "its signature held" in answer
    newcomer.refresh_from_db()
    assert (newcomer.women_led, newcomer.youth_led) == (True, False)
    assert newcomer.registration_number == "R-1"
    assert newcomer.type == "association"  # what it typed itself stays
    items = selectors.passport_items(newcomer)
    assert {key: one.state for key, one in items.items()} == {"board": "submitted", "safeguarding": "submitted"}
    assert items["board"].current is not None
    assert items["board"].current.text == BOARD
    with translation.override("en"):
        gaps = [str(one) for one in selectors.readiness(newcomer).missing]
    assert len(gaps) == 2
    assert not newcomer.bank_accounts.exists()
    assert PassportImport.objects.get().fund == trusted
    # An officer sees what the other fund vouches for, and judges it; there is no file to download.
    officer = client(made.colleague(Role.PROGRAMME_OFFICER))
    judging = officer.get(reverse("organisations:judge_passport_item", args=[newcomer.pk, "safeguarding"]))
    assert "c" * 64 in judging.content.decode()
    listed = officer.get(reverse("organisations:proofs", args=[newcomer.pk])).content.decode()
    assert "which vouches for it" in listed
    for person, number in ((signatory, 1), (made.colleague(Role.PROGRAMME_OFFICER), 1), (accounts.user(), 0)):
        with identity.person(person.pk):
            assert PassportImport.objects.count() == number
    proof = newcomer.proofs.first()
    assert proof is not None
    assert officer.get(reverse("organisations:proof_file", args=[newcomer.pk, proof.pk])).status_code == 404
    made.accepted_item(items["safeguarding"])
    with pytest.raises(Refused, match="gave this passport already"), translation.override("en"):
        services.import_passport(newcomer, passport_of(newcomer), actor=signatory)
    assert list(fsck.findings()) == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name_ar": "جمعية أخرى تماماً"}, "another organisation"),
        ({"name_latin": "Quite Another Body"}, "another organisation"),
        ({"iss": "https://unknown.example"}, "not taken"),
        ({"exp": 1}, "past its end"),
        ({"key": OKPKey.generate_key("Ed25519")}, "signature does not hold"),
        ({"claims": {}}, ""),
    ],
)
def test_what_is_not_its_own_or_not_signed_is_refused(trusted: TrustedFund, changes: dict[str, Any], says: str) -> None:
    newcomer = made.registered_organisation()
    text = passport_of(newcomer, **changes)
    with translation.override("en"):
        if not says:
            services.import_passport(newcomer, text, actor=made.signatory_of(newcomer))
            assert newcomer.passport_items.count() == 0
            return
        with pytest.raises(Refused, match=says):
            services.import_passport(newcomer, text, actor=made.signatory_of(newcomer))
    assert not PassportImport.objects.exists()


def test_hostile_values_in_a_signed_passport_are_left_out(trusted: TrustedFund) -> None:
    newcomer = made.registered_organisation(about="")
    hostile = {
        "about": ["<script>"],
        "governorates": "SY01",
        "leadership": [True],
        "registration": "x",
        "proof.certificate": {"document_sha256": "../../etc", "issued_on": "2020-01-01"},
        "proof.statutes": {"document_sha256": "b" * 64, "issued_on": "yesterday"},
        "item.board": {"state": "accepted", "valid_until": "2001-01-01"},
        "item.board.text": "x" * 5000,
        "item.references": {"state": "accepted", "valid_until": None},
        "item.references.text": "safe\u202e evil",
    }
    services.import_passport(newcomer, passport_of(newcomer, claims=hostile), actor=made.signatory_of(newcomer))
    newcomer.refresh_from_db()
    assert (newcomer.about, newcomer.proofs.count()) == ("", 0)
    (item,) = newcomer.passport_items.all()
    assert item.current is not None
    assert (item.key, item.current.text) == ("references", "safe evil")  # what turns the reading round is gone


def test_the_fund_manager_says_whom_to_trust(trusted: TrustedFund) -> None:
    manager = client(made.colleague(Role.FUND_MANAGER), second_factor=True)
    page = reverse("organisations:record_trusted_fund")
    private = {"keys": [{**OTHER_KEY.as_dict(private=True), "kid": "x"}]}
    for keys, says in (
        (json.dumps(private), "private keys"),
        ("[]", "no list of public keys"),
        ('{"keys": []}', "No Ed25519"),
    ):
        answer = manager.post(page, {"name": "صندوق", "issuer": OTHER, "keys": keys})
        assert says in answer.content.decode()
    assert "https://" in manager.post(page, {"name": "ص", "issuer": "http://x.example", "keys": "{}"}).content.decode()
    fresh = {"keys": [passport_keys.public_side(OKPKey.generate_key("Ed25519"))]}
    manager.post(page, {"name": "صندوق آخر", "issuer": f"{OTHER}/", "keys": json.dumps(fresh)})
    trusted.refresh_from_db()
    assert trusted.state == "ended"
    newest = TrustedFund.objects.get(state="trusted")
    listed = manager.get(reverse("organisations:trusted_funds")).content.decode()
    assert newest.listed[0]["kid"] in listed
    manager.post(reverse("organisations:close_trusted_fund", args=[newest.pk]), {"reason": "انتهى"})
    assert not TrustedFund.objects.filter(state="trusted").exists()
    with pytest.raises(Refused):
        services.trust_fund(name="x", issuer=OTHER, keys=OTHER_JWKS, actor=made.colleague(Role.PROGRAMME_OFFICER))
