// The JavaScript side of the stories in tests/tests/yjs*.rs: people with the real libraries. What they are
// to do comes as JSON lines on stdin; whenever somebody's view has changed, what changed goes to stdout.

import { pass } from './clock.mjs'
import { createInterface } from 'node:readline'
import { generateKeyBetween } from 'fractional-indexing'
import WebSocket from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { decodeChunk, encodeChunk } from './ink.mjs'

globalThis.WebSocket ??= WebSocket
// What the libraries have to say is no view.
console.log = console.error
process.setMaxListeners(0)

const KINDS = ['rectangle', 'ellipse', 'diamond']

const people = new Map()

class Person {
  constructor (name, { url, room, options }) {
    this.name = name
    this.doc = new Y.Doc()
    this.elements = this.doc.getMap('elements')
    this.changes = new Map()
    this.provider = new WebsocketProvider(url, room, this.doc, {
      WebSocketPolyfill: WebSocket,
      // Everybody is in one process, and is to meet the others at the server.
      disableBc: true,
      ...options
    })
    this.awareness = this.provider.awareness
    this.nSynced = 0
    this.codes = []
    this.doc.on('update', () => this.note('elements', () => this.seenElements()))
    this.awareness.on('update', () => this.noteStates())
    this.provider.on('status', ({ status }) => this.note('status', () => status))
    this.provider.on('synced', isSynced => {
      this.nSynced += isSynced ? 1 : 0
      this.note('nSynced', () => this.nSynced)
      this.note('elements', () => this.seenElements())
    })
    this.provider.on('connection-close', event => {
      if (event !== null) this.codes.push(event.code)
      this.note('codes', () => this.codes)
    })
    this.noteStates()
  }

  // Tells of a change in its turn, together with all that changes before.
  note (what, tell) {
    if (this.changes.size === 0) setImmediate(() => this.tell())
    this.changes.set(what, tell)
  }

  noteStates () {
    this.note('states', () => Object.fromEntries(this.awareness.getStates()))
    this.note('clocks', () => {
      return Object.fromEntries([...this.awareness.meta].map(([id, { clock }]) => [id, clock]))
    })
  }

  tell () {
    const view = { who: this.name }
    for (const [what, tell] of this.changes) view[what] = tell()
    this.changes.clear()
    process.stdout.write(JSON.stringify(view, wellFormed) + '\n')
  }

  seenElements () {
    const seen = {}
    for (const [id, element] of this.elements) {
      seen[id] = element.toJSON()
      const ink = element.get('ink')
      if (ink instanceof Y.Map) {
        const chunks = [...ink].sort(([a], [b]) => Number(a) - Number(b))
        seen[id].ink = chunks.flatMap(([, chunk]) => decodeChunk(chunk))
      }
    }
    return seen
  }

  write ({ id, element }) {
    const map = new Y.Map()
    for (const [key, value] of Object.entries(element)) {
      map.set(key, key === 'text' ? new Y.Text(value) : key === 'ink' ? inkMap(value) : value)
    }
    this.elements.set(id, map)
  }

  // Edits of all kinds, one in each turn of the event loop. The last is an element of its own.
  async scribble ({ seed, n, last }) {
    const random = numbersBelow(seed)
    for (let done = 0; done < n; done++) {
      this.doc.transact(() => this.scribbleOnce(random))
      await new Promise(resolve => setImmediate(resolve))
    }
    this.write({ id: last, element: { kind: 'rectangle', geometry: [0, 0, 1, 1, 0] } })
  }

  scribbleOnce (random) {
    const geometry = () => [random(900), random(900), random(99), random(99), 0]
    const all = [...this.elements.keys()].sort()
    const id = all[random(all.length)]
    const element = this.elements.get(id)
    const what = element === undefined ? 0 : random(8)
    if (what < 3) {
      const places = [...this.elements.values()].map(it => it.get('z') ?? 'a0').sort()
      const z = generateKeyBetween(places.at(-1), null)
      const fresh = `${this.name}-${random(1e9)}`
      this.write({ id: fresh, element: { kind: KINDS[random(3)], z, geometry: geometry() } })
    } else if (what === 3) {
      this.elements.delete(id)
    } else if (what === 4) {
      element.set('stroke', `#${(0x100000 + random(0xeffff)).toString(16)}`)
    } else if (what === 5 && element.get('text') instanceof Y.Text) {
      element.get('text').insert(0, 'word ')
    } else {
      element.set('geometry', geometry())
    }
  }

  // What somebody would do who pretends to be another author.
  writeAs ({ author, id }) {
    const other = new Y.Doc()
    Y.applyUpdate(other, Y.encodeStateAsUpdate(this.doc))
    other.clientID = author
    other.getMap('elements').set(id, new Y.Map([['kind', 'rectangle']]))
    Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(other))
  }
}

const deeds = {
  write: (person, deed) => person.write(deed),
  set: (person, { id, key, value }) => person.elements.get(id).set(key, value),
  delete: (person, { id }) => person.elements.delete(id),
  type: (person, { id, at, text }) => person.elements.get(id).get('text').insert(at, text),
  ink: (person, { id, points }) => {
    const chunks = person.elements.get(id).get('ink')
    chunks.set(String(chunks.size), encodeChunk(points))
  },
  scribble: (person, deed) => person.scribble(deed),
  writeAs: (person, deed) => person.writeAs(deed),
  show: (person, { state }) => person.awareness.setLocalState(state),
  cutName: (person, { name, end }) => {
    person.awareness.setLocalStateField('user', { name: name.slice(0, end) })
  },
  ask: person => person.provider.ws.send(Uint8Array.of(3)),
  send: (person, { hex }) => person.provider.ws.send(Buffer.from(hex, 'hex')),
  disconnect: person => person.provider.disconnect(),
  connect: person => person.provider.connect()
}

function inkMap (chunks) {
  return new Y.Map(chunks.map((points, number) => [String(number), encodeChunk(points)]))
}

// Half a letter is none; other languages cannot read one.
function wellFormed (_, value) {
  return typeof value === 'string' ? Buffer.from(value).toString() : value
}

// Whole numbers from 0 up to, and without, what is asked: the same ones for the same seed.
function numbersBelow (seed) {
  let state = seed
  return end => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor(state / 2 ** 32 * end)
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { who, does, ...deed } = JSON.parse(line)
  if (does === 'join') people.set(who, new Person(who, deed))
  else if (does === 'pass') pass(deed.milliseconds)
  else deeds[does](people.get(who), deed)
}
process.exit(0)
