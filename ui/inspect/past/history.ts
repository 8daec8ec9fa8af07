import type { Engine } from '../../../machines/engine.ts'
import type { Difference } from '../../../machines/trace/difference.ts'
import type { ActorState, Checkpoint, Line } from '../../../machines/trace/frame.ts'
import { isInput, TraceError } from '../../../machines/trace/parse.ts'
import { Replay } from '../../../machines/trace/replay.ts'
import { type Lane, LaneBook } from './lane.ts'

/** From where the machines can go on without what was before. */
interface Keyframe {
  /** What has happened by then. */
  readonly line: number
  readonly header: string
  /** Null for a fresh system. */
  readonly checkpoint: Checkpoint | null
}

/** Lines from one keyframe to the next: what it takes to get to any line. */
const interval = 200
/** So long a page may stand still. */
const turnMs = 30

/** A trace, which happens again in the real machines, here in the page, up to any of its lines. */
export class History {
  /** Where it comes to its end, because there is no more or nothing after that can be trusted; lines count from 1. */
  end = 0
  /** How the machines depart from the trace after its end; null when they do not. */
  difference: Difference | null = null
  /** Why nothing can be read after its end; null when it can. */
  problem: string | null = null
  /** Where swaps start. */
  readonly swaps: number[] = []
  readonly #texts: readonly string[]
  readonly #keyframes: Keyframe[] = []
  readonly #lanes = new LaneBook()
  #runs = 0

  private constructor(text: string) {
    this.#texts = text.split('\n').filter((line) => line !== '')
  }

  /**
   * Lets all of it happen once.
   * @param onProgress hears from 0 to 1 how far it is
   */
  static async read(text: string, onProgress: (part: number) => void): Promise<History> {
    const history = new History(text)
    await history.#replay(onProgress)
    return history
  }

  /** The states that each model's process was in, over the lines. */
  get lanes(): readonly Lane[] {
    return this.#lanes.lanes
  }

  /** The line as it was written. */
  line(number: number): Line {
    return JSON.parse(this.#texts[number - 1]!) as Line
  }

  /** When the line happened: outputs have no time of their own. */
  timeOf(number: number): number {
    for (let at = number; at > 0; at--) {
      const line = this.line(at)
      if ('at' in line) return line.at
    }
    return 0
  }

  /** The actors after this line. */
  actorsAt(number: number): readonly ActorState[] {
    const keyframe = this.#keyframes.findLast(({ line }) => line <= number)
    if (!keyframe) return []
    let engine: Engine | undefined
    const replay = new Replay({
      onRun(begun) {
        engine = begun
      },
    })
    replay.take(keyframe.header)
    if (keyframe.checkpoint) replay.take(JSON.stringify(keyframe.checkpoint))
    let next = keyframe.line + 1
    // What the last input before the keyframe has led to is part of it.
    if (keyframe.checkpoint) while (next <= number && !isInput(this.line(next))) next++
    for (; next <= number; next++) {
      const difference = replay.take(this.#texts[next - 1]!)
      if (difference)
        throw new Error(`line ${next} does not happen again from line ${keyframe.line}: ${difference.kind}`)
    }
    return engine?.checkpoint().actors ?? []
  }

  async #replay(onProgress: (part: number) => void): Promise<void> {
    const replay = new Replay({ onLine: (line, engine) => this.#note(replay.lines, line, engine) })
    let pauseAt = performance.now() + turnMs
    for (const text of this.#texts) {
      if (!this.#take(replay, text)) return
      if (performance.now() < pauseAt) continue
      onProgress(this.end / this.#texts.length)
      await new Promise((resolve) => setTimeout(resolve))
      pauseAt = performance.now() + turnMs
    }
  }

  /** @returns whether it goes on */
  #take(replay: Replay, text: string): boolean {
    try {
      this.difference = replay.take(text) ?? null
    } catch (error) {
      if (!(error instanceof TraceError)) throw error
      this.problem = error.message
    }
    if (this.difference || this.problem !== null) return false
    this.end++
    if (replay.runs > this.#runs) this.#keyframes.push({ line: this.end, header: text, checkpoint: null })
    this.#runs = replay.runs
    return true
  }

  #note(number: number, line: Line, engine: Engine): void {
    if (line.type === 'swap.start') this.swaps.push(number)
    if (!isInput(line) && line.type !== 'checkpoint') return
    this.#lanes.note(number, engine.ledger())
    const { header, line: last } = this.#keyframes.at(-1)!
    if (number - last >= interval) this.#keyframes.push({ line: number, header, checkpoint: engine.checkpoint() })
  }
}
