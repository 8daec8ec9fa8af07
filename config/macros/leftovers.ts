import { nearest } from '../nearest.ts'
import type { Problem } from '../problem.ts'
import { environmentReference, macroReference, refer } from '../references.ts'
import { dotted, type Path, type Scalar } from '../tree.ts'
import type { Scope } from './scope.ts'

/** The references that a text still has after everything was replaced, each with what to do about it (§6.6). */
export function leftoversIn({ text, place }: Scalar, scope: Scope, path: Path): readonly Problem[] {
  const variables = [...text.matchAll(environmentReference)].map(
    ([written, name]) =>
      `${written} is left: what a variable or a macro brings in cannot refer to the variable ${name}`,
  )
  const macros = [...text.matchAll(macroReference)]
    .map(([, name]) => name!)
    // What is known and was not replaced has been complained of.
    .filter((name) => !scope.has(name) && !(name === 'PID' && isStopCommand(path)))
    .map((name) => `nothing is known as ${refer(name)}${hint(name, path, scope)}`)
  return [...variables, ...macros].map((message) => ({ place, path: dotted(path), message }))
}

function hint(name: string, path: Path, scope: Scope): string {
  const isInModel = path[0] === 'models'
  if (name === 'PID') return ' here: it is the process id, in `cmdStop` only'
  if (name === 'PORT' && isInModel) return ' here: a model has a port when its `cmd` asks for one'
  if (name === 'PORT' || name === 'MODEL_ID') return ' here: it has a value inside a model only'
  const near = nearest(name, [...scope.names, ...(isInModel ? ['PORT'] : [])])
  return near === undefined ? ': declare it under `macros`' : `: did you mean ${refer(near)}?`
}

function isStopCommand(path: Path): boolean {
  return path[0] === 'models' && path[2] === 'cmdStop'
}
