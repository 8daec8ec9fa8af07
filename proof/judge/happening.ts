import type { ModelId } from '../../config/config.ts'
import type { Command, Reply, SchedulerEvent, SwapDone } from '../../machines/events.ts'
import type { RequestId } from '../../machines/ids.ts'
import { type Ledger, recordOf } from '../../machines/policy/ledger.ts'
import type { Settings } from '../../machines/policy/settings.ts'
import type { Scene } from '../scene.ts'

/** All that comes of one event, written down as it comes. */
export class Happening {
  before!: Scene
  /** The configuration in force: from a reload on, the one that it brings. */
  config!: Settings
  /** What came from outside; null when a child said something, a timer rang, or time went by. */
  event: SchedulerEvent | null = null
  messages = 0
  /** The model whose timer has rung. */
  rung: ModelId | null = null
  /** The time that a shutdown gives to responses is spent. */
  isBudgetSpent = false
  readonly commands: Command[] = []
  readonly grants: Extract<Reply, { type: 'grant.serve' }>[] = []
  readonly refusals: Extract<Reply, { type: 'grant.error' }>[] = []
  /** Swaps that have brought their target up, with those who waited for that. */
  readonly completed: { readonly done: SwapDone; readonly waiters: readonly RequestId[] }[] = []
  /** Models whose load has failed. */
  readonly failed: ModelId[] = []

  begin(before: Scene, config: Settings): void {
    this.before = before
    this.config = config
    this.event = null
    this.messages = 0
    this.rung = null
    this.isBudgetSpent = false
    this.commands.length = 0
    this.grants.length = 0
    this.refusals.length = 0
    this.completed.length = 0
    this.failed.length = 0
  }

  hear(event: SchedulerEvent): void {
    this.event = event
    if (event.type === 'config.changed' && this.before.scheduler === 'open') this.config = event.settings
  }

  /** @param ledger as it is before the scheduler hears of it */
  complete(done: SwapDone, ledger: Ledger): void {
    const swap = ledger.swaps.find(({ id }) => id === done.swap)
    if (!swap) return
    if (done.outcome.type === 'failed') this.failed.push(done.target)
    const isUp = recordOf(ledger, done.target)?.presence.state === 'ready'
    if (done.outcome.type !== 'ready' || !isUp) return
    this.completed.push({ done, waiters: swap.waiters.map(({ request }) => request) })
  }

  /** Whether the request was waiting for a load that is complete. */
  hasJoined(request: RequestId): boolean {
    return this.completed.some(({ waiters }) => waiters.includes(request))
  }

  get isReload(): boolean {
    return this.event?.type === 'config.changed' && this.before.scheduler === 'open'
  }

  /** Somebody wants it so that responses are cut. */
  get mayCut(): boolean {
    return this.event?.type === 'unload' || this.isBudgetSpent || this.before.scheduler === 'closed.clearing'
  }
}
