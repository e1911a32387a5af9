// A hand in the page: what a person does, one event a frame, and how evenly the frames come.
window.hand = (() => {
  const frame = () => new Promise(requestAnimationFrame);
  const middle = () => [innerWidth / 2, innerHeight / 2];

  // Turns the wheel by `dx` pixels in each of `n` frames. How long that took, and the longest frame.
  async function pan(n, dx) {
    const [clientX, clientY] = middle();
    const target = document.elementFromPoint(clientX, clientY);
    let last = await frame();
    const first = last;
    let longest = 0;
    for (let i = 0; i < n; i++) {
      target.dispatchEvent(new WheelEvent("wheel", {
        clientX, clientY, deltaX: dx, deltaY: 0, deltaMode: 0, bubbles: true, cancelable: true,
      }));
      const now = await frame();
      longest = Math.max(longest, now - last);
      last = now;
    }
    return { ms: last - first, longest };
  }

  // Zooms by `dy` pixels of the wheel in each of `n` frames. When the last turn was.
  async function zoom(n, dy) {
    const [clientX, clientY] = middle();
    const target = document.elementFromPoint(clientX, clientY);
    for (let i = 0; i < n; i++) {
      await frame();
      target.dispatchEvent(new WheelEvent("wheel", {
        clientX, clientY, deltaY: dy, deltaMode: 0, ctrlKey: true, bubbles: true, cancelable: true,
      }));
    }
    return performance.now();
  }

  async function frames(n) {
    for (let i = 0; i < n; i++) await frame();
  }

  // Only looks, for `n` frames: how long that took, and the longest.
  async function watch(n) {
    const first = await frame();
    let last = first, longest = 0;
    for (let i = 0; i < n; i++) {
      const now = await frame();
      longest = Math.max(longest, now - last);
      last = now;
    }
    return { ms: last - first, longest };
  }

  // From here on, feels for how long nothing else gets its turn: a message to oneself comes back as soon
  // as the thread is free, about 4 ms after the one before if it always is.
  let feeling = null;
  function feel() {
    const { port1, port2 } = new MessageChannel();
    feeling = { longest: 0, last: performance.now(), port: port2, key: 0, keys: 0 };
    port1.onmessage = () => {
      const now = performance.now();
      feeling.longest = Math.max(feeling.longest, now - feeling.last);
      feeling.last = now;
      setTimeout(() => feeling.port?.postMessage(0), 1);
    };
    port2.postMessage(0);
  }

  // How long keys wait: browsers let what people do go first.
  addEventListener("keydown", (event) => {
    if (!feeling) return;
    feeling.key = Math.max(feeling.key, performance.now() - event.timeStamp);
    feeling.keys++;
  }, true);

  // The longest wait of a key since.
  function keyWaited() {
    return feeling.keys ? feeling.key : null;
  }

  // The longest wait since.
  function felt() {
    feeling.port = null;
    return feeling.longest;
  }

  // Waits until Tandem has something to show, and has painted all of it that is in view.
  async function shown() {
    while (!tandem.stats().elements) await frame();
    await tandem.painted();
  }

  return { pan, zoom, frames, watch, feel, felt, keyWaited, shown };
})();
