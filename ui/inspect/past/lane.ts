import type { Ledger, Presence } from '../../../machines/policy/ledger.ts'

export type State = Presence['state']

/** The states of one model's process, one after the other. */
export interface Lane {
  readonly model: string
  readonly spans: readonly { readonly from: number; readonly state: State }[]
}

/** Notes in which states the models' processes are, whenever one changes. */
export class LaneBook {
  readonly #lanes = new Map<string, { from: number; state: State }[]>()

  get lanes(): readonly Lane[] {
    return [...this.#lanes].map(([model, spans]) => ({ model, spans }))
  }

  note(line: number, { models }: Ledger): void {
    for (const { settings, presence } of models) this.#change(settings.id, line, presence.state)
    for (const [model, spans] of this.#lanes) {
      const isGone = spans.at(-1)?.state !== 'stopped' && !models.some(({ settings }) => settings.id === model)
      if (isGone) spans.push({ from: line, state: 'stopped' })
    }
  }

  #change(model: string, from: number, state: State): void {
    const spans = this.#lanes.get(model)
    if (!spans) this.#lanes.set(model, [{ from, state }])
    else if (spans.at(-1)?.state !== state) spans.push({ from, state })
  }
}
