// node example.mjs ws://127.0.0.1:4400 demo
import { generateKeyBetween } from 'fractional-indexing'
import WebSocket from 'ws' // not needed in browsers, nor from Node 22 on
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

const [server, room] = process.argv.slice(2)
const doc = new Y.Doc()
const elements = doc.getMap('elements')
const options = { WebSocketPolyfill: WebSocket }
const provider = new WebsocketProvider(`${server}/yjs`, room, doc, options)
await new Promise(resolve => provider.once('synced', resolve))

let top = null
for (const [id, element] of elements) {
  console.log(id, element.get('kind'), element.get('geometry'))
  const z = element.get('z') ?? 'a0'
  if (top === null || z > top) top = z
}

const rectangle = new Y.Map()
rectangle.set('kind', 'rectangle')
rectangle.set('geometry', [100, 100, 160, 90, 0])
rectangle.set('stroke', '#e03131')
rectangle.set('z', generateKeyBetween(top, null))
elements.set(Math.random().toString(36).slice(2), rectangle)

provider.awareness.setLocalState({
  user: { name: 'Example', color: '#7b66dc' },
  cursor: { x: 180, y: 145 }
})
