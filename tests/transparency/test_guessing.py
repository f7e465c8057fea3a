"""A dictionary attack on the leaves of votes and scores: few possible values, and everything that anybody can know of them."""

import hashlib
import hmac
import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from audit import receipts
from audit.models import LogCheckpoint, RecordedEvent
from audit.proofs import Tree
from audit.witnesses import standing
from committees.states import VoteChoice
from tests.factories import committees as committee
from tests.factories.sealing import cosign, seal, witnesses

pytestmark = [pytest.mark.django_db, pytest.mark.database("fund")]


def as_keys(known: Iterable[bytes]) -> Iterator[bytes]:
    """What is known, and what a careless nonce could have been made of it."""
    for one in known:
        yield from (one, one[:32], one.ljust(32, b"\0")[:32], hashlib.sha256(one).digest(), one.hex().encode())


def attack(commit: str, candidates: dict[Any, bytes], known: Iterable[bytes]) -> set[Any]:
    """The candidates that some way of putting known data and a guess together confirms."""
    confirmed = set()
    keys = sorted(set(as_keys(known)))
    for (value, record), key in itertools.product(candidates.items(), keys):
        tried = {
            hmac.new(key, record, hashlib.sha256).hexdigest(),
            hmac.new(record, key, hashlib.sha256).hexdigest(),
            hashlib.sha256(key + record).hexdigest(),
            hashlib.sha256(record + key).hexdigest(),
        }
        if commit in tried:
            confirmed.add(value)
    return confirmed


def public(checkpoint: LogCheckpoint) -> list[bytes]:
    """Everything under /log/: hashes of all leaves, the signed note with its cosignatures, keys, policy."""
    tree = Tree(checkpoint.epoch_id)
    hashes = tree.partial(0, 0, min(256, checkpoint.size))
    note = receipts.readable_note(checkpoint)
    return [b"", bytes(32), *hashes, bytes(checkpoint.root), note.encode(), standing.policy().text().encode()]


def around(event: RecordedEvent) -> list[bytes]:
    """What is told of the leaf itself to those whom it concerns: its body, which is not even public, and its promise."""
    body = json.loads(bytes(event.leaf.body))
    words = [str(value) for name, value in body.items() if name != "commit"]
    words += [
        str(event.subject_id),
        str(event.actor_id),
        str(event.correlation),
        str(event.leaf_id),
        str(event.leaf.seq),
    ]
    digests = [bytes.fromhex(body["prev"]), event.subject_id.bytes]
    return [
        bytes(event.leaf.body),
        str(receipts.promise(event.leaf)).encode(),
        *(one.encode() for one in words),
        *digests,
    ]


def guesses(event: RecordedEvent, values: Iterable[Any]) -> dict[Any, bytes]:
    """The record with every possible value; all the rest of it is given away to the attacker."""
    record = json.loads(bytes(event.leaf.opening.record))
    made = {}
    for value in values:
        said = dict(record["event"])
        if event.type == "committees.vote.cast":
            said["choice"] = value
        else:
            first = min(said["points"])
            said["points"] = {**said["points"], first: value}
        made[value] = rfc8785.dumps({**record, "event": said})
    return made


def test_votes_and_scores_resist_guessing_and_fall_when_the_nonce_is_known(tmp_path: Path) -> None:
    witnesses()
    case = committee.deliberating()
    item = committee.voting(committee.open_meeting(case), case.applications[0])
    committee.vote(item, dict.fromkeys(case.seats[:4], VoteChoice.APPROVE))
    checkpoint = seal(tmp_path)
    cosign(checkpoint)
    kinds = {"committees.vote.cast": VoteChoice.values, "committees.scorecard.submitted": range(6)}
    events = RecordedEvent.objects.filter(type__in=kinds).select_related("leaf", "leaf__opening").order_by("leaf_id")
    chosen = [
        *events.filter(type="committees.vote.cast")[:2],
        *events.filter(type="committees.scorecard.submitted")[:2],
    ]
    assert len(chosen) == 4
    for event in chosen:
        opening, body = event.leaf.opening, json.loads(bytes(event.leaf.body))
        candidates = guesses(event, kinds[event.type])
        right = [value for value, record in candidates.items() if record == bytes(opening.record)]
        assert len(right) == 1
        # Another member, who gave away the receipt of an own vote, helps as little.
        others = [one.leaf.opening for one in events if one.pk != event.pk]
        known = [*public(checkpoint), *around(event), *(bytes(one.nonce) for one in others)]
        assert attack(body["commit"], candidates, known) == set()
        assert attack(body["commit"], candidates, [*known, bytes(opening.nonce)]) == set(right)
        assert len(bytes(opening.nonce)) == 32
        assert event.actor.full_name not in json.dumps(body, ensure_ascii=False)
        assert str(event.actor_id) not in json.dumps(body)
    said = json.loads(bytes(chosen[-1].leaf.opening.record))["event"]
    assert (
        said["sentences"].keys() == said["points"].keys()
    )  # what is written beside each point is committed to as well
    commits = [json.loads(bytes(event.leaf.body))["commit"] for event in events]
    assert len(set(commits)) == len(commits)  # equal votes look different
