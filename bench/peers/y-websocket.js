// y-websocket's server, as its own bin/server does it, but on a free port that it tells.
import http from 'node:http'
import { setupWSConnection } from '@y/websocket-server/utils'
import WebSocket from 'ws'

const sockets = new WebSocket.Server({ noServer: true })
sockets.on('connection', setupWSConnection)

const server = http.createServer()
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request))
})
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
