import type { World } from '../scene.ts'

/**
 * What the oldest request may have to wait for, one after the other, a round each (scheduling §7). Null without `maxWait`:
 * then others may overtake it, and nothing is promised.
 */
export function boundOf({ configs, bounds }: World): readonly string[] | null {
  const { maxWaitMs, minTenureMs } = configs[0].routing
  if (maxWaitMs === 0) return null
  return [
    'maxWait',
    'the stop of the victims of a swap that was under way in its place by then',
    'the load of that swap',
    ...(minTenureMs > 0 ? ['minTenure'] : []),
    // They end side by side, but a round may see the end of one only.
    ...Array.from({ length: bounds.requests - 1 }, () => 'a response of its victims'),
    'the stop of its victims',
    'its load',
    'the stop of that load, if it fails',
  ]
}
