import type { ModelId } from '../../config/config.ts'
import type { Exit, Life } from '../child.ts'
import type { SwapId } from '../ids.ts'
import type { Ledger } from '../policy/ledger.ts'
import type { Settings } from '../policy/settings.ts'
import type { Input, Output } from '../trace/lines.ts'
import type { Story } from './past.ts'

/** What is known of one process. */
interface Biography {
  readonly startedAt: number | null
  /** What it had to become ready. */
  readonly healthMs: number
  readonly readyAt: number | null
  readonly stoppedAt: number | null
  /** The shortest that it was given. */
  readonly graceMs: number
  readonly endedAt: number | null
  readonly exit: Exit | null
}

const unknown: Biography = {
  startedAt: null,
  healthMs: Number.POSITIVE_INFINITY,
  readyAt: null,
  stoppedAt: null,
  graceMs: Number.POSITIVE_INFINITY,
  endedAt: null,
  exit: null,
}

/** Tells from the lines of a trace what became of the processes. */
export class StoryBook {
  readonly #lives = new Map<ModelId, Map<SwapId, Biography>>()
  readonly #healthCheckMs = new Map<ModelId, number>()

  /** Settings that are in force from now on. */
  configure({ models }: Settings): void {
    for (const { id, healthCheckTimeoutMs } of models) this.#healthCheckMs.set(id, healthCheckTimeoutMs)
  }

  /** Who is alive at a checkpoint. */
  meet({ models }: Ledger): void {
    for (const { settings, presence } of models) {
      if (presence.state !== 'stopped') this.#change({ model: settings.id, swap: presence.swap }, {})
    }
  }

  note(line: Input | Output, now: number): void {
    switch (line.type) {
      case 'child.start':
        this.#change(line, { startedAt: now, healthMs: this.#healthCheckMs.get(line.model) ?? unknown.healthMs })
        return
      case 'child.ready':
        this.#change(line, { readyAt: now })
        return
      case 'child.stop': {
        const { stoppedAt, graceMs } = this.#of(line)
        this.#change(line, { stoppedAt: stoppedAt ?? now, graceMs: Math.min(graceMs, line.graceMs) })
        return
      }
      case 'child.exited':
        this.#change(line, { endedAt: now, exit: line.exit })
    }
  }

  stories(): ReadonlyMap<ModelId, readonly Story[]> {
    const all = [...this.#lives].map(([model, lives]) => {
      return [model, [...lives.values()].map(tell)] as const
    })
    return new Map(all)
  }

  #of({ model, swap }: Life): Biography {
    return this.#lives.get(model)?.get(swap) ?? unknown
  }

  #change(life: Life, news: Partial<Biography>): void {
    const lives = this.#lives.get(life.model) ?? new Map<SwapId, Biography>()
    this.#lives.set(life.model, lives.set(life.swap, { ...this.#of(life), ...news }))
  }
}

function tell(life: Biography): Story {
  return { readyAfterMs: readyAfterMsOf(life), death: deathOf(life), stopMs: stopMsOf(life) }
}

function readyAfterMsOf({ startedAt, healthMs, readyAt, stoppedAt }: Biography): Story['readyAfterMs'] {
  if (startedAt === null) return null
  if (readyAt !== null) return readyAt - startedAt
  return stoppedAt !== null && stoppedAt - startedAt >= healthMs ? 'never' : null
}

function deathOf({ startedAt, readyAt, stoppedAt, endedAt, exit }: Biography): Story['death'] {
  if (endedAt === null || exit === null || stoppedAt !== null) return null
  if (readyAt !== null) return { of: 'serving', afterMs: endedAt - readyAt, exit }
  return { of: 'loading', afterMs: endedAt - (startedAt ?? endedAt), exit }
}

/** Whoever took as long as it was allowed to was killed. */
function stopMsOf({ stoppedAt, graceMs, endedAt, exit }: Biography): Story['stopMs'] {
  if (stoppedAt === null || endedAt === null) return null
  const ms = endedAt - stoppedAt
  return exit?.type === 'killed' && exit.signal === 'SIGKILL' && ms >= graceMs ? 'never' : ms
}
