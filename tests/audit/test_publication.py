"""What everybody can fetch: the checkpoint and hash tiles exactly as tlog-tiles says, and an independent reader of them."""

import subprocess
import sys
from typing import Any

import pytest
from django.test import Client
from tlog_scales import backend, reader, signing, tlog

from audit import merkle, publication, sequencer
from audit.models import LogKey
from audit.notes import Checkpoint, SignedNote
from tests.audit.conftest import Signer
from tests.factories.log import hashes, leaves

pytestmark = [pytest.mark.django_db, pytest.mark.waits]


def test_before_the_first_signature_there_is_nothing(client: Client) -> None:
    leaves(300)
    sequencer.integrate()
    for path in (
        "/log/checkpoint",
        "/log/tile/0/000",
        "/log/tile/0/001.p/44",
        "/log/1/checkpoint",
        "/log/7/checkpoint",
    ):
        assert client.get(path).status_code == 404


def test_the_checkpoint_is_a_note_that_soon_grows_old(client: Client, signer: Signer) -> None:
    leaves(3)
    checkpoint = signer.sign()
    assert checkpoint is not None
    for path in ("/log/checkpoint", "/log/1/checkpoint"):
        response = client.get(path)
        assert response.content.decode() == checkpoint.note
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert response["Cache-Control"] == "public, max-age=5"
        assert response["Access-Control-Allow-Origin"] == "*"
        assert not response.cookies


def test_tiles_are_bytes_for_ever(client: Client, signer: Signer) -> None:
    leaves(70_000 // 100 - 2)
    signer.sign()
    known = hashes(698)
    response = client.get("/log/tile/0/000")
    assert response.content == b"".join(known[:256])
    assert (response["Content-Type"], response["Cache-Control"]) == (
        "application/octet-stream", "public, max-age=31536000, immutable",
    )  # fmt: skip
    assert client.get("/log/tile/0/002.p/186").content == b"".join(known[512:698])
    assert client.get("/log/tile/0/002.p/188").status_code == 200
    assert client.get("/log/1/tile/1/000.p/2").content == merkle.root(known[:256]) + merkle.root(known[256:512])


@pytest.mark.parametrize(
    "path",
    [
        "0/003", "0/002", "0/002.p/189", "0/002.p/0", "0/0", "1/000", "1/000.p/3", "2/000.p/1", "entries/000", "-1/000",
        "0/x001/000", "64/000", "0/999999999999999999999999", "0/" + "x999/" * 30 + "999", "0/000/", "0/%D9%A0%D9%A0%D9%A0",
        "0/000%00", "63/000.p/1",
    ],
)  # fmt: skip
def test_what_does_not_exist_yet_is_not_found(client: Client, signer: Signer, path: str) -> None:
    leaves(698)
    signer.sign()
    assert client.get(f"/log/tile/{path}").status_code == 404
    assert client.get(f"/log/1/tile/{path}").status_code == 404


@pytest.mark.parametrize("path", ["/log/99999999999999999999/checkpoint", "/log/0/checkpoint", "/log/2/tile/0/000"])
def test_an_epoch_that_never_was_is_not_found(client: Client, signer: Signer, path: str) -> None:
    leaves(256)
    signer.sign()
    assert client.get(path).status_code == 404


def test_what_was_placed_after_the_checkpoint_stays_hidden(client: Client, signer: Signer) -> None:
    leaves(10)
    signer.sign()
    leaves(10)
    sequencer.integrate()
    assert client.get("/log/tile/0/000.p/12").status_code == 200
    assert client.get("/log/tile/0/000.p/13").status_code == 404


def test_a_published_tile_costs_few_queries(signer: Signer, django_assert_max_num_queries: Any, client: Client) -> None:
    leaves(700)
    signer.sign()
    with django_assert_max_num_queries(6):
        client.get("/log/tile/0/002.p/100")


def independent(live_server: Any) -> tuple[reader.TilesReader, tlog.Checkpoint]:
    """tlog-scales, which we did not write, on our published log."""
    theirs = reader.TilesReader(backend.make_backend(f"{live_server.url}/log"))
    return theirs, theirs.get_checkpoint()


@pytest.mark.django_db(transaction=True)
def test_an_independent_reader_proves_inclusion_and_growth_over_http(live_server: Any, signer: Signer) -> None:
    leaves(300)
    first = signer.sign()
    leaves(398)
    signer.sign()
    known = hashes(300)
    theirs, checkpoint = independent(live_server)
    assert checkpoint.size == 700
    for key in LogKey.objects.all():
        checkpoint.verify(signing.Vkey.from_string(key.verifier_key))
    assert theirs.calculate_root_hash() == checkpoint.root_hash
    for index in (0, 255, 256, 299):
        theirs.get_inclusion_proof(index, 700).check(known[index], checkpoint.root_hash)
    assert first is not None
    theirs.get_consistency_proof(first.size, 700).check(bytes(first.root), checkpoint.root_hash)
    program = [sys.executable, "-m", "tlog_scales.cli", "gen-proof", f"{live_server.url}/log/", "255"]
    printed = subprocess.run(program, capture_output=True, text=True, check=True, timeout=60).stdout
    assert printed.startswith("c2sp.org/tlog-proof@v1\nindex 255\n")
    assert Checkpoint.parse(SignedNote.parse(printed.split("\n\n", 1)[1]).text).size == 700


@pytest.mark.django_db(transaction=True)
def test_the_independent_reader_refuses_one_changed_byte(
    live_server: Any, signer: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaves(698)
    signer.sign()
    known = hashes(300)
    right = publication.published_tile

    def changed(epoch: int, tile: Any) -> bytes | None:
        data = right(epoch, tile)
        # One bit of leaf 100 in the first tile.
        return data if data is None or (tile.level, tile.number) != (0, 0) else flipped(data, 100 * 32)

    monkeypatch.setattr(publication, "published_tile", changed)
    theirs, checkpoint = independent(live_server)
    with pytest.raises(tlog.InclusionProofInvalid):
        theirs.get_inclusion_proof(99, 700).check(known[99], checkpoint.root_hash)
    assert theirs.calculate_root_hash() == checkpoint.root_hash, "the root above the tile is not computed from it"
    monkeypatch.setattr(publication, "published_tile", right)
    theirs, checkpoint = independent(live_server)
    theirs.get_inclusion_proof(99, 700).check(known[99], checkpoint.root_hash)
    with pytest.raises(tlog.InclusionProofInvalid):
        theirs.get_inclusion_proof(99, 700).check(flipped(known[99], 31), checkpoint.root_hash)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_no_leaf_body_is_ever_public(client: Client, signer: Signer) -> None:
    leaves(256)
    signer.sign()
    for path in ("/log/tile/entries/000", "/log/entries/000", "/log/tile/-1/000"):
        assert client.get(path).status_code == 404
