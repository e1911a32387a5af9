// Runs before the page's own scripts. When a board that the browser has kept is seen again and when all of it is there,
// in milliseconds since the page was asked for; and waits until it is kept, and until a picture of it is.
(() => {
  const frame = () => new Promise(requestAnimationFrame);
  const rest = (ms) => new Promise((done) => setTimeout(done, ms));

  const match = CacheStorage.prototype.match;
  let bytesAt, pictureAt;
  CacheStorage.prototype.match = async function (...all) {
    const kept = await match.apply(this, all);
    if (!kept) return kept;
    const bytes = await kept.arrayBuffer();
    bytesAt ??= performance.now();
    return new Response(bytes, { headers: kept.headers });
  };
  const watch = new MutationObserver(() => {
    if (!document.querySelector(".tiles img")) return;
    watch.disconnect();
    pictureAt = frame().then(frame).then(() => performance.now());
  });
  watch.observe(document, { childList: true, subtree: true });

  const boardAt = (async () => {
    while (!window.tandem) await frame();
    await hand.shown();
    return performance.now();
  })();

  // When the bytes of the kept picture were in memory, when a frame showed it, and when a frame showed the board.
  window.seen = async () => {
    const board = await boardAt;
    return [bytesAt, await pictureAt, board];
  };

  window.wholeAt = async (n) => {
    await tandem.ready;
    while (tandem.stats().elements < n) await frame();
    return performance.now();
  };

  window.keptAll = async () => {
    const room = location.pathname.split("/").pop();
    const request = indexedDB.open(`tandem ${room}`);
    await new Promise((done) => request.addEventListener("success", done));
    const count = () => new Promise((done) => {
      const counted = request.result.transaction("entries").objectStore("entries").count();
      counted.onsuccess = () => done(counted.result);
    });
    let before = 0;
    for (let now = await count(); now !== before || now < 3; now = await count()) {
      before = now;
      await rest(1500);
    }
    request.result.close();
  };

  window.isKept = async () => !!(await match.call(caches, `${location.pathname}/poster`));
})();
