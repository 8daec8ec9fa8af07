import { parseArgs } from 'node:util'
import { createActor, fromCallback } from 'xstate'
import type { ModelId } from '../../config/config.ts'
import type { ChildEvent, ChildStop, Life } from '../../machines/child.ts'
import type { SchedulerEvent } from '../../machines/events.ts'
import type { RequestId } from '../../machines/ids.ts'
import { type ModelSettings, noModel } from '../../machines/policy/settings.ts'
import { processMachine } from '../../machines/process.ts'
import { routerMachine } from '../../machines/router.ts'
import { withShortcuts } from '../../machines/shortcut.ts'
import { inspectMessages } from '../../machines/trace/messages.ts'

/*
 * The actor system by itself: a model is loaded, others wait for its seat, and requests for it come and go. Prints the CPU
 * time in microseconds of one request, from its arrival over its grant to the end of its lease.
 */

const { values: flags } = parseArgs({
  options: {
    queued: { type: 'string', default: '0' },
    ms: { type: 'string', default: '1000' },
    inspected: { type: 'boolean', default: false },
  },
})

const names = ['a', 'b', 'c']
const models = names.map((name): ModelSettings => ({ ...noModel, id: name as ModelId, concurrencyLimit: 1e9 }))
const group = { id: 'g', swap: true, exclusive: true, persistent: false, members: models.map(({ id }) => id) }
const children = new Map<ModelId, (event: ChildEvent) => void>()
const child = fromCallback<ChildStop, Life>(({ input: { model, swap }, sendBack }) => {
  children.set(model, sendBack)
  sendBack({ type: 'child.spawned', model, swap, pid: 1, at: 0 })
})
const readiness = fromCallback<ChildStop, Life>(({ input: { model, swap }, sendBack }) => {
  sendBack({ type: 'child.ready', model, swap, at: 0 })
})

let granted = 0
let last = 0
const processes = processMachine.provide({ actors: { child, readiness } })
const router = createActor(withShortcuts(routerMachine.provide({ actors: { process: processes } })), {
  id: 'router',
  input: {
    settings: {
      models,
      reloadDrainMs: 0,
      routing: { router: { use: 'group', groups: [group] }, maxWaitMs: 60_000, minTenureMs: 0 },
    },
  },
  // No timer is due here.
  clock: { setTimeout: () => 0, clearTimeout: () => {} },
  ...(flags.inspected && {
    inspect: inspectMessages(
      () => {},
      () => {},
    ),
  }),
})
router.on('grant.serve', () => {
  granted++
})
router.start()

const send = (event: SchedulerEvent) => router.send(event)
/** A hundred requests a millisecond: nobody gets to wait for `maxWait`. */
const now = () => Math.floor(last / 100)
function request(model: string): RequestId {
  const id = ++last as RequestId
  send({ type: 'request', request: id, model: model as ModelId, at: now() })
  return id
}

// Its lease is never given back: nobody who waits gets the seat.
request('a')
for (let count = 0; count < Number(flags.queued); count++) request(names[1 + (count % 2)]!)

function comeAndGo(ms: number): number {
  const [before, end] = [process.cpuUsage(), performance.now() + ms]
  let count = 0
  for (; performance.now() < end; count++) {
    send({ type: 'serve.done', request: request('a'), model: 'a' as ModelId, at: now() })
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

comeAndGo(Number(flags.ms) / 2)
const perRequest = comeAndGo(Number(flags.ms))
if (granted < last - Number(flags.queued))
  throw new Error(`${last} requests, ${flags.queued} queued, ${granted} granted`)
console.log(perRequest)
