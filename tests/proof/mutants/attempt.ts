import { Worker } from 'node:worker_threads'
import type { Catch, Task } from './trial.ts'

/** Looks for the mutant in a thread of its own. Null when it is not caught. */
export function attempt(task: Task): Promise<Catch | null> {
  const { promise, resolve, reject } = Promise.withResolvers<Catch | null>()
  const worker = new Worker(new URL('./trial.ts', import.meta.url), { workerData: task })
  worker.once('message', resolve)
  worker.once('error', reject)
  return promise
}
