import { Buffer } from 'node:buffer'
import type { ModelId } from '../../config/config.ts'
import type { Life } from '../../machines/child.ts'
import type { Ledger, ModelRecord, Swap, Ticket, Unload } from '../../machines/policy/ledger.ts'
import type { Scene } from '../scene.ts'
import type { ProcessState, SwapState } from '../system/system.ts'
import { Ranks } from './ranks.ts'
import { marks, presences, processPaths, type Signs, schedulerPaths, swapPaths, zero } from './signs.ts'

/** More than any state of a world that can be walked takes. */
const longest = 1024

/** Writes states. One buffer serves for all of them: this is asked more often than anything else. */
export class Writer {
  readonly #signs: Signs
  readonly #ranks: Ranks
  readonly #text = Buffer.alloc(longest)
  #length = 0

  constructor(signs: Signs) {
    this.#signs = signs
    this.#ranks = new Ranks(signs)
  }

  write(scene: Scene): string {
    const { scheduler, ledger, swaps } = scene
    this.#ranks.read(scene)
    this.#length = 0
    this.#put(schedulerPaths.indexOf(scheduler))
    this.#put(this.#signs.configNumber(ledger.routing))
    for (const record of ledger.models) this.#model(record, scene)
    for (const swap of ledger.swaps) this.#swap(swap, ledger)
    for (const swap of swaps) this.#actor(swap)
    if (ledger.queue.length > 0) this.#queue(ledger)
    for (const unload of ledger.unloads) this.#unload(unload)
    return this.#text.toString('latin1', 0, this.#length)
  }

  #model(
    { settings, isRemoved, origin, presence, leases, backoff }: ModelRecord,
    { ledger, processes, outside }: Scene,
  ): void {
    const model = this.#signs.modelNumber(settings.id)
    const process = processes.get(settings.id)!
    const { value, context } = process
    const { cut, wasStuck } = outside.get(settings.id)!
    this.#begin(marks.model)
    this.#put(model)
    this.#put(this.#signs.settingsNumber(settings))
    this.#flag(isRemoved)
    this.#put(presence.state === 'stopped' || origin === null ? 0 : 1 + this.#signs.originNumber(model, origin))
    this.#put(processPaths.indexOf(value))
    this.#put(this.#ranks.ofLife(model, context.swap))
    this.#flag(context.failure !== null && (value === 'alive.stopping' || value === 'alive.stuck'))
    this.#put(presences.indexOf(presence.state))
    this.#put(this.#ranks.ofLife(model, presence.swap))
    this.#put(timesOf(presence, process, ledger))
    this.#put(leases.length)
    this.#flag(backoff !== null && ledger.now < backoff.until)
    this.#put(cut)
    this.#flag(wasStuck)
  }

  #swap({ id, target, evict, waiters, aborting }: Swap, ledger: Ledger): void {
    const model = this.#signs.modelNumber(target)
    this.#begin(marks.swap)
    this.#put(model)
    this.#put(this.#ranks.ofLife(model, id))
    this.#flag(aborting)
    this.#put(evict.length)
    for (const victim of evict) this.#put(this.#signs.modelNumber(victim))
    for (const ticket of waiters) this.#ticket(ticket, ledger)
  }

  #actor({ value, context: { target, swap, keep, clear } }: SwapState): void {
    const model = this.#signs.modelNumber(target)
    this.#begin(marks.actor)
    this.#put(swapPaths.indexOf(value))
    this.#put(model)
    this.#put(this.#ranks.ofLife(model, swap))
    this.#put(this.#ranks.ofLife(model, keep ?? 0))
    for (const life of clear) this.#life(life)
  }

  #queue(ledger: Ledger): void {
    this.#begin(marks.queue)
    for (const ticket of ledger.queue) {
      this.#put(this.#signs.modelNumber(ticket.model))
      this.#ticket(ticket, ledger)
    }
  }

  #ticket({ request, at }: Ticket, { now, routing: { maxWaitMs } }: Ledger): void {
    this.#put(this.#ranks.ofTicket(request))
    this.#flag(maxWaitMs > 0 && now - at >= maxWaitMs)
  }

  #unload({ lives, stuck }: Unload): void {
    this.#begin(marks.unload)
    this.#put(lives.length)
    for (const life of lives) this.#life(life)
    for (const life of stuck) this.#life(life)
  }

  #life({ model, swap }: Life): void {
    const number = this.#signs.modelNumber(model as ModelId)
    this.#put(number)
    this.#put(this.#ranks.ofLife(number, swap))
  }

  #flag(is: boolean): void {
    this.#put(is ? 1 : 0)
  }

  #put(number: number): void {
    if (number < 0 || zero + number > 126) throw new Error(`the walk has no sign for ${number}`)
    this.#text[this.#length++] = zero + number
  }

  #begin(mark: number): void {
    this.#text[this.#length++] = mark
  }
}

/** What is to be known of the times of a ready process: `read.ts` makes times of it again. */
function timesOf(presence: ModelRecord['presence'], { value, context }: ProcessState, ledger: Ledger): number {
  if (presence.state !== 'ready') return 0
  const { now, routing } = ledger
  const { since, restedAt, idleDue, drainUntil } = presence
  const rings = value === 'alive.ready.timed' ? context.at + context.idleMs : Number.POSITIVE_INFINITY
  const { ttlMs } = context.settings
  const isTenured = routing.minTenureMs > 0 && now - since >= routing.minTenureMs
  const isUsed = ttlMs > 0 && restedAt + ttlMs > rings
  const isDrainLonger = drainUntil !== null && drainUntil > rings
  return (
    (isTenured ? 1 : 0) +
    (isUsed ? 2 : 0) +
    (idleDue ? 4 : 0) +
    (drainUntil !== null ? 8 : 0) +
    (isDrainLonger ? 16 : 0)
  )
}
