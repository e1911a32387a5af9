// Loads the program that reads and writes Excalidraw's files (client-files), once, when it is first asked
// for. A board opens without it. The document names its files, which the service worker keeps with the rest.

let files;

function loadFiles() {
  return (files ??= startFiles().catch((error) => {
    // Without a network; the next time it is tried again.
    files = null;
    throw error;
  }));
}

async function startFiles() {
  const [script, wasm] = document.querySelector("[name=files]").content.split(" ");
  const program = await import(script);
  await program.default({ module_or_path: wasm });
  return program;
}
