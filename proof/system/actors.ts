import { type AnyStateMachine, transition } from 'xstate'
import { Actor, type Effect, type Message, type Witness } from './actor.ts'
import { type Chart, type ChartState, effectOf, isExpected, pathOf, stateValueOf } from './chart.ts'
import { act, type Spawn, Table } from './table.ts'

/** An actor whose reactions are remembered: a process or a swap, which have few states. */
export class ChartActor<Context extends object> extends Actor {
  readonly #chart: Chart<Context>
  readonly #witness: Witness
  #first: readonly Effect[] = []
  state!: ChartState<Context>

  constructor(id: string, chart: Chart<Context>, witness: Witness) {
    super(id)
    this.#chart = chart
    this.#witness = witness
  }

  /** Gives it what the machine makes of this input, before it starts. */
  with(input: unknown): this {
    const { next, effects } = this.#chart.start(input)
    this.state = next
    this.#first = effects
    return this
  }

  /** Puts it at rest in this state. */
  at(state: ChartState<Context>): this {
    this.state = state
    this.isGone = false
    this.isBusy = false
    this.mailbox.length = 0
    return this
  }

  override start(): readonly Effect[] {
    return this.#first
  }

  override receive(event: Message): readonly Effect[] {
    const { next, effects, isHandled } = this.#chart.react(this.state, event)
    if (!isHandled) this.#witness.dropped(this, event)
    this.state = next
    return effects
  }
}

/** An actor that mostly follows lists of actions and whose context is ever new: the router or the scheduler. */
export class TableActor<Context extends object> extends Actor {
  readonly #machine: AnyStateMachine
  readonly #witness: Witness
  readonly #spawn: Spawn
  readonly #tables = new Map<string, Table>()
  readonly children = new Map<string, Actor>()
  /** The path of its state; empty for a machine without states. */
  path: string
  context: Context

  constructor(machine: AnyStateMachine, witness: Witness, spawn: Spawn, input: unknown) {
    super(machine.id)
    this.#machine = machine
    this.#witness = witness
    this.#spawn = (src, options) => {
      const child = spawn(src, options)
      this.children.set(options.id, child)
      return child
    }
    this.path = pathOf(machine.config.initial === undefined ? {} : (machine.config.initial as string))
    const context = machine.config.context as unknown as (args: object) => Context
    this.context = context({ input, spawn: this.#spawn, self: this })
  }

  /** Puts it at rest in this state. */
  at(path: string, context: Context): void {
    this.path = path
    this.context = context
    this.isBusy = false
    this.mailbox.length = 0
  }

  override start(): readonly Effect[] {
    return [...this.children.values()].map((actor) => ({ type: 'spawn', actor }))
  }

  override receive(event: Message): readonly Effect[] {
    const actions = this.#table().actions(event)
    return actions ? act(this, this.#spawn, event, actions) : this.#transit(event)
  }

  #table(): Table {
    const known = this.#tables.get(this.path)
    if (known) return known
    const table = new Table(this.#machine, this.#snapshot())
    this.#tables.set(this.path, table)
    return table
  }

  #snapshot() {
    return this.#machine.resolveState({ value: stateValueOf(this.path), context: this.context })
  }

  /** What is more than a list of actions is XState's own to interpret. */
  #transit(event: Message): readonly Effect[] {
    const snapshot = this.#snapshot()
    if (!isExpected(snapshot, event)) this.#witness.dropped(this, event)
    const [next, actions] = transition(this.#machine, snapshot, event)
    this.path = pathOf(next.value)
    this.context = next.context
    return actions.flatMap(effectOf)
  }
}
