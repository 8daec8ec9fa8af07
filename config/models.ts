import * as v from 'valibot'
import { capabilitiesSchema, normaliseCapabilities } from './capabilities.ts'
import { type Dialect, splitCommand } from './command.ts'
import type { Model, ModelId } from './config.ts'
import { anything, field, list, maybe, record, required, section, struct } from './fields.ts'
import { modelFiltersSchema, normaliseFilters } from './filters.ts'
import { macrosField } from './macros/schema.ts'
import { normaliseMetadata } from './metadata.ts'
import type { NameTable } from './names.ts'
import type { Problems } from './problems.ts'
import { assignment, atLeast, boolean, httpUrl, integer, notBlank, text, trimmed } from './scalars.ts'
import { milliseconds } from './time.ts'
import { modelTimeoutsSchema, normaliseTimeouts } from './timeouts.ts'
import { httpBase } from './url.ts'

/** 15 s is the least that the reference waits for a model, whatever is written (§7.1). */
export const healthCheckSeconds = v.pipe(
  integer,
  v.transform((seconds) => Math.max(seconds, 15)),
)

/** The ttl of a model that leaves it to the root. */
const asTheRoot = -1

export const modelSchema = struct({
  cmd: required(
    field(
      notBlank,
      '',
      `The command that starts the server, split into words without a shell. \`\${PORT}\` is a free port.`,
    ),
  ),
  cmdStop: maybe(text, `The command that stops the server; without it, a signal does. \`\${PID}\` is the process id.`),
  proxy: maybe(httpUrl, `Where the server listens. Without it, \`http://localhost:\${PORT}\`.`),
  checkEndpoint: field(
    text,
    '/health',
    'Path that answers 200 once the model is ready. The default is that of llama-server; `none` skips the check.',
  ),
  healthCheckTimeout: maybe(
    healthCheckSeconds,
    'Seconds from start to ready, at least 15. Without it, as the root says.',
  ),
  ttl: field(
    atLeast(asTheRoot, 'must be -1 (as globalTTL says), 0 (never) or a number of seconds'),
    String(asTheRoot),
    'Idle seconds after which the model is unloaded; 0 never, -1 as `globalTTL` says.',
  ),
  unloadTimeout: field(atLeast(0), '0', 'Seconds from the polite stop to SIGKILL; 0 as the root says.'),
  env: list(assignment, '`NAME=value` entries, added to the environment of `cmd` and `cmdStop`.'),
  aliases: list(trimmed, 'Other names that it is asked for by.'),
  concurrencyLimit: field(
    atLeast(0),
    '0',
    'Requests admitted at once, waiting or served; the next one gets 429. 0 is 10, more than most servers have slots.',
  ),
  useModelName: field(
    text,
    '',
    'What the server calls the model, in place of the name in the request; empty leaves that as it is.',
  ),
  filters: section(modelFiltersSchema, 'What is changed in requests before they are forwarded.'),
  metadata: record(anything, 'Anything, for clients: shown under `meta.llamaswap` in `/v1/models`.'),
  sendLoadingState: maybe(boolean, 'Chats that stream are told how the model loads. Without it, as the root says.'),
  timeouts: section(modelTimeoutsSchema, 'How long the parts of a request may take.'),
  compat: section(
    struct({
      ignoreWebsockets: field(
        boolean,
        'false',
        'WebSockets neither load the model nor keep it loaded: for pages that hold one open for ever.',
      ),
    }),
    'For servers with habits of their own.',
  ),
  macros: macrosField('Macros of this model alone, which win over those of the root.'),
  capabilities: section(capabilitiesSchema, 'What the model can do, for clients that choose by it.'),
  name: field(text, '', 'Shown in `/v1/models`.'),
  description: field(text, '', 'Shown in `/v1/models`.'),
  unlisted: field(boolean, 'false', 'Hidden from `/v1/models`, still requestable.'),
})

export type ModelFields = v.InferOutput<typeof modelSchema>

/** What is known of a model besides its own fields. */
export interface Surroundings {
  /** What the root says for all models. */
  readonly root: {
    readonly healthCheckTimeout: number
    readonly globalTTL: number
    readonly unloadTimeout: number
    readonly sendLoadingState: boolean
  }
  readonly names: NameTable
  readonly port: number | null
  readonly priority: number
  readonly dialect: Dialect
}

/** Requests that one model may have when nothing else is said (§13.3). */
const defaultLimit = 10
const defaultUnloadSeconds = 10
const windowsStop = `taskkill /f /t /pid \${PID}`

/** The model that `/comfyui` goes to. Its page holds WebSockets and sends small requests by the dozen (§7.2). */
const comfyui = 'comfyui_auto'
const comfyuiLimit = 50

/** Fills in what depends on the root, and checks what depends on more than one field. */
export function normaliseModel(
  id: ModelId,
  fields: ModelFields,
  { root, names, port, priority, dialect }: Surroundings,
  problems: Problems,
): Model {
  const path = ['models', id]
  const argv = splitCommand(fields.cmd, dialect)
  if (argv.length === 0) problems.error([...path, 'cmd'], 'is empty: write the command that starts the model')
  const written = fields.proxy ?? `http://localhost:${port}`
  const proxy = httpBase(written)
  if (proxy === null && fields.proxy !== undefined)
    problems.error([...path, 'proxy'], `\`${written}\` is not an http:// or https:// URL`)
  fields.env.forEach((entry, index) => {
    if (!/^[^=]+=/.test(entry)) problems.warning([...path, 'env', index], `sets nothing: write it as \`NAME=value\``)
  })
  const stopArgv = splitCommand(fields.cmdStop ?? (dialect === 'windows' ? windowsStop : ''), dialect)
  const limit = fields.concurrencyLimit || defaultLimit
  const { checkEndpoint } = fields

  return {
    id,
    cmd: fields.cmd,
    argv,
    stopArgv: stopArgv.length > 0 ? stopArgv : null,
    env: fields.env,
    proxy: proxy ?? written,
    port,
    checkEndpoint: checkEndpoint.trim() === 'none' ? null : checkEndpoint,
    healthCheckTimeoutMs: milliseconds(fields.healthCheckTimeout ?? root.healthCheckTimeout),
    ttlMs: milliseconds(fields.ttl === asTheRoot ? root.globalTTL : fields.ttl),
    unloadTimeoutMs: milliseconds(fields.unloadTimeout || root.unloadTimeout || defaultUnloadSeconds),
    concurrencyLimit: id === comfyui ? Math.max(limit, comfyuiLimit) : limit,
    priority,
    aliases: [...names.aliases].filter(([, model]) => model === id).map(([alias]) => alias),
    useModelName: fields.useModelName || null,
    filters: normaliseFilters(fields.filters, [...path, 'filters'], problems),
    metadata: normaliseMetadata(fields.metadata, [...path, 'metadata'], problems),
    sendLoadingState: fields.sendLoadingState ?? root.sendLoadingState,
    timeouts: normaliseTimeouts(fields.timeouts),
    ignoreWebsockets: id === comfyui || fields.compat.ignoreWebsockets,
    capabilities: normaliseCapabilities(fields.capabilities),
    name: fields.name,
    description: fields.description,
    unlisted: fields.unlisted,
  }
}
