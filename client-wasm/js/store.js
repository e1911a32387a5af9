// What the browser keeps of boards (IndexedDB): opened, read, and written all or nothing. Each board has a
// database of its own, so that damage stays with one and forgetting is simple. What the entries say is known
// to the program alone; were the table to become another one, its version would count up.

const STORE_VERSION = 1;
// A database that takes longer to open counts as one that does not.
const STORE_PATIENCE_MS = 3000;
const TABLE = "entries";
// So many entries are read at once.
const TOGETHER = 24;

const storeName = (room) => `tandem ${room}`;

// A board's database, which is made if there is none, and all that is in it: keys and values. Fails where the
// browser keeps nothing, or has one of a later version. A database that is only being made is not waited for: what
// is written does that.
async function openStore(room) {
  const isNew = indexedDB.databases?.().then((all) => !all.some(({ name }) => name === storeName(room)), () => false);
  const database = openDatabase(room);
  // It is heard of by whoever reads or writes.
  database.catch(() => {});
  if (await isNew) return [database, [], []];
  return [database, ...(await readStore(database, 0))];
}

async function openDatabase(room) {
  const request = indexedDB.open(storeName(room), STORE_VERSION);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { autoIncrement: true });
  await Promise.race([endOf(request, "success"), tooLate()]);
  // Somebody takes the database away: an open page must not stand in the way.
  request.result.onversionchange = () => request.result.close();
  return request.result;
}

function tooLate() {
  return new Promise((_, reject) => setTimeout(reject, STORE_PATIENCE_MS));
}

// The keys from one on, and the values; those of a large board in a few lists, each of which comes in a turn of its own.
async function readStore(database, from) {
  const transaction = (await database).transaction(TABLE);
  const table = transaction.objectStore(TABLE);
  const all = table.getAllKeys(IDBKeyRange.lowerBound(from));
  const values = [];
  all.onsuccess = () => {
    for (let first = 0; first < all.result.length; first += TOGETHER) {
      const part = table.getAll(IDBKeyRange.lowerBound(all.result[first]), TOGETHER);
      part.onsuccess = () => values.push(part.result);
    }
  };
  await endOf(transaction, "complete");
  return [all.result, values];
}

// The keys of what was put there.
async function writeStore(database, put, remove, durability) {
  const transaction = (await database).transaction(TABLE, "readwrite", { durability });
  const table = transaction.objectStore(TABLE);
  const requests = put.map((bytes) => table.add(bytes));
  for (const key of remove) table.delete(key);
  // By hand, too. What is committed is written even if the page goes now; otherwise it would be undone. A browser
  // that does not know this commits by itself.
  transaction.commit?.();
  await endOf(transaction, "complete");
  return requests.map((request) => request.result);
}

// What is open of it closes by itself.
function deleteStore(room) {
  indexedDB.deleteDatabase(storeName(room));
}

// Waits until a request or transaction has come to its good end; fails if it came to another one.
function endOf(target, good) {
  return new Promise((resolve, reject) => {
    target.addEventListener(good, resolve);
    for (const bad of ["error", "abort"]) target.addEventListener(bad, reject);
  });
}
