import { configure } from './configure.ts'
import type { Bounds, World } from './scene.ts'

/** A world as it is written down. Plain JSON, so that it can be told to a worker. */
export interface Draft {
  readonly name: string
  readonly bounds: Bounds
  /** Configurations in YAML or JSON: what it begins with, and what a reload may replace it by. */
  readonly configs: readonly string[]
  /** Somebody may wait for ever here, and that is as it should be. Default: false. */
  readonly isOvertaking?: boolean
}

export function worldOf({ name, bounds, configs }: Draft): World {
  const [first, ...others] = configure(configs, name)
  if (!first) throw new Error(`${name} has no configuration`)
  return { name, bounds, configs: [first, ...others] }
}

type Fields = Readonly<Record<string, unknown>>

function draft(name: string, bounds: Partial<Bounds>, ...configs: readonly Fields[]): Draft {
  const usual = { requests: 2, unloads: 0, shutdown: false }
  return { name, bounds: { ...usual, ...bounds }, configs: configs.map((fields) => JSON.stringify(fields)) }
}

const model = { cmd: `serve --port $\{PORT}` }
const revised = { cmd: `serve --port $\{PORT} --revised` }

function config(models: string, fields: Fields = {}): Fields {
  return { models: Object.fromEntries([...models].map((id) => [id, model])), ...fields }
}

function fifo(settings: Fields): Fields {
  return { routing: { scheduler: { settings: { fifo: settings } } } }
}

/*
 * How long anything takes makes no difference to a walk, as any time may have come (`notation/`). Whether there is a `ttl`, a
 * `maxWait`, which is there by default, and a `minTenure` at all does.
 */
const ttl = { globalTTL: 10 }
const tenure = fifo({ minTenure: 10 })
const overtaking = fifo({ maxWait: 0 })

const free = { exclusive: false }
const policies = {
  'two seats': { groups: { ab: { members: ['a', 'b'], ...free }, c: { members: ['c'], ...free } } },
  'a seat, and an exclusive model': { groups: { ab: { members: ['a', 'b'], ...free }, c: { members: ['c'] } } },
  'a matrix: any two': { matrix: { sets: { one: 'a & b', two: 'b & c', three: 'a & c' } } },
}
const exclusive = { a: { members: ['a'], ...free }, b: { members: ['b'] } }
const together = { groups: { ab: { members: ['a', 'b'], swap: false } }, ...ttl, ...overtaking }
const apart = { matrix: { sets: { one: 'a', two: 'b' } }, ...ttl, ...overtaking }
const pair = { groups: { ab: { members: ['a', 'b'], swap: false }, c: { members: ['c'] } } }

/** Small enough to be walked with every run of the tests. The smallest come first. */
export const smallDrafts: readonly Draft[] = [
  draft('one seat, and a shutdown', { unloads: 1, shutdown: true }, config('ab', ttl)),
  draft(
    'one seat with a limit and a priority',
    { requests: 3 },
    { models: { a: { ...model, concurrencyLimit: 2 }, b: model }, ...fifo({ priority: { b: 5 } }) },
  ),
  draft('a reload that removes a model', {}, config('ab'), config('b'), config('a')),
  draft('a reload that puts a matrix in force', {}, config('ab', together), config('ab', apart)),
  draft('a reload that changes the limits', {}, config('ab'), {
    models: { a: { ...model, concurrencyLimit: 1, ttl: 10 }, b: model },
    ...fifo({ priority: { b: 5 } }),
  }),
  draft('a reload that changes a model', { unloads: 1 }, config('ab', ttl), {
    models: { a: model, b: revised },
    ...ttl,
  }),
  ...Object.entries(policies).map(([name, policy]) =>
    draft(`${name}, without maxWait`, {}, config('abc', { ...policy, ...overtaking })),
  ),
  draft('an exclusive model, idle', {}, config('ab', { groups: exclusive, ...ttl, ...overtaking })),
  draft('a seat for two with a tenure', { requests: 3 }, config('ab', tenure)),
  draft('one seat, idle', {}, config('abc', ttl)),
]

/** Large enough for every bug that is known to `npm run mutants`. */
export const mediumDrafts: readonly Draft[] = [
  draft('one seat, unloaded and idle', { unloads: 1 }, config('abc', ttl)),
  draft('a pair, and a model that stops both', {}, config('abc', pair)),
  ...Object.entries(policies).map(([name, policy]) => draft(name, {}, config('abc', policy))),
]

/** Three clients in one seat, who may overtake each other for ever: then somebody may wait for ever. */
export const overtakingDraft: Draft = {
  ...draft('one seat, without maxWait', { requests: 3 }, config('ab', overtaking)),
  isOvertaking: true,
}

const limited = { a: { ...model, concurrencyLimit: 2 }, b: model, c: model }
const beside = { groups: { ab: { members: ['a', 'b'] }, c: { members: ['c'], ...free, persistent: true } } }

/** Those of `npm run prove`, besides the smaller ones. The largest come first, so that no core is idle in the end. */
export const largeDrafts: readonly Draft[] = [
  draft('one seat, four clients', { requests: 4, unloads: 1 }, config('abc', ttl)),
  draft('a matrix: any two, three clients', { requests: 3 }, config('abc', policies['a matrix: any two'])),
  draft(
    'a reload that puts a matrix of three in force',
    {},
    config('abc', { ...pair, ...ttl }),
    config('abc', { ...policies['a matrix: any two'], ...ttl }),
  ),
  draft(
    'a seat, and an exclusive model, three clients',
    { requests: 3 },
    config('abc', { ...policies['a seat, and an exclusive model'], ...fifo({ priority: { a: 5 } }) }),
  ),
  draft('a pair, and a model that stops both, three clients', { requests: 3 }, config('abc', pair)),
  draft('a seat, and a model beside all, three clients', { requests: 3 }, config('abc', beside)),
  draft(
    'one seat with a limit and a priority, three clients',
    { requests: 3, unloads: 1 },
    { models: limited, ...fifo({ priority: { b: 5 } }) },
  ),
  draft('one seat with a tenure, three clients', { requests: 3 }, config('abc', { ...ttl, ...tenure })),
  draft('a shutdown, three clients', { requests: 3, unloads: 1, shutdown: true }, config('abc', ttl)),
  draft('a reload that changes a model and the groups', {}, config('abc', ttl), {
    ...config('abc', { ...policies['a seat, and an exclusive model'], ...ttl }),
    models: { a: model, b: revised, c: model },
  }),
  draft('a reload that removes one of three', {}, config('abc'), config('bc')),
]
