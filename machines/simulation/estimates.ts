import type { ModelId } from '../../config/config.ts'
import type { Past, Story, Visit } from './past.ts'

/** What stands for what the recording does not show: the median of what it shows of the same model, else of all. */
export class Estimates {
  readonly #served: (model: ModelId) => number
  readonly #ready: (model: ModelId) => number
  readonly #stop: (model: ModelId) => number

  constructor({ visits, stories }: Past) {
    const told = [...stories].flatMap(([model, each]) => each.map((story) => ({ model, story })))
    this.#served = medians(visits.map(({ model, servedMs }) => ({ model, ms: servedMs })))
    this.#ready = medians(told.map(({ model, story }) => ({ model, ms: story.readyAfterMs })))
    this.#stop = medians(told.map(({ model, story }) => ({ model, ms: story.stopMs })))
  }

  servedMs({ model, servedMs }: Visit): number {
    return servedMs ?? this.#served(model)
  }

  readyAfterMs(model: ModelId, { readyAfterMs }: Story): number | 'never' {
    return readyAfterMs ?? this.#ready(model)
  }

  stopMs(model: ModelId, { stopMs }: Story): number | 'never' {
    return stopMs ?? this.#stop(model)
  }
}

function medians(known: readonly { readonly model: ModelId; readonly ms: number | 'never' | null }[]) {
  const byModel = new Map<ModelId, number[]>()
  const all: number[] = []
  for (const { model, ms } of known) {
    if (typeof ms !== 'number') continue
    const own = byModel.get(model) ?? []
    own.push(ms)
    byModel.set(model, own)
    all.push(ms)
  }
  const ofAll = median(all) ?? 0
  const ofEach = new Map([...byModel].map(([model, own]) => [model, median(own) ?? ofAll]))
  return (model: ModelId) => ofEach.get(model) ?? ofAll
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]
}
