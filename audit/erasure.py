"""Destroying the record and the nonce behind leaves, or the key of what is sealed: by one person, and another.

The leaves stay, so the tree and everybody's receipts stay valid; without the nonce nothing can be read out of them. Who
kept a receipt of their own can still open it: the fund cannot take it back.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Case, Count, Q, QuerySet, When
from django.utils.translation import gettext as _

from audit import lifecycle, vault
from audit.log_events import ErasureCarriedOut, ErasureProposed, ErasureWithdrawn
from audit.models import DataKey, Erasure, ErasureItem, Leaf, Opening, RecordedEvent
from audit.states import ErasureState
from kernel import identity
from kernel.permissions import Refused

Concern = Callable[[Any], Iterable[UUID]]
_concerns: list[Concern] = []
Elsewhere = tuple[Any, str]
_elsewhere: list[Elsewhere] = []
LEAST_NAME = 5
"""Shorter names are looked for by nobody: they stand in too many words."""
KEPT_PREFIX = "audit."
"""Acts on the log itself keep their records: without them nobody could check an erasure."""


def concern(fn: Concern) -> Concern:
    """Register ``fn(user) -> ids`` of objects that say something of a person: their account, offices, memberships."""
    if fn not in _concerns:
        _concerns.append(fn)
    return fn


def also(label: Any, url_name: str) -> None:
    """Register a page of a higher layer where other things are erased."""
    if (label, url_name) not in _elsewhere:
        _elsewhere.append((label, url_name))


def elsewhere() -> list[Elsewhere]:
    """Label and URL name of each page where other things are erased."""
    return list(_elsewhere)


@identity.system("audit.erasure")
def records_about(person: Any) -> list[RecordedEvent]:
    """Recorded events that can still be opened and are about a person, or whose record names the person; newest first."""
    ids = {person.pk, *(one for fn in _concerns for one in fn(person))}
    return list(
        RecordedEvent.objects.filter(Q(subject_id__in=ids) | Q(leaf__in=_naming(person)), leaf__opening__isnull=False)
        .exclude(type__startswith=KEPT_PREFIX)
        .select_related("leaf", "leaf__opening", "actor")
        .order_by("-leaf_id")
    )


def _naming(person: Any) -> list[int]:
    """Leaves whose record holds the person's ids, address or whole name: whatever the act was about, and in any sentence."""
    names = {str(person.pk), str(person.actor_ref), person.email, person.full_name}
    names |= {json.dumps(name, ensure_ascii=False)[1:-1] for name in names}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT leaf_id FROM audit_opening o WHERE EXISTS "
            "(SELECT 1 FROM unnest(%s::bytea[]) AS name WHERE position(name IN o.record) > 0)",
            [[name.encode() for name in names if len(name) >= LEAST_NAME]],
        )
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def propose(person: Any, leaves: Iterable[Leaf], *, ground: str, reason: str, actor: Any) -> Erasure:
    """Propose to destroy the records behind ``leaves``, all of them about ``person``; raises `Refused`."""
    chosen = sorted(leaves, key=lambda leaf: leaf.pk)
    allowed = {event.leaf_id for event in records_about(person)}
    if not chosen or any(leaf.pk not in allowed for leaf in chosen):
        raise Refused(_("Choose records about this person that have not been erased yet."))
    event = ErasureProposed(ground=ground, count=len(chosen), leaves=_hashes(chosen))
    erasure = lifecycle.create(
        Erasure(person=person, ground=ground, proposed_by=actor), event, actor=actor, reason=reason
    )
    ErasureItem.objects.bulk_create([ErasureItem(erasure=erasure, leaf=leaf) for leaf in chosen])
    return erasure


@transaction.atomic
def propose_key(key: DataKey, *, ground: str, reason: str, actor: Any) -> Erasure:
    """Propose to destroy the data key of a subject, and with it all that is sealed under it; raises `Refused`."""
    if key.destroyed or Erasure.objects.filter(data_key=key, state=ErasureState.PROPOSED).exists():
        raise Refused(_("This is erased already, or its erasure waits for a second person."))
    event = ErasureProposed(ground=ground, count=vault.rows_under(key), leaves=[])
    return lifecycle.create(Erasure(data_key=key, ground=ground, proposed_by=actor), event, actor=actor, reason=reason)


@transaction.atomic
def carry_out(erasure: Erasure, *, actor: Any, reason: str = "") -> Erasure:
    """Destroy records and nonces, or the data key; the act's own leaf says so. Raises `Refused` for the same person."""
    leaves = leaves_of(erasure)
    count = vault.rows_under(erasure.data_key) if erasure.data_key is not None else len(leaves)
    event = ErasureCarriedOut(ground=erasure.ground, count=count, leaves=_hashes(leaves))
    done = lifecycle.move(erasure, event, actor=actor, reason=reason, changes={"carried_out_by": actor})
    Opening.objects.filter(leaf__in=leaves).delete()
    if done.data_key is not None:
        vault.destroy(done.data_key)
    return done


def withdraw(erasure: Erasure, *, actor: Any, reason: str) -> Erasure:
    """Take a proposal back."""
    return lifecycle.move(erasure, ErasureWithdrawn(), actor=actor, reason=reason)


def all_erasures() -> QuerySet[Erasure]:
    """Every erasure, those that wait for a second person first."""
    waiting = Case(When(state=ErasureState.PROPOSED, then=0), default=1)
    rows = Erasure.objects.select_related("person", "data_key", "proposed_by", "carried_out_by")
    rows = rows.annotate(number=Count("items"))
    return rows.order_by(waiting, "-moved_at", "pk")


def proposed() -> QuerySet[Erasure]:
    """Erasures that wait for a second person."""
    return all_erasures().filter(state=ErasureState.PROPOSED)


def with_names(erasures: Iterable[Erasure]) -> list[Erasure]:
    """``erasures``, each with ``whom``: the person, or the words for the subject of the key."""
    rows: list[Any] = list(erasures)
    names = vault.names_of(one.data_key.subject_id for one in rows if one.data_key is not None)
    for one in rows:
        one.whom = one.person or names.get(one.data_key.subject_id, str(one.data_key.subject_id))
    return rows


def leaves_of(erasure: Erasure) -> list[Leaf]:
    """The leaves of an erasure, in the order of their making."""
    leaves = Leaf.objects.filter(erasures__erasure=erasure).select_related("event", "event__actor", "opening")
    return list(leaves.order_by("pk"))


def _hashes(leaves: Iterable[Leaf]) -> list[str]:
    return [bytes(leaf.leaf_hash).hex() for leaf in leaves]
