// The clock of a program that need not wait. Imported before all else: the libraries keep the functions
// that they find.

const realNow = Date.now
const realSetInterval = globalThis.setInterval
const realClearInterval = globalThis.clearInterval
const repeated = new Map()
let ahead = 0

Date.now = () => realNow() + ahead

globalThis.setInterval = (work, ...rest) => {
  const timer = realSetInterval(work, ...rest)
  repeated.set(timer, work)
  return timer
}

globalThis.clearInterval = timer => {
  repeated.delete(timer)
  realClearInterval(timer)
}

// Lets so much time pass at once; then everything that is done at intervals is done.
export const pass = milliseconds => {
  ahead += milliseconds
  for (const work of [...repeated.values()]) work()
}
