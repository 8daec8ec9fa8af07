import { type Ledger, swapTo } from '../../machines/policy/ledger.ts'
import type { State } from '../system/system.ts'
import { ticketsOf } from '../tickets.ts'
import type { Outsiders } from './outsiders.ts'
import { demand } from './violation.ts'

/** Between two events the ledger is right about the clients (I1, I4), about the children (I3, I11), and about its own swaps (I7). */
export function checkAgreement(state: State, outsiders: Outsiders): void {
  checkClients(state.ledger, outsiders)
  checkProcesses(state, outsiders)
  const { ledger, swaps } = state
  const isCarriedOut = ledger.swaps.every(({ id }, place) => swaps[place]?.context.swap === id)
  demand(
    'I7',
    isCarriedOut && swaps.length === ledger.swaps.length,
    () => 'a swap is under way that nobody carries out',
  )
}

function checkClients(ledger: Ledger, { waiting, served }: Outsiders): void {
  const tickets = ticketsOf(ledger)
  const areKnown = tickets.length === waiting.size && tickets.every(({ request }) => waiting.has(request))
  demand('I1', areKnown, () => `${[...waiting]} wait, and the ledger has ${tickets.map(({ request }) => request)}`)
  let leases = 0
  for (const record of ledger.models) {
    leases += record.leases.length
    const areHeld = record.leases.every((request) => served.get(request)?.model === record.settings.id)
    demand('I4', areHeld, () => `${record.settings.id} has leases ${record.leases} that nobody holds`)
  }
  demand('I4', leases === served.size, () => `there are ${leases} leases, and ${served.size} responses`)
}

function checkProcesses({ ledger, processes }: State, { children }: Outsiders): void {
  demand(
    'I3',
    processes.size === ledger.models.length,
    () => `there are ${processes.size} actors for ${ledger.models.length} models`,
  )
  for (const record of ledger.models) {
    const { settings, presence, origin, isRemoved, leases } = record
    const process = processes.get(settings.id)
    const [alive, ready] = (process?.value ?? 'unknown').split('.')
    const isTrue = presence.state === (ready ?? alive) && presence.swap === process?.context.swap
    demand('I3', isTrue, () => `${settings.id} is ${process?.value}, and the ledger has it ${presence.state}`)
    demand('I11', settings === process?.context.settings, () => `${settings.id} was not told its settings`)
    const child = children.get(settings.id)
    const isEnding = presence.state === 'stopping' || presence.state === 'stuck'
    demand(
      'I7',
      child === undefined || child.isTold === isEnding,
      () => `the child of ${settings.id} was not told to end`,
    )
    const isOfOrigin =
      !child || (child.origin?.fingerprint === origin?.fingerprint && child.origin?.port === origin?.port)
    demand(
      'I13',
      isOfOrigin,
      () => `${settings.id} was started with ${child?.origin?.fingerprint}, and the ledger has ${origin?.fingerprint}`,
    )
    const isGone = isRemoved && presence.state === 'stopped' && leases.length === 0 && !swapTo(ledger, settings.id)
    demand('I4', !isGone, () => `nothing is left of ${settings.id}, which is removed, and it is kept`)
  }
}
