// What was last seen of a board: where that is, and a picture of it. When the board is opened again the picture is shown
// at once, until the program has painted the board itself.

const POSTERS = "posters";
const POSTERS_MAX = 24;
const posterOf = (room) => `/b/${room}/poster`;
const viewOf = (room) => `tandem.view ${room}`;
const poster = {};

// What this tab last saw of a board, or another one before: the middle, and the zoom. Nothing if that is not known.
function rememberedView(room) {
  try {
    const view = (sessionStorage[viewOf(room)] ?? localStorage[viewOf(room)])?.split(" ").map(Number);
    if (view?.length === 3 && view.every(Number.isFinite)) return view;
  } catch {
    // A browser that remembers nothing.
  }
}

// Keeps that: for this tab until it is closed, and for those that come later.
function rememberView(room, ...view) {
  try {
    sessionStorage[viewOf(room)] = view.join(" ");
    localStorage[viewOf(room)] = view.join(" ");
  } catch {
    // The next visit starts anew.
  }
}

function forgetView(room) {
  try {
    delete localStorage[viewOf(room)];
  } catch {
    // Nothing was kept.
  }
}

// Loads what is kept of a board's picture, and where it was: pixels for each board unit, and where on the picture the
// board's origin is. Nothing if there is none.
async function loadPoster(room) {
  const kept = await caches.match(posterOf(room), { cacheName: POSTERS });
  const [theme, ...numbers] = kept.headers.get("tandem-seen").split(" ");
  const [scale, x, y] = numbers.map(Number);
  const image = new Image();
  image.src = URL.createObjectURL(await kept.blob());
  await image.decode();
  return { image, scale, x, y, theme };
}

// Asks for it while the program is on its way.
function askForPoster(room) {
  poster.view = rememberedView(room);
  // Of a board that was never seen there is none, and asking takes the browser a while.
  if (poster.view) poster.loaded = loadPoster(room).catch(() => {});
  // Only of a board with something on it is the view remembered. Which tool is in hand there is not known yet.
  document.documentElement.toggleAttribute("data-again", !!poster.view);
}

// Shows it in `holder` as soon as it is there, if it is still wanted then and looks as the page does.
async function hangPoster(holder) {
  const { loaded, view } = poster;
  delete poster.loaded;
  const it = await loaded;
  if (!it || poster.isOver || it.theme !== document.documentElement.dataset.theme) return;
  const ratio = Math.min(Math.max(devicePixelRatio, 0.5), 4);
  const [x, y, zoom] = view;
  const origin = (middle, at) => Math.round((middle / 2 - at * zoom) * ratio);
  poster.shown = it;
  placePoster(...(poster.place ?? [zoom * ratio, origin(innerWidth, x), origin(innerHeight, y), ratio]));
  it.image.alt = "";
  holder.prepend(it.image);
}

// Moves and stretches it to where the board lies now: the screen's pixels for each board unit, and where its origin is.
function placePoster(...place) {
  poster.place = place;
  if (!poster.shown) return;
  const [scale, x, y, ratio] = place;
  const { image, ...it } = poster.shown;
  const stretch = scale / it.scale;
  const [left, top] = [(x - it.x * stretch) / ratio, (y - it.y * stretch) / ratio];
  image.style.transform = `matrix(${stretch / ratio},0,0,${stretch / ratio},${left},${top})`;
}

// The board is painted.
function dropPoster() {
  poster.isOver = true;
  requestAnimationFrame(() => document.documentElement.removeAttribute("data-again"));
  if (!poster.shown) return;
  const { image } = poster.shown;
  image.remove();
  URL.revokeObjectURL(image.src);
  delete poster.shown;
}

// Keeps what is seen: the pictures that it consists of, each with where it is; the theme, and where the board is on it.
async function keepPoster(room, pictures, width, height, ...seen) {
  if (!pictures.length) return forgetPoster(room);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  for (const [picture, x, y] of pictures) context.drawImage(picture, x, y);
  try {
    const blob = await canvas.convertToBlob();
    const cache = await caches.open(POSTERS);
    await cache.put(posterOf(room), new Response(blob, { headers: { "tandem-seen": seen.join(" ") } }));
    for (const old of (await cache.keys()).slice(0, -POSTERS_MAX)) await cache.delete(old);
  } catch {
    // Then there is none at the next visit.
  }
}

function forgetPoster(room) {
  globalThis.caches?.open(POSTERS).then((cache) => cache.delete(posterOf(room))).catch(() => {});
}
