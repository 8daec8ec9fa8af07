import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProgram, untilListening } from '../programs/program.ts'
import { folder, write } from './files.ts'
import type { Router } from './peer.ts'

/** A process that does nothing stands for the model, and the bench's own upstream answers. */
function modelAt(upstreamPort: number): string {
  const fields = `cmd: sleep 86400, proxy: "http://127.0.0.1:${upstreamPort}", checkEndpoint: none, concurrencyLimit: 100000`
  return `models:\n  m: {${fields}}\n`
}

function router(name: string, absence: () => string | null, command: () => readonly string[]): Router {
  const serve = async (config: string, port: number) => {
    const file = write(`${name.replaceAll(' ', '-')}-${port}.yaml`, config)
    const [program = '', ...args] = command()
    const running = startProgram(program, [...args, '--config', file, '--listen', `127.0.0.1:${port}`], 'ignore')
    await untilListening(port, name)
    return running
  }
  return { name, absence, serve, start: (upstreamPort, port) => serve(modelAt(upstreamPort), port) }
}

const bin = fileURLToPath(new URL('../../bin/hotseat.js', import.meta.url))

/** As `npm start` runs it. */
export const command = [process.execPath, '-C', 'hotseat-source', bin] as const

export const hotseat = hotseatWith('hotseat')

export function hotseatWith(name: string, ...flags: readonly string[]): Router {
  return router(
    name,
    () => null,
    () => [...command, ...flags],
  )
}

/** The same, writing a trace of all that happens to its actors. */
export const recording = router(
  'recording',
  () => null,
  () => [...command, '--record', join(folder, 'bench.trace.jsonl')],
)

export const llamaSwap = router(
  'llama-swap',
  () => (process.env.LLAMA_SWAP_BIN ? null : 'LLAMA_SWAP_BIN is not set'),
  () => [process.env.LLAMA_SWAP_BIN ?? ''],
)
