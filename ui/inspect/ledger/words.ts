import type { Ledger, ModelRecord, Swap, Ticket } from '../../../machines/policy/ledger.ts'
import { isOutdated } from '../../../machines/policy/outdated.ts'
import { type Cause, type Standing, standings } from '../../../machines/policy/standing.ts'
import { durationOf } from '../format.ts'

/** A line about a model, a swap or a request. */
export interface Said {
  readonly key: string
  readonly name: string
  readonly state: string
  readonly text: string
}

/** What the scheduler knows, in words: who is there, who comes and goes, who waits and for what. */
export interface LedgerWords {
  readonly models: readonly Said[]
  readonly swaps: readonly Said[]
  readonly queue: readonly Said[]
  readonly unloads: readonly Said[]
}

/** @param now by the clock of the ledger */
export function inWords(ledger: Ledger, now: number): LedgerWords {
  return {
    models: ledger.models.map((record) => ({
      key: record.settings.id,
      name: record.settings.id,
      state: record.presence.state,
      text: aboutModel(record, now),
    })),
    swaps: ledger.swaps.map((swap) => ({
      key: String(swap.id),
      name: swap.target,
      state: swap.aborting ? 'aborting' : 'swap',
      text: aboutSwap(swap),
    })),
    queue: standings(ledger)
      .filter(({ position }) => position !== null)
      .map((standing) => ({
        key: String(standing.ticket.request),
        name: standing.ticket.model,
        state: 'waiting',
        text: aboutStanding(standing, now),
      })),
    unloads: ledger.unloads.map(({ id, lives }) => ({
      key: String(id),
      name: lives.map(({ model }) => model).join(', ') || 'nothing',
      state: 'stopping',
      text: 'is being unloaded, and somebody waits for the end of it',
    })),
  }
}

function aboutModel(record: ModelRecord, now: number): string {
  const { presence, leases, backoff, isRemoved, settings } = record
  const parts = [aboutPresence(record, now)]
  if (leases.length > 0) parts.push(`serves ${leases.length}`)
  else if (presence.state === 'ready' && settings.ttlMs > 0) {
    parts.push(`rests for ${durationOf(now - presence.restedAt)} of ${durationOf(settings.ttlMs)}`)
  }
  if (isOutdated(record)) parts.push('started with an earlier configuration')
  if (isRemoved) parts.push('no longer configured')
  if (backoff) parts.push(aboutBackoff(backoff, now))
  return parts.join(' · ')
}

function aboutPresence({ presence }: ModelRecord, now: number): string {
  switch (presence.state) {
    case 'ready':
      return `ready for ${durationOf(now - presence.since)}`
    case 'stuck':
      return 'does not end, even after SIGKILL'
    case 'starting':
    case 'stopping':
    case 'stopped':
      return presence.state
  }
}

function aboutBackoff({ failures, until }: NonNullable<ModelRecord['backoff']>, now: number): string {
  const times = failures === 1 ? 'failed once' : `failed ${failures} times`
  return now < until ? `${times}, tried again in ${durationOf(until - now)}` : times
}

function aboutSwap({ id, evict, waiters, aborting }: Swap): string {
  const victims = evict.length > 0 ? `stops ${evict.join(', ')}` : 'stops nothing'
  const clients = waiters.length > 0 ? requests(waiters) : 'nobody'
  return `swap ${id} for ${clients} · ${aborting ? 'being given up' : victims}`
}

/** `request 7`, `requests 7, 8 and 40 more` */
function requests(tickets: readonly Ticket[]): string {
  const [first, ...rest] = tickets.map(({ request }) => request)
  if (rest.length === 0) return `request ${first}`
  const others = rest.length > 4 ? `${rest.slice(0, 3).join(', ')} and ${rest.length - 3} more` : rest.join(', ')
  return `requests ${first}, ${others}`
}

function aboutStanding({ ticket, behind }: Standing, now: number): string {
  const why = behind ? aboutCause(behind) : 'nothing is in its way'
  return `request ${ticket.request}, for ${durationOf(now - ticket.at)} · ${why}`
}

function aboutCause(cause: Cause): string {
  switch (cause.type) {
    case 'load':
      return `swap ${cause.swap.id} brings it up`
    case 'swap':
      return `swap ${cause.swap.id} to ${cause.swap.target} comes first`
    case 'busy':
      return `${cause.model} must stop, and still serves`
    case 'turn':
      return `request ${cause.ticket.request} has waited too long to be overtaken`
  }
}
