import { Ajv } from 'ajv'
import { parse } from 'yaml'
import { configSchema } from '../../docs/generate/config-schema.ts'

const ajv = new Ajv({ allowUnionTypes: true, strictTypes: false })
ajv.addVocabulary(['patternErrorMessage', 'errorMessage', 'markdownDescription', 'deprecationMessage'])
const isValid = ajv.compile(configSchema)

/** What an editor makes of a configuration, by the JSON schema. */
export function editor(yaml: string): 'takes' | 'marks' {
  return isValid(parse(yaml, { merge: true })) ? 'takes' : 'marks'
}
