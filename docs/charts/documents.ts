import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AnyStateMachine, AnyStateNode } from 'xstate'
import { processMachine } from '../../machines/process.ts'
import { routerMachine } from '../../machines/router.ts'
import { schedulerMachine } from '../../machines/scheduler.ts'
import { swapMachine } from '../../machines/swap.ts'
import { root } from '../generate/documents.ts'
import { mermaid } from './mermaid.ts'

export const machines: readonly AnyStateMachine[] = [routerMachine, schedulerMachine, processMachine, swapMachine]
const folder = 'docs/machines'
const readme = `${folder}/README.md`

/** What is written from the machines, by file: each as JSON that Stately Studio imports, and the page with their charts. */
export function charts(): ReadonlyMap<string, string> {
  return new Map([
    ...machines.map((machine) => [`${folder}/${machine.id}.json`, json(machine)] as const),
    [readme, withCharts(readFileSync(join(root, readme), 'utf8'))],
  ])
}

/** What a machine is built from, but for its functions: those have names. */
function json({ config }: AnyStateMachine): string {
  const { options: _, ...rest } = config
  return `${JSON.stringify(rest, null, 2)}\n`
}

/** `<!-- chart process -->` asks for the chart of that machine, and `<!-- end -->` ends it. */
function withCharts(document: string): string {
  return document.replace(/<!-- chart (\w+) -->.*?<!-- end -->/gs, (_, id: string) => {
    const machine = machines.find((each) => each.id === id)
    if (!machine) throw new Error(`${readme} asks for the machine ${id}, which there is not`)
    return [
      `<!-- chart ${id} -->`,
      '',
      '```mermaid',
      mermaid(machine),
      '```',
      ...statesOf(machine),
      '',
      '<!-- end -->',
    ].join('\n')
  })
}

function statesOf({ root: node }: AnyStateMachine): readonly string[] {
  const described = below(node).filter(({ description }) => description !== undefined)
  if (described.length === 0) return []
  return [
    '',
    '| state | |',
    '|---|---|',
    ...described.map(({ path, description }) => `| \`${path.join('.')}\` | ${description} |`),
  ]
}

function below(node: AnyStateNode): readonly AnyStateNode[] {
  return Object.values(node.states).flatMap((inner) => [inner, ...below(inner)])
}
