import { registerHooks } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { type Mutant, mutate } from './mutant.ts'

/* A thread whose machines have a bug, in which it is looked for. */

export interface Task {
  readonly mutant: Mutant
  readonly by: 'walk' | 'histories'
}

/** What a mutant was caught doing, and how long it took. */
export interface Catch {
  readonly broken: string
  /** States of the walk, or random histories. */
  readonly after: number
}

/** What `by-walk.ts` and `by-histories.ts` are. */
interface Search {
  /** @param twice also looks for what comes out otherwise the second time */
  search(twice: boolean): Catch | null
}

const { mutant, by } = workerData as Task
const place = new URL(`../../../machines/${mutant.file}`, import.meta.url).href

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    return url === place ? { ...loaded, source: mutate(String(loaded.source), mutant) } : loaded
  },
})

const { search } = (await import(`./by-${by}.ts`)) as Search
parentPort?.postMessage(search(mutant.breaks === 'I8'))
