import * as v from 'valibot'
import type { Exit } from '../../child.ts'
import type { Failure, Refusal } from '../../policy/failure.ts'
import { anyOf } from './closed.ts'
import { model, ms } from './scalars.ts'

export const exit = anyOf<Exit, 'type'>('type', {
  exited: v.strictObject({ type: v.literal('exited'), code: v.number() }),
  killed: v.strictObject({ type: v.literal('killed'), signal: v.string() }),
  unspawned: v.strictObject({ type: v.literal('unspawned'), code: v.string() }),
  'port taken': v.strictObject({ type: v.literal('port taken'), port: v.number() }),
})

export const failure = anyOf<Failure, 'type'>('type', {
  exit: v.strictObject({ type: v.literal('exit'), exit }),
  unready: v.strictObject({ type: v.literal('unready'), afterMs: ms }),
})

export const refusal = anyOf<Refusal, 'reason'>('reason', {
  'unknown model': v.strictObject({ reason: v.literal('unknown model') }),
  'concurrency limit': v.strictObject({ reason: v.literal('concurrency limit'), limit: v.number() }),
  'model failed': v.strictObject({ reason: v.literal('model failed'), failure, retryAfterMs: ms }),
  'stop failed': v.strictObject({ reason: v.literal('stop failed'), victim: model }),
  unloaded: v.strictObject({ reason: v.literal('unloaded') }),
  removed: v.strictObject({ reason: v.literal('removed') }),
  'shutting down': v.strictObject({ reason: v.literal('shutting down') }),
})
