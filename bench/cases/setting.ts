import { fileURLToPath } from 'node:url'
import { askRepeatedly } from '../load/answers.ts'
import { requestFor } from '../load/request.ts'
import type { Peer } from '../peers/peer.ts'
import { freePort, type Program, startProgram } from '../programs/program.ts'

/** Where requests can be sent, and whose process is looked at meanwhile. */
export interface Subject {
  readonly name: string
  readonly port: number
  /** null for the direct way, on which there is no process. */
  readonly pid: number | null
}

/** The model, and in front of it everyone who takes part. */
export interface Setting extends AsyncDisposable {
  readonly subjects: readonly Subject[]
}

export const upstreamProgram = fileURLToPath(new URL('../programs/upstream.ts', import.meta.url))

/**
 * A compiler needs some thousand requests to see what is hot, whoever else is at work; more than this long nobody waits.
 */
const warmUp = { count: 20_000, ms: 15_000, clients: 32 }

export async function setUp(peers: readonly Peer[]): Promise<Setting> {
  const upstream = startProgram(process.execPath, [upstreamProgram])
  const upstreamPort = Number(await upstream.line())
  const programs: Program[] = [upstream]
  const subjects: Subject[] = [{ name: 'direct', port: upstreamPort, pid: null }]
  for (const peer of peers) {
    const port = await freePort()
    const program = await peer.start(upstreamPort, port)
    programs.push(program)
    subjects.push({ name: peer.name, port, pid: program.pid })
  }
  for (const { port } of subjects) await askRepeatedly(port, requestFor('bytes 2048'), warmUp)
  return {
    subjects,
    async [Symbol.asyncDispose]() {
      await Promise.all(programs.map((program) => program[Symbol.asyncDispose]()))
    },
  }
}
