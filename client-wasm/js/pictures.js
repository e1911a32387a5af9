// What the browser does with pictures' bytes: reads, shrinks, hashes, sends and loads them. The program
// decides which and when; here it is a fifth of what it would be there.
//
// What is on its way to the server is kept until it has arrived, under the address that it is going to have.

const MAX_BYTES = 10 << 20;
const MAX_SIDE = 4096;
const KEPT_AS = /^(\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF[^]{4}WEBP|[^]{4}ftypavi[fs])/;

const kept = async (act) => {
  try {
    return await act(await caches.open("pictures"));
  } catch {
    // Not there over plain http, or full.
  }
};

// A picture as it is going to be kept: its name, its bytes, and how it looks. Throws a sentence.
async function readPicture(file) {
  const name = file.name || "The picture";
  if (!globalThis.crypto?.subtle) throw "Pictures need a secure connection (https) to this server.";
  let bitmap = await createImageBitmap(file).catch(() => drawnByPage(file));
  if (!bitmap) throw `${name} is no picture that this browser can show.`;
  const start = String.fromCharCode(...new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  const largest = Math.max(bitmap.width, bitmap.height);
  if (file.size > MAX_BYTES || largest > MAX_SIDE || !KEPT_AS.test(start)) {
    for (let scale = Math.min(1, MAX_SIDE / largest), left = 8; ; scale *= 0.7) {
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(bitmap.width * scale));
      canvas.height = Math.max(1, Math.round(bitmap.height * scale));
      const context = canvas.getContext("2d");
      context.imageSmoothingQuality = "high";
      context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      // Browsers that cannot write WebP write PNG.
      file = await new Promise((done) => canvas.toBlob(done, "image/webp", 0.9));
      if (file?.size <= MAX_BYTES) break;
      if (!left--) throw `${name} is too large.`;
    }
    bitmap.close?.();
    bitmap = await createImageBitmap(file);
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  return { id: [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join(""), file, bitmap };
}

// Each of these files as a picture, or why it is none.
function readPictures(files) {
  const why = (error) => (typeof error === "string" ? error : "The picture could not be read.");
  return Promise.all(files.map((file) => readPicture(file).catch(why)));
}

// What only the page itself can draw, such as SVG, twice as large for sharp screens.
async function drawnByPage(file) {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    const [width, height] = [image.naturalWidth || 512, image.naturalHeight || 512];
    const scale = Math.min(2, MAX_SIDE / Math.max(width, height));
    const size = { resizeWidth: Math.ceil(width * scale), resizeHeight: Math.ceil(height * scale) };
    return await createImageBitmap(image, size);
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

// Keeps a picture until it is sent.
function keepPicture(url, file) {
  kept((cache) => cache.put(url, new Response(file)));
}

// Sends a picture: the server's answer, or 0 without one.
async function sendPicture(url, file, progress) {
  const status = await new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.upload.onprogress = (event) => progress(event.loaded / event.total);
    request.onloadend = () => done(request.status);
    request.send(file);
  });
  // What the server cannot take now is tried again; the rest is done with.
  if (status && (status < 500 || status === 507)) await kept((cache) => cache.delete(url));
  return status;
}

// The addresses and bytes of what an earlier page could not send.
async function waitingPictures(prefix) {
  const waiting = [];
  await kept(async (cache) => {
    for (const { url } of await cache.keys()) {
      const path = new URL(url).pathname;
      if (path.startsWith(prefix)) waiting.push([path, await (await cache.match(url)).blob()]);
    }
  });
  return waiting;
}

// A picture's bytes; throws if it is not there.
async function pictureFile(url) {
  const answer = (await kept((cache) => cache.match(url))) ?? (await fetch(url));
  if (!answer.ok) throw "no picture";
  return answer.blob();
}

// A picture, no larger than a side; nothing if it is not there.
async function loadPicture(url, side) {
  const file = await pictureFile(url);
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  if (Math.max(width, height) <= side) return bitmap;
  bitmap.close();
  const size = width > height ? { resizeWidth: side } : { resizeHeight: side };
  return createImageBitmap(file, { ...size, resizeQuality: "high" });
}

function pictureOf(named, base64) {
  const type = /^image\/[a-z0-9.+-]+$/.test(named) ? named : "";
  let bytes = new Uint8Array();
  try {
    bytes = Uint8Array.from(atob(base64 ?? ""), (letter) => letter.charCodeAt(0));
  } catch {
    // Of nothing there is no picture.
  }
  return new File([bytes], "A picture in the drawing", { type });
}

// Takes the pictures out of a drawing of Excalidraw's: its elements name them as the server does. Of a picture that
// cannot be read there is a sentence instead.
async function unpackPictures(text) {
  const pictures = [];
  try {
    const drawing = JSON.parse(text);
    const named = new Map();
    const shown = new Set(drawing.elements.map((it) => it && !it.isDeleted && it.fileId));
    for (const [id, file] of Object.entries(drawing.files ?? {})) {
      if (!shown.has(id)) continue;
      const [, type, base64] = /^data:([^;,]+)[^,]*;base64,([^]*)$/.exec(file?.dataURL) ?? [];
      const [picture] = await readPictures([pictureOf(type, base64)]);
      pictures.push(picture);
      if (picture.id) named.set(id, picture);
    }
    if (!pictures.length) return { text, pictures };
    for (const element of drawing.elements) {
      const picture = named.get(element?.fileId);
      if (!picture) continue;
      const { width, height } = picture.bitmap;
      const tandem = { natural: [width, height] };
      Object.assign(element, { fileId: picture.id, customData: { tandem } });
    }
    drawing.files = {};
    text = JSON.stringify(drawing);
  } catch {
    // Whoever reads the text next says what is wrong with it.
  }
  return { text, pictures };
}

