// Runs before the page's own scripts, and keeps hold of its program's memory: `wasmMemory`.
(() => {
  const keep = (made) => {
    window.wasmMemory = (made.instance ?? made).exports.memory;
    return made;
  };
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const make = WebAssembly[name];
    WebAssembly[name] = (...given) => make.apply(WebAssembly, given).then(keep);
  }
})();
