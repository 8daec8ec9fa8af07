import { normaliseApiKeys } from './api-keys.ts'
import { normaliseOrigins, normaliseTrustedProxies } from './clients.ts'
import type { Dialect } from './command.ts'
import type { Config, Model, ModelId } from './config.ts'
import { normaliseIgnorePaths } from './ignore-paths.ts'
import { normaliseModel } from './models.ts'
import { type NameTable, nameTable } from './names.ts'
import { byCodePoint } from './order.ts'
import { peerNames } from './peer-names.ts'
import { normalisePeers } from './peers.ts'
import { normalisePerformance } from './performance.ts'
import { normalisePreload } from './preload.ts'
import type { Problem } from './problem.ts'
import { Problems } from './problems.ts'
import { normaliseProfiles } from './profiles.ts'
import { normaliseRecording } from './recording.ts'
import { normalisePriorities, normaliseRouting, whyApart } from './routing.ts'
import type { Root } from './schema.ts'
import { meaningOf, normaliseSelectors } from './selectors.ts'
import { normaliseSessionHeaders } from './session-headers.ts'
import { normaliseStore } from './store.ts'
import type { Tree } from './tree.ts'

/** What is known beside the typed fields. */
export interface Reading {
  /** Where the fields come from, for the places of problems. */
  readonly tree: Tree
  /** The ports that were given out, by model. */
  readonly ports: ReadonlyMap<string, number | null>
  readonly dialect: Dialect
}

/** Typed fields to configuration: names are resolved, and what depends on more than one field is checked (§4 steps 12 to 20). */
export function normalise(root: Root, reading: Reading): { config: Config; problems: readonly Problem[] } {
  const problems = new Problems(reading.tree)
  const ids = [...root.models.keys()].sort(byCodePoint) as ModelId[]
  if (root.models.has('')) problems.error(['models', ''], 'a model needs an id that is not empty')
  const names = nameTable(root.models, problems)
  const routing = normaliseRouting(root, ids, names, problems)
  const config: Config = {
    models: normaliseModels(root, ids, names, reading, problems),
    aliases: names.aliases,
    routing,
    ...normaliseTargets(root, ids, names, routing, problems),
    preload: normalisePreload(root.hooks.on_startup.preload, names, problems),
    ...normaliseServer(root, problems),
  }
  return { config, problems: problems.all }
}

function normaliseModels(
  root: Root,
  ids: readonly ModelId[],
  names: NameTable,
  { ports, dialect }: Reading,
  problems: Problems,
): ReadonlyMap<ModelId, Model> {
  const priorities = normalisePriorities(root, names, problems)
  const model = (id: ModelId): Model => {
    const surroundings = { root, names, port: ports.get(id) ?? null, priority: priorities.get(id) ?? 0, dialect }
    return normaliseModel(id, root.models.get(id)!, surroundings, problems)
  }
  return new Map(ids.map((id) => [id, model(id)]))
}

/** What else a request may ask for, and what that means. */
function normaliseTargets(
  root: Root,
  ids: readonly ModelId[],
  names: NameTable,
  { router }: Config['routing'],
  problems: Problems,
): Pick<Config, 'peers' | 'peerModels' | 'selectors' | 'profiles'> {
  const peers = normalisePeers(root.peers, problems)
  const remote = peerNames(peers, ids, names, problems)
  const namespace = { names, peers: remote, whyApart: (models: readonly ModelId[]) => whyApart(router, models) }
  const isKnown = (name: string) => root.selectors.has(name) || meaningOf(name, namespace) !== undefined
  return {
    peers,
    peerModels: remote.models,
    selectors: normaliseSelectors(root.selectors, namespace, problems),
    profiles: normaliseProfiles(root.profiles, isKnown, remote, problems),
  }
}

/** What is not about models. */
function normaliseServer(root: Root, problems: Problems) {
  if (root.logRequests !== undefined) {
    problems.warning(['logRequests'], 'has no effect: requests are logged at level `info`. Remove it')
  }
  return {
    apiKeys: normaliseApiKeys(root.apiKeys, problems),
    cors: { allowOrigins: normaliseOrigins(root.cors.allowOrigins, problems) },
    trustedProxies: normaliseTrustedProxies(root.trustedProxies, problems),
    logLevel: root.logLevel,
    logToStdout: root.logToStdout,
    logTimeFormat: root.logTimeFormat || null,
    includeAliasesInList: root.includeAliasesInList,
    sessionHeaders: normaliseSessionHeaders(root.ui.activity.session_id),
    performance: normalisePerformance(root.performance, problems),
    storePath: normaliseStore(root.store, problems),
    metricsMaxInMemory: root.metricsMaxInMemory || 1000,
    captureBufferBytes: root.captureBuffer * 2 ** 20,
    ignorePaths: normaliseIgnorePaths(root.upstream.ignorePaths, problems),
    record: normaliseRecording(root.record, problems),
    bodyLimitBytes: root.bodyLimit * 2 ** 20,
    reloadDrainMs: root.reloadDrain * 1000,
  }
}
