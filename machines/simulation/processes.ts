import type { ModelId } from '../../config/config.ts'
import type { Exit, Life } from '../child.ts'
import type { Outside, Say } from '../outside.ts'
import type { Clock } from '../timers.ts'
import type { Estimates } from './estimates.ts'
import type { Past, Story } from './past.ts'

const nothingKnown: Story = { readyAfterMs: null, death: null, stopMs: null }

/** Processes that do what those of the past did: the n-th of a model what its n-th did, and over again. */
export class Processes implements Outside {
  readonly clock: Clock
  readonly #past: Past
  readonly #estimates: Estimates
  readonly #onExit: (model: ModelId) => void
  readonly #started = new Map<ModelId, number>()
  readonly #alive = new Map<ModelId, Process>()

  /** @param onExit hears that a process is about to be gone, and with it the responses that it serves */
  constructor(past: Past, estimates: Estimates, clock: Clock, onExit: (model: ModelId) => void) {
    this.clock = clock
    this.#past = past
    this.#estimates = estimates
    this.#onExit = onExit
  }

  start(life: Life, say: Say): Process {
    const stories = this.#past.stories.get(life.model) ?? []
    const count = this.#started.get(life.model) ?? 0
    this.#started.set(life.model, count + 1)
    const story = stories[count % Math.max(1, stories.length)] ?? nothingKnown
    const process = new Process(life, story, {
      clock: this.clock,
      say: (event) => {
        if (event.type === 'child.exited') this.#onExit(life.model)
        say(event)
      },
      readyAfterMs: this.#estimates.readyAfterMs(life.model, story),
      stopMs: this.#estimates.stopMs(life.model, story),
    })
    this.#alive.set(life.model, process)
    return process
  }

  probe({ model }: Life, say: Say): () => void {
    return this.#alive.get(model)?.probe(say) ?? (() => {})
  }
}

interface Circumstances {
  readonly clock: Clock
  readonly say: Say
  readonly readyAfterMs: number | 'never'
  readonly stopMs: number | 'never'
}

class Process {
  readonly #life: Life
  readonly #story: Story
  readonly #with: Circumstances
  readonly #bornAt: number
  readonly #timers = new Set<unknown>()
  #endsAt = Number.POSITIVE_INFINITY

  constructor(life: Life, story: Story, circumstances: Circumstances) {
    const { clock, say } = circumstances
    this.#life = life
    this.#story = story
    this.#with = circumstances
    this.#bornAt = clock.now()
    say({ type: 'child.spawned', ...life, pid: life.swap, at: this.#bornAt })
    if (story.death?.of === 'loading') this.#endAfter(story.death.afterMs, story.death.exit)
  }

  probe(say: Say): () => void {
    const { clock, readyAfterMs } = this.#with
    const { death } = this.#story
    if (readyAfterMs === 'never' || death?.of === 'loading') return () => {}
    const timer = clock.setTimeout(
      () => {
        say({ type: 'child.ready', ...this.#life, at: clock.now() })
        if (death) this.#endAfter(death.afterMs, death.exit)
      },
      Math.max(0, this.#bornAt + readyAfterMs - clock.now()),
    )
    return () => clock.clearTimeout(timer)
  }

  stop(graceMs: number): void {
    const { stopMs } = this.#with
    if (stopMs === 'never' || stopMs > graceMs) this.#endAfter(graceMs, { type: 'killed', signal: 'SIGKILL' })
    else this.#endAfter(stopMs, { type: 'killed', signal: 'SIGTERM' })
  }

  kill(): void {
    for (const timer of this.#timers) this.#with.clock.clearTimeout(timer)
    this.#timers.clear()
  }

  /** The earliest end that was set counts. */
  #endAfter(ms: number, exit: Exit): void {
    const { clock, say } = this.#with
    if (clock.now() + ms >= this.#endsAt) return
    this.kill()
    this.#endsAt = clock.now() + ms
    this.#timers.add(clock.setTimeout(() => say({ type: 'child.exited', ...this.#life, exit, at: clock.now() }), ms))
  }
}
