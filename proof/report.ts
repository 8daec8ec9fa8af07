import type { Findings } from './examine.ts'

const decimal = new Intl.NumberFormat('en-GB')

export function isProved(findings: Findings): boolean {
  const { isComplete, broken, circles, isOvertaking } = findings
  return isComplete && broken === null && circles.length > 0 === isOvertaking && !isLate(findings)
}

/** Whether somebody waits longer than anybody should (scheduling §7). */
export function isLate({ rounds, bound }: Findings): boolean {
  return rounds !== null && bound !== null && rounds > bound
}

/** One line for a world. */
export function describe(findings: Findings): string {
  const { name, states, moves, seconds } = findings
  const count = `${decimal.format(states).padStart(10)} states ${decimal.format(moves).padStart(12)} moves`
  return `${name.padEnd(44)}${count} ${seconds.toFixed(0).padStart(5)} s   ${outcome(findings)}`
}

function outcome({ isComplete, broken, circles, rounds, bound }: Findings): string {
  if (broken) return `BROKEN ${broken.message}`
  if (!isComplete) return 'INCOMPLETE'
  if (circles.length > 0) return 'somebody may wait for ever'
  const promise = bound === null ? '' : ` of ${bound}`
  return `everyone is answered, the oldest within ${rounds}${promise} rounds`
}

export function summary(found: readonly Findings[], seconds: number): string {
  const moves = found.reduce((sum, findings) => sum + findings.moves, 0)
  const counted = `${decimal.format(distinctStates(found))} distinct states and ${decimal.format(moves)} moves`
  const proved = `${found.filter(isProved).length} of ${found.length} worlds are as they should be`
  return `\n${counted}, ${seconds.toFixed(0)} s: ${proved}.`
}

/** Worlds of the same configurations have states in common: of those, only the one with the most counts. */
function distinctStates(found: readonly Findings[]): number {
  const most = new Map<string, number>()
  for (const { configs, states } of found) {
    const key = configs.join()
    most.set(key, Math.max(most.get(key) ?? 0, states))
  }
  return [...most.values()].reduce((sum, states) => sum + states, 0)
}

/** What is wrong with a world, and how to get there. */
export function describeFault(findings: Findings): string {
  const { name, broken, circles, rounds, bound } = findings
  const lines = [`\n${name}`]
  if (isLate(findings)) lines.push(`  The oldest request may wait for ${rounds} rounds, and ${bound} is the most.`)
  if (broken) lines.push(`  ${broken.message}`, ...broken.history.map((move, place) => `  ${place + 1}. ${move}`))
  for (const { goal, history, moves } of circles) {
    lines.push(`  It may never be that ${goal}. After`, ...history.map((move, place) => `  ${place + 1}. ${move}`))
    lines.push(moves.length === 0 ? '  nothing moves any more.' : `  these go on for ever: ${moves.join(', ')}`)
  }
  return lines.join('\n')
}
