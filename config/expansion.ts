import * as v from 'valibot'
import { declareMacros, type Macro } from './macros/declare.ts'
import { Expander } from './macros/expander.ts'
import { Scope } from './macros/scope.ts'
import { byCodePoint } from './order.ts'
import { firstPort, lastPort, Ports } from './ports.ts'
import type { Problem } from './problem.ts'
import { refer } from './references.ts'
import { between } from './scalars.ts'
import { Mapping, Scalar } from './tree.ts'

export interface Expanded {
  /** Without the `macros` blocks, and without references, except to the process id. */
  readonly tree: Mapping
  /** The ports that were given out, by model. */
  readonly ports: ReadonlyMap<string, number | null>
  readonly problems: readonly Problem[]
}

/**
 * Replaces what stands for something else, in the order of §4 steps 5 to 9: the global macros everywhere outside the models,
 * then in each model, in ascending order of the ids, what it knows itself.
 * @param knownKeys of the root: what is under other keys is read by no one, and may hold templates with references
 */
export function expandTree(tree: Mapping, knownKeys: readonly string[]): Expanded {
  const globals = declareMacros(tree.entries.get('macros'), ['macros'])
  const expander = new Expander()
  const scope = new Scope(globals.macros)
  let expanded = tree.without('macros')
  for (const [key, value] of expanded.entries) {
    if (key === 'models' || !knownKeys.includes(key)) continue
    const changed = expander.values(value, scope, [key])
    expander.checkValues(changed, scope, [key])
    expanded = expanded.with(key, changed)
  }

  const models = new Models(globals.macros, expander, new Ports(startPort(expanded)))
  const written = expanded.entries.get('models')
  if (written instanceof Mapping) expanded = expanded.with('models', models.expand(written))
  return {
    tree: expanded,
    ports: models.ports,
    problems: [...globals.problems, ...models.problems, ...expander.problems],
  }
}

class Models {
  readonly ports = new Map<string, number | null>()
  readonly problems: Problem[] = []
  readonly #globals: readonly Macro[]
  readonly #expander: Expander
  readonly #free: Ports

  constructor(globals: readonly Macro[], expander: Expander, free: Ports) {
    this.#globals = globals
    this.#expander = expander
    this.#free = free
  }

  expand(models: Mapping): Mapping {
    const entries = new Map(models.entries)
    for (const id of [...entries.keys()].sort(byCodePoint)) {
      const model = entries.get(id)
      if (model instanceof Mapping) entries.set(id, this.#expandOne(id, model))
    }
    return new Mapping(entries, models.keys, models.place, models.merge)
  }

  #expandOne(id: string, model: Mapping): Mapping {
    const path = ['models', id]
    const { macros, problems } = declareMacros(model.entries.get('macros'), [...path, 'macros'])
    const scope = new Scope([macro('MODEL_ID', id, false, model), ...this.#globals, ...macros])
    const expanded = this.#expander.model(withProxy(model.without('macros')), scope, path)

    const { port, problems: more } = this.#free.assign(expanded, path)
    this.ports.set(id, port)
    this.problems.push(...problems, ...more)
    // After a complaint a stand-in is given, so that what follows from the mistake is no mistake of its own.
    const given = port ?? (more.length > 0 ? firstPort : undefined)
    const complete =
      given === undefined
        ? expanded
        : this.#expander.model(expanded, new Scope([macro('PORT', String(given), true, model)]), path)
    this.#expander.checkModel(complete, scope, path)
    return complete
  }
}

function macro(name: string, text: string, isPlain: boolean, { place }: Mapping): Macro {
  return { name, value: new Scalar(text, isPlain, place), place, path: '' }
}

/** A model that says nothing else listens on the port it is given. */
function withProxy(model: Mapping): Mapping {
  const proxy = model.entries.get('proxy')
  const isMissing = proxy === undefined || (proxy instanceof Scalar && proxy.isNull)
  return isMissing ? model.with('proxy', new Scalar(`http://localhost:${refer('PORT')}`, false, model.place)) : model
}

/** Its mistakes are told with those of the other fields. */
function startPort(tree: Mapping): number {
  const written = v.safeParse(between(1, lastPort), tree.entries.get('startPort'))
  return written.success ? written.output : firstPort
}
