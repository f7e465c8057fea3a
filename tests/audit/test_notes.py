"""Signed notes, checkpoints and cosignatures as C2SP's pages show them, and read strictly."""

import re

import pytest

from audit import merkle, notes
from audit.notes import Checkpoint, Malformed, Signature, SignedNote, SigningKey, VerifierKey
from tests.standards import STANDARDS, needs

SPECS = STANDARDS / "tlog" / "specs"
CHECKPOINT = Checkpoint("fund.example/log/1", 5, merkle.EMPTY_ROOT)
KEYS = [
    SigningKey("fund.example/log/1", kind, bytes([kind]) * 32)
    for kind in (notes.ED25519, notes.COSIGNATURE_ED25519, notes.COSIGNATURE_MLDSA44)
]
VERIFIERS = [key.verifier for key in KEYS]
NOTE = notes.signed(CHECKPOINT.text, KEYS, timestamp=1_750_000_000)


def blocks(name: str) -> list[str]:
    """What stands between fences on a page of the specification."""
    return re.findall(r"```\n(.*?)```", (SPECS / f"{name}.md").read_text(encoding="utf-8"), re.DOTALL)


@needs("tlog/specs")
def test_the_example_of_a_signed_note_verifies() -> None:
    page = (SPECS / "signed-note.md").read_text(encoding="utf-8")
    key = VerifierKey.parse(re.findall(r"^    (example\.com/foo\+\S+)$", page, re.MULTILINE)[0])
    poem, example = blocks("signed-note")
    note = SignedNote.parse(example)
    assert note.opened_by([key]) == [key]
    assert note.text == "This is an example message.\n"
    assert (note.serialise(), str(key)) == (
        example,
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    )
    assert SignedNote.parse(poem).text.endswith("raggio di sole:\n\ned è subito sera.\n")


@needs("tlog/specs")
def test_the_examples_of_checkpoints_are_read_and_written_alike() -> None:
    for page, signatures in (("tlog-checkpoint", 1), ("tlog-cosignature", 2)):
        example = blocks(page)[0]
        note = SignedNote.parse(example)
        checkpoint = Checkpoint.parse(note.text)
        assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
        assert checkpoint.text == note.text
        assert note.serialise() == example
        assert len(note.signatures) == signatures


@needs("tlog/specs")
def test_the_example_of_a_cosigned_message_is_what_a_witness_signs() -> None:
    page = (SPECS / "tlog-cosignature.md").read_text(encoding="utf-8")
    shown = re.findall(r"^    cosignature/v1\n(?:    \S.*\n)+", page, re.MULTILINE)[0]
    expected = re.sub(r"^    ", "", shown, flags=re.MULTILINE)
    text = Checkpoint.parse(SignedNote.parse(blocks("tlog-cosignature")[0]).text).text
    assert notes.signed_message(notes.COSIGNATURE_ED25519, "any", text, 1679315147).decode() == expected


def test_the_message_of_a_quantum_safe_cosignature_is_laid_out_as_specified() -> None:
    message = notes.signed_message(notes.COSIGNATURE_MLDSA44, "w.example", CHECKPOINT.text, 7)
    assert message == (
        b"subtree/v1\n\x00" + b"\x09w.example" + (7).to_bytes(8, "big") + b"\x12fund.example/log/1"
        + bytes(8) + (5).to_bytes(8, "big") + merkle.EMPTY_ROOT
    )  # fmt: skip


def test_each_kind_of_key_signs_and_is_recognised() -> None:
    note = SignedNote.parse(NOTE.serialise().encode())
    assert note == NOTE
    assert note.opened_by(VERIFIERS) == VERIFIERS
    assert note.opened_by(VERIFIERS[1:2]) == VERIFIERS[1:2]
    assert [signature.timestamp for signature in note.signatures[1:]] == [1_750_000_000] * 2
    assert note.opened_by([KEYS[0].named("other.example/log").verifier]) == []


@pytest.mark.parametrize("which", range(3))
def test_a_wrong_signature_of_a_known_key_spoils_the_note(which: int) -> None:
    signatures = list(NOTE.signatures)
    good = signatures[which]
    for blob in (
        good.blob[:-1] + bytes([good.blob[-1] ^ 1]),
        b"\x01" + good.blob[1:],
        good.blob[:-1],
        good.blob + b"x",
    ):
        signatures[which] = Signature(good.name, good.key_id, blob)
        with pytest.raises(Malformed, match="is wrong"):
            SignedNote(NOTE.text, tuple(signatures)).opened_by(VERIFIERS)
    with pytest.raises(Malformed, match="is wrong"):
        SignedNote(Checkpoint(CHECKPOINT.origin, 6, CHECKPOINT.root).text, (good,)).opened_by(VERIFIERS)


@pytest.mark.parametrize("key", KEYS, ids=["ed25519", "cosignature", "ml-dsa-44"])
def test_keys_are_written_and_read(key: SigningKey) -> None:
    assert SigningKey.parse(key.serialise()) == key
    assert VerifierKey.parse(str(key.verifier)) == key.verifier
    assert key.serialise().rpartition("+")[2] not in repr(key)
    with pytest.raises(Malformed):
        VerifierKey.parse(str(key.verifier).replace("fund", "fond"))
    with pytest.raises(Malformed):
        SigningKey.parse(key.serialise().replace("fund", "fond"))


@pytest.mark.parametrize(
    "text",
    [
        "", "a\n1\n", "a\n\n1\n", "a\n01\n{r}\n", "a\n+1\n{r}\n", "a\n-1\n{r}\n", "a\n١\n{r}\n", "a\n1\n{r}", "\n1\n{r}\n",
        "a\n1\n{r}\n\n", "a\n9223372036854775808\n{r}\n", "a\n1\nAAAA\n", "a\n1\n{r}=\n", "a\n1\n {r}\n", "a\t\n1\n{r}\n",
        "a\n1\n{u}\n",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    good = notes.to_base64(merkle.EMPTY_ROOT)
    with pytest.raises(Malformed):
        Checkpoint.parse(text.format(r=good, u=good[:-2] + "V="))


LINE = NOTE.signatures[0].line


@pytest.mark.parametrize(
    "note",
    [
        "", "text\n", "text\n\n", f"text\n{LINE}", f"text\n\n{LINE.rstrip()}", f"text\n\n{LINE}\n", f"te\rxt\n\n{LINE}",
        f"text\n\n-{LINE[1:]}", f"text\n\n{LINE.replace('= ', '')[:-2]}\n", "text\n\n— a AAAA\n", "text\n\n— a+b AAAAAAA=\n",
        "text\n\n— a b AAAAAAA=\n", "text\n\n—  AAAAAAA=\n", "text\n\n" + LINE * 65, b"te\xffxt\n\n" + LINE.encode(),
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused(note: str | bytes) -> None:
    with pytest.raises(Malformed):
        SignedNote.parse(note)


@pytest.mark.parametrize(
    "key", ["", "a", "a+b", "a+00000000+AQ==", "a b+00000000+AQ==", "a+zz+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"]
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(Malformed):
        VerifierKey.parse(key)
    with pytest.raises(Malformed):
        SigningKey.parse(notes.PRIVATE_PREFIX + key)


def test_sixteen_signatures_of_strangers_are_ignored() -> None:
    strangers = tuple(
        SigningKey(f"stranger-{number}.example", notes.ED25519, bytes([number]) * 32).sign(NOTE.text)
        for number in range(16)
    )
    note = SignedNote.parse(SignedNote(NOTE.text, (*strangers, NOTE.signatures[0])).serialise())
    assert note.opened_by(VERIFIERS) == VERIFIERS[:1]
