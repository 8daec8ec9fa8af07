import { expect } from 'vitest'
import type { Move } from '../../proof/moves/move.ts'
import { movesOf } from '../../proof/moves/moves.ts'
import type { Scene, World as SmallWorld } from '../../proof/scene.ts'
import { Stepper } from '../../proof/stepper.ts'
import { watch } from '../support/invariants.ts'
import { World } from '../support/world.ts'
import { handlesOf } from './handles.ts'
import { nextInstant } from './instants.ts'
import { Recorder, saidSince } from './recorder.ts'
import { sceneOf } from './sight.ts'

/**
 * The walk's machines and the real actor system, side by side: whatever happens to one happens to the other. After each step
 * the real system must be in the state that the walk is in, and both must have said the same to the same, in the same order.
 */
export class Lockstep {
  readonly #real: World
  readonly #check: () => void
  readonly #stepper: Stepper
  #recorder!: Recorder
  readonly #moves: readonly Move[]
  readonly #remembersStuck: boolean
  readonly #handles: ReadonlyMap<string, (real: World) => void>
  #text: string

  constructor(world: SmallWorld) {
    this.#real = new World(world.configs[0])
    this.#check = watch(this.#real)
    this.#stepper = new Stepper(world, undefined, (judge) => {
      this.#recorder = new Recorder(judge)
      return this.#recorder
    })
    this.#moves = movesOf(world)
    this.#remembersStuck = world.configs.length > 1
    this.#handles = handlesOf(world)
    this.#text = this.#stepper.write(this.#stepper.first)
  }

  /** Makes one of the moves that are possible, or lets time pass until something is due. */
  step(choice: number): void {
    const scene = this.#stepper.read(this.#text)
    const possible = this.#moves.filter((move) => this.#handles.has(move.name) && move.isPossible(scene))
    const move = possible[choice % (possible.length + 1)]
    if (move) this.#makeBoth(move)
    else this.#letTimePass()
  }

  #makeBoth(move: Move): void {
    const count = this.#real.messages.length
    this.#recorder.said.length = 0
    this.#make(move)
    this.#handles.get(move.name)!(this.#real)
    this.#compare(move.name, count)
  }

  #letTimePass(): void {
    const { clock, messages } = this.#real
    const instant = nextInstant(this.#stepper.system, this.#see())
    if (instant === undefined) return
    const wanted = this.#stepper.write(this.#see(instant))
    this.#text = this.#afterComparisons(wanted)
    expect(this.#text, `nothing but time passes until ${instant}`).toBe(wanted)

    const count = messages.length
    this.#recorder.said.length = 0
    clock.advance(instant - clock.now())
    for (const { to, event } of messages.slice(count)) {
      if (event.type.startsWith('xstate.after.')) this.#make(this.#timer(to, event.type))
    }
    this.#compare(`it is ${instant}`, count)
  }

  /** The state that is wanted, if the walk gets there by moves that only let comparisons of times come out otherwise. */
  #afterComparisons(wanted: string): string {
    const passing = this.#moves.filter(({ name }) => / ends$|^a wait gets long$| was wound$/.test(name))
    const reached = [this.#text]
    for (const text of reached) {
      if (text === wanted) return text
      const scene = this.#stepper.read(text)
      for (const move of passing.filter((each) => each.isPossible(scene))) {
        const next = this.#stepper.write(this.#stepper.follow(move, scene))
        if (!reached.includes(next)) reached.push(next)
      }
    }
    return this.#text
  }

  #see(now?: number): Scene {
    return sceneOf(this.#real, this.#remembersStuck, now)
  }

  #timer(actor: string, type: string): Move {
    const model = actor.replace('process.', '')
    const name = type.includes('.budget.')
      ? 'the budget of the shutdown is spent'
      : type.includes('.idleTime.')
        ? `the timer of ${model} rings`
        : `${model} overruns its deadline`
    return this.#moves.find((move) => move.name === name)!
  }

  #make(move: Move): void {
    const scene = this.#stepper.read(this.#text)
    expect(move.isPossible(scene), `${move.name} is possible in ${this.#text}`).toBe(true)
    this.#text = this.#stepper.write(this.#stepper.follow(move, scene))
  }

  #compare(what: string, count: number): void {
    this.#check()
    expect(this.#recorder.said, what).toEqual(saidSince(this.#real, count))
    const wanted = this.#stepper.write(this.#see())
    this.#text = this.#afterComparisons(wanted)
    expect(this.#text, what).toBe(wanted)
  }
}
