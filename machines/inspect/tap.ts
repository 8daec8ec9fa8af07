import type { AnyActorRef, AnyMachineSnapshot, InspectionEvent, Snapshot } from 'xstate'
import { senderOf } from '../shortcut.ts'
import { actorsFrom, addressOf, describeActor, describeEvent, describeSnapshot } from './describe.ts'
import type { EventFrame, Frame } from './frames.ts'
import { Sampler, type SamplerOptions } from './sampler.ts'

/** What an inspector is told next, in order. */
export interface Gathered {
  readonly frames: readonly Frame[]
  /** Events of requests that are not among them. */
  readonly skipped: number
}

interface Change {
  readonly snapshot: Snapshot<unknown>
  readonly event: EventFrame['event']
}

/**
 * Turns what XState's inspection says into what an inspector is told. Another state is told at once; what an actor remembers,
 * such as the scheduler's ledger, only when somebody gathers, however often it has changed.
 */
export class Tap {
  readonly #root: AnyActorRef
  readonly #now: () => number
  readonly #onNews: () => void
  readonly #sampler: Sampler
  #frames: Frame[] = []
  /** Told at the next gathering. */
  readonly #changes = new Map<AnyActorRef, Change>()
  /** What was told last of each actor. */
  readonly #told = new WeakMap<AnyActorRef, Snapshot<unknown>>()

  /** @param onNews hears that there is something to gather, again and again */
  constructor(root: AnyActorRef, now: () => number, onNews: () => void, options?: SamplerOptions) {
    this.#root = root
    this.#now = now
    this.#onNews = onNews
    this.#sampler = new Sampler(options)
  }

  /** Everyone who is there, as they are: what whoever comes late must know first. */
  present(): readonly Frame[] {
    const at = this.#now()
    return [...actorsFrom(this.#root)].map((ref) => describeActor(ref, ref.getSnapshot(), at))
  }

  /** How many frames wait to be gathered. */
  get size(): number {
    return this.#frames.length
  }

  /** For the `inspect` of the actor system. */
  note(inspected: InspectionEvent): void {
    // XState promises less than it hands out.
    const actorRef = inspected.actorRef as AnyActorRef
    switch (inspected.type) {
      case '@xstate.actor':
        this.#frames.push(describeActor(actorRef, undefined, this.#now()))
        break
      case '@xstate.event':
        this.#noteEvent(actorRef, senderOf(inspected), inspected.event)
        break
      case '@xstate.snapshot':
        this.#noteSnapshot(actorRef, inspected.snapshot, inspected.event)
        break
      case '@xstate.microstep':
      case '@xstate.action':
        return
    }
    this.#onNews()
  }

  gather(): Gathered {
    const at = this.#now()
    for (const [ref, { snapshot, event }] of this.#changes) this.#tell(ref, snapshot, event, at)
    this.#changes.clear()
    const frames = this.#frames
    this.#frames = []
    return { frames, skipped: this.#sampler.skipped() }
  }

  #noteEvent(ref: AnyActorRef, source: AnyActorRef | undefined, event: EventFrame['event']): void {
    const sourceId = source && addressOf(source)
    const shown = this.#sampler.take({ sourceId, sessionId: addressOf(ref), event, at: this.#now() })
    for (const delivery of shown) this.#frames.push(describeEvent(delivery))
  }

  #noteSnapshot(ref: AnyActorRef, snapshot: Snapshot<unknown>, event: EventFrame['event']): void {
    const told = this.#told.get(ref)
    if (!told || isOtherState(told, snapshot)) {
      this.#changes.delete(ref)
      this.#tell(ref, snapshot, event, this.#now())
    } else if (remembersElse(told, snapshot)) this.#changes.set(ref, { snapshot, event })
  }

  #tell(ref: AnyActorRef, snapshot: Snapshot<unknown>, event: EventFrame['event'], at: number): void {
    this.#told.set(ref, snapshot)
    this.#frames.push(describeSnapshot(ref, snapshot, event, at))
  }
}

function isOtherState(a: Snapshot<unknown>, b: Snapshot<unknown>): boolean {
  if (a.status !== b.status) return true
  const [before, after] = [statesOf(a), statesOf(b)]
  return before !== after && JSON.stringify(before) !== JSON.stringify(after)
}

function remembersElse(a: Snapshot<unknown>, b: Snapshot<unknown>): boolean {
  return (a as AnyMachineSnapshot).context !== (b as AnyMachineSnapshot).context
}

function statesOf(snapshot: Snapshot<unknown>): unknown {
  return (snapshot as Partial<AnyMachineSnapshot>).value
}
