import type { ModelId, Routing } from './config.ts'
import { normaliseGroups } from './groups.ts'
import type { NameTable } from './names.ts'
import type { Problem } from './problem.ts'
import type { Root } from './schema.ts'
import { at, Mapping, type Path, problemAt, type Tree } from './tree.ts'

/** Where groups were written before `routing` was there, and where they are written now (§7.7). */
const legacyGroups: Path = ['groups']
const routedGroups: Path = ['routing', 'router', 'settings', 'groups']

/** Who may run together, and who goes first. */
export function normaliseRouting(
  root: Root,
  models: readonly ModelId[],
  names: NameTable,
  tree: Tree,
): { routing: Routing; problems: readonly Problem[] } {
  const { router, scheduler } = root.routing
  const problems: Problem[] = []
  const complain = (path: Path, message: string) => problems.push(problemAt(tree, path, message))

  if (router.use !== '' && router.use !== 'group') {
    complain(['routing', 'router', 'use'], `expected \`group\`, and this is \`${router.use}\``)
  }
  if (scheduler.use !== '' && scheduler.use !== 'fifo') {
    complain(['routing', 'scheduler', 'use'], `expected \`fifo\`, and this is \`${scheduler.use}\``)
  }
  const isLegacy = root.groups.size > 0
  if (isLegacy && (router.use !== '' || router.settings.groups.size > 0)) {
    complain(legacyGroups, 'groups are written under `routing.router` as well: keep them there and remove these')
  }

  const path = isLegacy ? legacyGroups : routedGroups
  const written = isLegacy ? root.groups : router.settings.groups
  const { groups, problems: more } = normaliseGroups(written, models, names, tree, path)
  const { maxWait, minTenure } = scheduler.settings.fifo
  return {
    routing: { router: { use: 'group', groups }, maxWaitMs: maxWait * 1000, minTenureMs: minTenure * 1000 },
    problems: [...problems, ...more],
  }
}

/** The priorities by model. Keys may be aliases; two that mean one model must agree (§7.7). */
export function normalisePriorities(
  root: Root,
  { resolve }: NameTable,
  tree: Tree,
): { priorities: ReadonlyMap<ModelId, number>; problems: readonly Problem[] } {
  const priorities = new Map<ModelId, number>()
  const problems: Problem[] = []
  for (const [name, priority] of root.routing.scheduler.settings.fifo.priority) {
    const model = resolve(name)
    const path = ['routing', 'scheduler', 'settings', 'fifo', 'priority', name]
    if (model === undefined) problems.push(problemAt(tree, path, `there is no model \`${name}\``))
    else if ((priorities.get(model) ?? priority) !== priority) {
      problems.push(
        problemAt(tree, path, `\`${model}\` already has the priority ${priorities.get(model)} by another name`),
      )
    } else priorities.set(model, priority)
  }
  return { priorities, problems }
}

/** Blocks that this version cannot read yet are refused rather than passed over. */
export function unsupported(tree: Tree): readonly Problem[] {
  const paths: readonly Path[] = [['matrix'], ['routing', 'router', 'settings', 'matrix']]
  return paths
    .filter((path) => at(tree, path) instanceof Mapping)
    .map((path) => problemAt(tree, path, 'this version knows groups only, and no matrix'))
}
