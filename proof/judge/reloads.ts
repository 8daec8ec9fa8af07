import type { ModelId } from '../../config/config.ts'
import type { SwapId } from '../../machines/ids.ts'
import { type Ledger, type ModelRecord, recordOf } from '../../machines/policy/ledger.ts'
import type { ModelSettings, Settings } from '../../machines/policy/settings.ts'
import type { Happening } from './happening.ts'
import type { Child } from './outsiders.ts'
import { demand } from './violation.ts'

type Children = ReadonlyMap<ModelId, Child>

function settingsIn({ models }: Settings, model: ModelId): ModelSettings | undefined {
  return models.find(({ id }) => id === model)
}

/** Whether the child was spawned with what the configuration says now. */
function isCurrent(config: Settings, model: ModelId, { origin }: Child): boolean {
  return settingsIn(config, model)?.fingerprint === origin?.fingerprint
}

/** Nothing is granted to an outdated process (I11). */
export function checkGranted(config: Settings, model: ModelId, children: Children): void {
  const child = children.get(model)
  demand('I11', !child || isCurrent(config, model, child), () => `${model} is granted and outdated`)
}

/** A reload leaves alone what it does not change, and gives what it does change a whole drain, once (I12). */
export function checkReload(after: Ledger, happening: Happening, children: Children): void {
  if (!happening.isReload) return
  const { config, commands } = happening
  const before = happening.before.ledger
  for (const command of commands) {
    if (command.type === 'processes.stop') {
      for (const { model } of command.lives) checkStopped(config, model, children)
    }
    if (command.type === 'swap.abort') checkAborted(before, config, command.swap, children)
  }
  for (const record of after.models) {
    const former = recordOf(before, record.settings.id)
    if (former) checkDrain(former, record, after.now + config.reloadDrainMs)
    if (former) checkFresh(former, record)
  }
}

function checkStopped(config: Settings, model: ModelId, children: Children): void {
  const child = children.get(model)
  const isChanged = !child || !isCurrent(config, model, child)
  demand('I12', isChanged, () => `a reload stops ${model}, which it did not change`)
}

function checkAborted(before: Ledger, config: Settings, id: SwapId, children: Children): void {
  const swap = before.swaps.find((other) => other.id === id)
  if (!swap || swap.waiters.length === 0) return
  const { target } = swap
  const child = children.get(target)
  const isLoading = recordOf(before, target)?.presence.swap === id
  const isKept = isLoading && child !== undefined && isCurrent(config, target, child)
  demand('I12', !isKept, () => `a reload gives up the load of ${target}`)
}

function checkDrain(former: ModelRecord, { settings, presence }: ModelRecord, end: number): void {
  if (presence.state !== 'ready' || presence.drainUntil === null) return
  const isDraining = former.presence.state === 'ready' && former.presence.drainUntil !== null
  const due = isDraining && former.presence.state === 'ready' ? former.presence.drainUntil : end
  demand('I12', presence.drainUntil === due, () => `${settings.id} drains until ${presence.drainUntil}, and not ${due}`)
}

/** A model that is changed may be tried again at once. */
function checkFresh({ settings: { fingerprint } }: ModelRecord, { settings, backoff }: ModelRecord): void {
  const isForgiven = settings.fingerprint === fingerprint || backoff === null
  demand('scheduling §6', isForgiven, () => `${settings.id} is changed, and still taken to have failed`)
}

/** A swap stops no process of a removed model that cannot be stopped, unless it needs its port. */
export function checkVictims(before: Ledger, { swaps, models }: Ledger): void {
  for (const { id, target, evict } of swaps) {
    if (before.swaps.some((swap) => swap.id === id)) continue
    const port = models.find(({ settings }) => settings.id === target)?.settings.port
    const futile = evict.find((victim) => {
      const record = models.find(({ settings }) => settings.id === victim)
      const wasStuck = recordOf(before, victim)?.presence.state === 'stuck'
      return record?.isRemoved === true && wasStuck && record.origin?.port !== port
    })
    demand('I6', futile === undefined, () => `${target} waits for ${futile}, which is removed and stuck`)
  }
}
