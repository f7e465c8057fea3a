// Verifies a receipt of the log on this device: nothing is sent anywhere. The same steps, as strict, as tools/verify_receipt.py.
// Formats: c2sp.org/tlog-proof, signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy. Needs WebCrypto with Ed25519.
"use strict";
(() => {
  const ED25519 = 1, COSIGNATURE = 4;
  const encoder = new TextEncoder();

  class Refused extends Error {
    constructor(code, detail = "") { super(code); this.code = code; this.detail = detail; }
  }
  const need = (condition, code, detail) => { if (!condition) throw new Refused(code, detail); };

  const join = (...parts) => {
    const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => (joined.set(part, at), at + part.length), 0);
    return joined;
  };
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const equal = (one, other) => hex(one) === hex(other);
  const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));
  const utf8 = (bytes, code) => {
    try { return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes); } catch { throw new Refused(code); }
  };

  // Every value has exactly one writing: standard base64 with padding, decimal numbers without leading zeroes.
  const unbase64 = (text) => {
    let binary;
    try { binary = atob(text); } catch { throw new Refused("base64"); }
    need(btoa(binary) === text, "base64");
    return Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
  };
  const number = (text) => {
    need(/^(0|[1-9][0-9]{0,18})$/.test(text) && BigInt(text) < 2n ** 63n, "number");
    return BigInt(text);
  };
  const isName = (text) => /^[^\s+]+$/.test(text);

  // What the reader trusts.
  const parseKey = async (vkey) => {
    const [name, ident, ...rest] = vkey.split("+");
    const material = unbase64(rest.join("+"));
    const id = (await sha256(encoder.encode(`${name}\n`), material)).slice(0, 4);
    need(isName(name) && material.length > 1 && ident === hex(id), "policy", vkey.slice(0, 60));
    return { name, id: hex(id), type: material[0], bytes: material.slice(1) };
  };

  const parsePolicy = async (text) => {
    const policy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: "none" };
    for (const line of text.split(/\r?\n/)) {
      const [word, ...words] = line.trim().split(/\s+/);
      if (!word || word.startsWith("#")) continue;
      if (word === "log" && words.length) policy.logs.push(await parseKey(words[0]));
      else if (word === "witness" && words.length >= 2) policy.witnesses.set(words[0], await parseKey(words[1]));
      else if (word === "group" && words.length >= 2) {
        const [name, threshold, ...members] = words;
        need(members.every((one) => policy.witnesses.has(one) || policy.groups.has(one)), "policy", line.slice(0, 60));
        const count = { any: 1, all: members.length }[threshold] ?? Number(number(threshold));
        policy.groups.set(name, [count, members]);
      } else if (word === "quorum" && words.length === 1) {
        need(words[0] === "none" || policy.witnesses.has(words[0]) || policy.groups.has(words[0]), "policy", line.slice(0, 60));
        policy.quorum = words[0];
      } else throw new Refused("policy", line.slice(0, 60));
    }
    return policy;
  };
  const met = (policy, name, signers) => {
    if (!policy.groups.has(name)) return name === "none" || signers.includes(name);
    const [count, members] = policy.groups.get(name);
    return members.filter((one) => met(policy, one, signers)).length >= count;
  };

  // Signed notes.
  const parseNote = (content) => {
    need(![...content].some((sign) => sign < " " && sign !== "\n"), "shape");
    const cut = content.lastIndexOf("\n\n");
    need(cut >= 0 && content.endsWith("\n") && cut + 2 < content.length, "shape");
    const lines = content.slice(cut + 2, -1).split("\n");
    need(new Set(lines).size === lines.length, "shape");
    const signatures = lines.map((line) => {
      const words = line.split(" ");
      need(words.length === 3 && words[0] === "—" && isName(words[1]), "shape");
      const data = unbase64(words[2]);
      need(data.length > 4, "shape");
      return { name: words[1], id: hex(data.slice(0, 4)), signature: data.slice(4) };
    });
    return { text: content.slice(0, cut + 1), signatures };
  };

  const verifySignature = async (key, note, signature) => {
    need(key.type === ED25519 || key.type === COSIGNATURE, "kind", key.name);
    let message = encoder.encode(note.text), at = null;
    if (key.type === COSIGNATURE) {
      need(signature.length === 72, "signature", key.name);
      at = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
      message = join(encoder.encode(`cosignature/v1\ntime ${at}\n`), message);
      signature = signature.slice(8);
    }
    const imported = await crypto.subtle.importKey("raw", key.bytes, { name: "Ed25519" }, false, ["verify"])
      .catch(() => { throw new Refused("browser"); });
    need(await crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message), "signature", key.name);
    return at;
  };

  // Every signature must be of a key that the policy names, and hold.
  const opened = async (note, keys) => {
    const signers = new Map();
    for (const { name, id, signature } of note.signatures) {
      const key = keys.find((one) => one.name === name && one.id === id);
      need(key, "unknown", name);
      signers.set(key, await verifySignature(key, note, signature));
    }
    return signers;
  };

  const parseCheckpoint = (note) => {
    const lines = note.text.slice(0, -1).split("\n");
    need(lines.length >= 3 && lines.every(Boolean), "shape");
    const root = unbase64(lines[2]);
    need(root.length === 32, "shape");
    return { origin: lines[0], size: number(lines[1]), root };
  };

  // RFC 9162, 2.1.3.2.
  const rootOf = async (leaf, index, size, path) => {
    need(index < size, "index");
    const one = Uint8Array.of(1);
    let place = index, last = size - 1n, found = leaf;
    for (const sibling of path) {
      need(last > 0n, "path");
      if (place & 1n || place === last) {
        found = await sha256(one, sibling, found);
        while (place && !(place & 1n)) { place >>= 1n; last >>= 1n; }
      } else found = await sha256(one, found, sibling);
      place >>= 1n; last >>= 1n;
    }
    need(last === 0n, "path");
    return found;
  };

  const openExtra = async (extra) => {
    let given, body, record;
    try {
      given = JSON.parse(utf8(extra, "extra"));
      body = JSON.parse(given.body);
      if ("record" in given) record = JSON.parse(given.record);
    } catch { throw new Refused("extra"); }
    const keys = Object.keys(given).sort().join();
    need(keys === "body" || keys === "body,nonce,record", "extra");
    need(Object.values(given).every((value) => typeof value === "string") && body !== null && typeof body === "object", "extra");
    const { body: text, nonce, record: kept } = given;
    const canonical = JSON.stringify(kept === undefined ? { body: text } : { body: text, nonce, record: kept });
    need(equal(encoder.encode(canonical), extra), "extra");
    if (kept !== undefined) {
      need(/^[0-9a-f]{64}$/.test(nonce), "extra");
      const bytes = Uint8Array.from(nonce.match(/../g), (pair) => parseInt(pair, 16));
      const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
      const commit = await crypto.subtle.sign("HMAC", key, encoder.encode(kept));
      need(hex(new Uint8Array(commit)) === body.commit, "commit");
    }
    return { bytes: encoder.encode(text), body, record };
  };

  // The whole receipt (Uint8Array or text) against a policy (text): what it proves, or Refused with a code.
  const verify = async (receipt, policyText) => {
    need(globalThis.crypto?.subtle, "browser");
    const policy = typeof policyText === "string" ? await parsePolicy(policyText) : policyText;
    const content = typeof receipt === "string" ? receipt : utf8(receipt, "shape");
    const cut = content.indexOf("\n\n");
    need(cut >= 0, "shape");
    const lines = content.slice(0, cut).split("\n");
    need(lines[0] === "c2sp.org/tlog-proof@v1" && lines.length >= 3, "shape");
    need(lines[1].startsWith("extra ") && lines[2].startsWith("index "), "shape");
    const extra = await openExtra(unbase64(lines[1].slice(6)));
    const index = number(lines[2].slice(6)), path = lines.slice(3).map(unbase64);
    need(path.length <= 63 && path.every((one) => one.length === 32), "path");
    const note = parseNote(content.slice(cut + 2)), checkpoint = parseCheckpoint(note);
    const reached = await rootOf(await sha256(Uint8Array.of(0), extra.bytes), index, checkpoint.size, path);
    need(equal(reached, checkpoint.root), "root");
    const signers = await opened(note, [...policy.logs, ...policy.witnesses.values()]);
    need([...signers.keys()].some((key) => policy.logs.includes(key) && key.name === checkpoint.origin), "log", checkpoint.origin);
    const seen = [...policy.witnesses].filter(([, key]) => signers.has(key));
    need(met(policy, policy.quorum, seen.map(([name]) => name)), "quorum", seen.map(([name]) => name).join(", ") || "–");
    return {
      origin: checkpoint.origin, size: String(checkpoint.size), index: String(index), body: extra.body, record: extra.record,
      witnesses: seen.map(([name, key]) => ({ name, at: new Date(Number(signers.get(key)) * 1000) })),
    };
  };

  globalThis.fundReceipt = { verify, parsePolicy };

  // The page: words come from its <template>, so that they are translated with everything else.
  const form = document.getElementById("receipt");
  if (!form) return;
  const words = document.getElementById("receipt-words").content;
  const word = (code) => words.querySelector(`[data-word="${code}"]`)?.textContent ?? code;
  const answer = document.getElementById("receipt-answer");
  const line = (term, value) => {
    const row = document.createElement("div"), name = document.createElement("dt"), told = document.createElement("dd");
    const kept = document.createElement("bdi");
    name.textContent = word(term);
    kept.textContent = value;
    told.append(kept);
    row.append(name, told);
    return row;
  };
  const show = (good, title, rows) => {
    answer.replaceChildren();
    const head = document.createElement("p"), list = document.createElement("dl");
    head.className = good ? "note" : "note danger";
    head.textContent = title;
    list.className = "facts";
    list.append(...rows);
    answer.append(head, ...(rows.length ? [list] : []));
    answer.focus();
  };
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const file = form.elements.receipt.files[0];
    try {
      need(file, "nothing");
      const found = await verify(new Uint8Array(await file.arrayBuffer()), form.elements.policy.value);
      show(true, word("verified"), [
        line("kind", found.body.kind), line("object", found.body.object), line("at", found.body.at),
        line("leaf", `${found.index} / ${found.size} · ${found.origin}`),
        ...found.witnesses.map(({ name, at }) => line("witness", `${name} · ${at.toISOString()}`)),
        ...(found.record === undefined ? [] : [line("record", JSON.stringify(found.record, null, 1))]),
      ]);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      show(false, word("refused"), [line("why", [word(`no-${error.code}`), error.detail].filter(Boolean).join(" ")) ]);
    }
  });
})();
