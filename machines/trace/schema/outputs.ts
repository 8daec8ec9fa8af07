import * as v from 'valibot'
import type { Output } from '../lines.ts'
import type { Members } from './closed.ts'
import { refusal } from './failure.ts'
import { at, life, model, models, ms, request, swap, unload } from './scalars.ts'
import { modelSettings } from './settings.ts'

/** Every output, by its type. */
export const outputs: Members<Output, 'type'> = {
  'swap.start': v.strictObject({
    type: v.literal('swap.start'),
    swap,
    target: model,
    clear: v.array(v.strictObject(life)),
    keep: v.nullable(swap),
    at,
  }),
  'swap.abort': v.strictObject({ type: v.literal('swap.abort'), swap, target: model, at }),
  'processes.stop': v.strictObject({
    type: v.literal('processes.stop'),
    lives: v.array(v.strictObject(life)),
    graceMs: v.nullable(ms),
    at,
  }),
  'processes.configure': v.strictObject({
    type: v.literal('processes.configure'),
    models: v.array(modelSettings),
    at,
  }),
  'processes.drop': v.strictObject({ type: v.literal('processes.drop'), models, at }),
  'idle.wind': v.strictObject({ type: v.literal('idle.wind'), ...life, forMs: ms, at }),
  'grant.serve': v.strictObject({ type: v.literal('grant.serve'), request, model, swap }),
  'grant.error': v.strictObject({ type: v.literal('grant.error'), request, model, refusal }),
  'unload.done': v.strictObject({ type: v.literal('unload.done'), unload, stuck: models }),
  'shutdown.done': v.strictObject({ type: v.literal('shutdown.done'), stuck: models }),

  'child.start': v.strictObject({ type: v.literal('child.start'), ...life }),
  'child.probe': v.strictObject({ type: v.literal('child.probe'), ...life }),
  'child.stop': v.strictObject({ type: v.literal('child.stop'), ...life, graceMs: ms }),
  failed: v.strictObject({ type: v.literal('failed'), error: v.string() }),
}
