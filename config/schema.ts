import * as v from 'valibot'
import { field, list, record, section, struct } from './fields.ts'
import { boolean, integer, oneOf, text } from './scalars.ts'

/* The whole format (§7): every field, its default with its reason, its own validation. What depends on other fields is checked in `load.ts`. */

function atLeast(least: number) {
  return v.pipe(integer, v.minValue(least, `must be at least ${least}`))
}

/** 15 s is the least that the reference waits for a model, whatever is written (§7.1). */
const healthCheckSeconds = v.pipe(
  integer,
  v.transform((seconds) => Math.max(seconds, 15)),
)

/** The default of a field of a model that a field of the root may set for all. */
const asTheRoot = '-1'

export const modelSchema = struct({
  cmd: field(
    text,
    '',
    'The command that starts the server, split into words without a shell. The PORT macro is a free port.',
  ),
  cmdStop: v.optional(text),
  proxy: v.optional(text),
  checkEndpoint: field(
    text,
    '/health',
    'Path that answers 200 once the model is ready, as llama-server does; `none` to skip the check.',
  ),
  healthCheckTimeout: v.optional(healthCheckSeconds),
  ttl: field(integer, asTheRoot, 'Idle seconds after which the model is unloaded; 0 never, -1 as `globalTTL` says.'),
  unloadTimeout: field(atLeast(0), '0', 'Seconds from the polite stop to SIGKILL; 0 as the root says.'),
  env: list(text, '`NAME=value` entries for the environment of cmd and cmdStop.'),
  aliases: list(text, 'Other names of the model.'),
  concurrencyLimit: field(
    integer,
    '0',
    'Requests admitted at once, waiting or served; 0 is 10, more than one GPU serves well.',
  ),
  name: field(text, '', 'Shown in `/v1/models`.'),
  description: field(text, '', 'Shown in `/v1/models`.'),
  unlisted: field(boolean, 'false', 'Hidden from `/v1/models`, still requestable.'),
})

export const groupSchema = struct({
  swap: field(boolean, 'true', 'Its members take turns: one at a time, as one GPU allows.'),
  exclusive: field(boolean, 'true', 'Loading a member unloads the other groups.'),
  persistent: field(boolean, 'false', 'Other groups never unload it.'),
  members: list(text, 'Ids or aliases of its models.'),
})

const groups = record(groupSchema, 'Models that share a place.')

const fifoSchema = struct({
  priority: record(integer, 'By model: higher goes first in the queue.'),
  maxWait: field(atLeast(0), '60', 'Seconds after which a waiting request is no longer overtaken; 0 is without limit.'),
  minTenure: field(atLeast(0), '0', 'Seconds that a model serves before it can be displaced by `maxWait`.'),
})

const routingSchema = struct({
  router: section(
    struct({
      use: field(text, '', 'Who may run together: `group`.'),
      settings: section(struct({ groups }), 'The settings of each way.'),
    }),
    'Who may run together.',
  ),
  scheduler: section(
    struct({
      use: field(text, 'fifo', 'Who goes first: `fifo`.'),
      settings: section(
        struct({ fifo: section(fifoSchema, 'First come, first served.') }),
        'The settings of each way.',
      ),
    }),
    'Who goes first.',
  ),
})

export const rootSchema = struct({
  healthCheckTimeout: field(
    healthCheckSeconds,
    '120',
    'Seconds from start to ready: large models load from slow disks. At least 15.',
  ),
  logLevel: field(
    oneOf(['debug', 'info', 'warn', 'error'], { isLoose: true }),
    'info',
    "The least of hotseat's own messages that is kept.",
  ),
  logToStdout: field(
    oneOf(['proxy', 'upstream', 'both', 'none']),
    'proxy',
    "What is printed: hotseat's messages, the models' output, both or none.",
  ),
  globalTTL: field(atLeast(0), '0', 'The ttl of models that set none; 0 never unloads.'),
  unloadTimeout: field(atLeast(0), '10', 'Seconds from the polite stop to SIGKILL; 0 is 10.'),
  startPort: field(
    v.pipe(atLeast(1), v.maxValue(65535, 'must be at most 65535')),
    '5800',
    'The first port that is given out.',
  ),
  bodyLimit: field(
    atLeast(1),
    '256',
    'MiB; the largest request body. Images and audio fit, a runaway client does not.',
  ),
  models: record(modelSchema, 'By id.'),
  groups,
  routing: section(routingSchema, 'Who may run together, and who goes first.'),
})

export type Root = v.InferOutput<typeof rootSchema>
export type ModelFields = v.InferOutput<typeof modelSchema>
export type GroupFields = v.InferOutput<typeof groupSchema>
