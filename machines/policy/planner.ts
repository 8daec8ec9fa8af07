import type { ModelId } from '../../config/config.ts'

/**
 * Which of the resident models must stop so that `target` may run. Pure and silent: it is asked speculatively and far more
 * often than obeyed. `resident` is ascending by id; the answer keeps its order and never holds the target.
 */
export type Planner = (target: ModelId, resident: readonly ModelId[]) => readonly ModelId[]
