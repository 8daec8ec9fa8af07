import type { Caller } from '../auth/caller.ts'
import { visibleModels } from '../auth/rights.ts'
import { type Described, describeCapabilities } from '../listing/capabilities.ts'
import { stateOf } from '../listing/state.ts'
import type { Server } from '../server.ts'

/** How a model is told to the web page (server §21.5). */
export interface ModelStatus extends Pick<Described, 'capabilities' | 'context_length'> {
  readonly id: string
  readonly name: string
  readonly description: string
  /** What its process does; empty for a model of a peer. */
  readonly state: string
  readonly unlisted: boolean
  /** Empty for a model of this server. */
  readonly peerID: string
  readonly aliases?: readonly string[]
}

/** Every model that the caller may see: those of this server by id, unlisted ones too, then those of peers. */
export function modelStatus(server: Pick<Server, 'config' | 'system'>, caller: Caller): readonly ModelStatus[] {
  const local = visibleModels(server, caller).map((model): ModelStatus => {
    const { id, name, description, unlisted, aliases } = model
    const { capabilities, context_length } = describeCapabilities(model.capabilities)
    return {
      ...{ id, name, description, state: stateOf(server, id), unlisted, peerID: '' },
      ...(aliases.length > 0 && { aliases }),
      ...(capabilities && { capabilities }),
      ...(context_length !== undefined && { context_length }),
    }
  })
  const remote = [...server.config.peers.values()].flatMap(({ id: peerID, models }) =>
    models.map((model): ModelStatus => {
      return { id: `${peerID}/${model}`, name: '', description: '', state: '', unlisted: false, peerID }
    }),
  )
  return [...local, ...remote.filter(({ id }) => caller.sees([id]))]
}
