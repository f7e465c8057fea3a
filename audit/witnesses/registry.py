"""Registering witnesses and taking them off; both are acts of the log itself."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audit import lifecycle, notes
from audit.log_events import WitnessRegistered, WitnessRetired
from audit.models import LogWitness
from audit.states import LogWitnessState
from kernel.permissions import Refused


@transaction.atomic
def register(*, name: str, group: str, verifier_key: str, url: str, actor: Any) -> LogWitness:
    """Let the log ask ``name`` (a donor's or a network's witness) from now on.

    The key is that of a cosigner (Ed25519 or ML-DSA-44); an empty ``url`` means that files are exchanged by hand.
    Raises `Refused` when the key is no such key or is registered already.
    """
    try:
        key = notes.VerifierKey.parse(verifier_key.strip())
    except notes.Malformed as error:
        raise Refused(_("This is not a verifier key. It reads name+8 digits+letters, all on one line.")) from error
    if key.kind == notes.ED25519:
        raise Refused(_("This key signs notes, not checkpoints: a witness's key is of type 4 or 6."))
    if LogWitness.objects.filter(verifier_key=str(key), state=LogWitnessState.REGISTERED).exists():
        raise Refused(_("This key is registered already."))
    witness = LogWitness(name=name, group=group, verifier_key=str(key), url=url)
    event = WitnessRegistered(name=name, group=group, verifier_key=str(key))
    return lifecycle.create(witness, event, actor=actor)


def registered() -> QuerySet[LogWitness]:
    """Witnesses that the log asks."""
    return LogWitness.objects.filter(state=LogWitnessState.REGISTERED).order_by("group", "name", "pk")


def retire(witness: LogWitness, *, actor: Any, reason: str) -> LogWitness:
    """Ask ``witness`` no more; what it signed stays, and its key stays known to verifiers."""
    return lifecycle.move(witness, WitnessRetired(name=witness.name), actor=actor, reason=reason)
