import type { Life } from '../child.ts'
import type { Ledger, ModelRecord, Presence, Swap } from '../policy/ledger.ts'
import { type Cause, type Standing, standings } from '../policy/standing.ts'
import type { Line } from './frame.ts'

/* Traces and ledgers for people. */

/** `12:00:01.234`, of the day on which it was, in UTC. */
export function timeOf(at: number): string {
  return new Date(at).toISOString().slice(11, 23)
}

/** `12:00:01.234  request  request 7, model "qwen"` */
export function describeLine(line: Line): string {
  const { type, ...rest } = line
  const fields = Object.entries(rest).filter(([key]) => key !== 'at')
  const time = 'at' in line ? timeOf(line.at) : ' '.repeat(12)
  const text = fields.map(([key, value]) => `${key} ${JSON.stringify(value)}`).join(', ')
  return `${time}  ${type.padEnd(14)}  ${text}`.trimEnd()
}

/** Who is there, who is on the way, and who waits, and behind what. */
export function describeLedger(ledger: Ledger): string {
  const width = Math.max(...ledger.models.map(({ settings }) => settings.id.length))
  const models = ledger.models.map((record) => `${record.settings.id.padEnd(width)}  ${describeRecord(record)}`)
  const swaps = ledger.swaps.map(describeSwap)
  const queue = standings(ledger).filter(({ position }) => position !== null)
  const unloads = ledger.unloads.map(({ id, lives }) => `${id} of ${list(lives.map(describeLife))}`)
  const parts = { models, swaps, queue: queue.map(describeStanding), unloads }
  const sections = Object.entries(parts).map(([name, lines]) => {
    return lines.length > 0 ? [name, ...lines.map((line) => `  ${line}`)].join('\n') : `${name}  none`
  })
  return [`at ${timeOf(ledger.now)}`, ...sections].join('\n')
}

function describeRecord({ presence, leases, backoff, isRemoved }: ModelRecord): string {
  const serving = leases.length > 0 ? `, serves ${list(leases)}` : ''
  const failed = backoff ? `, failed ${backoff.failures} times, is tried again at ${timeOf(backoff.until)}` : ''
  return describePresence(presence) + serving + failed + (isRemoved ? ', no longer in the configuration' : '')
}

function describePresence(presence: Presence): string {
  const life = presence.swap > 0 ? ` (life ${presence.swap})` : ''
  switch (presence.state) {
    case 'ready':
      return `ready since ${timeOf(presence.since)}${life}`
    case 'stopped':
    case 'starting':
    case 'stopping':
    case 'stuck':
      return presence.state + life
  }
}

function describeSwap({ id, target, evict, waiters, aborting }: Swap): string {
  const victims = evict.length > 0 ? `, stopping ${list(evict)}` : ''
  const clients = waiters.length > 0 ? `, for ${list(waiters.map(({ request }) => request))}` : ', for nobody'
  return `${id} to ${target}${victims}${clients}${aborting ? ', being given up' : ''}`
}

function describeStanding({ ticket: { request, model, at }, behind }: Standing): string {
  return `${request} for ${model} since ${timeOf(at)}, behind ${describeCause(behind)}`
}

/** What a request waits for. */
export function describeCause(cause: Cause | null): string {
  switch (cause?.type) {
    case undefined:
      return 'nothing'
    case 'load':
      return `the load of ${cause.swap.target}`
    case 'swap':
      return `swap ${cause.swap.id} to ${cause.swap.target}`
    case 'busy':
      return `${cause.model}, which must stop and still serves`
    case 'turn':
      return `request ${cause.ticket.request}, which has waited too long to be overtaken`
  }
}

function describeLife({ model, swap }: Life): string {
  return `${model} (life ${swap})`
}

function list(items: readonly (string | number)[]): string {
  return items.join(', ')
}
