// <div data-file="URL">: a chosen file goes to the server in pieces (tus 1.0), and goes on by itself where a cut line, a killed
// tab or an empty battery stopped it: the server knows it again by its hash. Without this script the file goes with the page.
"use strict";
(() => {
  const TUS = { "Tus-Resumable": "1.0.0" };
  const LEAST = 32 * 1024, MOST = 1024 * 1024;
  const text64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const pause = (wait) => new Promise((done) => { const timer = setTimeout(done, wait); addEventListener("online", () => { clearTimeout(timer); done(); }, { once: true }); });
  let busy = 0;
  addEventListener("beforeunload", (event) => { if (busy) event.preventDefault(); });

  for (const box of document.querySelectorAll("[data-file]")) {
    const form = box.closest("form");
    const [answer, chosen] = [box.querySelector("[type=hidden]"), box.querySelector("[type=file]")];
    const drop = box.querySelector("[type=checkbox]"), line = box.querySelector("[data-sending]");
    const [bar, stop, moving] = [box.querySelector("progress"), box.querySelector("button"), box.querySelector("[hidden]")];
    let stopped = null;

    const say = (word, more = {}) => {
      line.textContent = Object.entries(more).reduce((text, [key, put]) => text.replace(`{${key}}`, put), line.dataset[word] ?? word);
      line.dataset.now = word;
    };
    const put = (value) => { answer.value = value; answer.dispatchEvent(new Event("input", { bubbles: true })); };
    const failed = (status, reason) => Object.assign(new Error(String(status)), { status, reason });
    const ask = async (signal, address, method, headers = {}, body) => {
      const abort = new AbortController(), cut = () => abort.abort(), slow = setTimeout(cut, 120000);
      signal.addEventListener("abort", cut);
      try {
        const response = await fetch(address, {
          method, body, redirect: "manual", credentials: "same-origin", signal: abort.signal,
          headers: { ...TUS, Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, ...headers },
        });
        if (response.type === "opaqueredirect") throw failed(401);
        if (!response.ok) {
          const said = response.headers.get("content-type")?.startsWith("application/json") ? await response.json() : {};
          throw failed(response.status, said.reason);
        }
        return response;
      } finally { clearTimeout(slow); signal.removeEventListener("abort", cut); }
    };

    const begin = async (signal, file) => {
      const said = { field: box.dataset.field, filename: file.name };
      if (crypto.subtle) said.sha256 = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      const metadata = Object.entries(said).map(([name, value]) => `${name} ${text64(value)}`).join(",");
      const made = await ask(signal, box.dataset.file, "POST", { "Upload-Length": file.size, "Upload-Metadata": metadata });
      return made.headers.get("location");
    };
    // Answers that a second try does not change; all others are the line.
    const final = new Set([400, 401, 403, 412, 413, 415, 422]);
    const send = async (signal, file) => {
      let place = "", at = -1, here = 0, size = 4 * LEAST, failures = 0;
      const show = (word) => {
        if (at >= 0) here = at;
        bar.value = (here / file.size) * 100;
        say(word, { name: `\u2068${file.name}\u2069`, here: (here / 1e6).toFixed(1), size: (file.size / 1e6).toFixed(1) });
      };
      show("sending");
      while (at < file.size) {
        try {
          place ||= await begin(signal, file);
          if (at < 0) at = Number((await ask(signal, place, "HEAD")).headers.get("upload-offset"));
          if (at < file.size) {
            const start = performance.now();
            const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": at };
            at = Number((await ask(signal, place, "PATCH", headers, file.slice(at, at + size))).headers.get("upload-offset"));
            const took = performance.now() - start;
            if (took < 3000) size = Math.min(size * 2, MOST); else if (took > 15000) size = Math.max(size / 2, LEAST);
          }
          failures = 0;
          show("sending");
        } catch (error) {
          if (signal.aborted || final.has(error.status)) throw error;
          if (error.status === 404) place = "";
          failures += 1;
          size = Math.max(size / 2, LEAST);
          show("waiting");
          at = -1;
          if (failures > 1 || error.status !== 409) await pause(Math.min(30000, 500 * 2 ** Math.min(failures, 6)));
          if (signal.aborted) throw error;
        }
      }
      return place.split("/").at(-2);
    };

    chosen.addEventListener("change", async () => {
      const [file] = chosen.files;
      chosen.value = "";
      if (!file) return;
      if (!file.size) return say("empty");
      stopped?.abort();
      const mine = (stopped = new AbortController());
      busy += 1;
      moving.hidden = false;
      try {
        const id = await send(mine.signal, file);
        if (drop) drop.checked = false;
        put(id);
        say("here", { name: `\u2068${file.name}\u2069` });
      } catch (error) {
        if (mine.signal.aborted) { if (stopped === mine) say("stopped"); } else say(error.status === 401 ? "signedout" : error.reason || "stopped");
      } finally {
        busy -= 1;
        if (stopped === mine) { moving.hidden = true; stopped = null; }
      }
    });
    stop.addEventListener("click", () => stopped?.abort());
    const first = answer.value;
    drop?.addEventListener("change", () => { put(drop.checked ? "" : first); say(drop.checked ? "removed" : ""); });
    answer.addEventListener("shown", () => say("changed"));
  }
})();
