import type { Model } from '../../config/config.ts'
import { ApiError, unknownModel } from '../errors.ts'
import type { NamedModel } from '../names.ts'
import type { Server } from '../server.ts'
import type { Caller } from './caller.ts'

/*
 * What a caller may see. To a key, a model that is not its own does not exist: nobody learns by trying what else is served.
 */

/** Everything that a model is called. */
export function namesOf({ id, aliases }: Model): readonly string[] {
  return [id, ...aliases]
}

/**
 * The model of this name.
 * @throws ApiError 404 when there is none for this caller
 */
export function demandModel(server: Server, caller: Caller, name: string): Model {
  const model = server.names.resolve(name)
  if (!model || !caller.sees(namesOf(model))) throw unknown(server, caller, name)
  return model
}

/** The model at the head of a path, if there is one for this caller. */
export function modelAt({ names }: Server, caller: Caller, path: string): NamedModel | undefined {
  const named = names.resolvePath(path)
  return named && caller.sees(namesOf(named.model)) ? named : undefined
}

/**
 * The model that a path consists of.
 * @throws ApiError 404 when there is none for this caller
 */
export function demandModelPath(server: Server, caller: Caller, path: string): Model {
  const named = modelAt(server, caller, path)
  if (named?.rest !== '') throw unknown(server, caller, path)
  return named.model
}

export function visibleModels({ config }: Pick<Server, 'config'>, caller: Caller): readonly Model[] {
  const models = [...config.models.values()]
  return caller.seesAll ? models : models.filter((model) => caller.sees(namesOf(model)))
}

/**
 * Refuses a key that may see only some models what concerns all of them.
 * @param what it does, as the beginning of a sentence
 * @throws ApiError 403
 */
export function demandEverything(caller: Caller, what = 'This shows every model'): void {
  if (caller.seesAll) return
  throw new ApiError('forbidden', `${what}, and the key may see only some: see \`models\` of its entry in \`apiKeys\`.`)
}

/** Says that there is no such model, with a hint only at what the caller may see. */
export function unknown(server: Server, caller: Caller, name: string): ApiError {
  return unknownModel(name, visibleModels(server, caller).flatMap(namesOf))
}
