import type * as v from 'valibot'
import type { ModelId } from './config.ts'
import { anything, field, list, maybe, record, required, section, struct } from './fields.ts'
import { type Metadata, normaliseMetadata } from './metadata.ts'
import type { NameTable } from './names.ts'
import type { PeerModel, PeerNames } from './peer-names.ts'
import type { Problems } from './problems.ts'
import { boolean, integer, oneOf, text } from './scalars.ts'

/**
 * How a selector chooses (§13.7). `pin`: the first target. `warm`: the first that is ready, else that is starting, else the
 * first. `spillover`: the least busy of those that run, the next one once all have `spillover` requests. `failover`: the
 * first that is up, be it local or a peer's.
 */
export type Strategy = 'pin' | 'warm' | 'spillover' | 'failover'

/** A name that stands for one of several models (§7.15). */
export interface Selector {
  readonly id: string
  readonly strategy: Strategy
  /** Never empty. */
  readonly targets: readonly Target[]
  /** Requests that a target serves before the next one is started; counts for `spillover` only. */
  readonly spillover: number
  readonly name: string
  readonly description: string
  /** Hidden from `/v1/models`, still requestable. */
  readonly unlisted: boolean
  readonly metadata: Metadata
}

export interface Target {
  /** As written, which is what takes the selector's place in a request: an alias keeps its own parameters. */
  readonly name: string
  readonly means: LocalModel | PeerModel
}

export interface LocalModel {
  readonly type: 'model'
  readonly model: ModelId
}

export const selectorSchema = struct({
  strategy: required(
    maybe(
      oneOf(['pin', 'warm', 'spillover', 'failover']),
      'How a target is chosen: `pin` the first, `warm` one that runs, `spillover` the least busy, `failover` the first that is up.',
    ),
  ),
  targets: required(list(text, "Models by id, alias or peer's name, in order of preference.")),
  settings: section(
    struct({
      spillover: field(integer, '1', 'For `spillover`: requests that a target serves before the next one is started.'),
    }),
    'Settings of the strategy.',
  ),
  name: field(text, '', 'Shown in `/v1/models`.'),
  description: field(text, '', 'Shown in `/v1/models`.'),
  unlisted: field(boolean, 'false', 'Hidden from `/v1/models`, still requestable.'),
  metadata: record(anything, 'Anything, for clients: shown under `meta.llamaswap` in `/v1/models`.'),
})

type SelectorFields = v.InferOutput<typeof selectorSchema>

/** What the names in selectors may mean. */
export interface Namespace {
  readonly names: NameTable
  readonly peers: PeerNames
  /** Why local models cannot all run at once; null when they can. */
  readonly whyApart: (models: readonly ModelId[]) => string | null
}

export function normaliseSelectors(
  fields: ReadonlyMap<string, SelectorFields>,
  namespace: Namespace,
  problems: Problems,
): ReadonlyMap<string, Selector> {
  const resolve = (name: string) => (fields.has(name) ? 'selector' : meaningOf(name, namespace))
  return new Map(
    [...fields].map(([id, selector]) => {
      checkId(id, namespace, problems)
      return [id, normaliseSelector(id, selector, resolve, namespace, problems)]
    }),
  )
}

/** The model of this name, be it local or a peer's (§10.1). */
export function meaningOf(
  name: string,
  { names, peers }: Pick<Namespace, 'names' | 'peers'>,
): Target['means'] | undefined {
  const model = names.resolve(name)
  return model === undefined ? peers.models.get(name) : { type: 'model', model }
}

function checkId(id: string, { names, peers }: Namespace, problems: Problems): void {
  const path = ['selectors', id]
  const model = names.resolve(id)
  if (id.trim() === '') problems.error(path, 'a selector needs an id that is not empty')
  else if (model === id) problems.error(path, `\`${id}\` is a model: choose another id`)
  else if (model !== undefined)
    problems.error(path, `\`${id}\` is an alias of the model \`${model}\`: choose another id`)
  peers.reserve(id, path)
}

function normaliseSelector(
  id: string,
  { strategy, settings, targets: written, metadata, name, description, unlisted }: SelectorFields,
  resolve: (name: string) => Target['means'] | 'selector' | undefined,
  { whyApart }: Namespace,
  problems: Problems,
): Selector {
  const path = ['selectors', id]
  if (strategy === undefined) {
    problems.error([...path, 'strategy'], 'is missing: write `pin`, `warm`, `spillover` or `failover`')
  }
  if (written.length === 0) problems.error([...path, 'targets'], 'is empty: list the models to choose from')

  const targets = written.flatMap((target, index): readonly Target[] => {
    const complain = (message: string) => {
      problems.error([...path, 'targets', index], message)
      return []
    }
    const means = resolve(target)
    if (means === 'selector') return complain(`\`${target}\` is a selector, and a selector cannot choose a selector`)
    if (means === undefined) return complain(`there is no model \`${target}\``)
    if (strategy === 'warm' && means.type === 'peer') {
      return complain(`\`${target}\` is a peer's model: whether it runs is not known here, as \`warm\` needs it`)
    }
    return [{ name: target, means }]
  })

  if (strategy === 'spillover') checkSpillover(id, targets, settings.spillover, whyApart, problems)
  return {
    id,
    strategy: strategy ?? 'pin',
    targets,
    spillover: settings.spillover,
    name,
    description,
    unlisted,
    metadata: normaliseMetadata(metadata, [...path, 'metadata'], problems),
  }
}

/** What spills over must be able to run beside what it spills from. */
function checkSpillover(
  id: string,
  targets: readonly Target[],
  spillover: number,
  whyApart: Namespace['whyApart'],
  problems: Problems,
): void {
  const path = ['selectors', id]
  if (spillover < 1) problems.error([...path, 'settings', 'spillover'], 'must be at least 1')

  const keys = targets.map(({ means }) => (means.type === 'peer' ? `${means.peer}/${means.model}` : means.model))
  const twice = keys.find((key, index) => keys.indexOf(key) !== index)
  if (twice !== undefined)
    problems.error([...path, 'targets'], `\`${twice}\` is among them twice, by whatever name: keep one`)
  const local = new Set(targets.flatMap(({ means }) => (means.type === 'model' ? means.model : [])))
  const why = local.size > 1 ? whyApart([...local]) : null
  if (why !== null) problems.error([...path, 'targets'], `they must be able to run at the same time, but ${why}`)
}
