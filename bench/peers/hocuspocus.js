// Hocuspocus without extensions, on a free port that it tells.
import { Server } from '@hocuspocus/server'

const server = new Server({ address: '127.0.0.1', quiet: true })
// Its own `listen` takes port 0 for "not given".
server.httpServer.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.httpServer.address().port}`)
})
