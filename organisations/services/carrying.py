"""Signed passports: asked for by a signatory, signed by the signer's process, taken with what the organisation discloses."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from joserfc.jwk import OKPKey

from accounts.models import User
from audit import lifecycle, vault
from audit.turns import at_every_turn
from charter.calendar import add_months
from charter.selectors import charter_in_force
from kernel.database import advisory_lock
from kernel.permissions import Refused
from organisations import carried, passport_keys, sdjwt
from organisations import carried_events as events
from organisations.models import Organisation, PassportKey, SignedPassport
from organisations.states import PassportFileState, PassportKeyState


def ask_for_signature(organisation: Organisation, *, actor: User) -> SignedPassport:
    """Ask the signer for a passport of what holds today; one that waits already is answered again. Raises `Refused`."""
    with transaction.atomic():
        locked = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        waiting = SignedPassport.objects.filter(organisation=locked, state=PassportFileState.ASKED).first()
        if waiting is not None:
            return waiting
        made = SignedPassport(organisation=locked, signed="", data_key=vault.key_for(locked.pk), asked_by=actor)
        return lifecycle.create(made, events.PassportFileAsked(), actor=actor)


def take(passport: SignedPassport, *, names: Iterable[str], actor: User) -> str:
    """The file with the claims in ``names``, recorded with their names; bank details ask for a second factor.

    Raises `Refused` for a passport that is not signed, is past its end, or has no such claim.
    """
    passport = SignedPassport.objects.select_related("organisation", "data_key").get(pk=passport.pk)
    if passport.state != PassportFileState.SIGNED or passport.ends_at is None or passport.ends_at <= timezone.now():
        raise Refused(_("Ask for a new signature first: this passport is past its end."))
    if passport.is_erased:
        raise Refused(_("This passport was erased. Ask for a new signature."))
    chosen = set(names)
    if chosen - set(passport.claims):
        raise Refused(_("This passport does not hold all that you chose. Open the page again."))
    told = sorted(chosen)
    with_accounts = any(carried.is_account(name) for name in told)
    event = events.PassportFileTakenWithAccounts if with_accounts else events.PassportFileTaken
    lifecycle.note(passport, event(disclosed=told), actor=actor)
    whole = str(passport.signed)
    disclosed = [one for one in sdjwt.read_disclosures(whole) if one.name in chosen]
    return sdjwt.bundle(whole.split("~", 1)[0], disclosed)


# The signer's process ---------------------------------------------------------------------------------------------


@transaction.atomic
def announce(keys: Sequence[OKPKey]) -> PassportKey:
    """Record the keys of the file that are new and those that are gone; returns the one that signs. Raises `Refused`."""
    advisory_lock("organisations.passport_keys")
    held = {passport_keys.id_of(key): key for key in keys}
    known = {one.key_id: one for one in PassportKey.objects.filter(key_id__in=held)}
    if any(one.state != PassportKeyState.SIGNING for one in known.values()):
        raise Refused(_("A key of the file was retired or revoked before: make a new one."))
    for key_id, key in held.items():
        if key_id not in known:
            made = PassportKey(key_id=key_id, public=passport_keys.public_side(key))
            known[key_id] = lifecycle.create(made, events.PassportKeyIntroduced(key_id=key_id), actor=None)
    for gone in PassportKey.objects.filter(state=PassportKeyState.SIGNING).exclude(key_id__in=held):
        lifecycle.move(gone, events.PassportKeyRetired(key_id=gone.key_id), actor=None)
    return known[next(iter(held))]


def revoke(key_id: str) -> PassportKey:
    """Say that others may have the key: nothing that it signed holds any more."""
    key = PassportKey.objects.get(key_id=key_id)
    return lifecycle.move(key, events.PassportKeyRevoked(key_id=key_id), actor=None)


def sign_waiting(keys: Sequence[OKPKey]) -> int:
    """Sign every passport that waits, one a transaction; how many. The signer gathers the claims itself, from the fund's rows."""
    waiting = list(SignedPassport.objects.filter(state=PassportFileState.ASKED).order_by("moved_at")[:100])
    if not waiting:
        return 0
    signing = announce(keys)
    for passport in waiting:
        _sign(passport, keys[0], signing)
    return len(waiting)


@transaction.atomic
def _sign(passport: SignedPassport, key: OKPKey, signing: PassportKey) -> SignedPassport:
    organisation = passport.organisation
    now = timezone.now()
    months = charter_in_force().rules.passport.signed_months
    ends = timezone.make_aware(datetime.combine(add_months(timezone.localdate(), months), time.max))
    claims = carried.claims_of(organisation)
    disclosures = sdjwt.disclose(claims)
    plain = {
        "iss": settings.SITE_URL.rstrip("/"),
        "iat": int(now.timestamp()),
        "exp": int(ends.timestamp()),
        "jti": str(passport.pk),
        "name_ar": organisation.name_ar,
        "name_latin": organisation.name_latin,
    }
    signed = sdjwt.sign(plain, disclosures, key, key_id=signing.key_id)
    names = sorted(claims)
    digest = hashlib.sha256(signed.encode()).hexdigest()
    event = events.PassportFileSigned(key_id=signing.key_id, sha256=digest, claims=names)
    changes: dict[str, Any] = {
        "signed": sdjwt.bundle(signed, disclosures), "claims": names, "key": signing, "ends_at": ends,
    }  # fmt: skip
    return lifecycle.move(passport, event, actor=None, changes=changes)


@at_every_turn
def sign_in_the_signers_process() -> None:
    """What the signer does beside the log; without a key file it signs no passports, and the page says that they wait."""
    if not settings.PASSPORT_KEYS_PATH:
        return
    if SignedPassport.objects.filter(state=PassportFileState.ASKED).exists():
        sign_waiting(passport_keys.load(Path(settings.PASSPORT_KEYS_PATH)))
