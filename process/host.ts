import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Model, ModelId } from '../config/config.ts'
import type { ChildEvent, Exit, Life } from '../machines/child.ts'
import type { SwapId } from '../machines/ids.ts'
import { Child } from './child.ts'
import { killGroup } from './group.ts'
import { Guardian } from './guardian.ts'
import { awaitAnswer } from './readiness.ts'
import { Tail } from './tail.ts'

export interface HostOptions {
  /** Milliseconds of the actor system's clock. */
  now(): number
  /** Gets every byte that a child prints, on either stream, as it comes. Must not block. */
  output(model: ModelId, chunk: Buffer): void
  /** Hears why a model is not ready yet: the status of its check endpoint or the code of an error, each time that it is another. */
  unready(model: ModelId, answer: string): void
  /** Hears how the `cmdStop` of a model ended that did not stop it. */
  unstopped(model: Model, exit: Exit): void
}

export type Report = (event: ChildEvent) => void

/** What the process machine holds of a child. */
export interface ChildHandle {
  /** Ends it politely, then by force after `graceMs`. Said again, the shorter grace counts. Works at any moment of its life. */
  stop(graceMs: number): void
  /** Ends it by force, at once. */
  kill(): void
}

/**
 * The child processes of one hotseat. The table of who is alive is kept here, outside the actor system, so that whatever
 * happens to an actor, every child can be ended.
 */
export class ProcessHost {
  /** Names this hotseat in the environment of all its descendants. */
  readonly run = randomUUID()
  readonly #options: HostOptions
  readonly #guardian = new Guardian(this.run)
  readonly #children = new Map<ModelId, { readonly swap: SwapId; readonly child: Child }>()
  readonly #tails = new Map<ModelId, Tail>()

  constructor(options: HostOptions) {
    this.#options = options
  }

  /** Starts the model's command in a group of its own. Never throws: whatever comes of it is reported. */
  spawn(model: Model, swap: SwapId, report: Report): ChildHandle {
    const tail = new Tail()
    this.#tails.set(model.id, tail)
    const { now, output, unstopped } = this.#options
    const child = new Child(model, `${this.run}.${swap}`, this.#guardian, {
      spawned: (pid) => report({ type: 'child.spawned', model: model.id, swap, pid, at: now() }),
      exited: (exit) => {
        if (this.#children.get(model.id)?.child === child) this.#children.delete(model.id)
        report({ type: 'child.exited', model: model.id, swap, exit, at: now() })
      },
      output: (chunk) => {
        tail.append(chunk)
        output(model.id, chunk)
      },
      unstopped: (exit) => unstopped(model, exit),
    })
    this.#children.set(model.id, { swap, child })
    void child.live()
    return child
  }

  /** Probes the model until it answers, then reports `child.ready` once. Returns the function that ends the probing. */
  awaitReady(model: Model, swap: SwapId, report: Report): () => void {
    const ending = new AbortController()
    const { unready } = this.#options
    const isReady = awaitAnswer(
      model,
      ending.signal,
      (wake) => this.#tails.get(model.id)?.onAppend(wake),
      (answer) => unready(model.id, answer),
    )
    void isReady.then((ready) => {
      if (ready) report({ type: 'child.ready', model: model.id, swap, at: this.#options.now() })
    })
    return () => ending.abort()
  }

  /** The last lines that the model printed in its current or last life. */
  tail(model: ModelId): readonly string[] {
    return this.#tails.get(model)?.lines() ?? []
  }

  /** Whether the life is over within so many milliseconds, reaped and reported. */
  async hasEnded({ model, swap }: Life, withinMs: number): Promise<boolean> {
    const current = this.#children.get(model)
    if (current?.swap !== swap) return true
    const ended = current.child.ended.then(() => true)
    return Promise.race([ended, pause(withinMs, false, { ref: false })])
  }

  /** Ends every group by force, synchronously: for the moments after which no code runs. */
  killAll(): void {
    for (const { child } of this.#children.values()) if (child.pid !== undefined) killGroup(child.pid)
  }

  /** Ends what is left and waits until it is gone, then lets the guardian go. */
  async close(): Promise<void> {
    const children = [...this.#children.values()].map(({ child }) => child)
    for (const child of children) child.kill()
    await Promise.all(children.map((child) => child.ended))
    this.#guardian.close()
  }
}
