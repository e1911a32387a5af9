// Runs before the page's own scripts. What comes over a socket waits until `release` is called, so that
// the time from data in memory to the painted frame can be taken without the network's and the server's.
(() => {
  const waiting = [];
  let nWhole = 0;
  // What only comes ahead of a large board.
  const isPiece = ({ data }) => new Uint8Array(data, 0, 2)[1] === 9;
  let isHeld = true;
  const property = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    get() { return property.get.call(this); },
    set(listener) {
      property.set.call(this, (event) => {
        if (!isHeld) return listener.call(this, event);
        waiting.push(() => listener.call(this, event));
        nWhole += !isPiece(event);
      });
    },
  });
  window.held = () => nWhole;
  window.release = () => {
    isHeld = false;
    for (const hear of waiting.splice(0)) hear();
  };
})();
