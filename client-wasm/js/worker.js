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
  const kept = await caches.match("/", { ignoreVary: true });
  if (!kept) return fresh;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  // A proxy in front of a server that is away answers too.
  const usable = fresh.then((answer) => (answer.status < 500 ? answer : kept));
  return Promise.race([usable.catch(() => kept), late]);
}

// Keeps a document with the files that it names, all of them or nothing, and drops older ones.
async function keep(answer) {
  if (!answer.ok) throw new Error("no document");
  const html = await answer.clone().text();
  const files = [...new Set(html.match(/\/[\w./-]+-[0-9a-f]{8,}[\w.]*/g))];
  if (!files.some((file) => file.endsWith(".wasm"))) throw new Error("not our document");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(html));
  const name = PREFIX + [...new Uint8Array(digest)].slice(0, 8).join("-");
  const cache = await caches.open(name);
  // The document comes last: where it is, the rest is.
  if (!(await cache.match("/"))) {
    await cache.addAll(files);
    await cache.put("/", answer);
  }
  for (const other of await caches.keys()) {
    if (other.startsWith(PREFIX) && other !== name) await caches.delete(other);
  }
}

function isHashed(path) {
  return /-[0-9a-f]{8,}[\w.]*$/.test(path);
}
