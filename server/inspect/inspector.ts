import type { AnyActorRef } from 'xstate'
import { textOf } from '../../machines/inspect/describe.ts'
import { Tap } from '../../machines/inspect/tap.ts'
import type { Viewer } from './viewer.ts'

export interface InspectorOptions {
  now(): number
  /** Hears of an inspector that threw. It changes nothing for the actors. */
  onFault(fault: unknown): void
}

/** What happens within this time is told together. */
const gatherMs = 100
/** So many frames do not wait that long. */
const mostGathered = 500
/** Within the 15 to 30 s after which proxies close what is silent. */
const heartbeatMs = 15_000
export const mostViewers = 20

/** Tells viewers what the actors do, live. Looks at nothing, and costs nothing, as long as there is no viewer. */
export class Inspector {
  readonly #root: AnyActorRef
  readonly #options: InspectorOptions
  readonly #viewers = new Set<Viewer>()
  #tap: Tap | undefined
  #leave = () => {}
  #gathering: NodeJS.Timeout | undefined
  #heartbeat: NodeJS.Timeout | undefined

  constructor(root: AnyActorRef, options: InspectorOptions) {
    this.#root = root
    this.#options = options
  }

  get isFull(): boolean {
    return this.#viewers.size >= mostViewers
  }

  /** Tells the viewer who is there, and from now on what happens. Returns the function that ends it. */
  show(viewer: Viewer): () => void {
    this.#tap ??= this.#look()
    // What was gathered until now, this one knows already from how everything is.
    this.#flush()
    this.#viewers.add(viewer)
    viewer.begin(this.#present())
    viewer.onReady = () => {
      this.#flush()
      viewer.begin(this.#present())
    }
    return () => {
      this.#viewers.delete(viewer)
      if (this.#viewers.size === 0) this.#rest()
    }
  }

  close(): void {
    for (const viewer of this.#viewers) viewer.end()
    this.#viewers.clear()
    this.#rest()
  }

  #look(): Tap {
    const tap = new Tap(this.#root, this.#options.now, () => this.#gather())
    // An exception in an inspector would wedge the mailbox that it looked at for ever.
    const subscription = this.#root.system.inspect((inspected) => {
      try {
        tap.note(inspected)
      } catch (fault) {
        this.#options.onFault(fault)
      }
    })
    this.#leave = () => subscription.unsubscribe()
    this.#heartbeat = setInterval(() => {
      for (const viewer of this.#viewers) viewer.keepAlive()
    }, heartbeatMs).unref()
    return tap
  }

  #rest(): void {
    this.#leave()
    this.#leave = () => {}
    this.#tap = undefined
    clearInterval(this.#heartbeat)
    clearTimeout(this.#gathering)
    this.#gathering = undefined
  }

  #present(): readonly string[] {
    return this.#tap?.present().map(textOf) ?? []
  }

  #gather(): void {
    if ((this.#tap?.size ?? 0) >= mostGathered) this.#flush()
    else this.#gathering ??= setTimeout(() => this.#flushSafely(), gatherMs).unref()
  }

  /** For the timer, where an exception would end the server. */
  #flushSafely(): void {
    try {
      this.#flush()
    } catch (fault) {
      this.#options.onFault(fault)
    }
  }

  #flush(): void {
    clearTimeout(this.#gathering)
    this.#gathering = undefined
    if (!this.#tap) return
    const { frames, skipped } = this.#tap.gather()
    if (frames.length === 0 && skipped === 0) return
    const texts = frames.map(textOf)
    for (const viewer of this.#viewers) viewer.tell(texts, skipped)
  }
}
