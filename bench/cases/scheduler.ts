import { fileURLToPath } from 'node:url'
import { inTurn, type Measurement, tabulate } from '../measure/measurement.ts'
import { startProgram } from '../programs/program.ts'

const program = fileURLToPath(new URL('../programs/decisions.ts', import.meta.url))

/** What a request costs in the actor system alone, with so many others in the queue. */
export async function scheduling({ ms, rounds }: { ms: number; rounds: number }): Promise<Measurement[]> {
  const variants = [
    { name: '0 queued', args: [] },
    { name: '10 queued', args: ['--queued', '10'] },
    { name: '1,000 queued', args: ['--queued', '1000'] },
    { name: '10,000 queued', args: ['--queued', '10000'] },
    { name: '10 queued, inspected', args: ['--queued', '10', '--inspected'] },
  ]
  const samples = await inTurn(variants, rounds, async ({ args }) => {
    await using running = startProgram(process.execPath, [program, '--ms', String(ms), ...args])
    return { hotseat: Number(await running.line()) }
  })
  return [...samples].flatMap(([{ name }, list]) =>
    tabulate('scheduler', [{ name: 'hotseat', unit: 'µs' }], new Map([[{ name: 'hotseat' }, list]])).map(
      (measurement) => ({ ...measurement, quantity: `CPU from request to end of lease, ${name}` }),
    ),
  )
}
