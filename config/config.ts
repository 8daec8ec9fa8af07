import type { ApiKey } from './api-keys.ts'
import type { Capabilities } from './capabilities.ts'
import type { Filters } from './filters.ts'
import type { PathPattern } from './ignore-paths.ts'
import type { LogLevel, LogTimeFormat, LogToStdout } from './logging.ts'
import type { Metadata } from './metadata.ts'
import type { PeerModel } from './peer-names.ts'
import type { Peer } from './peers.ts'
import type { Performance } from './performance.ts'
import type { Profile } from './profiles.ts'
import type { Recording } from './recording.ts'
import type { Selector } from './selectors.ts'
import type { Timeouts } from './timeouts.ts'

export type { LogLevel, LogToStdout } from './logging.ts'

declare const brand: unique symbol

/** The id of a configured model, as written under `models:`. Minted by `config/` alone: whoever holds one holds a known model. */
export type ModelId = string & { readonly [brand]: 'ModelId' }

/**
 * What the user's files say, complete and checked: every default is filled in, every name resolved, every duration in
 * milliseconds. Deeply frozen. Built by `load.ts`; sections cited below are those of the llama-swap configuration format.
 */
export interface Config {
  /** In ascending code point order of the id, which is also the order in which ports are given out (§8). */
  readonly models: ReadonlyMap<ModelId, Model>
  /** Every alias, and the model that it means (§10.2). Ids are not in it. */
  readonly aliases: ReadonlyMap<string, ModelId>
  readonly routing: Routing
  readonly peers: ReadonlyMap<string, Peer>
  /** Every name that means a model of a peer: `PEER/MODEL` always, `MODEL` when nothing else is called so (§10.3). */
  readonly peerModels: ReadonlyMap<string, PeerModel>
  readonly selectors: ReadonlyMap<string, Selector>
  readonly profiles: ReadonlyMap<string, Profile>
  /** Loaded at start, in this order (§7.8). */
  readonly preload: readonly ModelId[]
  /** Who may ask what (§7.9). Empty: everyone, everything. */
  readonly apiKeys: readonly ApiKey[]
  readonly cors: {
    /** Origins whose pages may read answers, such as `https://chat.example`; `*` is every one, which is the default. */
    readonly allowOrigins: readonly string[]
  }
  /** Addresses and networks (CIDR) whose `X-Forwarded-For` is believed. Default none: anyone can write that header. */
  readonly trustedProxies: readonly string[]
  readonly logLevel: LogLevel
  readonly logToStdout: LogToStdout
  /** How times are written in hotseat's own messages; null for none. */
  readonly logTimeFormat: LogTimeFormat | null
  /** Aliases are records of their own in `/v1/models`. */
  readonly includeAliasesInList: boolean
  /** Request headers that name a conversation, for the activity page (§7.11). The first that a request has counts. */
  readonly sessionHeaders: readonly string[]
  readonly performance: Performance
  /** File of the activity store; null keeps activity in memory (§7.12). */
  readonly storePath: string | null
  /** The newest rows of activity that are kept in memory. */
  readonly metricsMaxInMemory: number
  /** Room for captured requests and responses; 0 captures none. */
  readonly captureBufferBytes: number
  /** Paths under `/upstream/MODEL` that never load a model (§7.17). */
  readonly ignorePaths: readonly PathPattern[]
  /** Where the events of the actor system are recorded; null for nowhere. */
  readonly record: Recording | null
  /** The largest request body that is accepted. Default 256 MiB: images and audio fit, a runaway client does not. */
  readonly bodyLimitBytes: number
  /** How long responses of a changed or removed model may run on after a reload, before they are cut. Default 30 s. */
  readonly reloadDrainMs: number
}

/** One entry of `models:` (§7.2). */
export interface Model {
  readonly id: ModelId
  /** The command after expansion, as written: for people (`/running`, messages). */
  readonly cmd: string
  /** `cmd` split into words (§9). Never empty. */
  readonly argv: readonly string[]
  /** `cmdStop` split into words, in which `${PID}` still stands for the process id; null to stop by signal. */
  readonly stopArgv: readonly string[] | null
  /** `NAME=value` entries that are added to the inherited environment of `cmd` and `cmdStop`; the last of a name wins. */
  readonly env: readonly string[]
  /** Base URL of the upstream, without a trailing slash. */
  readonly proxy: string
  /** The port that hotseat gave out for `${PORT}` (§8); null when the configuration names its own. */
  readonly port: number | null
  /** Path that answers 200 once the model is ready; null for `none`: ready as soon as it is spawned. */
  readonly checkEndpoint: string | null
  /** From spawn to ready. At least 15 s (§7.1). */
  readonly healthCheckTimeoutMs: number
  /** Idle time after which the model is unloaded; 0 = never. */
  readonly ttlMs: number
  /** From the polite request to stop until SIGKILL. */
  readonly unloadTimeoutMs: number
  /** Requests that may be admitted at once: waiting and served together (§13.3). */
  readonly concurrencyLimit: number
  /** Higher goes first in the queue. Default 0. */
  readonly priority: number
  /** Those under `aliases`, then the names in `filters.setParamsByID` (§7.3). Without its id. */
  readonly aliases: readonly string[]
  /** What the upstream calls the model; null when it is told what the client wrote. */
  readonly useModelName: string | null
  readonly filters: Filters
  readonly metadata: Metadata
  /** Chats that stream are told of progress while the model loads. */
  readonly sendLoadingState: boolean
  readonly timeouts: Timeouts
  /** WebSockets neither load the model nor keep it loaded (§13.4). */
  readonly ignoreWebsockets: boolean
  /** Null when the configuration says nothing of them. */
  readonly capabilities: Capabilities | null
  readonly name: string
  readonly description: string
  /** Hidden from `/v1/models`, still requestable. */
  readonly unlisted: boolean
}

/** Who may run together, and how long who waits (§7.7). Plain JSON: it travels in traces. */
export interface Routing {
  readonly router: Router
  /** Once the oldest queued request has waited this long, the models in its way get no more grants. 0 = never. */
  readonly maxWaitMs: number
  /** A model that was just swapped in serves at least this long before `maxWaitMs` can displace it. */
  readonly minTenureMs: number
}

export type Router =
  | { readonly use: 'group'; readonly groups: readonly Group[] }
  | ({ readonly use: 'matrix' } & Matrix)

/** Models that share a place (§7.6, §11). */
export interface Group {
  readonly id: string
  /** Its members take turns: one at a time. */
  readonly swap: boolean
  /** Loading a member unloads other groups, except persistent ones. */
  readonly exclusive: boolean
  /** Other groups never unload it. */
  readonly persistent: boolean
  readonly members: readonly ModelId[]
}

/** Which models may run together, as sets of alternatives (§12). */
export interface Matrix {
  /** At least one, in the order of the document, but each after those it refers to. Earlier ones win ties. */
  readonly sets: readonly MatrixSet[]
  /** What it costs to stop a model. Those that are not listed cost 1. */
  readonly costs: readonly EvictCost[]
}

export interface MatrixSet {
  readonly id: string
  readonly expression: SetExpression
}

export interface EvictCost {
  readonly model: ModelId
  readonly cost: number
}

/**
 * An ordered family of sets of models (§12.3): any part of one of them may run. `any` holds the families of its parts
 * one after the other; `all` the unions of one member of each part, the first part changing slowest. Neither holds its
 * own kind.
 */
export type SetExpression =
  | { readonly type: 'model'; readonly model: ModelId }
  /** The family of another set, by its id. */
  | { readonly type: 'set'; readonly set: string }
  | { readonly type: 'any'; readonly of: readonly SetExpression[] }
  | { readonly type: 'all'; readonly of: readonly SetExpression[] }
