// Keeps the monitor's page, so that it opens again where there is no signal. Only the page and what it is made of are kept: nothing
// that the hub discloses, and nothing that anybody signed. `/{deployment}/worker.js`, for everything below it.

const worker = self as unknown as ServiceWorkerGlobalScope; // the page's types say that it is a window

const PAGE = new URL("monitor", worker.registration.scope).href;
const KEPT = `safepassage page of ${worker.registration.scope}`;
/** Milliseconds that a weak signal has, before the kept page opens. */
const PATIENCE = 4_000;

/** The page as the hub has it now, with everything that it names; what only an older page named is dropped. */
async function renew(): Promise<Response> {
  const page = await fetch(PAGE, { cache: "no-cache" });
  if (!page.ok) return page;
  const kept = await caches.open(KEPT);
  const named = [...(await page.clone().text()).matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)].map((found) => new URL(found[1]!, PAGE).href);
  const have = (await kept.keys()).map((one) => one.url);
  await kept.addAll(named.filter((one) => !have.includes(one)));
  await kept.put(PAGE, page.clone()); // after its parts: a page is kept whole or not at all
  await Promise.all(have.filter((one) => one !== PAGE && !named.includes(one)).map((one) => kept.delete(one)));
  return page;
}

/** The newest page where the hub answers in time, otherwise the one that is kept. */
async function opened(): Promise<Response> {
  const old = await (await caches.open(KEPT)).match(PAGE);
  const fresh = renew();
  if (!old) return fresh;
  const late = new Promise<Response>((give) => setTimeout(() => give(old.clone()), PATIENCE));
  return Promise.race([fresh.catch(() => old), late]);
}

worker.addEventListener("install", (event) => event.waitUntil(renew().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event) => {
  const asked = new URL(event.request.url);
  if (event.request.mode === "navigate" && asked.origin + asked.pathname === PAGE) event.respondWith(opened());
  else if (asked.pathname.startsWith("/static/")) event.respondWith(caches.open(KEPT).then((kept) => kept.match(event.request)).then((found) => found ?? fetch(event.request)));
});

export {};
