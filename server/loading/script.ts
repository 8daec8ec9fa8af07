/*
 * What a client is told while its model comes (server §11): an opening, now and then a word, and an end. Pure: the time
 * and the standing are given.
 */

/** What is known of a request that waits. */
export interface Progress {
  /** Its place in the queue of all models, from 1; null once its own model is on its way. */
  readonly position: number | null
  /** What it waits for, in words; empty when there is nothing to say. */
  readonly reason: string
  /** How long it may still take, learned from earlier loads; null when nothing is known. */
  readonly remainingMs: number | null
}

/** How often the client hears something. */
export const tickMs = 750

/** Marks the beginning and the end for programs: the reference's own pages look for it (§11.5). */
const marker = '━━━━━'
/** From one remark to the next, when nothing else happens. */
const remarkMs = 6_000

const remarks = [
  'Warming the seat',
  'Carrying the weights upstairs',
  'Counting the layers twice',
  'Asking the GPU nicely',
  'Unfolding tensors',
  'Dusting the attention heads',
  'Reading the vocabulary from A to Z',
  'Tuning the sampler by ear',
  'Putting the kettle on',
  'Pouring gigabytes through a straw',
  'Looking for the last token',
  'Sharpening the logits',
]

/** Tells one wait. */
export class LoadingScript {
  readonly #startedAt: number
  /** Which remark comes next; another model begins with another. */
  #remark: number
  #position: number | null = null
  #saidAt: number

  constructor(model: string, startedAt: number) {
    this.#startedAt = startedAt
    this.#saidAt = startedAt
    this.#remark = model.length
    this.opening = `${marker}\nhotseat loading model: ${model}\n`
  }

  readonly opening: string

  /** What there is to say at this moment; a dot when there is nothing. */
  tick(now: number, { position, reason, remainingMs }: Progress): string {
    if (position !== null && position !== this.#position) {
      this.#position = position
      return this.#say(now, `Queue position: #${position}${reason && `, ${reason}`}`)
    }
    if (position === null && this.#position !== null) {
      this.#position = null
      return this.#say(now, 'Its turn has come')
    }
    const isFirst = this.#saidAt === this.#startedAt
    if (!isFirst && now - this.#saidAt < remarkMs) return '.'
    const eta = remainingMs === null ? '' : `, about ${Math.ceil(remainingMs / 1000)} s to go`
    return this.#say(now, `${remarks[this.#remark++ % remarks.length]}${eta}`)
  }

  /** The model is there. */
  ready(now: number): string {
    return `\nDone! (${((now - this.#startedAt) / 1000).toFixed(2)}s)\n${marker}\n \n`
  }

  #say(now: number, text: string): string {
    this.#saidAt = now
    return `\n${text} `
  }
}
