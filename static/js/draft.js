// <form data-draft="URL">: what is typed goes to the server by itself, changed fields only; while the line is down it is kept
// on the device, if its owner said so, and sent when the line is back. Without this script the button saves.
"use strict";
(() => {
  const form = document.querySelector("form[data-draft]");
  const url = form?.dataset.draft;
  const line = form?.querySelector("[data-saved]");
  const ours = (name) => name?.startsWith("q-");
  const names = () => [...new Set([...(form?.elements ?? [])].filter((box) => ours(box.name) && box.type !== "file").map((box) => box.name))];
  const boxes = (name) => [...form.elements].filter((box) => box.name === name);

  const value = (name, was = false) => {
    const all = boxes(name);
    const first = all[0];
    if (first.type === "checkbox" || first.type === "radio") {
      const on = all.filter((box) => (was ? box.defaultChecked : box.checked)).map((box) => box.value);
      return first.type === "radio" ? (on[0] ?? "") : on;
    }
    if (first.options) {
      const on = [...first.options].filter((option) => (was ? option.defaultSelected : option.selected)).map((option) => option.value);
      return first.multiple ? on : (on[0] ?? (was ? first.options[0]?.value ?? "" : ""));
    }
    return (was ? first.defaultValue : first.value).replace(/\r\n?/g, "\n");
  };
  const put = (name, text) => {
    for (const box of boxes(name)) {
      if (box.type === "checkbox" || box.type === "radio") box.checked = [text].flat().includes(box.value);
      else if (box.options) for (const option of box.options) option.selected = [text].flat().includes(option.value);
      else box.value = text;
      box.dispatchEvent(new Event("shown", { bubbles: true }));
    }
  };
  const plain = (text) => JSON.stringify(text?.length ? text : "");
  const same = (one, other) => plain(one) === plain(other);
  const say = (word, more = {}) => {
    if (!line) return;
    const time = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    line.textContent = Object.entries({ time, ...more }).reduce((text, [key, put]) => text.replace(`{${key}}`, put), line.dataset[word] || "");
    line.dataset.now = word;
  };

  // The device: one record a tab, sealed with a key that cannot leave the browser. `fundDevice` (fund.js) says whose page this
  // is and erases.
  const device = window.fundDevice;
  const PAGES = "fund-pages";
  const whose = () => device.person && localStorage.getItem("device") === device.person && device.person;
  const able = () => device.person && isSecureContext && "serviceWorker" in navigator && "indexedDB" in window;
  const asked = (request) => new Promise((done, failed) => { request.onsuccess = () => done(request.result); request.onerror = () => failed(request.error); });
  let opened;
  const store = () => (opened ??= (async () => {
    const opening = indexedDB.open("fund", 1);
    opening.onupgradeneeded = () => { opening.result.createObjectStore("drafts"); opening.result.createObjectStore("keys"); };
    const database = await asked(opening);
    database.onversionchange = () => { database.close(); opened = undefined; };
    const run = (name, act) => asked(act(database.transaction(name, "readwrite").objectStore(name)));
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    const key = (await run("keys", (keys) => keys.get("key"))) ?? made;
    if (key === made) await run("keys", (keys) => keys.add(made, "key"));
    return { run, key };
  })());
  const seal = async (tab, said) => {
    const { run, key } = await store();
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const body = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, new TextEncoder().encode(JSON.stringify(said)));
    await run("drafts", (drafts) => drafts.put({ tab, url, iv, body, at: Date.now() }, tab));
  };
  const kept = async () => {
    const { run, key } = await store();
    const rows = (await run("drafts", (drafts) => drafts.getAll())).filter((row) => row.url === url).sort((a, b) => a.at - b.at);
    return Promise.all(rows.map(async ({ tab, iv, body }) => {
      const open = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, body).catch(() => null);
      return { tab, said: open ? JSON.parse(new TextDecoder().decode(open)) : {} };
    }));
  };
  const forget = async (tab) => (await store()).run("drafts", (drafts) => drafts.delete(tab));
  const hold = (tab) => new Promise((done) => {
    if (!navigator.locks) return done(true);
    navigator.locks.request(`draft:${tab}`, { ifAvailable: true }, (lock) => {
      done(Boolean(lock));
      return lock && new Promise(() => {}); // held as long as the page lives
    });
  });

  const write = async () => {
    const version = Number(form.dataset.version || 0);
    const base = new Map(), seen = new Map(), open = new Set();
    let since = version, timer, keeping, busy = null, failures = 0, gone = false;
    const input = form.elements.tab;
    for (const name of names()) { base.set(name, value(name, true)); seen.set(name, version); }
    // A page that came out of the cache twice must not pass for one tab.
    if (!(await hold(input.value))) { input.value = crypto.randomUUID(); await hold(input.value); }

    const dirty = () => names().filter((name) => !open.has(name) && !same(value(name), base.get(name) ?? ""));
    const whole = form.hasAttribute("data-whole");
    const keep = async () => {
      if (!whose()) return false;
      const said = {};
      for (const name of names()) {
        const now = value(name), changed = !same(now, base.get(name) ?? "");
        if (changed || (seen.get(name) ?? 0) > version) said[name] = [now, seen.get(name) ?? version, changed];
      }
      await (Object.keys(said).length ? seal(input.value, said) : forget(input.value));
      return true;
    };
    const unsent = async () => say((await keep().catch(() => false)) ? "kept" : "unsaved");

    const beside = (name, other) => {
      const box = boxes(name)[0];
      const place = box?.closest(".field, fieldset") ?? form;
      if (open.has(name) || !box) return;
      open.add(name);
      const note = document.getElementById("draft-conflict").content.firstElementChild.cloneNode(true);
      note.querySelector("[data-by]").textContent = other.by;
      note.querySelector("[data-theirs]").textContent = [other.shown ?? other.value].flat().join(", ");
      const settle = (text) => { open.delete(name); note.remove(); if (text !== undefined) put(name, text); later(0); };
      note.querySelector("[data-mine]").addEventListener("click", () => settle());
      note.querySelector("[data-take]").addEventListener("click", () => { base.set(name, other.value); settle(other.value); });
      place.after(note);
    };
    const hear = (answer) => {
      for (const [short, other] of Object.entries(answer.others)) {
        const name = `q-${short}`;
        if (!boxes(name).length) continue;
        const mine = !same(value(name), base.get(name) ?? "");
        seen.set(name, answer.version);
        if (same(value(name), other.value)) base.set(name, other.value);
        else if (mine) beside(name, other);
        else { base.set(name, other.value); put(name, other.value); }
      }
      since = answer.version;
      form.elements.version.value = answer.version;
    };

    const save = async () => {
      clearTimeout(timer); timer = undefined;
      const changed = dirty();
      if (!changed.length) { await keep().catch(() => {}); return !open.size; }
      const sending = whole ? names() : changed;
      const values = new Map(sending.map((name) => [name, value(name)]));
      const fields = Object.fromEntries([...values].map(([name, text]) => [name.slice(2), [text, seen.get(name) ?? since]]));
      say("saving");
      let answer;
      try {
        const abort = new AbortController(), slow = setTimeout(() => abort.abort(), 30000);
        const response = await fetch(url, {
          method: "POST", redirect: "manual", signal: abort.signal, credentials: "same-origin",
          headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
          body: JSON.stringify({ tab: input.value, since, fields }),
        }).finally(() => clearTimeout(slow));
        if (![200, 403, 409].includes(response.status) || !response.headers.get("content-type")?.startsWith("application/json")) {
          const wait = Number(response.headers.get("retry-after"));
          if (response.type === "opaqueredirect" || [401, 403].includes(response.status)) { await unsent(); say("signedout"); return false; }
          throw Object.assign(new Error(String(response.status)), { wait });
        }
        answer = await response.json();
        if (response.status === 403) { await unsent(); say("refused", { reason: answer.reason }); return false; }
      } catch (error) {
        failures += 1;
        await unsent();
        later(error.wait ? error.wait * 1000 : Math.min(60000, 4000 * 2 ** Math.min(failures, 4)) * (0.8 + Math.random() * 0.4));
        return false;
      }
      failures = 0;
      for (const [name, text] of values) if (!answer.conflicts.includes(name.slice(2))) { base.set(name, text); seen.set(name, answer.version); }
      if (whole && answer.conflicts.length) { say("changed"); return false; }
      hear(answer);
      await keep().catch(() => {});
      if (dirty().length) later(2000);
      say(open.size ? "changed" : "saved");
      return !open.size;
    };
    // One at a time: what is typed while a saving is on its way goes with the next.
    const saving = () => (busy ??= save().finally(() => { busy = null; }));
    const later = (wait) => { clearTimeout(timer); timer = setTimeout(saving, wait); };

    let first = 0;
    form.addEventListener("input", () => {
      const now = Date.now();
      if (timer === undefined) first = now;
      if (!failures) later(Math.max(0, Math.min(2000, first + 8000 - now)) + Math.random() * 500);
      clearTimeout(keeping);
      keeping = setTimeout(() => { if (failures) unsent(); else keep().catch(() => {}); }, 250);
    });
    window.addEventListener("online", () => { failures = 0; later(0); });
    window.addEventListener("fund:device", () => { if (dirty().length) unsent(); });
    document.addEventListener("visibilitychange", () => { if (document.hidden && dirty().length) { keep().catch(() => {}); saving(); } });
    window.addEventListener("beforeunload", (event) => { if (!gone && !whose() && dirty().length) event.preventDefault(); });
    form.addEventListener("submit", async (event) => {
      if (gone || open.size || !dirty().length) { gone = true; return; }
      event.preventDefault();
      const { submitter } = event;
      await busy;
      const done = await saving();
      delete form.dataset.sent;
      if (done || line?.dataset.now === "changed") { gone = true; form.requestSubmit(submitter); }
    });

    if (whose()) {
      try {
        for (const { tab, said } of await kept()) {
          if (tab !== input.value) {
            if (!(await hold(tab))) continue; // another open page still writes this one
            if (Object.values(said).some(([, , changed]) => changed)) { await forget(input.value); input.value = tab; } else { await forget(tab); }
          }
          for (const [name, [text, version_, changed]] of Object.entries(said)) {
            if (!boxes(name).length || (!changed && version_ <= version)) continue;
            if (!changed) base.set(name, text);
            seen.set(name, version_);
            put(name, text);
          }
        }
      } catch { /* a device that cannot keep: the server's copy counts */ }
    }
    if (dirty().length) { await unsent(); later(0); } else { await keep().catch(() => {}); }
    form.dataset.ready = "1";
  };

  // Whether this device keeps drafts: asked, never assumed; signing out erases all of it.
  const offer = () => {
    for (const box of document.querySelectorAll("[data-device]")) {
      if (!able()) continue;
      const show = () => { for (const part of box.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "on") !== Boolean(whose()); };
      box.querySelector("[data-device-on]").addEventListener("click", async () => { localStorage.setItem("device", device.person); await navigator.serviceWorker.register("/sw.js"); show(); dispatchEvent(new Event("fund:device")); pages(); });
      box.querySelector("[data-device-off]").addEventListener("click", async () => { await device.erase(); show(); });
      box.hidden = false;
      show();
    }
  };
  // The pages of this application open without a line, once they were read on it.
  const pages = async () => {
    if (!whose()) return;
    const cache = await caches.open(PAGES);
    await cache.put("/kept-for", new Response(whose())); // else the worker takes these pages for somebody else's
    const links = [...document.querySelectorAll("[data-keep-pages] a")].map((link) => link.href);
    for (const address of [location.href.split("#")[0], ...links]) {
      const response = await fetch(address, { credentials: "same-origin" }).catch(() => null);
      if (response?.ok && !response.redirected && response.headers.get("kept-for") === whose()) await cache.put(address, response);
    }
    for (const file of document.querySelectorAll("script[src], link[rel=stylesheet], link[rel=icon]")) cache.add(file.src || file.href).catch(() => {});
  };

  offer();
  if (document.querySelector("[data-keep-pages]")) pages();
  if (form) write();
})();
