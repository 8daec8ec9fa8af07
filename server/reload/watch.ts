import { setInterval as ticks } from 'node:timers/promises'
import type { Source } from './source.ts'

/**
 * Polled, because the events of file systems do not come through bind mounts, network file systems and the swapped symbolic
 * links of containers, and by content, because a rewrite may keep size and time (config §14.1). The files are small: a look
 * costs less than a request.
 */
const everyMs = 1_000

/**
 * Calls back whenever the content of the source is another than at the last look, and waits for what the callback does.
 * @param digest of the content that is in force
 * @returns the function that ends it
 */
export function watch(source: Source, digest: string, onChange: () => Promise<void>): () => void {
  const ending = new AbortController()
  void look(source, digest, onChange, ending.signal)
  return () => ending.abort()
}

async function look(source: Source, first: string, onChange: () => Promise<void>, signal: AbortSignal): Promise<void> {
  let known = first
  try {
    for await (const _ of ticks(everyMs, undefined, { signal, ref: false })) {
      const digest = await source.digest()
      if (digest === known || signal.aborted) continue
      known = digest
      await onChange()
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
