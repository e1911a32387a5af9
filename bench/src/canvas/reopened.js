// Runs before the page's own scripts. When elements were painted, in milliseconds since the page was asked for; when
// all of them are there; and a wait until the browser has kept all that comes from the server.
(() => {
  const frame = () => new Promise(requestAnimationFrame);
  const rest = (ms) => new Promise((done) => setTimeout(done, ms));

  window.seenAt = (async () => {
    while (!window.tandem) await frame();
    await hand.shown();
    return performance.now();
  })();

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
})();
