// Bundles each peer into a page of its own: dist/<name>/index.html, which names all that is needed before
// the first stroke. What a peer loads later, on demand, is in files of its own, and not named there.
import { build } from "esbuild";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";

for (const name of ["excalidraw", "tldraw"]) {
  const folder = `dist/${name}`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { metafile } = await build({
    entryPoints: { page: `${name}.jsx` },
    outdir: folder,
    bundle: true,
    splitting: true,
    minify: true,
    metafile: true,
    format: "esm",
    jsx: "automatic",
    target: "es2022",
    conditions: ["production"],
    // Fonts and pictures are not among the bytes that are counted, for nobody.
    loader: { ".woff2": "empty", ".png": "empty", ".svg": "empty" },
    define: { "process.env.NODE_ENV": '"production"', "import.meta.env": "{}" },
    logLevel: "warning",
  });
  // Excalidraw asks for its fonts when letters are painted.
  if (name === "excalidraw") {
    await cp("node_modules/@excalidraw/excalidraw/dist/prod/fonts", `${folder}/fonts`, { recursive: true });
  }
  const needed = new Set();
  const need = (file) => {
    if (needed.has(file)) return;
    needed.add(file);
    for (const { path, kind } of metafile.outputs[file].imports) {
      if (kind === "import-statement") need(path);
    }
  };
  need(`${folder}/page.js`);
  const preloads = [...needed].map((file) => `<link rel="modulepreload" href="${file.slice(folder.length + 1)}" />`);
  await writeFile(`${folder}/index.html`, `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>${name}</title>
    ${preloads.join("\n    ")}
    <link rel="stylesheet" href="page.css" />
    <style>html, body, #root { margin: 0; height: 100%; overflow: hidden; }</style>
  </head>
  <body>
    <div id="root"></div>
    <script>window.EXCALIDRAW_ASSET_PATH = "/";</script>
    <script type="module" src="page.js"></script>
  </body>
</html>
`);
}
