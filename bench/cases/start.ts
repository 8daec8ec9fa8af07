import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { inTurn, type Measurement, type Sample, tabulate } from '../measure/measurement.ts'
import { memoryMiB } from '../measure/proc.ts'
import { command, hotseat } from '../peers/routers.ts'
import { freePort, startProgram, untilListening } from '../programs/program.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))

const quantities = [
  { name: 'start → first answer', unit: 'ms' },
  { name: '`npm start` → first answer', unit: 'ms' },
  { name: 'memory at rest', unit: 'MiB' },
]

/** The built-in demo, from nothing to the first answer of `/health`, and what it holds a while later. */
export async function starting({ rounds, restMs }: { rounds: number; restMs: number }): Promise<Measurement[]> {
  const [node, ...args] = command
  const measure = async (): Promise<Sample> => {
    const direct = await startAndAsk(node, args, async (pid) => {
      await pause(restMs)
      return memoryMiB(pid).now
    })
    const npm = await startAndAsk('npm', ['start', '--prefix', repository, '--'], async () => 0)
    return {
      'start → first answer': direct.ms,
      '`npm start` → first answer': npm.ms,
      'memory at rest': direct.seen,
    }
  }
  return tabulate('start', quantities, await inTurn([hotseat], rounds, measure))
}

async function startAndAsk(program: string, args: readonly string[], look: (pid: number) => Promise<number>) {
  const port = await freePort()
  const begun = performance.now()
  await using running = startProgram(program, [...args, '--listen', `127.0.0.1:${port}`], 'ignore')
  await untilListening(port, program)
  const response = await fetch(`http://127.0.0.1:${port}/health`)
  if (!response.ok) throw new Error(`/health says ${response.status}`)
  const ms = performance.now() - begun
  return { ms, seen: await look(running.pid) }
}
