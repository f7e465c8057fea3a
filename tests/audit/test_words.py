"""Texts beside an event: what the door writes into a row is committed to, in whichever column it stands."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from accounts import events
from accounts.models import StaffSession
from audit import fsck_projection, lifecycle, log, words
from audit.models import Recorded, Stateful
from tests.factories import accounts
from tests.factories import charter as make

MODELS = [one for one in apps.get_models() if issubclass(one, Stateful | Recorded)]
LATER = {
    "audit.LogWitness": {
        "url": "where it is asked, may move; its key is in the record",
        "last_error": "what went wrong when it was asked last",
    },
    "charter.CharterVersion": dict.fromkeys(
        ("summary", "rules_data", "rules_sha256"), "a draft's; the door commits to both when it is proposed"
    ),
    "organisations.Organisation": dict.fromkeys(
        ("about", "name_ar", "name_latin", "name_key", "registration_number"),
        "organisations.organisation.profile_changed says before and after",
    ),
    "organisations.BankAccount": {"number_index": "finds equal numbers, under the outer key"},
    "organisations.ScreeningHit": {"entry_sha256": "its events say it"},
    "funds.Gift": dict.fromkeys(("checkout", "intent"), "Stripe's names of what it holds, written once"),
    "funds.GiftRefund": {
        "stripe_id": "funds.gift_refund.sent says it; written once",
        "refusal": "Stripe's words, written once by the move that ends the refund, whose record has their fingerprint",
    },
    "grants.Call": dict.fromkeys(
        ("title", "summary", "text", "frozen_rules", "currency", "reference"),
        "a draft's; grants.call.approved has content_sha256 and rules_sha256, then the guard holds them",
    ),
    "grants.Application": dict.fromkeys(
        ("title", "summary", "receipt"), "a draft's; grants.application.submitted has content_sha256 and the receipt"
    ),
    "grants.Grant": dict.fromkeys(
        ("agreement_ar", "agreement_en"), "grants.grant.agreement_drafted has the SHA-256 of both"
    ),
    "grants.Report": dict.fromkeys(
        ("achieved", "did_not_work", "participation"), "a draft's; grants.report.submitted has content_sha256"
    ),
    "grants.Revision": dict.fromkeys(
        ("amendment_ar", "amendment_en"), "grants.revision.approved has the SHA-256 of both"
    ),
    "committees.Committee": {"name": "a title; seats and who sits on them are recorded"},
    "committees.Meeting": {
        "place": "where people meet; who came is recorded",
        "minutes": "drawn once, after the meeting; its completion has the SHA-256",
        "minutes_sha256": "drawn once, after the meeting; its completion has the SHA-256",
    },
    "committees.AgendaItem": dict.fromkeys(
        ("conditions", "discussion"), "written while it is discussed; opening the vote, and the end of it, say them"
    ),
}
"""Texts that change without the door, by column, with what commits to them instead."""
DRAWN = {
    "grants.Application.receipt": "drawn anew from what was submitted whenever it is wanted; it leads to its proof"
}
"""Files that prove nothing themselves."""


def files_of(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.local_concrete_fields if isinstance(field, models.FileField)}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_text_changes_through_the_door_or_says_what_commits_to_it(model: Any) -> None:
    texts = {field.name for field in words.texts_of(model)} | files_of(model)
    held = {*getattr(model, "never_changing", ()), *getattr(model, "changing_by_moves", ())}
    changing = set() if issubclass(model, Recorded) else texts - held
    assert changing == set(LATER.get(model._meta.label, {}))
    if getattr(model, "append_only", False):
        assert changing == set()


@pytest.mark.parametrize("model", [one for one in MODELS if files_of(one)], ids=lambda model: str(model._meta.label))
def test_every_file_has_its_fingerprint_in_a_text_beside_it(model: Any) -> None:
    texts = {field.name for field in words.texts_of(model)}
    for name in files_of(model) - {key.rpartition(".")[2] for key in DRAWN if key.startswith(f"{model._meta.label}.")}:
        assert {"sha256", "file_sha256", f"{name}_sha256"} & texts, name


def test_a_fingerprint_knows_a_value_however_it_was_put_in() -> None:
    said = LazyI18nString({"ar": "نص", "en": "Text", "ku": ""})
    assert words.fingerprint(said) == words.fingerprint(LazyI18nString({"en": "Text", "ar": "نص"}))
    some = uuid.uuid4()
    assert words.fingerprint({"a": (1, some)}) == words.fingerprint({"a": [1, str(some)]})
    assert words.fingerprint("a") != words.fingerprint(["a"])
    nothing: list[Any] = [None, "", [], {}]
    assert {words.fingerprint(empty) for empty in nothing} == {""}


@pytest.mark.django_db
def test_the_record_of_a_row_has_the_fingerprints_of_its_texts_and_fsck_finds_another_one() -> None:
    person = accounts.administrator()
    until = timezone.now() + timedelta(minutes=5)
    lifecycle.move(
        StaffSession.objects.get(user=person, state="open"), events.StaffSessionClosed(), actor=person, reason="done"
    )
    session = lifecycle.create(
        StaffSession(user=person, reason="people to appoint", expires_at=until),
        events.StaffSessionOpened(minutes=5),
        actor=person,
    )
    record = log.opened(session.leaf.opening)
    assert record["words"] == {"reason": words.fingerprint("people to appoint")}
    assert list(fsck_projection.rows_say_what_their_leaves_say()) == []
    said = fsck_projection.Fingerprint(words.fingerprint("people to appoint, and money"))
    assert fsck_projection.differs(StaffSession._meta.get_field("reason"), session, said)


@pytest.mark.django_db
def test_what_is_put_before_the_networks_is_committed_to_with_its_summary() -> None:
    version = make.proposed_charter()
    told = log.opened(version.leaf.opening)["words"]
    assert told["summary"] == words.fingerprint(make.SUMMARY)
    assert told["rules_data"] == words.fingerprint(version.rules_data)
