import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'

/* A model that starts and stops as told, and whose answers say when it began to listen. */

const { values: flags } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'listen-after-ms': { type: 'string', default: '0' },
    /** From SIGTERM to its end; without it, the signal ends it as it ends any program. */
    'stop-ms': { type: 'string' },
  },
})

const stopMs = flags['stop-ms']
if (stopMs !== undefined) process.on('SIGTERM', () => setTimeout(() => process.exit(0), Number(stopMs)))

let listeningAt = 0
const server = createServer((request, response) => {
  request.resume()
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify({ listeningAt }))
})

await pause(Number(flags['listen-after-ms']))
server.listen(Number(flags.port), '127.0.0.1', () => {
  listeningAt = performance.timeOrigin + performance.now()
})
