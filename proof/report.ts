import type { Findings } from './examine.ts'

const decimal = new Intl.NumberFormat('en-GB')

export function isProved({ isComplete, broken, circles, isOvertaking }: Findings): boolean {
  return isComplete && broken === null && circles.length > 0 === isOvertaking
}

/** One line for a world. */
export function describe(findings: Findings): string {
  const { name, states, moves, seconds } = findings
  const count = `${decimal.format(states).padStart(10)} states ${decimal.format(moves).padStart(12)} moves`
  return `${name.padEnd(44)}${count} ${seconds.toFixed(0).padStart(5)} s   ${outcome(findings)}`
}

function outcome({ isComplete, broken, circles, rounds }: Findings): string {
  if (broken) return `BROKEN ${broken.message}`
  if (!isComplete) return 'INCOMPLETE'
  if (circles.length > 0) return 'somebody may wait for ever'
  return rounds === null ? 'everyone is answered' : `everyone is answered, the oldest within ${rounds} rounds`
}

export function summary(found: readonly Findings[], seconds: number): string {
  const sum = (count: (findings: Findings) => number) =>
    decimal.format(found.reduce((all, each) => all + count(each), 0))
  const proved = found.filter(isProved).length
  const counted = `${sum(({ states }) => states)} states and ${sum(({ moves }) => moves)} moves in ${found.length} worlds`
  return `\n${counted}, ${seconds.toFixed(0)} s: ${proved} of ${found.length} are as they should be.`
}

/** What is wrong with a world, and how to get there. */
export function describeFault({ name, broken, circles }: Findings): string {
  const lines = [`\n${name}`]
  if (broken) lines.push(`  ${broken.message}`, ...broken.history.map((move, place) => `  ${place + 1}. ${move}`))
  for (const { goal, history, moves } of circles) {
    lines.push(`  It may never be that ${goal}. After`, ...history.map((move, place) => `  ${place + 1}. ${move}`))
    lines.push(moves.length === 0 ? '  nothing moves any more.' : `  these go on for ever: ${moves.join(', ')}`)
  }
  return lines.join('\n')
}
