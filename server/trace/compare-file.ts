import type { Settings } from '../../machines/policy/settings.ts'
import { type Compared, Comparison } from '../../machines/simulation/comparison.ts'
import { readTrace } from './read.ts'

/**
 * What a recorded history would have been under other settings.
 * @param paths of the files that it was recorded to, in their order
 * @throws TraceError when one cannot be read, and the file system's errors
 */
export async function compareFiles(paths: readonly string[], settings: Settings): Promise<Compared> {
  const comparison = new Comparison()
  for (const path of paths) for await (const line of readTrace(path)) comparison.take(line)
  return comparison.under(settings)
}
