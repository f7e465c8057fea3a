"""The page that verifies a receipt on the reader's device: as strict as the file, in Chromium, nothing sent."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from tests.tools.test_verify_receipt import ATTACKS, BAD_POLICIES, EXTRA, GOOD, INDEX, POLICY, committing, with_extra

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVERY_BIT = """async ([receipt, policyText, index]) => {
  const policy = await fundReceipt.parsePolicy(policyText);
  const passes = async (bytes) => {
    try { await fundReceipt.verify(bytes, policy); return true; }
    catch (error) { if (!error.code) throw error; return false; }
  };
  const content = new TextEncoder().encode(receipt);
  const passing = [];
  for (let place = 0; place < content.length; place++) {
    for (let bit = 0; bit < 8; bit++) {
      const flipped = content.slice();
      flipped[place] ^= 1 << bit;
      if (await passes(flipped)) passing.push(`bit ${place}.${bit}`);
    }
    if (await passes(content.slice(0, place))) passing.push(`cut at ${place}`);
  }
  for (const more of ["\\n", " ", "x", "\\n\\n", receipt]) {
    if (await passes(new TextEncoder().encode(receipt + more))) passing.push(`with ${more} behind`);
    if (await passes(new TextEncoder().encode(more + receipt))) passing.push(`with ${more} before`);
  }
  for (let n = 0; n < 64; n++) {
    if (n !== index && await passes(new TextEncoder().encode(receipt.replace(`index ${index}`, `index ${n}`)))) passing.push(`index ${n}`);
    if (n !== 21 && await passes(new TextEncoder().encode(receipt.replace("\\n21\\n", `\\n${n}\\n`)))) passing.push(`size ${n}`);
  }
  return [await passes(content), passing];
}"""


def test_every_bit_every_cut_and_every_place_counts(page: Any) -> None:
    page.goto("/log/verify/")
    good, passing = page.evaluate(EVERY_BIT, [GOOD, POLICY, INDEX])
    assert (good, passing) == (True, [])


def test_records_that_are_not_the_committed_ones(page: Any) -> None:
    page.goto("/log/verify/")

    def code(receipt: str, policy: str = POLICY) -> str:
        script = "async ([r, p]) => { try { await fundReceipt.verify(r, p); return ''; } catch (e) { return e.code; } }"
        return page.evaluate(script, [receipt, policy])

    assert code(with_extra({"body": EXTRA["body"]})) == ""
    assert code(with_extra({**EXTRA, "record": EXTRA["record"].replace("yes", "no")})) == "commit"
    assert code(with_extra({**EXTRA, "nonce": bytes(32).hex()})) == "commit"
    assert code(with_extra({**EXTRA, "nonce": EXTRA["nonce"].upper()})) == "extra"
    assert code(with_extra({**EXTRA, "more": ""})) == "extra"
    assert code(with_extra(EXTRA, separators=(", ", ": "))) == "extra"
    assert code(with_extra(EXTRA, witnesses=[])) == "quorum"
    assert code(GOOD, "quorum none") == "unknown"
    assert code(GOOD, "nonsense") == "policy"
    assert code(GOOD, POLICY.replace("group donors any donor", "group donors any nobody")) == "policy"


ALL_AT_ONCE = """async ([receipts, policies, good, policy]) => {
  const passes = async (receipt, policyText) => {
    try { await fundReceipt.verify(new TextEncoder().encode(receipt), policyText); return true; }
    catch (error) { if (!error.code) throw error; return false; }
  };
  const passing = [];
  for (const [name, receipt] of receipts) if (await passes(receipt, policy)) passing.push(name);
  for (const text of policies) if (await passes(good, text)) passing.push(text);
  return [await passes(good, policy), passing];
}"""


def test_what_an_attacker_would_send(page: Any, tmp_path: Path) -> None:
    page.goto("/log/verify/")
    receipts = [[name, content] for name, content in ATTACKS.items()]
    assert page.evaluate(ALL_AT_ONCE, [receipts, list(BAD_POLICIES), GOOD, POLICY]) == [True, []]
    digest = hashlib.sha256(b"%PDF agreed").hexdigest()
    loud = json.dumps("x\u202e\x9b", ensure_ascii=False)
    record = f'{{"event":{{"reason":{loud},"sha256":"{digest}"}}}}'
    (tmp_path / "named.tlog-proof").write_text(committing(record))
    (tmp_path / "huge.tlog-proof").write_text(GOOD + "x" * 5_000_000)
    page.fill("#receipt-policy", POLICY)
    answer = page.locator("#receipt-answer")

    def shown(name: str, paper: bytes | None) -> str:
        page.set_input_files("#receipt-file", tmp_path / f"{name}.tlog-proof")
        (tmp_path / "paper.pdf").write_bytes(paper or b"")
        page.set_input_files("#receipt-paper", [tmp_path / "paper.pdf"] if paper else [])
        page.evaluate("document.querySelector('#receipt-answer').replaceChildren()")
        page.click("#receipt button")
        answer.locator(".note").wait_for()
        return str(answer.inner_text())

    assert digest in shown("named", b"%PDF agreed")
    assert answer.locator(".note:not(.danger)").count() == 1
    assert "\\u{202e}\\u{9b}" in answer.inner_text()
    for name, paper in (("named", b"%PDF agreed?"), ("huge", None)):
        shown(name, paper)
        assert answer.locator(".note.danger").count() == 1


def test_a_person_verifies_a_file_and_nothing_is_sent(page: Any, tmp_path: Path) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto("/log/verify/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    (tmp_path / "good.tlog-proof").write_text(GOOD)
    (tmp_path / "bad.tlog-proof").write_text(GOOD.replace("index 11", "index 12"))
    page.fill("#receipt-policy", POLICY)
    answer = page.locator("#receipt-answer")
    for name, expected in (("good", ".note:not(.danger)"), ("bad", ".note.danger")):
        page.set_input_files("#receipt-file", tmp_path / f"{name}.tlog-proof")
        page.click("#receipt button")
        answer.locator(expected).wait_for()
    page.set_input_files("#receipt-file", tmp_path / "good.tlog-proof")
    page.click("#receipt button")
    answer.locator(".note:not(.danger)").wait_for()
    assert '"vote": "yes"' in answer.inner_text()
    assert ([url for url in asked if "/static/" not in url], complaints) == ([], [])
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_without_scripts_the_page_explains_the_one_file(chromium: Any, live_server: Any) -> None:
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="ar-SY")
    page = context.new_page()
    page.goto("/log/verify/")
    assert not page.locator("#receipt").is_visible()
    with page.expect_download() as download:
        page.click("a[href$='verify_receipt.py']")
    kept = Path(django_settings.BASE_DIR / "tools/verify_receipt.py").read_bytes()
    assert Path(download.value.path()).read_bytes() == kept
    context.close()


def test_the_script_is_small() -> None:
    assert len((django_settings.BASE_DIR / "static/js/verify.js").read_bytes()) <= 30_000
