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
  const sum = (count: (findings: Findings) => number) =>
    decimal.format(found.reduce((all, each) => all + count(each), 0))
  const proved = found.filter(isProved).length
  const counted = `${sum(({ states }) => states)} states and ${sum(({ moves }) => moves)} moves in ${found.length} worlds`
  return `\n${counted}, ${seconds.toFixed(0)} s: ${proved} of ${found.length} are as they should be.`
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
