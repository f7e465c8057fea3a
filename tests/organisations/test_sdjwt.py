"""Signed passports as a format: what was signed opens, everything else is refused, here and in the tool for other funds."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OctKey, OKPKey

from audit.keys import NoKeys
from organisations import passport_keys, sdjwt
from tools import verify_passport

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ISSUER = "https://fund.example"
KEY = OKPKey.generate_key("Ed25519")
KEY_ID = passport_keys.id_of(KEY)
JWKS = {"keys": [passport_keys.public_side(KEY)]}
CLAIMS = {"type": "association", "about": "نعمل مع الأهالي", "proof.certificate": {"document_sha256": "a" * 64}}


def plain(**changes: Any) -> dict[str, Any]:
    end = NOW + timedelta(days=90)
    return {
        "iss": ISSUER, "iat": int(NOW.timestamp()), "exp": int(end.timestamp()), "jti": "serial-1",
        "name_ar": "جمعية المثال", "name_latin": "Example Association", **changes,
    }  # fmt: skip


def made(claims: dict[str, Any] = CLAIMS, *, told: set[str] | None = None, key: Any = KEY, **changes: Any) -> str:
    disclosures = sdjwt.disclose(claims)
    signed = sdjwt.sign(plain(**changes), disclosures, key, key_id=KEY_ID)
    return sdjwt.bundle(signed, [one for one in disclosures if told is None or one.name in told])


def both(text: str, keys: Any = JWKS, *, issuer: str = ISSUER, now: datetime = NOW) -> list[dict[str, Any]]:
    """What our import and the tool read; both or neither."""
    found = sdjwt.verify(text, keys, issuer=issuer, now=now).claims
    return [found, verify_passport.verify(text, keys, issuer, now.timestamp())[1]]


def refused(text: str, keys: Any = JWKS, *, issuer: str = ISSUER, now: datetime = NOW) -> str:
    with pytest.raises(verify_passport.Refused):
        verify_passport.verify(text, keys, issuer, now.timestamp())
    with pytest.raises(sdjwt.BadPassport) as why:
        sdjwt.verify(text, keys, issuer=issuer, now=now)
    return why.value.code


@given(
    st.dictionaries(
        st.text(min_size=1, max_size=20).map(lambda name: f"c.{name}"),
        st.text() | st.integers() | st.booleans(),
        max_size=6,
    ),
    st.sets(st.integers(0, 5)),
)
def test_exactly_what_is_disclosed_opens(claims: dict[str, Any], chosen: set[int]) -> None:
    told = {name for index, name in enumerate(claims) if index in chosen}
    text = made(claims, told=told)
    assert both(text) == [{name: claims[name] for name in claims if name in told}] * 2
    opened = sdjwt.verify(text, JWKS, issuer=ISSUER, now=NOW)
    assert (opened.hidden, opened.name_latin) == (len(claims) - len(told), "Example Association")


def test_what_is_left_out_is_nowhere_in_the_file() -> None:
    text = made(told={"type"})
    whole = b"".join(base64.urlsafe_b64decode(part + "==") for part in text.replace("~", ".").split(".") if part)
    assert "نعمل".encode() not in whole
    assert json.dumps("نعمل")[1:-1].encode() not in whole
    assert made(told={"type"}) != text  # the salts are new each time: equal claims have unequal digests


def tampered(text: str) -> str:
    header, payload, rest = text.split(".", 2)
    forged = json.loads(base64.urlsafe_b64decode(payload + "=="))
    forged["name_latin"] = "Another Association"
    return ".".join([header, sdjwt._b64(json.dumps(forged).encode()), rest])


def with_header(**header: Any) -> str:
    """A passport signed with the right key under another header."""
    body = base64.urlsafe_b64decode(made().split(".")[1] + "==")
    whole = {"alg": "Ed25519", "typ": sdjwt.TYPE, "kid": KEY_ID, **header}
    return jws.serialize_compact(whole, body, KEY, algorithms=["Ed25519"]) + "~"


def by_hmac() -> str:
    """The old trick: the public key as the secret of an HMAC."""
    secret = OctKey.import_key(JWKS["keys"][0]["x"] + "0" * 32)
    body = base64.urlsafe_b64decode(made().split(".")[1] + "==")
    header = {"alg": "HS256", "typ": sdjwt.TYPE, "kid": KEY_ID}
    return jws.serialize_compact(header, body, secret, algorithms=["HS256"]) + "~"


def unsigned() -> str:
    header, body, _rest = made().split(".", 2)
    none = sdjwt._b64(json.dumps({"alg": "none", "typ": sdjwt.TYPE, "kid": KEY_ID}).encode())
    return f"{none}.{body}.~" if header else ""


def header_only(header: bytes) -> str:
    return sdjwt._b64(header) + ".e30.e30~"


def disclosed_twice() -> str:
    text = made(told={"type"})
    signed, one, _end = text.split("~")
    return f"{signed}~{one}~{one}~"


@pytest.mark.parametrize(
    ("forge", "code"),
    [
        (lambda: tampered(made()), "signature"),
        (lambda: made(key=OKPKey.generate_key("Ed25519")), "signature"),
        (lambda: made() + sdjwt.disclose({"standing": "eligible"})[0].text + "~", "unsigned"),
        (disclosed_twice, "malformed"),
        (lambda: made({"name_ar": "اسم آخر"}), "malformed"),
        (by_hmac, "algorithm"),
        (unsigned, "algorithm"),
        (lambda: with_header(typ="JWT"), "algorithm"),
        (lambda: with_header(jku="https://evil.example/keys"), "algorithm"),
        (lambda: with_header(kid="another"), "key"),
        (lambda: made(iss="https://other.example"), "malformed"),
        (lambda: made(exp=int(NOW.timestamp())), "ended"),
        (lambda: made(iat=int(NOW.timestamp()) + 3600), "early"),
        (lambda: made(exp=10**30), "malformed"),
        (lambda: made(exp=True), "malformed"),
        (lambda: made().rstrip("~"), "malformed"),
        (lambda: "a.b.c~", "malformed"),
        (lambda: "~" * 1000, "malformed"),
        (lambda: made() + "A" * sdjwt.MOST_BYTES, "size"),
        (lambda: header_only(b"[" * 100_000), "malformed"),
        (lambda: header_only(b'{"alg":"none","alg":"Ed25519"}'), "malformed"),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_by_both(forge: Callable[[], str], code: str) -> None:
    assert refused(forge()) in ({code, "malformed"} if code in {"ended", "early"} else {code})


def test_keys_that_cannot_be_used_are_refused() -> None:
    text = made()
    broken: list[dict[str, Any]] = [{}, {"keys": {}}, {"keys": []}, {"keys": JWKS["keys"] * 2}]
    for keys in (*broken, {"keys": [KEY.as_dict(private=True)]}):
        assert refused(text, keys) in {"keys", "key", "private"}
    for issuer in ("http://fund.example", "https://fund.example.evil"):
        assert refused(text, issuer=issuer) == "malformed"


def test_the_key_file_is_private_and_rotates(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "passport"
    with pytest.raises(NoKeys, match="there is no key file"):
        passport_keys.load(path)
    (first,) = passport_keys.create(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        passport_keys.create(path)
    newest, old = passport_keys.rotate(path)
    assert passport_keys.id_of(old) == passport_keys.id_of(first) != passport_keys.id_of(newest)
    assert [passport_keys.id_of(key) for key in passport_keys.drop_old(path)] == [passport_keys.id_of(newest)]
    path.chmod(0o644)
    with pytest.raises(NoKeys, match="others may read"):
        passport_keys.load(path)
    path.write_text("{}")
    path.chmod(0o600)
    with pytest.raises(NoKeys, match="cannot be read"):
        passport_keys.load(path)


def test_the_tool_tells_what_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = tmp_path / "certificate.pdf"
    document.write_bytes(b"%PDF-")
    digest = "c5e6b45c18e1f7ee3e2bb8c62bd1ea1fd76a76ecf15d0b1f2b8c8bd8e9ba1f6b"
    claims = {**CLAIMS, "proof.certificate": {"document_sha256": digest}}
    end = datetime.now(UTC) + timedelta(days=1)
    text = made(claims, iat=int(datetime.now(UTC).timestamp()), exp=int(end.timestamp()))
    (tmp_path / "passport").write_text(text)
    (tmp_path / "keys.json").write_text(json.dumps(JWKS))
    arguments = [str(tmp_path / "passport"), str(tmp_path / "keys.json"), "--issuer", ISSUER]
    assert verify_passport.main(arguments) == 0
    told = capsys.readouterr().out
    assert "holds: signed by https://fund.example" in told
    assert "0 more claims" in told
    assert verify_passport.main([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["claims"]["type"] == "association"
    assert verify_passport.main([*arguments, "--document", str(document)]) == 1
    assert "is not a document of this passport" in capsys.readouterr().err
    assert verify_passport.main([*arguments[:-1], "https://other.example"]) == 1
    (tmp_path / "passport").write_text(text[:-40])
    assert verify_passport.main(arguments) == 1
