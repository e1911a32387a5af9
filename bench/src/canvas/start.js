// Runs before the page's own scripts. When the empty board can be drawn on, in milliseconds since the page
// was asked for.
window.started = (async () => {
  const frame = () => new Promise(requestAnimationFrame);
  while (!window.tandem && !window.subject) await frame();
  if (window.tandem) {
    await tandem.ready;
    await tandem.painted();
  } else {
    await frame();
    await frame();
  }
  return performance.now();
})();
