import type * as v from 'valibot'
import { apiKeySchema } from './api-keys.ts'
import { clientEntries } from './clients.ts'
import { field, list, maybe, outdated, record, section, struct } from './fields.ts'
import { upstreamSchema } from './ignore-paths.ts'
import { loggingEntries } from './logging.ts'
import { macrosField } from './macros/schema.ts'
import { healthCheckSeconds, modelSchema } from './models.ts'
import { peerSchema } from './peers.ts'
import { performanceSchema } from './performance.ts'
import { hooksSchema } from './preload.ts'
import { profileSchema } from './profiles.ts'
import { recordSchema } from './recording.ts'
import { engineEntries, routingSchema } from './routing.ts'
import { atLeast, between, boolean } from './scalars.ts'
import { selectorSchema } from './selectors.ts'
import { uiSchema } from './session-headers.ts'
import { storeSchema } from './store.ts'

/* The whole format (§7.1): every field, its default with its reason, its own validation. What depends on other fields is checked in `normalise.ts`. */

export const rootSchema = struct({
  healthCheckTimeout: field(
    healthCheckSeconds,
    '120',
    'Seconds from start to ready, at least 15. The default is for large models on slow disks.',
  ),
  ...loggingEntries,
  logRequests: outdated(
    maybe(boolean, 'Accepted, and without effect: requests are always logged.'),
    'nothing: requests are always logged',
  ),
  metricsMaxInMemory: field(
    atLeast(0),
    '1000',
    'Rows of activity kept in memory, the newest ones; 0 is 1000. A store has no limit.',
  ),
  captureBuffer: field(atLeast(0), '5', 'MiB of requests and responses kept in memory, to be looked at; 0 keeps none.'),
  store: maybe(storeSchema, 'Keeps activity in a file. Without it, activity is gone with the process.'),
  ui: section(uiSchema, 'The web page.'),
  performance: section(performanceSchema, 'The watch over CPU, memory and GPUs.'),
  globalTTL: field(
    atLeast(0),
    '0',
    'The `ttl` of models that set none; 0 never unloads: what is loaded answers soonest.',
  ),
  unloadTimeout: field(
    atLeast(0),
    '10',
    'Seconds from the polite stop to SIGKILL, in which a server frees its GPU; 0 is 10.',
  ),
  startPort: field(between(1, 65535), '5800', 'The first port that is given out, to the first id that needs one.'),
  sendLoadingState: field(
    boolean,
    'false',
    'Chats that stream are told how their model loads. Off, as not all clients expect it.',
  ),
  includeAliasesInList: field(
    boolean,
    'false',
    'Aliases are models of their own in `/v1/models`. Off, as clients then show a model twice.',
  ),
  bodyLimit: field(
    atLeast(1),
    '256',
    'MiB of the largest request body. Images and audio fit the default, a runaway client does not.',
  ),
  reloadDrain: field(
    atLeast(0),
    '30',
    'Seconds that responses of a changed or removed model may run on after a reload: most answers end within them.',
  ),
  apiKeys: list(
    apiKeySchema,
    'Keys, of which each client must have one; a key alone may do everything. Empty: none is asked for.',
  ),
  ...clientEntries,
  macros: macrosField('What is written once and used by its name: text, numbers, true or false.'),
  models: record(modelSchema, 'By id.'),
  ...engineEntries,
  routing: section(routingSchema, 'Who may run together, and who goes first.'),
  hooks: section(hooksSchema, 'What happens by itself.'),
  profiles: record(profileSchema, 'Sets of pins, one of which can be active.'),
  selectors: record(selectorSchema, 'Names that stand for one of several models.'),
  peers: record(peerSchema, 'Other servers, whose models are served through this one.'),
  upstream: section(upstreamSchema, 'What goes through `/upstream`.'),
  record: maybe(recordSchema, 'Records what the actor system does, to be looked at and replayed.'),
})

export type Root = v.InferOutput<typeof rootSchema>
