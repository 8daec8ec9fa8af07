import type { ModelId } from '../config/config.ts'
import type { Settings } from '../machines/policy/settings.ts'
import type { State } from './system/system.ts'

/** A small world, all of whose histories are walked. */
export interface World {
  readonly name: string
  /** What it begins with, and what a reload may replace it by. All have the same `maxWaitMs`, and so on, or 0. */
  readonly configs: readonly [Settings, ...Settings[]]
  readonly bounds: Bounds
}

/** How much may be going on at one time. Over time there is no bound. */
export interface Bounds {
  /** Requests that wait or are served. */
  readonly requests: number
  /** Unloads that somebody awaits. */
  readonly unloads: number
  /** Whether hotseat may be shut down. */
  readonly shutdown: boolean
}

/** All that there is between two events: what the machines know, and what only the world knows. */
export interface Scene extends State {
  readonly outside: ReadonlyMap<ModelId, Outside>
}

/** What the world knows of a model. */
export interface Outside {
  /** How many of its leases, the first ones, are of a life that has ended: responses that were cut. */
  readonly cut: number
  /** Its process has outlived a SIGKILL. */
  readonly wasStuck: boolean
}
