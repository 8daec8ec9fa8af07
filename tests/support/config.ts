import type { Config, Model } from '../../config/config.ts'
import { parseConfig } from '../../config/load.ts'
import { ConfigError, type Problem } from '../../config/problem.ts'

/** What a configuration means. */
export function load(yaml: string): Config {
  return parseConfig(yaml, 'f.yaml', { dialect: 'posix' }).config
}

/** The fields that a model cannot do without, for flow mappings. */
export const fields = 'cmd: x, proxy: "http://h:1"'

/** The only model, with these fields. */
export function model(more: string, root = ''): Model {
  return load(`${root}\nmodels:\n  m: {${fields}, ${more}}`).models.values().next().value!
}

/** Every problem, as `line:column path: message`; none when it loads. */
export function problems(yaml: string): readonly string[] {
  try {
    load(yaml)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(told)
  }
  return []
}

/** The warnings of a configuration that loads, in the same way. */
export function warnings(yaml: string): readonly string[] {
  return parseConfig(yaml, 'f.yaml', { dialect: 'posix' }).warnings.map(told)
}

function told({ place, path, message }: Problem): string {
  return `${place.line}:${place.column} ${path}: ${message}`
}
