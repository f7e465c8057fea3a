"""Versions of the charter: drafted by the fund, adopted by the networks."""

import hashlib
from typing import Any

import rfc8785
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from audit import lifecycle
from charter import events, selectors
from charter.models import CharterVersion, Network, Ratification
from charter.schema import CharterRules
from charter.states import CharterState
from kernel.database import advisory_lock, lock_rows

LOCK = "charter.versions"


def fingerprint(data: dict[str, Any]) -> str:
    """SHA-256 of the rules in RFC 8785 form, in hexadecimal: what the networks vote on."""
    return hashlib.sha256(rfc8785.dumps(data)).hexdigest()


@transaction.atomic
def draft_version(rules: CharterRules, summary: Any, actor: User) -> CharterVersion:
    """A new draft with the next number; ``summary`` says in the fund's languages what changes and why."""
    advisory_lock(LOCK)
    number = (CharterVersion.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    data = rules.model_dump(mode="json")
    version = CharterVersion(
        number=number, summary=summary, rules_data=data, rules_sha256=fingerprint(data), drafted_by=actor
    )
    return lifecycle.create(version, events.CharterDrafted(number=number), actor=actor)


@transaction.atomic
def revise(version: CharterVersion, *, rules: CharterRules, summary: Any, actor: User) -> CharterVersion:
    """Change a draft as the caller read it; raises `DraftChanged` when somebody changed it since.

    Raises `IllegalMove` once it was proposed: the networks vote on a text that stands still.
    """
    (locked,) = lock_rows(CharterVersion.objects.filter(pk=version.pk))
    if locked.rules_sha256 != version.rules_sha256:
        raise selectors.DraftChanged
    data = rules.model_dump(mode="json")
    event = events.CharterRevised(number=locked.number, rules_sha256=fingerprint(data))
    if locked.state != CharterState.DRAFT:
        raise lifecycle.IllegalMove(locked, event)
    lifecycle.note(locked, event, actor=actor)
    locked.rules_data, locked.rules_sha256, locked.summary = data, event.rules_sha256, summary
    locked.save(update_fields=["rules_data", "rules_sha256", "summary"])
    locked.__dict__.pop("rules", None)
    return locked


@transaction.atomic
def propose(version: CharterVersion, *, actor: User, reason: str = "") -> CharterVersion:
    """Put a draft before the networks; one version at a time. Raises `Refused` while another one is before them."""
    advisory_lock(LOCK)
    if selectors.version_before_the_networks() is not None:
        raise selectors.AnotherVersionBeforeTheNetworks
    (fresh,) = lock_rows(CharterVersion.objects.filter(pk=version.pk))
    if (count := selectors.count_votes(fresh)).lost:
        raise selectors.TooFewNetworks(count)
    event = events.CharterProposed(number=fresh.number, rules_sha256=fingerprint(fresh.rules_data))
    # What stood in the draft is written again by the door, which commits to it.
    changes = {"proposed_at": timezone.now(), "summary": fresh.summary, "rules_data": fresh.rules_data}
    return lifecycle.move(fresh, event, actor=actor, reason=reason, changes=changes)


def withdraw(version: CharterVersion, *, actor: User | None, reason: str) -> CharterVersion:
    """Take a draft or a proposed version back."""
    return lifecycle.move(version, events.CharterWithdrawn(number=version.number), actor=actor, reason=reason)


@transaction.atomic
def vote(
    version: CharterVersion, network: Network, *, consents: bool, actor: User | None, comment: str = ""
) -> Ratification:
    """Cast the vote of ``network``; the version comes into force with the vote that completes the consent it needs.

    The rules in force decide how much consent that is; a first version is measured by its own. When too many networks
    refused, the version is withdrawn. Raises `Refused`.
    """
    advisory_lock(LOCK)
    (locked,) = lock_rows(CharterVersion.objects.filter(pk=version.pk))
    cast = Ratification(version=locked, network=network, cast_by=actor, consents=consents, comment=comment)
    event = events.CharterVoteCast(number=locked.number, network=network.pk, consents=consents)
    lifecycle.create(cast, event, actor=actor, reason=comment)
    _conclude(locked)
    return cast


@transaction.atomic
def conclude() -> None:
    """Let the version before the networks come into force, or end, when the networks of today have decided already.

    Networks come and go while a version is before them; the vote that would have concluded it may be cast by then.
    """
    advisory_lock(LOCK)
    version = selectors.version_before_the_networks()
    if version is not None:
        (locked,) = lock_rows(CharterVersion.objects.filter(pk=version.pk))
        _conclude(locked)


def _conclude(version: CharterVersion) -> None:
    result = selectors.count_votes(version)
    if result.adopted:
        _ratify(version, result)
    elif result.lost:
        withdraw(version, actor=None, reason="the consent of enough networks can no longer be reached")


def _ratify(version: CharterVersion, result: "selectors.VoteCount") -> None:
    earlier = selectors.find_charter_in_force()
    if earlier is not None:
        event = events.CharterSuperseded(number=earlier.number, by=version.number)
        lifecycle.move(earlier, event, actor=None)
    ratified = events.CharterRatified(number=version.number, consenting=result.consenting, networks=result.networks)
    lifecycle.move(version, ratified, actor=None, changes={"ratified_at": timezone.now()})
