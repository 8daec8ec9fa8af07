import type { Model } from '../../config/config.ts'
import type { Caller } from '../auth/caller.ts'
import { demandModel, visibleModels } from '../auth/rights.ts'
import type { Exchange } from '../http/exchange.ts'
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

/** `GET /api/tags`: what may be asked for. */
export function listTags(server: Server, { caller }: Exchange): object {
  const modified_at = new Date(server.reloader.loadedAt).toISOString()
  const listed = visibleModels(server, caller).filter(({ unlisted }) => !unlisted)
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
  const model = demandModel(server, caller, name)
  return {
    modelfile: '',
    parameters: '',
    template: '',
    details,
    model_info: contextOf(model),
    capabilities: capabilitiesOf(model),
  }
}

function contextOf({ capabilities }: Model): object {
  return capabilities && capabilities.contextTokens > 0 ? { 'general.context_length': capabilities.contextTokens } : {}
}

function capabilitiesOf({ capabilities }: Model): readonly string[] {
  if (!capabilities) return ['completion']
  const { in: takes, tools } = capabilities
  return ['completion', ...(tools ? ['tools'] : []), ...(takes.includes('image') ? ['vision'] : [])]
}
