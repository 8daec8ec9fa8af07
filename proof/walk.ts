import type { routerMachine } from '../machines/router.ts'
import { Graph } from './graph.ts'
import { demand, Violation } from './judge/violation.ts'
import type { Move } from './moves/move.ts'
import { movesOf } from './moves/moves.ts'
import type { Scene, World } from './scene.ts'
import { tellStaleNews } from './stale.ts'
import { Stepper } from './stepper.ts'
import { oldestOf, ticketsOf } from './tickets.ts'

export interface WalkOptions {
  /** Gives up beyond this many states. Default: goes on until there is no new one. */
  readonly limit?: number
  /** Makes every move twice, to see that the same comes of it (I8). Default: false, because it takes twice as long. */
  readonly twice?: boolean
  /** The machines to walk. Default: the real ones. */
  readonly machine?: typeof routerMachine
}

/** What a walk has found. */
export interface Walked {
  readonly moves: readonly Move[]
  readonly graph: Graph
  /** Whether every state was reached that there is. */
  readonly isComplete: boolean
  /** The first broken invariant, and a shortest history that breaks it. Null when all hold. */
  readonly broken: { readonly violation: Violation; readonly history: readonly string[] } | null
}

/** Walks every history of the world, breadth first, and checks the invariants on every step. */
export function walk(world: World, options: WalkOptions = {}): Walked {
  return new Walk(world, options).walk()
}

class Walk {
  readonly #options: WalkOptions
  readonly #stepper: Stepper
  readonly #moves: readonly Move[]
  readonly #graph = new Graph()
  /** The states in the order of their discovery, and their numbers. Those that no rule can tell apart are one. */
  readonly #texts: string[] = []
  readonly #numbers = new Map<string, number>()
  readonly #duties = new Map<string | null, number>([[null, 0]])

  constructor(world: World, options: WalkOptions) {
    this.#options = options
    this.#stepper = new Stepper(world, options.machine)
    this.#moves = movesOf(world)
    this.#numberOf(this.#stepper.first, 0, 0)
  }

  walk(): Walked {
    const { limit = Number.POSITIVE_INFINITY } = this.#options
    for (let number = 0; number < this.#texts.length; number++) {
      if (this.#texts.length > limit) return this.#result(false, null)
      const broken = this.#expand(number)
      if (broken) return this.#result(false, broken)
    }
    return this.#result(true, null)
  }

  #result(isComplete: boolean, broken: Walked['broken']): Walked {
    return { moves: this.#moves, graph: this.#graph, isComplete, broken }
  }

  /** Makes every possible move from this state. */
  #expand(number: number): Walked['broken'] {
    const text = this.#texts[number]!
    const scene = this.#stepper.read(text)
    this.#graph.expand()
    let current = 0
    try {
      for (const move of this.#moves) {
        if (move.isPossible(scene)) this.#make(move, current, scene, number)
        current++
      }
      tellStaleNews(this.#stepper, scene, number)
      return null
    } catch (fault) {
      const violation = fault instanceof Violation ? fault : new Violation('no machine fails', String(fault))
      const history = [...this.#graph.pathTo(number), current].map((move) => this.#moves[move]?.name ?? 'stale news')
      return { violation, history }
    }
  }

  #make(move: Move, number: number, scene: Scene, from: number): void {
    const { judge } = this.#stepper
    const next = this.#stepper.follow(move, scene)
    const commands = this.#options.twice ? JSON.stringify(judge.commands) : ''
    const to = this.#numberOf(next, from, number)
    this.#graph.connect(to, number, this.#dutyOf(move, scene), gainsOf(scene, next))
    if (!this.#options.twice) return
    const again = this.#stepper.write(this.#stepper.follow(move, scene))
    const isSame = again === this.#texts[to] && JSON.stringify(judge.commands) === commands
    demand('I8', isSame, () => 'the same event has led to something else')
  }

  #numberOf(scene: Scene, parent: number, move: number): number {
    if (scene.ledger.now !== 0) throw new Error(`an event came at ${scene.ledger.now}, and not now`)
    const text = this.#stepper.write(scene)
    const known = this.#numbers.get(text)
    if (known !== undefined) return known
    const number = this.#texts.length
    this.#numbers.set(text, number)
    this.#texts.push(text)
    this.#graph.discover(parent, move, needsOf(scene))
    return number
  }

  #dutyOf(move: Move, scene: Scene): number {
    const duty = move.duty(scene)
    const known = this.#duties.get(duty)
    if (known === undefined) this.#duties.set(duty, this.#duties.size)
    return known ?? this.#duties.size - 1
  }
}

/** What somebody waits for in this state, as bits: see `goals`. */
function needsOf({ ledger, scheduler }: Scene): number {
  const isEnding = scheduler !== 'open' && scheduler !== 'closed.cleared'
  return (ticketsOf(ledger).length > 0 ? 1 : 0) + (ledger.unloads.length > 0 ? 2 : 0) + (isEnding ? 4 : 0)
}

/** Which of the goals are reached from one state to the next, as bits. */
function gainsOf(before: Scene, after: Scene): number {
  const oldest = oldestOf(ticketsOf(before.ledger))
  const [unload] = before.ledger.unloads
  const isAnswered = oldest && !ticketsOf(after.ledger).some(({ request }) => request === oldest.request)
  const isUnloaded = unload && !after.ledger.unloads.some(({ id }) => id === unload.id)
  return (isAnswered ? 1 : 0) + (isUnloaded ? 2 : 0) + (after.scheduler === 'closed.cleared' ? 4 : 0)
}
