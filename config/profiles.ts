import type * as v from 'valibot'
import { field, record, required, struct } from './fields.ts'
import type { PeerNames } from './peer-names.ts'
import type { Problems } from './problems.ts'
import { text } from './scalars.ts'

/** While it is active, its pins change what names mean (§7.14, §13.6). */
export interface Profile {
  readonly id: string
  readonly description: string
  /** By requested name, what is asked for instead, as written: a model, alias, peer's model or selector; `''` for nothing. */
  readonly pins: ReadonlyMap<string, string>
}

export const profileSchema = struct(
  {
    description: field(text, '', 'Shown where profiles are chosen.'),
    pins: required(
      record(
        field(text, '', 'A model, alias or selector; empty switches the name off.'),
        'By requested name, the model, alias or selector that is asked for instead; empty switches the name off.',
      ),
    ),
  },
  'expected a mapping with `pins`: profiles are no lists of models any more',
)

type ProfileFields = v.InferOutput<typeof profileSchema>

/** @param isKnown whether a name means anything that can be requested */
export function normaliseProfiles(
  fields: ReadonlyMap<string, ProfileFields>,
  isKnown: (name: string) => boolean,
  { reserve }: PeerNames,
  problems: Problems,
): ReadonlyMap<string, Profile> {
  return new Map(
    [...fields].map(([id, { description, pins }]) => {
      const path = ['profiles', id]
      if (id.trim() === '') problems.error(path, 'a profile needs a name that is not empty')
      if (pins.size === 0) problems.error([...path, 'pins'], 'is empty: say which names mean what in this profile')
      for (const [name, target] of pins) {
        const pin = [...path, 'pins', name]
        if (name.trim() === '') problems.error(pin, 'a pin needs a name that is not empty')
        if (target !== '' && !isKnown(target)) {
          problems.error(pin, `there is no model or selector \`${target}\`, which \`${name}\` is to mean`)
        }
        reserve(name, pin)
      }
      return [id, { id, description, pins }]
    }),
  )
}
