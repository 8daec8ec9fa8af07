import type { ModelId } from '../../config/config.ts'
import type { Selector } from '../../config/selectors.ts'
import { type Presence, recordOf } from '../../machines/policy/ledger.ts'
import type { Server } from '../server.ts'

export type State = Presence['state']

/** What the process of a local model does. */
export function stateOf({ system }: Pick<Server, 'system'>, model: ModelId): State {
  return recordOf(system.ledger(), model)?.presence.state ?? 'stopped'
}

/** What `status.value` says of it (server §18.5): whatever takes a place is loaded. `state` tells more (W23). */
export function statusOf(state: State): { value: 'loaded' | 'unloaded'; state: State } {
  return { value: state === 'stopped' ? 'unloaded' : 'loaded', state }
}

/** A selector is loaded when a target of this server runs or is about to; only the first counts for one that never chooses another. */
export function selectorStatus(server: Server, { strategy, targets }: Selector): { value: 'loaded' | 'unloaded' } {
  const candidates = strategy === 'pin' ? targets.slice(0, 1) : targets
  const isUp = candidates.some(({ means }) => {
    const state = means.type === 'model' ? stateOf(server, means.model) : 'stopped'
    return state === 'ready' || state === 'starting'
  })
  return { value: isUp ? 'loaded' : 'unloaded' }
}
