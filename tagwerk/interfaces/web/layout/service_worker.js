// @ts-check
/**
 * Between the pages and the network, for two things only: static files, whose names change with their content, are kept
 * and answered at once; and a page that cannot be fetched is answered with the page that says so. No page of anybody, no
 * answer and no reply to a form is ever kept here: unsent answers are the task page's own affair.
 *
 * `self.tagwerk` is set by the server: {version, offline, static, files}.
 */
const worker = /** @type {any} */ (self);
/** @type {{version: string, offline: string, static: string, files: string[]}} */
const facts = worker.tagwerk;
const KEPT = `tagwerk-${facts.version}`;

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(fill().then(() => worker.skipWaiting()));
});

async function fill() {
  const kept = await caches.open(KEPT);
  await kept.addAll([new Request(facts.offline, { cache: "reload" }), ...facts.files]);
}

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(tidy());
});

async function tidy() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("tagwerk-") && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
  // The page is asked for while this program is still waking up, so that it costs no time.
  await worker.registration.navigationPreload?.enable();
  await worker.clients.claim();
}

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const address = new URL(request.url);
  if (address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (address.pathname.startsWith(facts.static)) event.respondWith(file(request));
});

/** @param {any} event */
async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await caches.match(facts.offline)) ?? Response.error();
  }
}

/** @param {Request} request */
async function file(request) {
  const found = await caches.match(request);
  if (found) return found;
  const fetched = await fetch(request);
  if (fetched.ok) {
    const copy = fetched.clone();
    caches.open(KEPT).then((kept) => kept.put(request, copy));
  }
  return fetched;
}
