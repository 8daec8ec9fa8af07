import type { Caller } from '../auth/caller.ts'
import { unknown, visibleModels } from '../auth/rights.ts'
import type { Exchange } from '../http/exchange.ts'
import { listRecords, type ModelRecord, recordNamed } from '../listing/records.ts'
import { stateOf } from '../listing/state.ts'
import type { Server } from '../server.ts'

/*
 * Models as Ollama lists them. What only Ollama knows, such as sizes and digests, is given as nothing: clients want the keys.
 */

const details = {
  parent_model: '',
  format: '',
  family: '',
  families: [],
  parameter_size: '',
  quantization_level: '',
}

/** `GET /api/tags`: what may be asked for, the same as in `/v1/models`. */
export function listTags(server: Server, { caller }: Exchange): object {
  const modified_at = new Date(server.reloader.loadedAt).toISOString()
  const listed = listRecords(server, caller)
  return { models: listed.map(({ id }) => ({ name: id, model: id, modified_at, size: 0, digest: '', details })) }
}

/** `GET /api/ps`: what is loaded. */
export function listLoaded(server: Server, { caller }: Exchange): object {
  const loaded = visibleModels(server, caller).filter(({ id }) => stateOf(server, id) === 'ready')
  // Ollama has an hour for it; here a model stays until its place is needed, or its ttl is over.
  const expires_at = '9999-12-31T23:59:59Z'
  return {
    models: loaded.map(({ id }) => ({ name: id, model: id, size: 0, size_vram: 0, digest: '', details, expires_at })),
  }
}

/** `POST /api/show`. @throws ApiError 404 */
export function showModel(server: Server, caller: Caller, name: string): object {
  const record = recordNamed(server, caller, name)
  if (!record) throw unknown(server, caller, name)
  return {
    modelfile: '',
    parameters: '',
    template: '',
    details,
    model_info: record.context_length === undefined ? {} : { 'general.context_length': record.context_length },
    capabilities: capabilitiesOf(record),
  }
}

function capabilitiesOf({ capabilities }: ModelRecord): readonly string[] {
  return [
    'completion',
    ...(capabilities?.function_calling ? ['tools'] : []),
    ...(capabilities?.vision ? ['vision'] : []),
  ]
}
