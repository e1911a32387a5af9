// While a board's program is still on its way: asks for what it is going to need of others (the server's ear, what
// the browser keeps of the board, an author's id that no other page has), shows the panels as the document has them,
// and notes what is done meanwhile.

const early = {};
const DONE = ["keydown", "pointerdown", "pointermove", "pointerup", "pointercancel", "click"];
// A room's name as `RoomName::parse` takes it; a test in `early.rs` holds the two together.
const earlyRoom = /^\/b\/([\w-]{1,64})$/.exec(location.pathname)?.[1];
// The program asks for these, too.
const socketAddress = (room) => `${location.origin.replace("http", "ws")}/ws/${room}?pieces`;
const lockName = (room, author) => `tandem ${room} ${author}`;
if (earlyRoom) askFor(earlyRoom);

function askFor(room) {
  try {
    early.socket = new WebSocket(socketAddress(room));
    early.socket.binaryType = "arraybuffer";
  } catch {
    // The program finds out by itself.
  }
  // Over plain http there are no locks, and without them nothing is kept.
  if (!navigator.locks) return;
  askForPoster(room);
  early.store = openStore(room);
  // It is heard of by the program.
  early.store.catch(() => {});
  early.author = Math.ceil(Math.random() * Number.MAX_SAFE_INTEGER) || 1;
  // Held until the page is gone.
  const hold = (taken) => (lock) => (taken(!!lock), lock && new Promise(() => {}));
  early.owned = new Promise((taken) => {
    const name = lockName(room, early.author);
    navigator.locks.request(name, { ifAvailable: true }, hold(taken)).catch(() => taken(false));
  });
}

// Called where the document's body begins. Whoever hides panels or has switched something on waits for the program.
function showEarly() {
  const template = document.querySelector("template");
  let modes, theme;
  try {
    modes = Number(localStorage["tandem.modes"] ?? 0);
    theme = localStorage["tandem.theme"];
  } catch {
    // A browser that remembers nothing.
  }
  if (!earlyRoom || modes) return;
  theme ??= matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.dataset.theme = theme;
  const walker = document.createTreeWalker(template.content, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_COMMENT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  let at = 0;
  early.parts = template.dataset.order.split(" ").map((step) => nodes[(at += Number(step))]).reverse();
  template.replaceWith(template.content);
  hangPoster(document.querySelector(".tiles"));
  early.done = [];
  for (const kind of DONE) addEventListener(kind, noteEarly, true);
}

function noteEarly(event) {
  early.done.push(event);
}

// The program is there: what was done is done now, and where the document waited for it, it shows what was last seen.
function redoEarly() {
  if (poster.loaded) hangPoster(document.querySelector(".tiles"));
  for (const kind of DONE) removeEventListener(kind, noteEarly, true);
  for (const event of takeEarly("done") ?? []) {
    const { target, type } = event;
    // A link leads away by itself.
    if (type !== "click" || !target.closest("a")) target.dispatchEvent(new event.constructor(type, event));
  }
}

// What was asked for, the first time that it is wanted.
function takeEarly(name) {
  const asked = early[name];
  delete early[name];
  return asked;
}
