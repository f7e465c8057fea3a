"""Passports of other funds: which funds are trusted, and what a passport fills of the profile of who brings it."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit import lifecycle, vault
from audit.sealed import opened_or
from charter.schema import PassportItemRules
from kernel.permissions import Refused
from kernel.places import Governorate
from kernel.texts import TextError, clean_line, clean_text, search_key
from organisations import alike, carried, events, rules, sdjwt
from organisations import carried_events as carrying
from organisations.models import (
    PASSPORT_TEXT_LENGTH,
    Organisation,
    PassportImport,
    RegistrationProof,
    TrustedFund,
)
from organisations.sdjwt import BadPassport, Opened
from organisations.services import passport as items
from organisations.services import profile
from organisations.states import PassportState, ProofKind, RegistrationState, TrustState

WHY: Final = {
    "size": _("This file is too large to be a passport."),
    "ended": _("This passport is past its end. Download a fresh one from the fund that signed it."),
    "early": _("This passport begins in the future: the clock of the fund that signed it is wrong."),
    "key": _(
        "The signature is of a key that this fund does not know: it was revoked, or is new. Write to the secretariat."
    ),
    "signature": _("The signature does not hold: the file was changed, or was not signed by the fund that it names."),
    "unsigned": _(
        "The file holds something that was not signed. Download the passport again and change nothing in it."
    ),
}
MALFORMED: Final = _("This is no signed passport. Choose the file that the other fund gave you, unchanged.")
_TEXTS: Final = {"about": 2000, "email": 254, "phone": 30}


@transaction.atomic
def trust_fund(*, name: str, issuer: str, keys: Mapping[str, Any], actor: User) -> TrustedFund:
    """Take passports that ``issuer`` signs with ``keys`` (its published JWK set, fetched by the officer). Raises `Refused`."""
    try:
        public = [{part: one[part] for part in ("kty", "crv", "x", "kid")} for one in sdjwt.public_keys(keys)]
    except BadPassport as error:
        private = error.code == "private"
        raise Refused(
            _("This file holds private keys: delete it, and tell that fund at once.")
            if private
            else _("This is no list of public keys (JWK set).")
        ) from None
    if not public:
        raise Refused(_("No Ed25519 key with an id is in this list."))
    fund = TrustedFund(name=clean_line(name), issuer=issuer.rstrip("/"), keys={"keys": public})
    known = TrustedFund.objects.select_for_update(no_key=True).filter(issuer=fund.issuer, state=TrustState.TRUSTED)
    for before in known:
        end_trust(before, actor=actor, reason="")
    event = carrying.TrustedFundRecorded(name=fund.name, issuer=fund.issuer, keys=[one["kid"] for one in public])
    return lifecycle.create(fund, event, actor=actor)


def end_trust(fund: TrustedFund, *, actor: User, reason: str) -> TrustedFund:
    """Take its passports no longer; what was imported stays. Raises `Refused`."""
    return lifecycle.move(fund, carrying.TrustedFundEnded(name=fund.name), actor=actor, reason=reason)


def opened(text: str) -> tuple[TrustedFund, Opened]:
    """The passport in ``text`` and the trusted fund that signed it; raises `Refused` with words that help."""
    try:
        issuer = sdjwt.issuer_of(text)
        fund = TrustedFund.objects.filter(issuer=issuer.rstrip("/"), state=TrustState.TRUSTED).first()
        if fund is None:
            raise Refused(_("Passports of this fund are not taken. Ask the secretariat whether it trusts that fund."))
        return fund, sdjwt.verify(text, fund.keys, issuer=issuer, now=timezone.now())
    except BadPassport as error:
        raise Refused(WHY.get(error.code, MALFORMED)) from None


def is_of(found: Opened, organisation: Organisation) -> bool:
    """Whether the passport bears the organisation's name, in both scripts, however letters are written."""
    arabic = search_key(found.name_ar) == search_key(organisation.name_ar)
    latin = alike.latin_key(found.name_latin) == alike.latin_key(organisation.name_latin)
    return arabic and latin


def import_passport(organisation: Organisation, text: str, *, actor: User) -> PassportImport:
    """Verify ``text`` and fill what the organisation has not given yet: empty fields of the profile, documents, items.

    What it typed itself stays. Documents come as facts and fingerprints that the other fund vouches for; a programme
    officer still judges each item. Raises `Refused`.
    """
    fund, found = opened(text)
    if not is_of(found, organisation):
        raise Refused(_("This passport is of another organisation: its names are not yours."))
    try:
        with transaction.atomic():
            return _import(organisation, fund, found, text, actor=actor)
    except IntegrityError as error:
        if "passport_given_once" in str(error):
            raise Refused(_("You gave this passport already.")) from error
        raise


def _import(organisation: Organisation, fund: TrustedFund, found: Opened, text: str, *, actor: User) -> PassportImport:
    locked = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    imported = PassportImport(
        organisation=locked, data_key=vault.key_for(locked.pk), fund=fund, serial=found.serial[:100],
        issued_at=found.issued_at, ends_at=found.ends_at, file=text.strip(), given_by=actor,
    )  # fmt: skip
    changes = _changes(locked, found.claims)
    proofs = list(_proofs(locked, found.claims))
    answers = list(_answers(locked, found.claims))
    filled = sorted([*changes, *(kind for kind, _facts in proofs), *(key for key, _words, _facts in answers)])
    event = carrying.PassportImported(
        fund=fund.pk, name=fund.name, serial=imported.serial, filled=filled,
        sha256=hashlib.sha256(text.strip().encode()).hexdigest(),
    )  # fmt: skip
    lifecycle.create(imported, event, actor=actor)
    if changes:
        profile.change_profile(locked, changes, actor=actor)
    for kind, facts in proofs:
        _vouch_for_proof(imported, kind, facts, actor=actor)
    for key, words, facts in answers:
        _vouch_for_item(imported, key, words, facts, actor=actor)
    return imported


# What is taken from the claims: everything in them is another's word, so each value is looked at -------------------------


def _changes(organisation: Organisation, claims: Mapping[str, Any]) -> dict[str, Any]:
    """New values of fields that are empty now."""
    offered: dict[str, Any] = {}
    registration = _dict(claims.get("registration"))
    if registration.get("state") == organisation.registration_state in RegistrationState.values:
        offered["registration_number"] = _line(registration.get("number"), 60)
        offered["registration_valid_until"] = _date(registration.get("valid_until"))
    offered["about"] = _text(claims.get("about"), _TEXTS["about"])
    leadership = _dict(claims.get("leadership"))
    offered |= {name: leadership.get(name) is True for name in carried.LEADERSHIP}
    governorates = claims.get("governorates")
    if isinstance(governorates, list):
        offered["governorates"] = sorted({one for one in governorates if one in Governorate.values})
    return {name: value for name, value in offered.items() if value and not opened_or(organisation, name, "")}


def _proofs(organisation: Organisation, claims: Mapping[str, Any]) -> "list[tuple[str, dict[str, Any]]]":
    held = set(organisation.proofs.filter(rules.valid_proofs()).values_list("kind", flat=True))
    found = []
    for kind in ProofKind.values:
        facts = _dict(claims.get(f"{carried.PROOF}{kind}"))
        until, issued = _date(facts.get("valid_until")), _date(facts.get("issued_on"))
        in_date = until is None or until >= timezone.localdate()
        if kind not in held and issued and _sha256(facts.get("document_sha256")) and in_date:
            found.append((kind, {**facts, "issued_on": issued, "valid_until": until}))
    return found


def _answers(organisation: Organisation, claims: Mapping[str, Any]) -> "list[tuple[str, str, dict[str, Any]]]":
    """Items that our charter asks, that nobody has given yet, and that the passport gives whole."""
    given = set(organisation.passport_items.exclude(state=PassportState.WANTED).values_list("key", flat=True))
    found = []
    for key, asked in rules.asked_of(organisation).items():
        facts = _dict(claims.get(f"{carried.ITEM}{key}"))
        words = _text(claims.get(f"{carried.ITEM}{key}{carried.WORDS}"), PASSPORT_TEXT_LENGTH)
        if key not in given and _holds(facts) and _is_whole(asked, words, facts):
            found.append((key, words, {**facts, "valid_until": _date(facts.get("valid_until"))}))
    return found


def _holds(facts: Mapping[str, Any]) -> bool:
    until = _date(facts.get("valid_until"))
    return facts.get("state") == PassportState.ACCEPTED and (until is None or until >= timezone.localdate())


def _is_whole(asked: PassportItemRules, words: str, facts: Mapping[str, Any]) -> bool:
    has_document = bool(_sha256(facts.get("document_sha256")))
    if asked.text and asked.document:
        return bool(words) or has_document
    return bool(words) if asked.text else has_document


def _vouch_for_proof(imported: PassportImport, kind: str, facts: Mapping[str, Any], *, actor: User) -> None:
    row = RegistrationProof(
        organisation=imported.organisation, kind=kind, number=_line(facts.get("number"), 60),
        issued_by=_line(facts.get("issued_by"), 120), issued_on=facts["issued_on"], valid_until=facts["valid_until"],
        file="", sha256=_sha256(facts["document_sha256"]), vouched=imported,
    )  # fmt: skip
    lifecycle.create(row, events.ProofAdded(kind=kind, sha256=row.sha256), actor=actor)


def _vouch_for_item(imported: PassportImport, key: str, words: str, facts: Mapping[str, Any], *, actor: User) -> None:
    sha256 = _sha256(facts.get("document_sha256"))
    items.give_vouched(
        imported.organisation,
        key,
        text=words,
        sha256=sha256,
        valid_until=facts["valid_until"],
        vouched=imported,
        actor=actor,
    )


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _cleaned(value: Any, clean: Callable[[str], str], most: int) -> str:
    if not isinstance(value, str):
        return ""
    try:
        text = clean(value).strip()
    except TextError:
        return ""
    return text if len(text) <= most else ""


def _line(value: Any, most: int) -> str:
    return _cleaned(value, clean_line, most)


def _text(value: Any, most: int) -> str:
    return _cleaned(value, clean_text, most)


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _sha256(value: Any) -> str:
    text = value if isinstance(value, str) else ""
    return text if len(text) == 64 and set(text) <= set("0123456789abcdef") else ""
