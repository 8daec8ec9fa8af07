import type { Model } from '../../config/config.ts'
import { byCodePoint } from '../../config/order.ts'
import type { PeerModel } from '../../config/peer-names.ts'
import type { Selector } from '../../config/selectors.ts'
import type { Caller } from '../auth/caller.ts'
import { namesOf, visibleModels } from '../auth/rights.ts'
import type { Server } from '../server.ts'
import { type Described, describeCapabilities, describedKeys } from './capabilities.ts'
import { exactMetadata } from './metadata.ts'
import { selectorStatus, stateOf, statusOf } from './state.ts'

/** One entry of `GET /v1/models` (server §18.2). */
export interface ModelRecord extends Described {
  readonly id: string
  readonly object: 'model'
  /** Unix seconds at which the configuration was loaded: the same each time (W22). */
  readonly created: number
  readonly owned_by: 'hotseat'
  readonly name?: string
  readonly description?: string
  readonly meta: { readonly llamaswap: Readonly<Record<string, unknown>>; readonly n_ctx?: number }
  readonly status: { readonly value: 'loaded' | 'unloaded'; readonly state?: string }
}

/** Everything that is listed for a caller, in ascending order of the id by code point (server §18.3). */
export function listRecords(server: Server, caller: Caller): readonly ModelRecord[] {
  const { config } = server
  const listed = visibleModels(server, caller).filter(({ unlisted }) => !unlisted)
  const aliases = config.includeAliasesInList
    ? listed.flatMap((model) => model.aliases.map((alias) => aliasRecord(server, model, alias)))
    : []
  const peers = [...config.peers.values()].flatMap(({ id, models }) =>
    models.map((model): PeerModel => ({ type: 'peer', peer: id, model })),
  )
  const selectors = [...config.selectors.values()].filter(({ id, unlisted }) => !unlisted && caller.sees([id]))
  const records = [
    ...listed.map((model) => modelRecord(server, model)),
    ...aliases,
    ...peers.filter((peer) => caller.sees([qualified(peer)])).map((peer) => peerRecord(server, peer)),
    ...selectors.map((selector) => selectorRecord(server, selector)),
    ...pins(server, caller).map((name) => pinRecord(server, name)),
  ]
  return records.sort((a, b) => byCodePoint(a.id, b.id))
}

/** The record of whatever can be requested by this name, listed or not. */
export function recordNamed(server: Server, caller: Caller, name: string): ModelRecord | undefined {
  const { config, names } = server
  if (pins(server, caller).includes(name)) return pinRecord(server, name)
  const selector = config.selectors.get(name)
  if (selector && caller.sees([name])) return selectorRecord(server, selector)
  const model = names.resolve(name)
  if (model) {
    if (!caller.sees(namesOf(model))) return undefined
    return model.id === name ? modelRecord(server, model) : aliasRecord(server, model, name)
  }
  const peer = config.peerModels.get(name)
  return peer && caller.sees([name, qualified(peer)]) ? peerRecord(server, peer) : undefined
}

function modelRecord(server: Server, model: Model): ModelRecord {
  const { id, aliases } = model
  return local(server, id, model, { type: 'model', ...(aliases.length > 0 && { aliases }) })
}

function aliasRecord(server: Server, model: Model, alias: string): ModelRecord {
  return local(server, alias, model, { type: 'alias', modelID: model.id })
}

/** The server's own keys win over the user's metadata, and configured capabilities over metadata of that name. */
function local(server: Server, id: string, model: Model, own: Readonly<Record<string, unknown>>): ModelRecord {
  const described = describeCapabilities(model.capabilities)
  const metadata = exactMetadata(model.metadata)
  const kept = Object.entries(metadata).filter(([key]) => !model.capabilities || !describedKeys.includes(key))
  const n_ctx = described.context_length
  return {
    ...base(server, id, model),
    ...described,
    meta: { llamaswap: { ...Object.fromEntries(kept), ...own }, ...(n_ctx !== undefined && { n_ctx }) },
    status: statusOf(stateOf(server, model.id)),
  }
}

function peerRecord(server: Server, peer: PeerModel): ModelRecord {
  return {
    ...base(server, qualified(peer), { name: `${peer.peer}: ${peer.model}`, description: '' }),
    meta: { llamaswap: { type: 'peer', peerID: peer.peer } },
    status: { value: 'unloaded' },
  }
}

function selectorRecord(server: Server, selector: Selector): ModelRecord {
  const { id, strategy, targets, spillover, metadata } = selector
  const own = { type: 'selector', strategy, targets: targets.map(({ name }) => name) }
  return {
    ...base(server, id, selector),
    meta: { llamaswap: { ...exactMetadata(metadata), ...own, ...(strategy === 'spillover' && { spillover }) } },
    status: selectorStatus(server, selector),
  }
}

function pinRecord(server: Server, name: string): ModelRecord {
  return {
    ...base(server, name, { name: '', description: '' }),
    meta: { llamaswap: { type: 'profile' } },
    status: { value: 'unloaded' },
  }
}

/** Names that only the active profile gives a meaning. */
function pins({ config, names, profiles }: Server, caller: Caller): readonly string[] {
  const active = profiles.active?.pins ?? new Map<string, string>()
  return [...active].flatMap(([name, target]) => {
    const isNew = !names.resolve(name) && !config.peerModels.has(name) && !config.selectors.has(name)
    return target !== '' && isNew && caller.sees([name]) ? [name] : []
  })
}

function base({ reloader }: Server, id: string, { name, description }: { name: string; description: string }) {
  return {
    id,
    object: 'model' as const,
    created: Math.floor(reloader.loadedAt / 1000),
    owned_by: 'hotseat' as const,
    ...(name.trim() && { name: name.trim() }),
    ...(description.trim() && { description: description.trim() }),
  }
}

function qualified({ peer, model }: PeerModel): string {
  return `${peer}/${model}`
}
