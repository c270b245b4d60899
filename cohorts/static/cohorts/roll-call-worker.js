// The roll call can be opened without a network: this keeps the page as its teacher last saw it, and what it is
// drawn with. It answers only under its own address, keeps nothing else, and no list for longer than a day.
const NAME = "kept:roll-call:";
const PATIENCE = 8000; // a network that is there in name only
const DAY = 24 * 60 * 60 * 1000;
const PAGE = new RegExp(`^${new URL("./", self.location).pathname}[0-9a-f-]{36}/[0-9-]{10}/(am|pm)/$`);
const MARK = "data-roll-call";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const { who, page, parts } = event.data || {};
  if (!/^[0-9a-f-]{36}$/.test(who || "") || !PAGE.test(page || "")) return;
  event.waitUntil(keep(who, page, parts || []));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(opened(request));
  else if (["style", "script", "font", "image"].includes(request.destination)) {
    event.respondWith(fetch(request).catch(() => found(request).then((one) => one || Response.error())));
  }
});

function found(request) { return caches.match(request, { ignoreVary: true, ignoreSearch: true }); }

// The page as the server gives it to this teacher now; whoever is signed out or somebody else gets nothing kept.
async function keep(who, page, parts) {
  await forget((name) => name !== NAME + who);
  const answer = await fetch(page, { credentials: "same-origin", headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer) return;
  const cache = await caches.open(NAME + who);
  const text = answer.ok && !answer.redirected ? await answer.text() : "";
  if (!text.includes(`data-who="${who}"`)) {
    await forget(() => true);
    return;
  }
  const now = Date.now();
  const headers = new Headers({ "Content-Type": "text/html; charset=utf-8", "X-Kept-At": String(now) });
  const policy = answer.headers.get("Content-Security-Policy");
  if (policy) headers.set("Content-Security-Policy", policy);
  await cache.put(page, new Response(text.replace(MARK, `${MARK} data-kept-at="${now}"`), { headers }));
  await Promise.all(parts.filter(isOurs).map((part) => cache.add(part).catch(() => undefined)));
  await drop(cache, now);
}

function isOurs(part) {
  const url = new URL(part, self.location);
  return url.origin === self.location.origin && /\.(css|js|svg|png|woff2?|ttf)$/.test(url.pathname);
}

// Lists older than a day go.
async function drop(cache, now) {
  for (const request of await cache.keys()) {
    const at = Number((await cache.match(request)).headers.get("X-Kept-At") || now);
    if (now - at > DAY) await cache.delete(request);
  }
}

async function forget(which) {
  const names = (await caches.keys()).filter((name) => name.startsWith(NAME) && which(name));
  await Promise.all(names.map((name) => caches.delete(name)));
}

// The server's page where it comes in time, else the one that is kept, else a sentence.
async function opened(request) {
  const kept = await keptPage(request);
  const answer = fetch(request).catch(() => kept || nothingKept());
  if (!kept) return answer;
  return Promise.race([answer, new Promise((done) => setTimeout(() => done(kept), PATIENCE))]);
}

async function keptPage(request) {
  const kept = PAGE.test(new URL(request.url).pathname) ? await found(request) : null;
  return kept && Date.now() - Number(kept.headers.get("X-Kept-At")) <= DAY ? kept : null;
}

function nothingKept() {
  const words = "现在没有网络，这个页面没有存在这台设备上。请恢复网络后再打开；在有网络时打开过的点名页，一天之内可以离线打开。";
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'none'" };
  const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>没有网络</title>';
  return new Response(`<!doctype html><html lang="zh-CN"><head>${head}</head><body><main><h1>没有网络</h1><p>${words}</p></main></body></html>`, { status: 503, headers });
}
