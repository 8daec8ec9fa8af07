import { type Actor, createActor, fromCallback } from 'xstate'
import type { ModelId } from '../config/config.ts'
import type { ChildEvent, ChildStop, Life } from './child.ts'
import type { Command, Reply, SchedulerEvent } from './events.ts'
import type { Ledger } from './policy/ledger.ts'
import type { Settings } from './policy/settings.ts'
import { processMachine } from './process.ts'
import { routerMachine } from './router.ts'
import { type Clock, type Timer, Timers } from './timers.ts'
import type { Input, Output } from './trace/lines.ts'
import { inspectMessages, type Observer } from './trace/messages.ts'

export type Say = (event: ChildEvent) => void

/** All that the actor system asks of the outside outside. */
export interface Outside {
  readonly clock: Clock
  /** Starts the process of a life. It says `child.spawned`, and `child.exited` as its last word. */
  start(life: Life, say: Say): { stop(graceMs: number): void; kill(): void }
  /** Probes the life's check endpoint until it answers, then says `child.ready`. Returns the function that ends the probing. */
  probe(life: Life, say: Say): () => void
}

/** Hears of everything that crosses the edge of the actor system, in order. */
export interface Witness {
  /** Just before the input takes effect: the system is at rest, and may be looked at. */
  input(input: Input): void
  output(output: Output): void
}

export interface EngineOptions {
  readonly witness: Witness
  /** Hears of an error that ended an actor: nothing is decided any more. */
  onFailure(error: unknown): void
  /** Hears of a witness or an observer that threw. It changes nothing for the actors. */
  onFault(fault: unknown): void
  readonly machine?: typeof routerMachine
}

/**
 * The actor system and its edge. Inputs enter one at a time: each is worked off to its last consequence before the next
 * one. So whatever happens is a list of inputs, each with the outputs that it caused, and can happen again.
 */
export class Engine {
  readonly #router: Actor<typeof routerMachine>
  readonly #timers: Timers
  readonly #witness: Witness
  readonly #onFault: (fault: unknown) => void
  readonly #waiting: { readonly input: Input; readonly act: () => void }[] = []
  #isBusy = false

  constructor(settings: Settings, outside: Outside, options: EngineOptions) {
    const { witness, onFailure, onFault, machine = routerMachine } = options
    this.#witness = witness
    this.#onFault = onFault
    this.#timers = new Timers(outside.clock, ({ actor, delay }, ring) =>
      this.#enter({ type: 'timer', actor, delay, at: outside.clock.now() }, ring),
    )
    const process = processMachine.provide({ actors: this.#childActors(outside) })
    this.#router = createActor(machine.provide({ actors: { process } }), {
      id: 'router',
      input: { settings },
      clock: this.#timers,
    })
    this.#timers.watch(this.#router.system)
    this.#router.on('*', (command) => this.#tell(command))
    this.#router.subscribe({
      error: (error) => {
        this.#tell({ type: 'failed', error: String(error) })
        onFailure(error)
      },
    })
  }

  start(): void {
    this.#router.start()
  }

  stop(): void {
    this.#router.stop()
  }

  send(event: SchedulerEvent): void {
    this.#enter(event, () => this.#router.send(event))
  }

  /** Lets the timer ring now, whatever the clock says. @returns false when it does not run */
  ring(actor: string, delay: string): boolean {
    return this.#timers.ring(actor, delay)
  }

  /** The timers that run, in the order in which they were armed. */
  timers(): readonly Timer[] {
    return this.#timers.running()
  }

  /** Calls back with every answer to a request, an unload or the shutdown. */
  onReply(listener: (reply: Reply) => void): void {
    this.#router.on('*', (command) => {
      if (isReply(command)) listener(command)
    })
  }

  /** The root's state at this moment: from it, every other actor can be had. */
  snapshot() {
    return this.#router.getSnapshot()
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

  /**
   * Calls back with every message between the actors, as it is delivered. Costs a third of the time that an event takes, as
   * long as there is an observer. Returns the function that ends it.
   */
  observe(observer: Observer): () => void {
    const subscription = this.#router.system.inspect(inspectMessages(observer, this.#onFault))
    return () => subscription.unsubscribe()
  }

  #childActors(outside: Outside) {
    const child = fromCallback<ChildStop, Life>(({ input: { model, swap }, sendBack, receive }) => {
      this.#tell({ type: 'child.start', model, swap })
      const child = outside.start({ model, swap }, (event) => this.#enter(event, () => sendBack(event)))
      receive(({ graceMs }) => {
        this.#tell({ type: 'child.stop', model, swap, graceMs })
        child.stop(graceMs)
      })
      return () => child.kill()
    })
    const readiness = fromCallback<ChildStop, Life>(({ input: { model, swap }, sendBack }) => {
      this.#tell({ type: 'child.probe', model, swap })
      return outside.probe({ model, swap }, (event) => this.#enter(event, () => sendBack(event)))
    })
    return { child, readiness }
  }

  #enter(input: Input, act: () => void): void {
    this.#waiting.push({ input, act })
    if (this.#isBusy) return
    this.#isBusy = true
    try {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
        this.#note(next.input)
        next.act()
      }
    } finally {
      this.#isBusy = false
    }
  }

  #note(input: Input): void {
    try {
      this.#witness.input(input)
    } catch (fault) {
      this.#onFault(fault)
    }
  }

  #tell(output: Output): void {
    try {
      this.#witness.output(output)
    } catch (fault) {
      this.#onFault(fault)
    }
  }
}

function isReply(command: Command): command is Reply {
  switch (command.type) {
    case 'grant.serve':
    case 'grant.error':
    case 'unload.done':
    case 'shutdown.done':
      return true
    case 'swap.start':
    case 'swap.abort':
    case 'processes.stop':
    case 'processes.configure':
    case 'processes.drop':
    case 'idle.wind':
      return false
  }
}
