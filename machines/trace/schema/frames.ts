import * as v from 'valibot'
import type { Checkpoint, Dropped, Header } from '../frame.ts'
import { formatVersion } from '../upgrade.ts'
import type { Members } from './closed.ts'
import { at } from './scalars.ts'
import { settingsSchema } from './settings.ts'

const actor = v.strictObject({ id: v.string(), state: v.unknown(), context: v.unknown() })
const timer = v.strictObject({ actor: v.string(), delay: v.string(), due: v.number() })

/** Everything that is neither input nor output. */
export const frames: Members<Header | Checkpoint | Dropped, 'type'> = {
  trace: v.strictObject({
    type: v.literal('trace'),
    version: v.literal(formatVersion),
    hotseat: v.string(),
    at,
    settings: settingsSchema,
  }),
  checkpoint: v.strictObject({ type: v.literal('checkpoint'), actors: v.array(actor), timers: v.array(timer) }),
  dropped: v.strictObject({ type: v.literal('dropped'), lines: v.number() }),
}
