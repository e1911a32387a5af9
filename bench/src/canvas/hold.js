// Runs before the page's own scripts. What comes over a socket waits until `release` is called, so that
// the time from data in memory to the painted frame can be taken without the network's and the server's.
(() => {
  const waiting = [];
  let isHeld = true;
  const property = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    get() { return property.get.call(this); },
    set(listener) {
      property.set.call(this, (event) => {
        if (!isHeld) return listener.call(this, event);
        waiting.push(() => listener.call(this, event));
      });
    },
  });
  window.held = () => waiting.length;
  window.release = () => {
    isHeld = false;
    for (const hear of waiting.splice(0)) hear();
  };
})();
