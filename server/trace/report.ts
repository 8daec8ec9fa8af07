import type { Difference } from '../../machines/trace/difference.ts'
import { describeLedger, describeLine } from '../../machines/trace/words.ts'

/** The first difference of a replay, with both sides and the ledger around it. */
export function describeDifference(path: string, difference: Difference): string {
  const { line, recorded, replayed, cause, ledgers } = difference
  const told = cause ? [`after line ${cause.line}:`, `  ${describeLine(cause.input)}`] : []
  return [
    `${path}, line ${line}: ${headlines[difference.kind]}`,
    ...told,
    `recorded:`,
    `  ${recorded ?? 'nothing more'}`,
    `replayed:`,
    `  ${replayed ?? 'nothing'}`,
    '',
    `What the scheduler knew before, ${describeLedger(ledgers.before)}`,
    '',
    `What it knew afterwards, ${describeLedger(ledgers.after)}`,
  ].join('\n')
}

const headlines: Record<Difference['kind'], string> = {
  other: 'the machines say something else',
  missing: 'the machines do not say this',
  extra: 'the machines say more before this',
  timer: 'no such timer runs',
  state: 'an actor is in another state',
}
