import { routerMachine } from '../machines/router.ts'
import { Judge } from './judge/judge.ts'
import type { Move } from './moves/move.ts'
import { Reader } from './notation/read.ts'
import { Signs } from './notation/signs.ts'
import { Writer } from './notation/write.ts'
import type { Scene, World } from './scene.ts'
import type { Witness } from './system/actor.ts'
import { System } from './system/system.ts'

/** The machines of a world, which can be led from any of its states to the next. */
export class Stepper {
  readonly judge: Judge
  readonly system: System
  readonly signs: Signs
  readonly #reader: Reader
  readonly #writer: Writer

  /** @param watch who watches the actors, and lets the judge do so */
  constructor({ configs }: World, machine = routerMachine, watch: (judge: Judge) => Witness = (judge) => judge) {
    this.judge = new Judge(configs)
    this.system = new System(machine, configs[0], watch(this.judge))
    this.signs = new Signs(configs)
    this.#writer = new Writer(this.signs)
    this.#reader = new Reader(this.signs, this.system)
  }

  /** The state in which nothing has happened yet. */
  get first(): Scene {
    const nothing = { cut: 0, wasStuck: false }
    return { ...this.system.state, outside: new Map(this.signs.models.map((model) => [model, nothing])) }
  }

  write(scene: Scene): string {
    return this.#writer.write(scene)
  }

  read(text: string): Scene {
    return this.#reader.read(text)
  }

  /** @throws Violation when the move breaks an invariant */
  follow(move: Move, scene: Scene): Scene {
    this.system.state = scene
    this.judge.begin(this.system, scene)
    move.make(this.system, scene)
    return this.judge.end(this.system.state)
  }
}
