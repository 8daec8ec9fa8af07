import type { ModelId } from '../../config/config.ts'
import type { ChildEvent, Exit, Life } from '../../machines/child.ts'
import { Engine } from '../../machines/engine.ts'
import type { Command, Reply, SchedulerEvent } from '../../machines/events.ts'
import type { RequestId, UnloadId } from '../../machines/ids.ts'
import type { Say } from '../../machines/outside.ts'
import { type Ledger, recordOf } from '../../machines/policy/ledger.ts'
import type { Origin, Settings } from '../../machines/policy/settings.ts'
import type { routerMachine } from '../../machines/router.ts'
import { SimulatedClock } from '../../machines/trace/clock.ts'
import type { Input, Output } from '../../machines/trace/lines.ts'
import type { Message, Observer } from '../../machines/trace/messages.ts'

/** A child that does nothing by itself: the test says what becomes of it. */
export interface FakeChild extends Life {
  /** The grace of the last stop; null when it was not told to stop. */
  graceMs: number | null
  isReady: boolean
  /** What the configuration said when it was spawned; null for a model that was not in it. */
  readonly origin: Origin | null
  /** Until when its responses may run on: a reload has made it outdated. Null while it is not. */
  drainUntil: number | null
  /** It has outlived its SIGKILL. */
  wasStuck: boolean
  readonly say: (event: ChildEvent) => void
}

/** What a client has of a request. */
export type Answer = 'waiting' | 'served' | 'refused' | 'released' | 'cancelled'

export interface Client {
  readonly request: RequestId
  readonly model: ModelId
  answer: Answer
  /** How many answers it got: more than one is a bug. */
  answers: number
  refusal: Extract<Reply, { type: 'grant.error' }>['refusal'] | null
}

/** The real actor system, on a simulated clock, with fake children and fake clients. */
export class World {
  readonly clock = new SimulatedClock()
  readonly children = new Map<ModelId, FakeChild>()
  readonly clients: Client[] = []
  readonly unloads = new Map<UnloadId, readonly ModelId[] | null>()
  readonly messages: Message[] = []
  /** All that crossed the edge of the actor system. */
  readonly lines: (Input | Output)[] = []
  readonly faults: unknown[] = []
  /** Hears of every message as it is delivered. */
  onMessage: Observer = () => {}
  /** Hears of a child before it is among the others. */
  onSpawn: (child: FakeChild) => void = () => {}
  settings: Settings
  isReloading = false
  isShutDown = false
  shutdownDone: readonly ModelId[] | null = null
  readonly engine: Engine

  constructor(settings: Settings, machine?: typeof routerMachine) {
    this.settings = settings
    const onFault = (fault: unknown) => this.faults.push(fault)
    const witness = {
      input: (input: Input) => this.lines.push(input),
      output: (output: Output) => this.lines.push(output),
    }
    const outside = {
      clock: this.clock,
      start: (life: Life, say: Say) => this.#spawn(life, say),
      probe: () => () => {},
    }
    this.engine = new Engine(settings, outside, { witness, onFailure: onFault, onFault, ...(machine && { machine }) })
    this.engine.observe((message) => {
      this.messages.push(message)
      this.onMessage(message)
    })
    this.engine.onReply((reply) => this.#hear(reply))
    this.engine.start()
  }

  /** The root's own state: from it, every other actor can be had. */
  get root() {
    return this.engine.snapshot()
  }

  get scheduler() {
    const { scheduler } = this.root.children
    if (!scheduler) throw new Error('the scheduler is gone')
    return scheduler.getSnapshot()
  }

  get ledger(): Ledger {
    return this.engine.ledger()
  }

  /** The models that have a process actor. */
  get processes(): readonly ModelId[] {
    return this.engine.processes()
  }

  stateOf(model: ModelId): string {
    return recordOf(this.ledger, model)?.presence.state ?? 'unknown'
  }

  send(event: SchedulerEvent): void {
    this.engine.send(event)
  }

  request(model: ModelId): Client {
    const request = (this.clients.length + 1) as RequestId
    const client: Client = { request, model, answer: 'waiting', answers: 0, refusal: null }
    this.clients.push(client)
    this.send({ type: 'request', request, model, at: this.clock.now() })
    return client
  }

  cancel(client: Client): void {
    if (client.answer === 'waiting') client.answer = 'cancelled'
    this.send({ type: 'request.cancel', request: client.request, at: this.clock.now() })
  }

  release(client: Client): void {
    if (client.answer === 'served') client.answer = 'released'
    const { request, model } = client
    this.send({ type: 'serve.done', request, model, at: this.clock.now() })
  }

  unload(...models: ModelId[]): UnloadId {
    const unload = (this.unloads.size + 1) as UnloadId
    this.unloads.set(unload, null)
    this.send({ type: 'unload', unload, models, at: this.clock.now() })
    return unload
  }

  shutDown(budgetMs = 30_000): void {
    this.isShutDown = true
    this.send({ type: 'shutdown', budgetMs, at: this.clock.now() })
  }

  reload(settings: Settings): void {
    if (!this.isShutDown) this.settings = settings
    const at = this.clock.now()
    for (const child of this.children.values()) {
      const isCurrent = this.#originOf(child.model)?.fingerprint === child.origin?.fingerprint
      child.drainUntil = isCurrent ? null : (child.drainUntil ?? at + this.settings.reloadDrainMs)
    }
    this.isReloading = true
    this.send({ type: 'config.changed', settings, at })
    this.isReloading = false
  }

  ready(model: ModelId): void {
    const child = this.children.get(model)
    if (!child || child.isReady) return
    child.isReady = true
    child.say({ type: 'child.ready', model, swap: child.swap, at: this.clock.now() })
  }

  exit(model: ModelId, exit: Exit = { type: 'exited', code: 1 }): void {
    const child = this.children.get(model)
    if (!child) return
    this.children.delete(model)
    child.say({ type: 'child.exited', model, swap: child.swap, exit, at: this.clock.now() })
  }

  /** The child does as it was told, if it was told to stop. */
  obey(model: ModelId): void {
    if (this.children.get(model)?.graceMs != null) this.exit(model, { type: 'killed', signal: 'SIGTERM' })
  }

  /** Requests a model and brings it up. */
  load(model: ModelId): Client {
    const client = this.request(model)
    for (const other of [...this.children.keys()]) this.obey(other)
    this.ready(model)
    return client
  }

  waiting(): readonly Client[] {
    return this.clients.filter(({ answer }) => answer === 'waiting')
  }

  served(model?: ModelId): readonly Client[] {
    return this.clients.filter(
      (client) => client.answer === 'served' && (model === undefined || client.model === model),
    )
  }

  commands<T extends Command['type']>(type: T): readonly Extract<Command, { type: T }>[] {
    return this.messages
      .filter(({ from, event }) => from === 'scheduler' && event.type === type)
      .map(({ event }) => event as Extract<Command, { type: T }>)
  }

  #spawn(life: Life, say: Say) {
    const origin = this.#originOf(life.model)
    const child: FakeChild = { ...life, graceMs: null, isReady: false, origin, drainUntil: null, wasStuck: false, say }
    try {
      this.onSpawn(child)
    } catch (fault) {
      this.faults.push(fault)
    }
    this.children.set(life.model, child)
    say({ type: 'child.spawned', ...life, pid: life.swap, at: this.clock.now() })
    return {
      stop: (graceMs: number) => {
        child.graceMs = graceMs
      },
      kill: () => {
        if (this.children.get(life.model) === child) this.children.delete(life.model)
      },
    }
  }

  #originOf(model: ModelId): Origin | null {
    return this.settings.models.find(({ id }) => id === model) ?? null
  }

  #hear(reply: Reply): void {
    switch (reply.type) {
      case 'grant.serve':
      case 'grant.error': {
        const client = this.clients[reply.request - 1]
        if (!client) throw new Error(`an answer for nobody: ${JSON.stringify(reply)}`)
        client.answers++
        // A grant always counts: whoever left before it gives it back.
        if (client.answer === 'cancelled' && reply.type === 'grant.serve') this.release(client)
        else client.answer = reply.type === 'grant.serve' ? 'served' : 'refused'
        if (reply.type === 'grant.error') client.refusal = reply.refusal
        return
      }
      case 'unload.done':
        this.unloads.set(reply.unload, reply.stuck)
        return
      case 'shutdown.done':
        this.shutdownDone = reply.stuck
    }
  }
}
