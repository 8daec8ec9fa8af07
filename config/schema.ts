import type * as v from 'valibot'
import { apiKeySchema } from './api-keys.ts'
import { clientEntries } from './clients.ts'
import { field, list, maybe, record, section, struct } from './fields.ts'
import { upstreamSchema } from './ignore-paths.ts'
import { loggingEntries } from './logging.ts'
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
    'Seconds from start to ready: large models load from slow disks. At least 15.',
  ),
  ...loggingEntries,
  logRequests: maybe(boolean, 'Accepted, and without effect: requests are always logged.'),
  metricsMaxInMemory: field(atLeast(0), '1000', 'Rows of activity kept in memory; 0 is 1000. A store has no limit.'),
  captureBuffer: field(atLeast(0), '5', 'MiB of captured requests and responses kept in memory; 0 captures none.'),
  store: maybe(storeSchema, 'Keeps activity in a file. Without it, activity is gone with the process.'),
  ui: section(uiSchema, 'The web page.'),
  performance: section(performanceSchema, 'The watch over CPU, memory and GPUs.'),
  globalTTL: field(atLeast(0), '0', 'The ttl of models that set none; 0 never unloads.'),
  unloadTimeout: field(atLeast(0), '10', 'Seconds from the polite stop to SIGKILL; 0 is 10.'),
  startPort: field(between(1, 65535), '5800', 'The first port that is given out.'),
  sendLoadingState: field(boolean, 'false', 'Stream progress to chats while their model loads; models may differ.'),
  includeAliasesInList: field(boolean, 'false', 'List aliases as models of their own in `/v1/models`.'),
  bodyLimit: field(
    atLeast(1),
    '256',
    'MiB; the largest request body. Images and audio fit, a runaway client does not.',
  ),
  reloadDrain: field(
    atLeast(0),
    '30',
    'Seconds that responses of a changed or removed model may run on after a reload: most answers end within them.',
  ),
  apiKeys: list(
    apiKeySchema,
    'Keys that clients must have one of; a key alone may do everything. Empty: no key is asked for.',
  ),
  ...clientEntries,
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
