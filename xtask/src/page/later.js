// Behind a program's script where the program was cut in two: brings the second part (split.rs). It is fetched and
// compiled as soon as the board is there; if the program asks before, the page waits for it.

const LATER_FILE = document.querySelector("[name=later]").content;
const PATIENCE_MS = 3000;
const LOOK_MS = 50;
let laterIsThere = false;

function putLater(module) {
  if (laterIsThere) return;
  laterIsThere = true;
  new WebAssembly.Instance(module, { a: wasm });
}

// Asked by the program, which cannot wait in another way.
function takeLater() {
  if (laterIsThere) return;
  document.documentElement.dataset.later = "asked";
  let module;
  try {
    const request = new XMLHttpRequest();
    request.open("GET", LATER_FILE, false);
    request.overrideMimeType("text/plain; charset=x-user-defined");
    request.send();
    module = new WebAssembly.Module(Uint8Array.from(request.responseText, (byte) => byte.charCodeAt(0)));
  } catch (error) {
    // As any sudden end of the program: guard.js starts the page anew.
    throw new WebAssembly.RuntimeError(`a part of the page could not be loaded: ${error}`);
  }
  putLater(module);
}

async function soonTakeLater() {
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const late = wait(PATIENCE_MS).then(() => true);
  // The page hands out its interface once it has looked what this browser keeps.
  while (!window.tandem && (await Promise.race([late, wait(LOOK_MS)])) !== true);
  await Promise.race([late, window.tandem?.ready.then(() => window.tandem.painted())]);
  while (!laterIsThere) {
    // Without a network it is tried again.
    await WebAssembly.compileStreaming(fetch(LATER_FILE)).then(putLater).catch(() => wait(PATIENCE_MS));
  }
}
