import type { ModelId } from '../../config/config.ts'
import type { Command } from '../../machines/events.ts'
import { type Ledger, recordOf } from '../../machines/policy/ledger.ts'
import { isOutdated } from '../../machines/policy/outdated.ts'
import type { ModelSettings, Settings } from '../../machines/policy/settings.ts'
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
export function checkGranted(config: Settings, model: ModelId, child: Child): void {
  demand('I11', isCurrent(config, model, child), () => `${model} is granted and outdated`)
}

/** A reload stops no process and gives up no load that it leaves unchanged, and sets each drain to its full length (I12). */
export function checkReload(
  before: Ledger,
  after: Ledger,
  config: Settings,
  children: Children,
  commands: readonly Command[],
): void {
  for (const command of commands) {
    if (command.type === 'processes.stop') {
      for (const { model } of command.lives) {
        const child = children.get(model)
        demand(
          'I12',
          !child || !isCurrent(config, model, child),
          () => `a reload stops ${model}, which it did not change`,
        )
      }
    }
    if (command.type === 'swap.abort') {
      const swap = before.swaps.find(({ id }) => id === command.swap)
      const isLoading = recordOf(before, command.target)?.presence.swap === command.swap
      const child = children.get(command.target)
      const isKept =
        isLoading && child !== undefined && isCurrent(config, command.target, child) && swap?.waiters.length !== 0
      demand('I12', !isKept, () => `a reload gives up the load of ${command.target}`)
    }
  }
  for (const { settings, presence } of after.models) {
    const former = recordOf(before, settings.id)
    const isNewlyDraining = presence.state === 'ready' && presence.drainUntil !== null && former && !isOutdated(former)
    const until = presence.state === 'ready' ? presence.drainUntil : null
    const isWhole = !isNewlyDraining || until === after.now + config.reloadDrainMs
    demand('I12', isWhole, () => `the responses of ${settings.id} are cut at ${until}`)
  }
}
