// Only adds: every page works without it. No inline handlers, no styles, no libraries.
"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // <script data-then="…">: what only this page needs comes after its styles; on a thin line its text would wait for it.
  for (const src of document.currentScript.dataset.then?.split(" ") ?? []) {
    document.body.append(Object.assign(document.createElement("script"), { src, async: false }));
  }

  // Character counters count what the server counts: Unicode code points in NFC without invisible ones, a line end as one.
  const invisible = /[\u00ad\u200b\u2060-\u2069\ufeff\u202a-\u202e]/g;
  const length = (text) => [...text.normalize("NFC").replace(invisible, "").replace(/\r\n?/g, "\n").replace(/[^\S\n]+$/gm, "").trim()].length;

  for (const count of all("[data-count]")) {
    const box = document.getElementById(count.dataset.count);
    const limit = Number(count.dataset.limit);
    if (!box) continue;
    const show = () => {
      const used = length(box.value);
      count.textContent = count.dataset.words.replace("{used}", used.toLocaleString("en")).replace("{limit}", limit.toLocaleString("en"));
      count.classList.toggle("over", used > limit);
    };
    box.addEventListener("input", show);
    box.addEventListener("shown", show);
    show();
  }

  // On a phone the navigation runs off the edge: the current entry is brought into sight.
  document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" });

  // A form that came back with errors starts at their summary.
  document.getElementById("errors")?.focus();

  // <form data-confirm="…">: a question before an act; the server shows a confirmation page to those without scripts.
  for (const form of all("form[data-confirm]")) {
    form.addEventListener("submit", (event) => {
      if (!window.confirm(form.dataset.confirm)) event.preventDefault();
    });
  }

  // A form is sent once, however often the button is pressed over a slow line.
  for (const form of all("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "1";
      setTimeout(() => delete form.dataset.sent, 8000);
    });
  }
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // Drafts are kept on a device only where its owner asked for it (draft.js). Whoever signs out leaves nothing of them, and
  // another person finds nothing.
  const person = document.querySelector("[data-person]")?.dataset.person || "";
  const erase = async () => {
    Object.keys(localStorage).filter((key) => key === "device" || key.startsWith("draft:")).forEach((key) => localStorage.removeItem(key));
    indexedDB.deleteDatabase("fund");
    if (!isSecureContext) return;
    await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
    await Promise.all((await navigator.serviceWorker.getRegistrations()).map((worker) => worker.unregister()));
  };
  window.fundDevice = { person, erase };
  const owner = localStorage.getItem("device");
  if (owner && person && owner !== person) erase();
  for (const form of all("form[data-forget]")) form.addEventListener("submit", () => { erase(); });

  // Roll-call: the choice of each seat is read back beside the button before it is sent.
  for (const roll of all("[data-roll-call]")) {
    const out = roll.querySelector("[data-roll-call-sum]");
    const sum = () => {
      const counts = new Map();
      for (const box of all("input[type=radio]:checked", roll)) {
        const word = box.closest("label")?.textContent.trim() || box.value;
        counts.set(word, (counts.get(word) || 0) + 1);
      }
      if (out) out.textContent = [...counts].map(([word, n]) => `${word}: ${n}`).join(" · ");
    };
    roll.addEventListener("change", sum);
    sum();
  }
})();
