import type { ModelId } from '../../config/config.ts'
import type { Reply } from '../../machines/events.ts'
import { type Ledger, recordOf } from '../../machines/policy/ledger.ts'
import type { System } from '../system/system.ts'
import type { Happening } from './happening.ts'
import type { Child } from './outsiders.ts'
import { demand } from './violation.ts'

/** An unload is answered when the lives that it named are over, and it names those that are not (scheduling §5). */
export function checkUnloaded(
  { unload, stuck }: Extract<Reply, { type: 'unload.done' }>,
  { before, event }: Happening,
  system: System,
): void {
  const known = before.ledger.unloads.find(({ id }) => id === unload)
  const isItsOwn = event?.type === 'unload' && event.unload === unload
  demand('I1', known !== undefined || isItsOwn, () => `unload ${unload} is answered, and nobody awaits it`)
  const alive = [...before.processes].filter(([, { value }]) => value !== 'stopped')
  const named = alive.map(([model, { context }]) => ({ model, swap: context.swap }))
  const lives = known ? [...known.lives, ...known.stuck] : named.filter(({ model }) => namesIt(event, model))
  const isOver = (model: ModelId, swap: number) => {
    const { value, context } = system.processOf(model).state
    return value === 'stopped' || context.swap !== swap
  }
  const left = lives.find(({ model, swap }) => !isOver(model, swap) && !stuck.includes(model))
  demand('scheduling §5', left === undefined, () => `${left?.model} is alive, and its unload is answered`)
}

function namesIt(event: Happening['event'], model: ModelId): boolean {
  return event?.type === 'unload' && event.models.includes(model)
}

/** Whoever unloads a model may try it again at once. */
export function checkForgiven(ledger: Ledger, { event }: Happening): void {
  if (event?.type !== 'unload') return
  const failed = event.models.find((model) => (recordOf(ledger, model)?.backoff ?? null) !== null)
  demand('scheduling §6', failed === undefined, () => `${failed} is unloaded, and still taken to have failed`)
}

/** A shutdown is over when nothing is alive but what it names (scheduling §8). */
export function checkShutdown(
  { stuck }: Extract<Reply, { type: 'shutdown.done' }>,
  children: ReadonlyMap<ModelId, Child>,
): void {
  const left = [...children.keys()].filter((model) => !stuck.includes(model))
  demand('scheduling §8', left.length === 0, () => `the shutdown is over, and ${left.join(', ')} is alive`)
}
