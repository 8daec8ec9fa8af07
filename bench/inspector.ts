import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, get, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/*
 * What it costs a request that hotseat can be inspected: CPU time of the server per proxied request, without `--inspect`, with
 * it and nobody who watches, and with one viewer. The three run at the same time and are measured in turn, so that what
 * disturbs them disturbs all alike. Linux only.
 */

const rounds = 15
const requestsPerRound = 1_500
const clients = 16
/** Of proc_pid_stat(5): 100 a second on every Linux that is in use. */
const tickMs = 10

const root = fileURLToPath(new URL('../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hotseat-bench-'))
const agent = new Agent({ keepAlive: true, maxSockets: clients })

interface Subject {
  readonly name: string
  readonly child: ChildProcess
  readonly port: number
  readonly costs: number[]
}

async function start(name: string, port: number, flags: readonly string[]): Promise<Subject> {
  const config = join(folder, `${port}.yaml`)
  const model = `${process.execPath} ${join(root, 'tests/fixtures/upstream.ts')} --port \${PORT}`
  writeFileSync(
    config,
    `startPort: ${port + 1}\nmodels:\n  m: {cmd: ${JSON.stringify(model)}, concurrencyLimit: 1000}\n`,
  )
  const args = ['-C', 'hotseat-source', join(root, 'bin/hotseat.js'), '--config', config]
  const child = spawn(process.execPath, [...args, '--listen', `127.0.0.1:${port}`, ...flags], { stdio: 'ignore' })
  const subject = { name, child, port, costs: [] }
  for (const deadline = performance.now() + 20_000; ; ) {
    if (await ask(port).catch(() => false)) return subject
    if (performance.now() > deadline) throw new Error(`${name} does not answer on port ${port} within 20 s`)
  }
}

function ask(port: number): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>()
  const headers = { 'Content-Type': 'application/json' }
  const sent = request({ port, agent, path: '/v1/chat/completions', method: 'POST', headers }, (response) => {
    response.resume().once('end', () => resolve(response.statusCode === 200))
  })
  sent.once('error', reject).end('{"model":"m","messages":[]}')
  return promise
}

/** A page that takes what it is told. */
async function view(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  get({ port, path: '/inspect/events' }, (response) => {
    response.resume()
    if (response.statusCode === 200) resolve()
    else reject(new Error(`/inspect/events answers ${response.statusCode}`))
  }).once('error', reject)
  return promise
}

function cpuMs({ child }: Subject): number {
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

async function measure(subject: Subject): Promise<number> {
  const before = cpuMs(subject)
  let left = requestsPerRound
  const client = async () => {
    while (left-- > 0) if (!(await ask(subject.port))) throw new Error(`${subject.name} did not answer 200`)
  }
  await Promise.all(Array.from({ length: clients }, client))
  return ((cpuMs(subject) - before) * 1_000) / requestsPerRound
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

const subjects: Subject[] = []
process.once('exit', () => {
  for (const { child } of subjects) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})
subjects.push(await start('without --inspect', 18_400, []))
subjects.push(await start('--inspect, 0 viewers', 18_410, ['--inspect']))
subjects.push(await start('--inspect, 1 viewer', 18_420, ['--inspect']))
await view(subjects[2]!.port)

// The first round warms up.
for (let round = 0; round <= rounds; round++) {
  for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
    const cost = await measure(subject)
    if (round > 0) subject.costs.push(cost)
  }
}
const [plain] = subjects
for (const { name, costs } of subjects) {
  const ratio = median(costs.map((cost, round) => cost / plain!.costs[round]!))
  console.log(
    `${name.padEnd(22)} ${median(costs).toFixed(0).padStart(4)} us CPU per request, ratio ${ratio.toFixed(2)}`,
  )
}
process.exit()
