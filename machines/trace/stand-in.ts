import type { ModelId } from '../../config/config.ts'
import type { ChildEvent, Life } from '../child.ts'
import type { SwapId } from '../ids.ts'
import type { Outside, Say } from '../outside.ts'
import type { Clock } from '../timers.ts'

/** Stands for the world in a replay: it does nothing, and says what it is told to say. */
export class StandIn implements Outside {
  /** The time of the last input. */
  now = 0
  readonly clock: Clock = { now: () => this.now, setTimeout: () => undefined, clearTimeout() {} }
  readonly #children = new Map<ModelId, Speaker>()
  readonly #probes = new Map<ModelId, Speaker>()

  start(life: Life, say: Say) {
    return { stop() {}, kill: speakFor(life, say, this.#children) }
  }

  probe(life: Life, say: Say): () => void {
    return speakFor(life, say, this.#probes)
  }

  /** As whoever was asked to. When nobody was, nothing happens: XState lets go of what an ended actor says. */
  say(event: ChildEvent): void {
    const speaker = (event.type === 'child.ready' ? this.#probes : this.#children).get(event.model)
    if (speaker?.swap === event.swap) speaker.say(event)
  }
}

interface Speaker {
  readonly swap: SwapId
  readonly say: Say
}

/** Returns the function that ends it. */
function speakFor({ model, swap }: Life, say: Say, speakers: Map<ModelId, Speaker>): () => void {
  const speaker = { swap, say }
  speakers.set(model, speaker)
  return () => {
    if (speakers.get(model) === speaker) speakers.delete(model)
  }
}
