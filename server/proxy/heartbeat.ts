/** Proxies on the way, and some clients, give a stream up that is silent for half a minute (W28). */
const silenceMs = 15_000
/** A comment: whoever reads events passes it over. */
export const heartbeat = ': the model is at work\n\n'

/** Watches over a stream of events: calls back whenever it has been silent for a while, and is between two events. */
export class Heartbeat {
  readonly #timer: NodeJS.Timeout
  #isSilent = true
  #isBetweenEvents = true

  constructor(beat: () => void, everyMs = silenceMs) {
    this.#timer = setInterval(() => {
      if (this.#isSilent && this.#isBetweenEvents) beat()
      this.#isSilent = true
    }, everyMs)
    this.#timer.unref()
  }

  /** Bytes of the stream pass. */
  pass(bytes: Buffer): void {
    this.#isSilent = false
    const { length } = bytes
    // An event ends with an empty line, whatever its lines end with.
    this.#isBetweenEvents = bytes[length - 1] === 0x0a && (bytes[length - 2] === 0x0a || bytes[length - 3] === 0x0a)
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}
