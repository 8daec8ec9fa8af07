import type { Actor, AnyActorLogic } from 'xstate'

/** Where time comes from: milliseconds, and calls at a later one. */
export interface Clock {
  now(): number
  setTimeout(ring: () => void, ms: number): unknown
  clearTimeout(timer: unknown): void
}

/** A delay that runs: whose, its name in the machine, and when it is over. */
export interface Timer {
  readonly actor: string
  readonly delay: string
  readonly due: number
}

interface Armed extends Timer {
  readonly ring: () => void
  handle: unknown
}

type System = Actor<AnyActorLogic>['system']

/**
 * XState's clock, which only sees callbacks: this one knows what each is for, so that a timer that rings can be told, and
 * rung by name.
 */
export class Timers {
  readonly #clock: Clock
  readonly #onRing: (timer: Timer, ring: () => void) => void
  readonly #armed = new Set<Armed>()
  readonly #seen = new WeakSet<object>()
  #system: System | undefined

  constructor(clock: Clock, onRing: (timer: Timer, ring: () => void) => void) {
    this.#clock = clock
    this.#onRing = onRing
  }

  /** The system whose delays these are. Before the first of them begins. */
  watch(system: System): void {
    this.#system = system
  }

  setTimeout(ring: () => void, ms: number): Armed {
    const armed: Armed = { ...this.#newest(), due: this.#clock.now() + ms, ring, handle: undefined }
    this.#armed.add(armed)
    armed.handle = this.#clock.setTimeout(() => this.#onRing(armed, () => this.#end(armed)), ms)
    return armed
  }

  clearTimeout(armed: Armed): void {
    this.#armed.delete(armed)
    this.#clock.clearTimeout(armed.handle)
  }

  /** In the order in which they were armed. */
  running(): readonly Timer[] {
    return [...this.#armed].map(({ actor, delay, due }) => ({ actor, delay, due }))
  }

  /** Lets a timer ring now. @returns false when no such timer runs */
  ring(actor: string, delay: string): boolean {
    const armed = [...this.#armed].find((timer) => timer.actor === actor && timer.delay === delay)
    if (!armed) return false
    this.#clock.clearTimeout(armed.handle)
    this.#onRing(armed, () => this.#end(armed))
    return true
  }

  #end(armed: Armed): void {
    this.#armed.delete(armed)
    armed.ring()
  }

  /** XState books an event just before it asks for the call that will send it. */
  #newest(): Pick<Timer, 'actor' | 'delay'> {
    const booked = Object.values(this.#system?.getSnapshot()._scheduledEvents ?? {})
    const entry = booked.find((event) => !this.#seen.has(event))
    if (!entry) throw new Error('timers: XState asks for a call and has booked no event for it')
    this.#seen.add(entry)
    return { actor: entry.target.id, delay: delayOf(entry.event.type) }
  }
}

const prefix = 'xstate.after.'

/** `xstate.after.idleTime.process.alive.ready.timed` is the delay `idleTime`. */
function delayOf(eventType: string): string {
  if (!eventType.startsWith(prefix)) throw new Error(`timers: ${eventType} is not the end of a delay`)
  return eventType.slice(prefix.length).split('.', 1)[0]!
}
