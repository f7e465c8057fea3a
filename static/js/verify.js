// Verifies a receipt of the log on this device: nothing is sent anywhere. The same steps, as strict, as tools/verify_receipt.py.
// Formats: c2sp.org/tlog-proof, signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy. Needs WebCrypto with Ed25519.
"use strict";
(() => {
  const ED25519 = 1, COSIGNATURE = 4, MOST_BYTES = 4 * 1024 * 1024;
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

  // RFC 8785 of what records are made of: no fractions, no numbers that are rounded, no name twice.
  const canonical = (value) => {
    if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
    if (value !== null && typeof value === "object")
      return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
    need(typeof value !== "number" || Number.isSafeInteger(value), "extra");
    return JSON.stringify(value);
  };
  const fromJson = (text) => {
    need(typeof text === "string", "extra");
    let value;
    try { value = JSON.parse(text); } catch { throw new Refused("extra"); }
    need(value !== null && typeof value === "object" && !Array.isArray(value) && canonical(value) === text, "extra");
    return value;
  };

  // What the reader trusts.
  const parseKey = async (vkey) => {
    const [name, ident, ...rest] = vkey.split("+");
    const material = unbase64(rest.join("+"));
    const id = (await sha256(encoder.encode(`${name}\n`), material)).slice(0, 4);
    need(isName(name) && material.length > 1 && ident === hex(id), "policy", vkey.slice(0, 60));
    return { name, id: hex(id), type: material[0], bytes: material.slice(1) };
  };

  const parsePolicy = async (text) => {
    const policy = { logs: [], witnesses: new Map(), groups: new Map(), quorum: "" }, texts = new Set();
    const known = (name) => policy.witnesses.has(name) || policy.groups.has(name);
    for (const line of text.split("\n")) {
      const [word, ...words] = line.trim().split(/\s+/);
      if (!word || word.startsWith("#")) continue;
      const wrong = ["policy", line.slice(0, 60)];
      // A key stands once, and a name: nobody counts twice.
      const fresh = async (vkey) => { need(!texts.has(vkey), ...wrong); texts.add(vkey); return parseKey(vkey); };
      if (word === "log" && words.length) policy.logs.push(await fresh(words[0]));
      else if (word === "witness" && words.length >= 2) {
        need(words[0] !== "none" && !known(words[0]), ...wrong);
        policy.witnesses.set(words[0], await fresh(words[1]));
      } else if (word === "group" && words.length >= 2) {
        const [name, threshold, ...members] = words;
        need(name !== "none" && !known(name) && members.every(known), ...wrong);
        const count = threshold === "any" ? 1 : threshold === "all" ? members.length : Number(number(threshold));
        need(count > 0 && count <= members.length && new Set(members).size === members.length, ...wrong);
        policy.groups.set(name, [count, members]);
      } else {
        need(word === "quorum" && words.length === 1 && !policy.quorum && (words[0] === "none" || known(words[0])), ...wrong);
        policy.quorum = words[0];
      }
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
    const signatures = lines.map((line) => {
      const words = line.split(" ");
      need(words.length === 3 && words[0] === "—" && isName(words[1]), "shape");
      const data = unbase64(words[2]);
      need(data.length > 4, "shape");
      return { name: words[1], id: hex(data.slice(0, 4)), signature: data.slice(4) };
    });
    need(new Set(signatures.map(({ name, id }) => `${name}+${id}`)).size === lines.length, "shape");
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
    const given = fromJson(utf8(extra, "extra")), keys = Object.keys(given);
    need(keys.length === 1 ? "body" in given : keys.length === 3 && ["body", "nonce", "record"].every((key) => key in given), "extra");
    const body = fromJson(given.body), text = encoder.encode(given.body);
    if (keys.length === 1) return { bytes: text, body };
    need(typeof given.nonce === "string" && /^[0-9a-f]{64}$/.test(given.nonce), "extra");
    const record = fromJson(given.record);
    const bytes = Uint8Array.from(given.nonce.match(/../g), (pair) => parseInt(pair, 16));
    const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const commit = await crypto.subtle.sign("HMAC", key, encoder.encode(given.record));
    need(hex(new Uint8Array(commit)) === body.commit, "commit");
    return { bytes: text, body, record };
  };

  const moment = (seconds) => {
    const at = new Date(Number(seconds) * 1000);
    return Number.isNaN(at.getTime()) ? `${seconds} s` : at.toISOString();
  };

  // The whole receipt (Uint8Array or text) against a policy (text): what it proves, or Refused with a code. The record must
  // name the SHA-256 of `paper` (Uint8Array) if one is given.
  const verify = async (receipt, policyText, paper) => {
    need(globalThis.crypto?.subtle, "browser");
    const policy = typeof policyText === "string" ? await parsePolicy(policyText) : policyText;
    need(policy.quorum, "policy", "quorum");
    need(receipt.length <= MOST_BYTES, "shape");
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
    // Keys for promises are held by a web server: they sign no tree.
    const logs = policy.logs.filter((key) => !key.name.endsWith("/promise"));
    const signers = await opened(note, [...logs, ...policy.witnesses.values()]);
    need([...signers.keys()].some((key) => logs.includes(key) && key.name === checkpoint.origin), "log", checkpoint.origin);
    const seen = [...policy.witnesses].filter(([, key]) => signers.has(key));
    need(met(policy, policy.quorum, seen.map(([name]) => name)), "quorum", seen.map(([name]) => name).join(", ") || "–");
    const digest = paper && hex(await sha256(paper));
    need(!paper || (extra.record !== undefined && canonical(extra.record).includes(`"${digest}"`)), "paper");
    return {
      digest, origin: checkpoint.origin, size: String(checkpoint.size), index: String(index), body: extra.body, record: extra.record,
      witnesses: seen.map(([name, key]) => ({ name, at: moment(signers.get(key)) })),
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
    // Nothing that a file says can draw on the page: no control characters, no marks of direction.
    kept.textContent = String(value).replace(/[^\P{C}\n]/gu, (sign) => `\\u{${sign.codePointAt(0).toString(16)}}`);
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
    answer.replaceChildren();
    const [file, paper] = ["receipt", "paper"].map((name) => form.elements[name].files[0]);
    const bytes = async (one) => new Uint8Array(await one.arrayBuffer());
    try {
      need(file, "nothing");
      need(file.size <= MOST_BYTES, "shape");
      const found = await verify(await bytes(file), form.elements.policy.value, paper && await bytes(paper));
      show(true, word("verified"), [
        ...["kind", "object", "at"].map((name) => line(name, found.body[name])),
        line("leaf", `${found.index} / ${found.size} · ${found.origin}`),
        ...found.witnesses.map(({ name, at }) => line("witness", `${name} · ${at}`)),
        ...(found.digest ? [line("paper", found.digest)] : []),
        ...(found.record === undefined ? [] : [line("record", JSON.stringify(found.record, null, 1))]),
      ]);
    } catch (error) {
      const code = error instanceof Refused ? error.code : "shape";
      show(false, word("refused"), [line("why", [word(`no-${code}`), error.detail].filter(Boolean).join(" "))]);
    }
  });
})();
