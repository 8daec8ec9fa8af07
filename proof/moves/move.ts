import type { Scene } from '../scene.ts'
import type { System } from '../system/system.ts'

/** One thing that the world can do to the machines. */
export interface Move {
  readonly name: string
  isPossible(scene: Scene): boolean
  /** Does it. What is only a matter of time changes the state directly. */
  make(system: System, scene: Scene): void
  /** What the world owes (`liveness.ts`) and does with this move; null when nobody can count on it. */
  duty(scene: Scene): string | null
  /** Nobody does it for ever and ever: in the end there is a last time. Default: false. */
  readonly isRare?: boolean
}

/** Nobody can count on it. */
export const voluntary = { duty: () => null }
