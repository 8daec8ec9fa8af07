import { Engine } from '../engine.ts'
import type { Ledger } from '../policy/ledger.ts'
import type { Settings } from '../policy/settings.ts'
import type { routerMachine } from '../router.ts'
import type { Cause, Difference } from './difference.ts'
import type { Checkpoint } from './frame.ts'
import type { Input, Output } from './lines.ts'
import { canonical } from './parse.ts'
import { StandIn } from './stand-in.ts'

/** One actor system, and how far it has come. */
export class Run {
  readonly engine: Engine
  readonly #world = new StandIn()
  readonly #said: Output[] = []
  #heard = 0
  #failure: unknown
  #cause: Cause | null = null
  #before: Ledger | undefined

  constructor(
    settings: Settings,
    at: number,
    { from, machine }: { from: Checkpoint | undefined; machine: typeof routerMachine | undefined },
  ) {
    this.#world.now = at
    this.engine = new Engine(settings, this.#world, {
      witness: { input() {}, output: (output) => this.#said.push(output) },
      onFailure: (error) => {
        this.#failure ??= error
      },
      onFault(fault) {
        throw fault
      },
      from,
      ...(machine && { machine }),
    })
  }

  /** @throws whatever keeps the actors from beginning in this state */
  start(): void {
    this.engine.start()
    if (this.#failure !== undefined) throw this.#failure
  }

  tell(line: number, input: Input, text: string): Difference | undefined {
    const rest = this.finish(line, text)
    if (rest) return rest
    this.#said.length = 0
    this.#heard = 0
    this.#cause = { line, input }
    this.#before = this.engine.ledger()
    this.#world.now = input.at
    return this.#enter(input) ? undefined : this.#differ('timer', line, text, null)
  }

  /** Whether this is to the letter what the machines say next: then there is no need to read it. */
  hears(text: string): boolean {
    const said = this.#said[this.#heard]
    if (!said || JSON.stringify(said) !== text) return false
    this.#heard++
    return true
  }

  hear(line: number, output: Output, text: string): Difference | undefined {
    const said = this.#said[this.#heard]
    if (!said) return this.#differ('missing', line, text, null)
    const replayed = JSON.stringify(said)
    if (replayed !== text && canonical(said) !== JSON.stringify(output)) {
      return this.#differ('other', line, text, replayed)
    }
    this.#heard++
    return undefined
  }

  compare(line: number, checkpoint: Checkpoint, text: string): Difference | undefined {
    const own = this.engine.checkpoint()
    if (essence(own) === essence(checkpoint)) return undefined
    return this.#differ('state', line, text, JSON.stringify(own))
  }

  /** Whether the machines said more than the trace has, up to this line. */
  finish(line: number, text: string | null): Difference | undefined {
    const said = this.#said[this.#heard]
    return said && this.#differ('extra', line, text, JSON.stringify(said))
  }

  /** What else the machines said is among the lines that are missing. */
  abandon(): void {
    this.#said.length = 0
  }

  #enter(input: Input): boolean {
    switch (input.type) {
      case 'timer':
        return this.engine.ring(input.actor, input.delay)
      case 'child.spawned':
      case 'child.ready':
      case 'child.exited':
        this.#world.say(input)
        return true
      default:
        this.engine.send(input)
        return true
    }
  }

  #differ(kind: Difference['kind'], line: number, recorded: string | null, replayed: string | null): Difference {
    const after = this.engine.ledger()
    return { kind, line, recorded, replayed, cause: this.#cause, ledgers: { before: this.#before ?? after, after } }
  }
}

/** When a timer is due depends on how late the world was, which a replay is not. */
function essence({ actors, timers }: Checkpoint): string {
  return JSON.stringify([actors, timers.map(({ actor, delay }) => [actor, delay])])
}
