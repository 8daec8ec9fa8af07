import * as v from 'valibot'
import type { SwapOutcome } from '../../events.ts'
import type { Input } from '../lines.ts'
import { anyOf, type Members } from './closed.ts'
import { exit, failure } from './failure.ts'
import { at, life, model, models, ms, request, swap, unload } from './scalars.ts'
import { settingsSchema } from './settings.ts'

const outcome = anyOf<SwapOutcome, 'type'>('type', {
  ready: v.strictObject({ type: v.literal('ready') }),
  failed: v.strictObject({ type: v.literal('failed'), failure }),
  stuck: v.strictObject({ type: v.literal('stuck'), victim: model }),
  aborted: v.strictObject({ type: v.literal('aborted') }),
})

const processState = v.picklist(['stopped', 'starting', 'ready', 'stopping', 'stuck'])

/** Every input, by its type. */
export const inputs: Members<Input, 'type'> = {
  request: v.strictObject({ type: v.literal('request'), request, model, at }),
  'request.cancel': v.strictObject({ type: v.literal('request.cancel'), request, at }),
  'serve.done': v.strictObject({ type: v.literal('serve.done'), request, model, at }),
  unload: v.strictObject({ type: v.literal('unload'), unload, models, at }),
  'config.changed': v.strictObject({ type: v.literal('config.changed'), settings: settingsSchema, at }),
  shutdown: v.strictObject({ type: v.literal('shutdown'), budgetMs: ms, at }),

  'child.spawned': v.strictObject({ type: v.literal('child.spawned'), ...life, pid: v.number(), at }),
  'child.ready': v.strictObject({ type: v.literal('child.ready'), ...life, at }),
  'child.exited': v.strictObject({ type: v.literal('child.exited'), ...life, exit, at }),
  timer: v.strictObject({ type: v.literal('timer'), actor: v.string(), delay: v.string(), at }),

  // Said among the actors; from outside only by tests, which lie.
  'process.changed': v.strictObject({
    type: v.literal('process.changed'),
    ...life,
    state: processState,
    failure: v.nullable(failure),
    at,
  }),
  'process.idle': v.strictObject({ type: v.literal('process.idle'), ...life, at }),
  'swap.done': v.strictObject({ type: v.literal('swap.done'), swap, target: model, outcome, at }),
}
