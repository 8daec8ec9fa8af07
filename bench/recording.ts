import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ModelId } from '../config/config.ts'
import { parseConfig } from '../config/load.ts'
import type { RequestId, SwapId } from '../machines/ids.ts'
import { start } from '../server/start.ts'
import { Recorder } from '../server/trace/recorder.ts'
import { recordingTo } from '../server/trace/recording.ts'

/*
 * What recording costs on the path of a request: CPU of the server, all threads, for each proxied request. One server, whose
 * recording goes on and off by turns, and clients in another process: two servers are never equally warm. On a busy machine
 * that is too little to be seen so; therefore also by itself: the lines of a request, through the recorder to the disk.
 */

const rounds = Number(process.argv[2] ?? 100)
/** Few, so that a pair is over before the machine has changed its mood. */
const requests = 500
const warmUp = 10_000
/** At once by itself: what the recorder takes without dropping any. */
const noted = 10_000

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hotseat-bench-'))
const cmd = `${process.execPath} ${path('../tests/fixtures/upstream.ts')} --port \${PORT}`
const { config } = parseConfig(
  JSON.stringify({ startPort: 18_301, logLevel: 'error', models: { a: { cmd, concurrencyLimit: 100 } } }),
  'bench.yaml',
)
const running = await start(config, {
  hostname: '127.0.0.1',
  port: 0,
  stdout() {},
  onFatal(error) {
    throw error
  },
})
const clients = fork(path('clients.ts'))
const { flight } = running.server

const off = async () => async () => {}
const onTo = (name: string) => async () => {
  const recorder = await Recorder.start(flight, recordingTo(join(folder, name)), { onTrouble: console.error })
  return () => recorder.close()
}
const variants = {
  // Says what the difference is between two that do the same.
  'off, again': off,
  'to a plain file': onTo('trace.jsonl'),
  'to a compressed file': onTo('trace.jsonl.gz'),
}

try {
  await load(warmUp)
  const perRequest = (await cpuMs(off)) / requests
  console.log(`the flight recorder, which is never off: ${((await alone(off)) * 1_000).toFixed(1)} us for each request`)
  for (const [name, variant] of Object.entries(variants)) {
    const us = ((await alone(variant)) - (await alone(off))) * 1_000
    const share = (us / perRequest / 10).toFixed(2)
    console.log(
      `${name}: ${us.toFixed(1)} us by itself, ${share} % of the ${(perRequest * 1_000).toFixed(0)} us that a request takes`,
    )
  }
  for (const [name, variant] of Object.entries(variants)) {
    const ratios: number[] = []
    for (let round = 0; round < rounds; round++) {
      // Each first every other time: what one leaves behind must not weigh on the other.
      const [one, two] = round % 2 === 0 ? [off, variant] : [variant, off]
      const [first, second] = [await cpuMs(one), await cpuMs(two)]
      ratios.push(round % 2 === 0 ? second / first : first / second)
    }
    ratios.sort((a, b) => a - b)
    const at = (share: number) => ((ratios[Math.floor((ratios.length - 1) * share)] ?? 1) * 100 - 100).toFixed(1)
    console.log(`${name}: ${at(0.5)} % CPU, quartiles ${at(0.25)} and ${at(0.75)}, of ${rounds} pairs`)
  }
} finally {
  clients.kill()
  await running.stop(1_000)
  rmSync(folder, { recursive: true })
}

async function load(requests: number): Promise<void> {
  clients.send({ url: `${running.url}/v1/chat/completions`, requests })
  await once(clients, 'message')
}

/** The lines of requests as fast as they can be noted. CPU in ms for each, as much as the disk keeps up with. */
async function alone(begin: () => Promise<() => Promise<void>>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 20; round++) {
    const before = process.cpuUsage()
    const end = await begin()
    for (let request = 1; request <= noted; request++) note(request)
    await end()
    const { user, system } = process.cpuUsage(before)
    times.push((user + system) / 1_000 / noted)
  }
  return times.sort((a, b) => a - b)[times.length >> 1] ?? 0
}

function note(number: number): void {
  const [request, model, swap, at] = [number as RequestId, 'a' as ModelId, 1 as SwapId, Date.now()]
  flight.input({ type: 'request', request, model, at })
  flight.output({ type: 'grant.serve', request, model, swap })
  flight.input({ type: 'serve.done', request, model, at })
}

/** From the beginning of the recording to its last byte on the disk. */
async function cpuMs(begin: () => Promise<() => Promise<void>>): Promise<number> {
  const before = process.cpuUsage()
  const end = await begin()
  await load(requests)
  await end()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
