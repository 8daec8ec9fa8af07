import { type Actor, type AnyActorRef, createActor } from 'xstate'
import type { ModelId } from '../config/config.ts'
import { Edge, type Witness } from './edge.ts'
import type { Command, Reply, SchedulerEvent, WorldEvent } from './events.ts'
import { childActors, type Outside } from './outside.ts'
import type { Ledger } from './policy/ledger.ts'
import type { Settings } from './policy/settings.ts'
import { processMachine } from './process.ts'
import { routerMachine } from './router.ts'
import { withShortcuts } from './shortcut.ts'
import { Timers } from './timers.ts'
import { checkpointOf } from './trace/checkpoint.ts'
import type { Checkpoint } from './trace/frame.ts'
import { inspectMessages, type Observer } from './trace/messages.ts'
import { resume, resuming, settingsAt } from './trace/resume.ts'

export interface EngineOptions {
  readonly witness: Witness
  /** Hears of an error that ended an actor: nothing is decided any more. */
  onFailure(error: unknown): void
  /** Hears of a witness or an observer that threw. It changes nothing for the actors. */
  onFault(fault: unknown): void
  readonly machine?: typeof routerMachine
  /** Where to begin; without it, from nothing. */
  readonly from?: Checkpoint | undefined
}

/** The actor system and its edge: whatever happens to it is a list of inputs, each with its outputs, and can happen again. */
export class Engine {
  readonly #router: Actor<typeof routerMachine>
  readonly #timers: Timers
  readonly #edge: Edge
  readonly #begin: () => void
  readonly #onFault: (fault: unknown) => void

  constructor(
    settings: Settings,
    outside: Outside,
    { witness, onFailure, onFault, machine = routerMachine, from }: EngineOptions,
  ) {
    const { clock } = outside
    const edge = new Edge(onFault)
    edge.witnesses.add(witness)
    const timers = new Timers(clock, ({ actor, delay }, ring) =>
      edge.enter({ type: 'timer', actor, delay, at: clock.now() }, ring),
    )
    const process = processMachine.provide({ actors: childActors(outside, edge) })
    const provided = machine.provide({ actors: { process } })
    const router = createActor(withShortcuts(from ? resuming(provided, from) : provided), {
      id: 'router',
      input: { settings: from ? settingsAt(from, settings) : settings },
      clock: timers,
    })
    timers.watch(router.system)
    router.on('*', (event) => (isNews(event) ? edge.report(event) : edge.leave(event)))
    router.subscribe({
      error: (error) => {
        edge.leave({ type: 'failed', error: String(error) })
        edge.isClosed = true
        onFailure(error)
      },
    })
    this.#begin = () => {
      router.start()
      if (from) resume(router, from, clock.now())
    }
    this.#router = router
    this.#timers = timers
    this.#edge = edge
    this.#onFault = onFault
  }

  start(): void {
    this.#edge.isMute = true
    this.#begin()
    this.#edge.isMute = false
  }

  stop(): void {
    this.#edge.isClosed = true
    this.#router.stop()
  }

  send(event: SchedulerEvent): void {
    this.#edge.enter(event, () => this.#router.send(event))
  }

  /** Lets the timer ring now, whatever the clock says. @returns false when it does not run */
  ring(actor: string, delay: string): boolean {
    return this.#timers.ring(actor, delay)
  }

  /** Calls back with every answer to a request, an unload or the shutdown. */
  onReply(listener: (reply: Reply) => void): void {
    this.#router.on('*', (event) => {
      if (isReply(event)) listener(event)
    })
  }

  /** The root's state at this moment: from it, every other actor can be had. */
  snapshot() {
    return this.#router.getSnapshot()
  }

  /** The state of every actor. Only while the system is at rest: within `Witness.input`, or outside any call. */
  checkpoint(): Checkpoint {
    return checkpointOf(this.#router, this.#timers.running())
  }

  /** What the scheduler knows at this moment. */
  ledger(): Ledger {
    const scheduler = this.#router.getSnapshot().children.scheduler
    if (!scheduler) throw new Error('the scheduler is gone')
    return scheduler.getSnapshot().context.ledger
  }

  /** The models that have a process actor. */
  processes(): readonly ModelId[] {
    return [...this.#router.getSnapshot().context.processes.keys()]
  }

  /** For those who look at the actors themselves. What is sent to one does not cross the edge, and is in no trace: send nothing. */
  get root(): AnyActorRef {
    return this.#router
  }

  /** Lets another witness hear of what crosses the edge from now on. Returns the function that ends it. */
  attend(witness: Witness): () => void {
    this.#edge.witnesses.add(witness)
    return () => this.#edge.witnesses.delete(witness)
  }

  /**
   * Calls back with every message between the actors, as it is delivered. Events take half as long again while anybody
   * observes. Returns the function that ends it.
   */
  observe(observer: Observer): () => void {
    const subscription = this.#router.system.inspect(inspectMessages(observer, this.#onFault))
    return () => subscription.unsubscribe()
  }
}

type Announced = Command | WorldEvent

function isNews(event: Announced): event is WorldEvent {
  return kinds[event.type] === 'news'
}

function isReply(event: Announced): event is Reply {
  return kinds[event.type] === 'reply'
}

const kinds: Readonly<Record<Announced['type'], 'news' | 'command' | 'reply'>> = {
  'process.changed': 'news',
  'process.idle': 'news',
  'swap.done': 'news',
  'swap.start': 'command',
  'swap.abort': 'command',
  'processes.stop': 'command',
  'processes.configure': 'command',
  'processes.drop': 'command',
  'idle.wind': 'command',
  'grant.serve': 'reply',
  'grant.error': 'reply',
  'unload.done': 'reply',
  'shutdown.done': 'reply',
}
