// What the browser does with what is saved and exported: bytes into files and onto the clipboard. What cannot be
// had of pictures is left out; each function tells how many that are.

// The bytes of pictures as data: URLs, by their names.
async function packPictures(prefix, ids) {
  const packed = {};
  for (const id of new Set(ids)) {
    try {
      const file = await pictureFile(prefix + id);
      packed[id] = await new Promise((done, fail) => {
        const reader = new FileReader();
        reader.onload = () => done(reader.result);
        reader.onerror = fail;
        reader.readAsDataURL(file);
      });
    } catch {
      packed[id] = "";
    }
  }
  return packed;
}

const nMissing = (packed) => Object.values(packed).filter((url) => !url).length;

function saveFile(name, file) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// A drawing of Excalidraw's with its pictures inside, and how many are missing.
async function packDrawing(text, prefix) {
  const drawing = JSON.parse(text);
  const images = drawing.elements.filter((element) => element.type === "image");
  const packed = await packPictures(prefix, images.map((element) => element.fileId));
  for (const [id, dataURL] of Object.entries(packed)) {
    const mimeType = /^data:([^;,]*)/.exec(dataURL)?.[1];
    if (dataURL) drawing.files[id] = { id, mimeType, dataURL, created: Date.now() };
  }
  return [JSON.stringify(drawing), nMissing(packed)];
}

async function saveDrawing(text, prefix, name) {
  const [packed, missing] = await packDrawing(text, prefix);
  saveFile(name, new Blob([packed], { type: "application/vnd.excalidraw+json" }));
  return missing;
}

// How often something was copied: what comes later than another copy is not wanted any more.
let nCopies = 0;
for (const copy of ["copy", "cut"]) addEventListener(copy, () => nCopies++, true);

// A text in the place of all that was copied before.
function copyText(text) {
  nCopies++;
  return navigator.clipboard.writeText(text);
}

// What was just copied once more, with its pictures, which a copy cannot wait for: another server, or another
// program, cannot ask for them.
async function copyPictures(text, prefix) {
  const number = ++nCopies;
  if (!text.includes('"fileId"')) return;
  const [packed] = await packDrawing(text, prefix);
  if (number === nCopies && document.hasFocus()) await navigator.clipboard?.writeText(packed);
}

// An SVG with its pictures and letters inside; to a file, or to the clipboard without a name.
async function saveSvg(svg, prefix, name) {
  if (!name) nCopies++;
  const place = / href="tandem:([0-9a-f]{64})"/g;
  const packed = await packPictures(prefix, [...svg.matchAll(place)].map(([, id]) => id));
  svg = svg.replace(place, (_, id) => (packed[id] ? ` href="${packed[id].replaceAll('"', "%22")}"` : ""));
  if (svg.includes("Excalifont")) svg = svg.replace(">", `>${await letters()}`);
  if (name) saveFile(name, new Blob([svg], { type: "image/svg+xml" }));
  else await navigator.clipboard.writeText(svg);
  return nMissing(packed);
}

// The hand-written letters that the page has loaded, for documents of their own.
async function letters() {
  const loaded = [...document.fonts].filter((it) => it.status === "loaded").map((it) => it.unicodeRange);
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  let css = "";
  for (const rule of rules.filter((rule) => rule instanceof CSSFontFaceRule)) {
    const range = rule.style.getPropertyValue("unicode-range");
    if (!loaded.includes(range)) continue;
    const url = /url\("?([^")]+)/.exec(rule.style.getPropertyValue("src"))?.[1];
    const { [""]: font } = await packPictures(new URL(url, location), [""]);
    if (font) css += `@font-face{font-family:Excalifont;src:url(${font});unicode-range:${range}}`;
  }
  return css && `<style>${css}</style>`;
}

// The letters of a text, before they are painted.
const readyLetters = (text) => document.fonts.load("20px Excalifont", text).catch(() => {});

// What a canvas shows as PNG; to a file, or to the clipboard without a name.
async function saveCanvas(canvas, name) {
  if (!name) nCopies++;
  const png = new Promise((done, fail) => canvas.toBlob((it) => (it ? done(it) : fail()), "image/png"));
  if (name) saveFile(name, await png);
  else await navigator.clipboard.write([new ClipboardItem({ "image/png": png })]);
  return 0;
}
