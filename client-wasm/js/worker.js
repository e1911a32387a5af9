// Keeps the page itself, so that a board that was open once opens again without the network.
//
// The document decides: a cache holds one document and exactly the files that it names, and is only
// used when it is complete. File names carry hashes of their content, so files of two builds cannot be
// mixed. The server is asked for the document first; only without an answer the kept one is shown.

const PREFIX = "tandem ";
const PATIENCE_MS = 3000;

self.addEventListener("install", (event) => {
  event.waitUntil(
    fetch("/", { cache: "no-cache" })
      .then(keep)
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === "/" || url.pathname.startsWith("/b/")) event.respondWith(showDocument(event));
  } else if (isHashed(url.pathname)) {
    event.respondWith(caches.match(request, { ignoreVary: true }).then((kept) => kept ?? fetch(request)));
  }
});

// The document from the server, or the kept one if that takes too long.
async function showDocument(event) {
  const fresh = fetch(event.request).then((answer) => {
    if (answer.ok) event.waitUntil(keep(answer.clone()).catch(() => {}));
    return answer;
  });
  const kept = await newestDocument();
  if (!kept) return fresh;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  // A proxy in front of a server that is away answers too.
  const usable = fresh.then((answer) => (answer.status < 500 ? answer : kept));
  return Promise.race([usable.catch(() => kept), late]);
}

// The document that was kept last.
async function newestDocument() {
  for (const name of (await ownCaches()).reverse()) {
    const kept = await (await caches.open(name)).match("/", { ignoreVary: true });
    if (kept) return kept;
  }
}

// Keeps a document with the files that it names, all of them or nothing. Other documents go when it is
// seen again: until then a page may still be loading their files.
async function keep(answer) {
  if (!answer.ok) throw new Error("no document");
  const html = await answer.clone().text();
  const files = [...new Set(html.match(/\/[\w./-]+-[0-9a-f]{8,}[\w.]*/g))];
  if (!files.some((file) => file.endsWith(".wasm"))) throw new Error("not our document");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(html));
  const name = PREFIX + [...new Uint8Array(digest)].slice(0, 8).join("-");
  const cache = await caches.open(name);
  // The document comes last: where it is, the rest is.
  if (await cache.match("/", { ignoreVary: true })) {
    const others = (await ownCaches()).filter((other) => other !== name);
    await Promise.all(others.map((other) => caches.delete(other)));
  } else {
    await cache.addAll(files);
    await cache.put("/", answer);
  }
}

// The names of the caches, in the order in which they were made.
async function ownCaches() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

function isHashed(path) {
  return /-[0-9a-f]{8,}[\w.]*$/.test(path);
}
