import type { ModelId } from '../config/config.ts'
import { ApiError } from './errors.ts'
import type { Server } from './server.ts'

/**
 * Stops these, responses or not, and waits until they are gone.
 * @throws ApiError 503 when one does not end
 */
export async function unload(server: Server, models: readonly ModelId[]): Promise<void> {
  const stuck = await server.desk.unload(models)
  if (stuck.length === 0) return
  const names = stuck.map((model) => `"${model}"`).join(', ')
  throw new ApiError(
    'stop_failed',
    `The process of ${names} does not end even after SIGKILL: its memory is still taken.`,
  )
}
