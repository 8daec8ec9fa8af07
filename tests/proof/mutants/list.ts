import { invariantMutants } from './invariants.ts'
import type { Mutant } from './mutant.ts'
import { ruleMutants } from './rules.ts'

/** Every bug that the walk must find. */
export const mutants: readonly Mutant[] = [...invariantMutants, ...ruleMutants]
