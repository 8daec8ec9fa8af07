import type { ModelId } from '../../config/config.ts'
import type { Settings } from '../../machines/policy/settings.ts'
import { budgetMs, later } from '../notation/signs.ts'
import { type Move, voluntary } from './move.ts'

export function unload(models: readonly ModelId[], most: number): Move {
  return {
    ...voluntary,
    name: `unload ${models.join(', ')}`,
    isPossible: ({ ledger }) => ledger.unloads.length < most,
    make: (system) => system.tell({ type: 'unload', unload: later.unload, models, at: 0 }),
  }
}

export function reload(settings: Settings, number: number): Move {
  return {
    ...voluntary,
    name: `reload configuration ${number}`,
    isPossible: ({ ledger }) => ledger.routing !== settings.routing,
    make: (system) => system.tell({ type: 'config.changed', settings, at: 0 }),
    isRare: true,
  }
}

export const shutDown: Move = {
  ...voluntary,
  name: 'shut down',
  isPossible: ({ scheduler }) => scheduler === 'open',
  make: (system) => system.tell({ type: 'shutdown', budgetMs, at: 0 }),
}

export const spendBudget: Move = {
  name: 'the budget of the shutdown is spent',
  isPossible: ({ scheduler }) => scheduler === 'closed.draining',
  make: (system) => system.tellScheduler({ type: 'xstate.after.budget.scheduler.closed.draining' }),
  duty: () => 'the budget of the shutdown is spent',
}
