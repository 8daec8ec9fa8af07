import type { Command } from '../../events.ts'
import type { Ledger } from '../ledger.ts'

/** What a rule returns: the next ledger, and what is to be done about it. */
export type Step = readonly [Ledger, readonly Command[]]

/** Takes steps one after the other, each from where the one before has led. */
export function inTurn(ledger: Ledger, rules: readonly ((ledger: Ledger) => Step)[]): Step {
  return rules.reduce<Step>(
    ([current, commands], rule) => {
      const [next, more] = rule(current)
      return [next, [...commands, ...more]]
    },
    [ledger, []],
  )
}
