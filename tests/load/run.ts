import { parseArgs } from 'node:util'
import { Agent, fetch } from 'undici'
import { chat, startHotseat, upstream } from '../support/hotseat.ts'
import { leftovers } from '../support/leftovers.ts'

/*
 * Many clients over three models on one seat. Ends by itself and says whether an answer, a lease or a process was lost, and
 * what became of the memory.
 */

const { values: flags } = parseArgs({
  options: { clients: { type: 'string', default: '200' }, seconds: { type: 'string', default: '30' } },
})
const clients = Number(flags.clients)
/** Compiled code and pools that stay warm; one leaked kilobyte a request would be over it. */
const mostGrowthMiB = 16
const names = ['a', 'b', 'c']
const fields = { cmd: upstream(), concurrencyLimit: clients, unloadTimeout: 5 }
const hotseat = await startHotseat(
  Object.fromEntries(names.map((name) => [name, fields])),
  'routing: {scheduler: {settings: {fifo: {maxWait: 1}}}}',
)
const dispatcher = new Agent({ connections: clients })

const counts = { answered: 0, streamed: 0, abandoned: 0, lost: 0 }
const end = performance.now() + Number(flags.seconds) * 1_000
const heapBefore = heapMiB()
let settled = 0

/** One client: now a whole answer, now a stream, now one that it leaves in the middle. */
async function client(number: number): Promise<void> {
  for (let round = 0; performance.now() < end; round++) {
    const model = names[(number + round) % names.length]
    const stream = (number + round) % 2 === 0
    const leaving = new AbortController()
    const abandons = stream && (number + round) % 10 === 0
    const body = JSON.stringify({ model, stream, chunks: 5, chunkMs: 2 })
    try {
      const headers = { 'content-type': 'application/json' }
      const request = { method: 'POST', headers, body, dispatcher, signal: leaving.signal }
      const response = await fetch(hotseat.url + chat, request)
      if (abandons) {
        leaving.abort()
        counts.abandoned++
        continue
      }
      const text = await response.text()
      const isWhole = stream ? text.endsWith('data: [DONE]\n\n') : text.includes(`${model} answers`)
      if (response.status !== 200 || !isWhole) throw new Error(`${response.status} ${text}`)
      counts[stream ? 'streamed' : 'answered']++
    } catch (error) {
      counts.lost++
      console.error(`lost: ${error}`)
    }
  }
  settled++
}

await Promise.all(Array.from({ length: clients }, (_, number) => client(number)))

const { lastSwap, queue, models } = hotseat.running.server.system.ledger()
const leases = models.reduce((sum, record) => sum + record.leases.length, 0)
await dispatcher.destroy()
await hotseat[Symbol.asyncDispose]()
const processes = leftovers(hotseat.mark).length
const heapAfter = heapMiB()
console.log({
  clients: settled,
  ...counts,
  swaps: lastSwap,
  leases,
  queued: queue.length,
  processes,
  heapBefore,
  heapAfter,
})
const isClean = counts.lost + leases + queue.length + processes === 0 && settled === clients
process.exitCode = isClean && heapAfter - heapBefore <= mostGrowthMiB ? 0 : 1

/** What is reachable, in MiB: the process's own size says more of the allocator than of leaks. */
function heapMiB(): number {
  globalThis.gc?.()
  return Math.round(process.memoryUsage().heapUsed / 2 ** 20)
}
