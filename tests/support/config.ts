import type { Config, Model } from '../../config/config.ts'
import { type LoadOptions, parseConfig, parseSources } from '../../config/load.ts'
import { ConfigError, type Problem } from '../../config/problem.ts'

/** What a configuration means, whatever machine and environment the tests run on. */
export function load(yaml: string, options: LoadOptions = {}): Config {
  return parseConfig(yaml, 'f.yaml', { ...fixed, ...options }).config
}

const fixed: LoadOptions = { dialect: 'posix', environment: {} }

/** What several files mean together: the first is `1.yaml`. */
export function loadFiles(...texts: readonly string[]): Config {
  return parseSources(files(texts), fixed).config
}

function files(texts: readonly string[]) {
  return texts.map((text, index) => ({ file: `${index + 1}.yaml`, text }))
}

/** The fields that a model cannot do without, for flow mappings. */
export const fields = 'cmd: x, proxy: "http://h:1"'

/** The only model, with these fields. */
export function model(more: string, root = '', options: LoadOptions = {}): Model {
  return load(`${root}\nmodels:\n  m: {${fields}, ${more}}`, options).models.values().next().value!
}

/** Every problem, as `line:column path: message`; none when it loads. */
export function problems(yaml: string, options: LoadOptions = {}): readonly string[] {
  return problemsOf(() => load(yaml, options)).map(told)
}

/** Every problem of several files, as `file:line:column path: message`. */
export function problemsOfFiles(...texts: readonly string[]): readonly string[] {
  return problemsOf(() => loadFiles(...texts)).map((problem) => `${problem.place.file}:${told(problem)}`)
}

/** The warnings of a configuration that loads, in the same way. */
export function warnings(yaml: string, options: LoadOptions = {}): readonly string[] {
  return parseConfig(yaml, 'f.yaml', { ...fixed, ...options }).warnings.map(told)
}

export function problemsOf(load: () => unknown): readonly Problem[] {
  try {
    load()
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

function told({ place, path, message }: Problem): string {
  return `${place.line}:${place.column} ${path}: ${message}`
}
