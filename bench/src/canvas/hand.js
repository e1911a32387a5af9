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

  async function frames(n) {
    for (let i = 0; i < n; i++) await frame();
  }

  return { pan, frames };
})();
