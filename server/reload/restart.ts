import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../../config/config.ts'

/**
 * When a change of the field takes effect: with the reload, or at the next start. A field that is not here does not compile:
 * whoever adds one decides, and whoever reads one at the start only is told so here.
 */
const effects: Readonly<Record<keyof Config, 'reload' | 'start'>> = {
  models: 'reload',
  aliases: 'reload',
  routing: 'reload',
  reloadDrainMs: 'reload',
  peers: 'reload',
  peerModels: 'reload',
  selectors: 'reload',
  profiles: 'reload',
  preload: 'reload',
  apiKeys: 'reload',
  cors: 'reload',
  trustedProxies: 'reload',
  logLevel: 'reload',
  logTimeFormat: 'reload',
  logToStdout: 'start',
  includeAliasesInList: 'reload',
  sessionHeaders: 'reload',
  ignorePaths: 'reload',
  bodyLimitBytes: 'reload',
  performance: 'start',
  storePath: 'start',
  metricsMaxInMemory: 'start',
  captureBufferBytes: 'start',
  record: 'start',
}

/** The fields that are changed and take effect at the next start only. */
export function restartsOf(before: Config, after: Config): readonly string[] {
  return (Object.keys(effects) as (keyof Config)[]).filter(
    (field) => effects[field] === 'start' && !isDeepStrictEqual(before[field], after[field]),
  )
}
