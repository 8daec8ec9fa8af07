import { type Mutant, mutant } from './mutant.ts'

/** Bugs in the rules of scheduling, one for each of its sections, and more. */
export const ruleMutants: readonly Mutant[] = [
  mutant('scheduling §2', 'the last comes first', 'policy/queue.ts', [
    'ahead === 0 && a.request < b.request',
    'ahead === 0 && a.request > b.request',
  ]),
  mutant('scheduling §2', 'there is no priority', 'policy/queue.ts', [
    'const ahead = priorityOf(ledger, a) - priorityOf(ledger, b)',
    'const ahead = 0 * priorityOf(ledger, a)',
  ]),
  mutant('scheduling §2.2', 'one too many is admitted', 'policy/rules/request.ts', [
    'admitted(ledger, record) >= limit',
    'admitted(ledger, record) > limit',
  ]),
  mutant('scheduling §2.2', 'whoever waits for a load is not counted', 'policy/ledger.ts', [
    'const waiting = swapTo(ledger, id)?.waiters.length ?? 0',
    'const waiting = 0',
  ]),
  mutant('scheduling §2.5', 'a victim may be loaded', 'policy/decide.ts', [' || swap.evict.includes(model)', '']),
  mutant('scheduling §2.6', 'a ready model serves although others must go', 'policy/decide.ts', [
    'isReady && evict.length === 0',
    'isReady',
  ]),
  mutant(
    'scheduling §4',
    'a load that nobody waits for goes on, whoever needs its place',
    'policy/rules/reconsider.ts',
    ['isWait ? hold(next, verdict)', 'isWait ? ([next, []] as never)'],
  ),
  mutant('scheduling §5', 'an unload is answered while a process ends', 'policy/ledger.ts', [
    "return presence.state === 'stuck' ? 'stuck' : 'alive'",
    "return presence.state === 'stuck' ? 'stuck' : 'over'",
  ]),
  mutant('scheduling §6', 'a model in its back-off is tried again', 'policy/decide.ts', [
    '!isReady && backoff && ledger.now < backoff.until',
    '!isReady && backoff && ledger.now < 0',
  ]),
  mutant('scheduling §6', 'a failure is not remembered', 'policy/rules/swap.ts', [
    'const backedOff = backOff(rest, swap, outcome.failure)',
    'const backedOff = rest',
  ]),
  mutant('scheduling §6', 'a model stops whenever its timer rings', 'policy/rules/process.ts', [
    'if (at < end) return',
    'if (at < 0) return',
  ]),
  mutant('scheduling §6', 'a timer that rang during a response is never wound again', 'policy/rules/lease.ts', [
    'if (!presence.idleDue || settings.ttlMs === 0) return [next, []]',
    'return [next, []]',
  ]),
  mutant('scheduling §7', 'the oldest may be overtaken for ever', 'policy/decide.ts', [
    'if (elder) return',
    'if (elder && ledger.now < 0) return',
  ]),
  mutant('scheduling §7', 'a model is loaded that makes another one a victim of the oldest', 'policy/decide.ts', [
    'if (others.includes(id)) return undefined',
    'return undefined',
  ]),
  mutant('scheduling §8', 'a shutdown is over while a process ends', 'policy/rules/shutdown.ts', [
    "state === 'stopped' || state === 'stuck')",
    "state !== 'ready')",
  ]),
]
