import type { Witness } from '../../machines/edge.ts'
import type { Engine } from '../../machines/engine.ts'
import type { Settings } from '../../machines/policy/settings.ts'
import type { Checkpoint, Header, Line } from '../../machines/trace/frame.ts'
import type { Input, Output } from '../../machines/trace/lines.ts'
import { formatVersion } from '../../machines/trace/upgrade.ts'
import type { Feed } from './feed.ts'

export interface FlightOptions {
  /** At the start. */
  readonly settings: Settings
  /** Of hotseat. */
  readonly version: string
  now(): number
  /** Lines that are remembered at least. Default 10,000: an hour or a minute, and two megabytes. */
  readonly capacity?: number
  /** Lines from one checkpoint to the next. Default 500: what may be remembered beyond the capacity. */
  readonly interval?: number
}

/** A stretch of the history that can be replayed by itself. */
interface Stretch {
  readonly header: Header
  readonly checkpoint: Checkpoint | null
  readonly lines: (Input | Output)[]
}

/**
 * The flight recorder: the last lines of the trace, always, as the objects that they were. They become text when somebody
 * asks. Since the state of every actor is kept with each stretch of them, what is left can be replayed from its beginning.
 */
export class FlightRecorder implements Witness {
  readonly #options: Required<FlightOptions>
  /** In force. */
  #settings: Settings
  #feeds: readonly Feed[] = []
  readonly #stretches: Stretch[] = []
  #system: Pick<Engine, 'checkpoint'> | undefined
  #remembered = 0
  #heard = 0

  constructor({ capacity = 10_000, interval = 500, ...options }: FlightOptions) {
    this.#options = { capacity, interval, ...options }
    this.#settings = options.settings
  }

  /** The system whose witness this is. */
  watch(system: Pick<Engine, 'checkpoint'>): void {
    this.#system = system
  }

  input(line: Input): void {
    if ((this.#stretches.at(-1)?.lines.length ?? Number.POSITIVE_INFINITY) >= this.#options.interval) this.#stretch()
    for (const feed of this.#feeds) if (feed.wantsBeginning) feed.begin(this.#beginning())
    this.#note(line)
    if (line.type === 'config.changed') this.#settings = line.settings
  }

  output(line: Output): void {
    this.#note(line)
  }

  /** Lets the feed have everything from now on, beginning with a run of its own. Returns the function that ends it. */
  follow(feed: Feed): () => void {
    feed.begin(this.#beginning())
    this.#feeds = [...this.#feeds, feed]
    return () => {
      this.#feeds = this.#feeds.filter((other) => other !== feed)
      feed.close()
    }
  }

  /** Ends everyone's following. */
  close(): void {
    for (const feed of this.#feeds) feed.close()
    this.#feeds = []
  }

  /** What is remembered, a trace that can be replayed: in batches, because it takes a while to turn into text. */
  *history(): Generator<readonly Line[]> {
    const [first, ...rest] = this.#stretches
    if (!first) {
      yield this.#beginning()
      return
    }
    yield first.checkpoint ? [first.header, first.checkpoint] : [first.header]
    yield first.lines
    for (const { checkpoint, lines } of rest) yield checkpoint ? [checkpoint, ...lines] : lines
  }

  /** The last so many lines. It says how many are missing before them, and can be read but not replayed. */
  last(count: number): readonly Line[] {
    const lines = this.#stretches.flatMap((stretch) => stretch.lines)
    const header = this.#stretches[0]?.header ?? this.#header()
    const missing = this.#heard - Math.min(count, lines.length)
    const gap: Line[] = missing > 0 ? [{ type: 'dropped', lines: missing }] : []
    return [header, ...gap, ...lines.slice(Math.max(0, lines.length - count))]
  }

  #note(line: Input | Output): void {
    this.#heard++
    this.#remembered++
    this.#stretches.at(-1)?.lines.push(line)
    for (const feed of this.#feeds) feed.put(line)
  }

  #stretch(): void {
    this.#stretches.push({ header: this.#header(), checkpoint: this.#checkpoint(), lines: [] })
    for (;;) {
      const oldest = this.#stretches[0]?.lines.length ?? 0
      if (this.#remembered - oldest < this.#options.capacity) return
      this.#remembered -= oldest
      this.#stretches.shift()
    }
  }

  #beginning(): readonly Line[] {
    const checkpoint = this.#checkpoint()
    return checkpoint ? [this.#header(), checkpoint] : [this.#header()]
  }

  /** Null as long as nothing has happened: a fresh system needs none. */
  #checkpoint(): Checkpoint | null {
    return this.#heard > 0 ? (this.#system?.checkpoint() ?? null) : null
  }

  #header(): Header {
    const { version, now } = this.#options
    return { type: 'trace', version: formatVersion, hotseat: version, at: now(), settings: this.#settings }
  }
}
