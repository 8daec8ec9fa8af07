import { type Mutant, mutant } from './mutant.ts'

const never = '.filter(() => false)'

/** Bugs that break the invariants of `machines/README.md`, at least one for each that can be seen without real children. */
export const invariantMutants: readonly Mutant[] = [
  mutant('I1', 'an answer is given twice', 'policy/rules/verdict.ts', [
    'return [ledger, tickets.map(({ request, model }): Command',
    'return [ledger, [...tickets, ...tickets].map(({ request, model }): Command',
  ]),
  mutant('I1', 'a waiter is lost when its swap fails', 'policy/rules/swap.ts', [
    'return refuse(backedOff, swap.waiters,',
    `return refuse(backedOff, swap.waiters${never},`,
  ]),
  mutant('I1', 'a cancelled request is granted all the same', 'policy/rules/request.ts', [
    'ticket.request !== request\n',
    'ticket.request !== -request\n',
  ]),
  mutant('I1', 'a reload takes a model away from under those who wait for it', 'policy/rules/reload.ts', [
    "(next) => dismiss(next, removed, { reason: 'removed' }),",
    "(next) => [dismiss(next, removed, { reason: 'removed' })[0], []],",
  ]),
  mutant('I2', 'a victim is chosen without a look at its leases', 'policy/decide.ts', [
    'const busy = evict.find((id) => isLeased(ledger, id))',
    `const busy = evict${never}.find((id) => isLeased(ledger, id))`,
  ]),
  mutant('I2', 'the idle timer stops a process that serves', 'policy/rules/process.ts', [
    'if (leases.length > 0) return [withRecord',
    'if (leases.length > 99) return [withRecord',
  ]),
  mutant('I3', 'a process that is not ready is taken for none', 'policy/ledger.ts', [
    "presence.state !== 'stopped' || swapTo(ledger, settings.id) !== undefined)\n",
    "presence.state === 'ready' || swapTo(ledger, settings.id) !== undefined)\n",
  ]),
  mutant('I3', 'a swap does not wait for its victims', 'swap.ts', [
    'isClear: ({ context }) => context.clear.length === 0,',
    'isClear: () => true,',
  ]),
  mutant('I3', 'a removed model is forgotten while it is alive', 'policy/rules/reload.ts', [
    "isRemoved && presence.state === 'stopped' && leases",
    'isRemoved && presence.state !== null && leases',
  ]),
  mutant('I4', 'a lease is never given back', 'policy/rules/lease.ts', [
    'record.leases.filter((other) => other !== request)',
    'record.leases',
  ]),
  mutant('I4', 'a grant is not counted', 'policy/rules/verdict.ts', [
    'return [withRecord(ledger, model, { leases }), grants]',
    'return [ledger, grants]',
  ]),
  mutant(
    'I5',
    'the completion of an earlier swap settles the current one',
    'policy/rules/swap.ts',
    ['{ swap: id, outcome }: SwapDone', '{ target, outcome }: SwapDone'],
    ['other.id === id)', 'other.target === target)'],
  ),
  mutant('I5', 'news of an earlier life is believed', 'policy/rules/process.ts', [
    'if (swap !== presence.swap) return swap < presence.swap',
    'if (swap !== presence.swap) return false',
  ]),
  mutant('I6', 'everybody waits while any swap is under way', 'policy/decide.ts', [
    'ledger.swaps.find((swap) => collides(plan, swap, model, evict))',
    'ledger.swaps.find((swap) => collides(plan, swap, model, evict) || true)',
  ]),
  mutant('I7', 'nobody looks at the queue again', 'scheduler.ts', [
    'reconsider: followUp(reconsider)',
    'reconsider: followUp((ledger) => [ledger, [...reconsider(ledger)[1]].filter(() => false)])',
  ]),
  mutant('I7', 'a victim that cannot be stopped is waited for', 'swap.ts', [
    "event.state === 'stuck' && context.clear.some",
    "event.state === ('never' as string) && context.clear.some",
  ]),
  mutant(
    'I8',
    'the queue is looked at from either end by turns',
    'policy/rules/reconsider.ts',
    ['export function reconsider(', 'let turns = 0\nexport function reconsider('],
    [
      'of censusOf(ledger.queue).counts.keys()',
      'of [...censusOf(ledger.queue).counts.keys()].sort(() => (turns++ % 2 ? 1 : -1))',
    ],
  ),
  mutant('I10', 'a completed swap puts its waiters back into the queue', 'policy/rules/swap.ts', [
    'return grant(withRecord(ledger, swap.target, { backoff: null }), swap.waiters, presence.swap)',
    'return [queueAgain(withRecord(ledger, swap.target, { backoff: null }), swap), grant(ledger, [], presence.swap)[1]]',
  ]),
  mutant('I11', 'a request is granted to whatever process is ready', 'policy/decide.ts', [
    "const isReady = presence.state === 'ready' && !isOutdated(record)",
    "const isReady = presence.state === 'ready'",
  ]),
  mutant('I12', 'a reload stops whatever rests', 'policy/rules/turnover.ts', [
    "record.presence.state === 'ready' && isOutdated(record))\n",
    "record.presence.state === 'ready')\n",
  ]),
  mutant('I12', 'a reload gives up every load', 'policy/rules/turnover.ts', [
    'return record?.presence.swap === id && !isOutdated(record)',
    'return record?.presence.swap === id && id < 0',
  ]),
  mutant('I12', 'a reload cuts responses at once', 'policy/rules/turnover.ts', [
    'const { now: at, reloadDrainMs: forMs } = ledger',
    'const { now: at } = ledger\n  const forMs = 0',
  ]),
  mutant('I13', 'nobody remembers which port a process was given', 'policy/rules/process.ts', [
    'return { fingerprint, port }',
    'return { fingerprint, port: port && null }',
  ]),
]
