// Only on devices whose owner asked for it: pages of the own application open without a line. What the server did not mark
// with Kept-For is never kept; files, lists and other people's pages are not marked.
"use strict";
const PAGES = "fund-pages";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const file = request.method === "GET" && url.pathname.startsWith("/static/");
  if (url.origin === location.origin && (file || request.mode === "navigate")) event.respondWith(fresh(request, file));
});

// From the line while there is one; else what is kept, also where the line breaks in the middle of a page. A form that could
// not be sent comes back to its page.
async function fresh(request, file) {
  try {
    const response = await fetch(request);
    const whose = response.headers.get("kept-for");
    if (request.method !== "GET" || !response.ok || !(file || (whose && !response.redirected))) return response;
    const whole = new Response(await response.clone().blob(), response);
    await keep(request.url, whole, whose).catch(() => {}); // a full device: the page is shown all the same
    return response;
  } catch (down) {
    const kept = await (await caches.open(PAGES)).match(request.url, { ignoreVary: true });
    if (kept) return kept;
    throw down;
  }
}

async function keep(address, response, whose) {
  const cache = await caches.open(PAGES);
  if (whose) await other(cache, whose);
  await cache.put(address, response);
}

// Two people on one device: the pages of the first go before those of the second are kept.
async function other(cache, whose) {
  const owner = await cache.match("/kept-for");
  if (owner && (await owner.text()) === whose) return;
  for (const key of await cache.keys()) if (!new URL(key.url).pathname.startsWith("/static/")) await cache.delete(key);
  await cache.put("/kept-for", new Response(whose));
}
