// Does something in a turn of its own, after what people do and what waits already. A timer would have the page sleep
// in between, and on a busy machine it wakes up far later than it was to.
const turns = new MessageChannel();
const awaited = [];
turns.port1.onmessage = () => awaited.shift()();

function soon(then) {
  awaited.push(then);
  turns.port2.postMessage(0);
}
