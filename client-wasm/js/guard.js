// Watches over the page: has it kept for when there is no network, and starts it anew when its program
// has come to a sudden end.

const ENDED_AT = "tandem.ended";
const SOON_MS = 60_000;
const SETTLED_MS = 1000;
let hasEnded = false;

// Nobody asks twice whether to leave a page that has ended. Registered before the program's own.
addEventListener("beforeunload", (event) => hasEnded && event.stopImmediatePropagation());
addEventListener("error", (event) => handleFailure(event.error));
addEventListener("unhandledrejection", (event) => handleFailure(event.reason));

// The tab's icon is painted by the page's own thread, and what keeps the page loads all of it once more: both have
// time until the page is there.
const icon = document.querySelector("link[rel=icon]");
const { href } = icon;
icon.href = "data:,";
addEventListener("TrunkApplicationStarted", () => setTimeout(() => {
  icon.href = href;
  // Not there over plain http; where it is forbidden, the page works as long as the network does.
  navigator.serviceWorker?.register("/worker.js").catch(() => {});
}, SETTLED_MS));

function handleFailure(error) {
  if (hasEnded || !(error instanceof WebAssembly.RuntimeError)) return;
  hasEnded = true;
  const isKept = "kept" in document.documentElement.dataset;
  const isFirst = isFirstFor(SOON_MS);
  const notice = document.createElement("div");
  notice.className = "notice";
  notice.role = "alertdialog";
  const title = document.createElement("h1");
  title.textContent = isFirst ? "One moment, please" : "Something keeps going wrong";
  const text = document.createElement("p");
  const what = isFirst ? "and starts anew." : "again.";
  const work = isKept ? "Your work is kept in this browser." : "What was saved is on the server.";
  text.textContent = `The page came to a sudden end ${what} ${work}`;
  const reload = document.createElement("button");
  reload.className = "button primary";
  reload.textContent = "Reload";
  reload.onclick = () => location.reload();
  const actions = document.createElement("div");
  actions.className = "actions";
  actions.append(reload);
  notice.append(title, text, actions);
  document.body.append(notice);
  reload.focus();
  // By itself only once: a page that ends each time would do nothing else.
  if (isFirst) setTimeout(() => location.reload(), 1500);
}

function isFirstFor(span) {
  try {
    const last = Number(sessionStorage.getItem(ENDED_AT));
    sessionStorage.setItem(ENDED_AT, String(Date.now()));
    return Date.now() - last > span;
  } catch {
    return false;
  }
}
