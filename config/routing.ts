import type * as v from 'valibot'
import type { ModelId, Router, Routing } from './config.ts'
import { field, maybe, record, section, struct } from './fields.ts'
import { groupSchema, normaliseGroups, whyNotTogether } from './groups.ts'
import { coexist } from './matrix/coexist.ts'
import { matrixSchema, normaliseMatrix } from './matrix/normalise.ts'
import type { NameTable } from './names.ts'
import type { Problems } from './problems.ts'
import { atLeast, integer, wordOf } from './scalars.ts'
import { milliseconds } from './time.ts'
import type { Path } from './tree.ts'

/** What says who may run together: at the root, as it was written before `routing` was there, or in the router's settings. */
export const engineEntries = {
  groups: record(groupSchema, 'Models that share a place.'),
  matrix: maybe(matrixSchema, 'Sets of models that may run together.'),
}

const enginesSchema = struct(engineEntries)

const fifoSchema = struct({
  priority: record(
    field(integer, '0', 'Higher goes first.'),
    'By id or alias of a model, 0 for others: higher goes first in the queue.',
  ),
  maxWait: field(atLeast(0), '60', 'Seconds after which nobody overtakes the oldest request any more; 0 is never.'),
  minTenure: field(
    atLeast(0),
    '0',
    'Seconds that a model serves before it must leave for a request that has waited `maxWait`.',
  ),
})

export const routingSchema = struct({
  router: section(
    struct({
      use: field(wordOf('group', 'matrix'), '', 'Which of the settings say it. Empty: `group`.'),
      settings: section(enginesSchema, 'The settings of each way; those that are not in use count for nothing.'),
    }),
    'Who may run together.',
  ),
  scheduler: section(
    struct({
      use: field(wordOf('fifo'), 'fifo', 'Which of the settings say it.'),
      settings: section(
        struct({ fifo: section(fifoSchema, 'First come, first served.') }),
        'The settings of each way.',
      ),
    }),
    'Who goes first.',
  ),
})

type EngineFields = v.InferOutput<typeof enginesSchema>

interface RoutingFields extends EngineFields {
  readonly routing: v.InferOutput<typeof routingSchema>
}

/** Who may run together, and who goes first (§7.7). */
export function normaliseRouting(
  fields: RoutingFields,
  models: readonly ModelId[],
  names: NameTable,
  problems: Problems,
): Routing {
  const { use, settings } = fields.routing.scheduler
  if (use !== '' && use !== 'fifo') {
    problems.error(['routing', 'scheduler', 'use'], `expected \`fifo\`, and this is \`${use}\``)
  }
  return {
    router: normaliseRouter(fields, models, names, problems),
    maxWaitMs: milliseconds(settings.fifo.maxWait),
    minTenureMs: milliseconds(settings.fifo.minTenure),
  }
}

function normaliseRouter(
  fields: RoutingFields,
  models: readonly ModelId[],
  names: NameTable,
  problems: Problems,
): Router {
  const { use, written, path } = chooseEngine(fields, problems)
  if (use === 'matrix' && written.matrix) {
    return { use, ...normaliseMatrix(written.matrix, models, names, [...path, 'matrix'], problems) }
  }
  return { use: 'group', groups: normaliseGroups(written.groups, models, names, [...path, 'groups'], problems) }
}

interface Engine {
  readonly use: 'group' | 'matrix'
  readonly written: EngineFields
  /** Where `groups` and `matrix` stand. */
  readonly path: Path
}

/** One of two ways, written in one of two places (§7.7). The block of the other way is not looked at. */
function chooseEngine(root: RoutingFields, problems: Problems): Engine {
  const { use, settings } = root.routing.router
  const legacy = (['groups', 'matrix'] as const).filter((key) => isWritten(root, key))
  if (legacy.length > 0) {
    if (use !== '' || isWritten(settings, 'groups') || isWritten(settings, 'matrix')) {
      for (const key of legacy) {
        problems.error(
          [key],
          'who may run together is said under `routing.router` as well: keep that, and move this there',
        )
      }
    }
    if (legacy.length === 2) problems.error(['matrix'], 'there are `groups` as well: keep one of them')
    return { use: legacy[0] === 'matrix' ? 'matrix' : 'group', written: root, path: [] }
  }

  const router: Path = ['routing', 'router']
  const path = [...router, 'settings']
  if (use === 'matrix') {
    if (isWritten(settings, 'matrix')) return { use, written: settings, path }
    problems.error([...router, 'use'], 'asks for the matrix, and there is no `routing.router.settings.matrix`')
  } else if (use !== '' && use !== 'group') {
    problems.error([...router, 'use'], `expected \`group\` or \`matrix\`, and this is \`${use}\``)
  } else if (use === '' && isWritten(settings, 'matrix')) {
    problems.warning([...path, 'matrix'], 'counts for nothing: `routing.router.use: matrix` is missing')
  }
  return { use: 'group', written: settings, path }
}

/** Empty groups say nothing, and no matrix says nothing; an empty matrix is one. */
function isWritten({ groups, matrix }: EngineFields, key: 'groups' | 'matrix'): boolean {
  return key === 'groups' ? groups.size > 0 : matrix !== undefined
}

/** Why models cannot all run at once; null when they can. */
export function whyApart(router: Router, models: readonly ModelId[]): string | null {
  switch (router.use) {
    case 'group':
      return whyNotTogether(router.groups, models)
    case 'matrix':
      return coexist(router, models) ? null : 'no set of the matrix holds all of them'
  }
}

/** The priorities by model. Keys may be aliases; two that mean one model must agree (§7.7). */
export function normalisePriorities(
  { routing }: Pick<RoutingFields, 'routing'>,
  { resolve }: NameTable,
  problems: Problems,
): ReadonlyMap<ModelId, number> {
  const priorities = new Map<ModelId, number>()
  for (const [name, priority] of routing.scheduler.settings.fifo.priority) {
    const model = resolve(name)
    const path = ['routing', 'scheduler', 'settings', 'fifo', 'priority', name]
    if (model === undefined) problems.error(path, `there is no model \`${name}\``)
    else if ((priorities.get(model) ?? priority) !== priority) {
      problems.error(path, `\`${model}\` already has the priority ${priorities.get(model)} by another name`)
    } else priorities.set(model, priority)
  }
  return priorities
}
