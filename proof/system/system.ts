import type { ModelId } from '../../config/config.ts'
import type { ChildEvent } from '../../machines/child.ts'
import type { SchedulerEvent } from '../../machines/events.ts'
import type { Ledger } from '../../machines/policy/ledger.ts'
import type { ModelSettings, Settings } from '../../machines/policy/settings.ts'
import type { ProcessContext } from '../../machines/process.ts'
import type { RouterContext, routerMachine } from '../../machines/router.ts'
import type { SchedulerContext } from '../../machines/scheduler.ts'
import type { SwapContext } from '../../machines/swap.ts'
import { type Message, Post, type Witness } from './actor.ts'
import { ChartActor, TableActor } from './actors.ts'
import { Chart, type ChartState } from './chart.ts'
import type { Spawn } from './table.ts'

export type ProcessState = ChartState<ProcessContext>
export type SwapState = ChartState<SwapContext>
type ProcessActor = ChartActor<ProcessContext>

/** All that the machines know between two events. */
export interface State {
  /** The path of the scheduler's state. */
  readonly scheduler: string
  readonly deadline: number | null
  readonly ledger: Ledger
  readonly processes: ReadonlyMap<ModelId, ProcessState>
  /** In the order of their start. */
  readonly swaps: readonly SwapState[]
}

/** The actor system of one world. It can be put into any state, told something, and looked at again. */
export class System {
  readonly process: Chart<ProcessContext>
  readonly swap: Chart<SwapContext>
  readonly router: TableActor<RouterContext>
  readonly #scheduler: TableActor<SchedulerContext>
  readonly #processes = new Map<ModelId, ProcessActor>()
  readonly #post: Post
  readonly #witness: Witness

  constructor(machine: typeof routerMachine, settings: Settings, witness: Witness) {
    const { scheduler, process, swap } = machine.implementations.actors
    this.process = new Chart(process as never)
    this.swap = new Chart(swap as never)
    this.#witness = witness
    this.#post = new Post(witness)
    const spawn: Spawn = (src, { id, input }) => {
      switch (src) {
        case 'scheduler':
          return new TableActor(scheduler as never, witness, spawn, input)
        case 'process':
          return this.processOf((input as { settings: ModelSettings }).settings.id).with(input)
        case 'swap':
          return new ChartActor(id, this.swap, witness).with(input)
        default:
          throw new Error(`the walk knows no actor ${src}`)
      }
    }
    this.router = new TableActor<RouterContext>(machine as never, witness, spawn, { settings })
    this.#scheduler = this.router.children.get('scheduler') as TableActor<SchedulerContext>
    this.#post.start(this.router)
  }

  /** The actor of the model's process, whether or not it is there: whoever has its reference has it for good. */
  processOf(model: ModelId): ProcessActor {
    const known = this.#processes.get(model)
    if (known) return known
    const actor = new ChartActor(`process.${model}`, this.process, this.#witness)
    this.#processes.set(model, actor)
    return actor
  }

  /** What the scheduler knows at this moment. */
  get ledger(): Ledger {
    return this.#scheduler.context.ledger
  }

  get state(): State {
    const { path, context } = this.#scheduler
    const { processes, swaps } = this.router.context
    return {
      scheduler: path,
      deadline: context.deadline,
      ledger: context.ledger,
      processes: new Map([...processes].map(([model, ref]) => [model, (ref as never as ProcessActor).state])),
      swaps: swaps.map(({ ref }) => (ref as never as ChartActor<SwapContext>).state),
    }
  }

  set state({ scheduler, deadline, ledger, processes, swaps }: State) {
    this.#scheduler.at(scheduler, { ...this.#scheduler.context, deadline, ledger })
    const refs = new Map<ModelId, ProcessActor>()
    for (const [model, state] of processes) refs.set(model, this.processOf(model).at(state))
    const refOf = ({ context: { target } }: SwapState) => new ChartActor(`swap.${target}`, this.swap, this.#witness)
    this.router.at(this.router.path, {
      processes: refs as never,
      swaps: swaps.map((state) => ({ swap: state.context.swap, ref: refOf(state).at(state) as never })),
    })
  }

  /** Something comes from outside: from the desk, or from the main program. */
  tell(event: SchedulerEvent): void {
    this.#post.send('outside', this.router, event)
  }

  /** A child says something, or a timer of the process rings. */
  tellProcess(model: ModelId, event: ChildEvent | Message): void {
    this.#post.send('child', this.processOf(model), event)
  }

  /** A timer of the scheduler rings. */
  tellScheduler(event: Message): void {
    this.#post.send('clock', this.#scheduler, event)
  }
}
