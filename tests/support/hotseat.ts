import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { ModelId } from '../../config/config.ts'
import { parseConfig } from '../../config/load.ts'
import { recordOf } from '../../machines/policy/ledger.ts'
import { type Options, type Running, start } from '../../server/start.ts'
import { leftovers } from './leftovers.ts'
import { freshPorts } from './ports.ts'
import { until } from './until.ts'

export const upstreamProgram = fileURLToPath(new URL('../fixtures/upstream.ts', import.meta.url))

/** The command of a fixture model. */
export function upstream(flags = ''): string {
  return `${process.execPath} ${upstreamProgram} --port \${PORT} ${flags}`
}

/** A server in this process, with real sockets and real children. */
export interface Hotseat extends AsyncDisposable {
  readonly url: string
  readonly running: Running
  /** In the environment of every child, so that what is left can be found. */
  readonly mark: string
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>
  get(path: string, init?: RequestInit): Promise<Response>
  /** Writes another configuration, and waits until it is in force or found to be of no use. */
  reload(models: Models | string, yaml?: string): Promise<void>
  stateOf(model: string): string
  leasesOf(model: string): number
}

/** Models by name: each is a command, or a mapping of fields. */
export type Models = Record<string, string | object>

/** Starts hotseat with these models. More of the file may follow as YAML. */
export async function startHotseat(models: Models, yaml = '', options: Partial<Options> = {}): Promise<Hotseat> {
  const mark = `HOTSEAT_TEST=${randomUUID()}`
  const startPort = freshPorts()
  const write = (models: Models, yaml: string) => {
    const entries = Object.entries(models).map(([name, fields]) => {
      const given = typeof fields === 'string' ? { cmd: fields } : fields
      return [name, { env: [mark], unloadTimeout: 1, ...given }]
    })
    return `startPort: ${startPort}\nmodels: ${JSON.stringify(Object.fromEntries(entries))}\n${yaml}`
  }
  let text = write(models, yaml)
  const source = { name: 'test.yaml', digest: async () => text, load: () => parseConfig(text, 'test.yaml') }
  const running = await start(source.load().config, {
    source,
    hostname: '127.0.0.1',
    port: 0,
    stdout: () => {},
    onFatal: (error) => {
      throw error
    },
    ...options,
  })
  const { url } = running
  const record = (model: string) => recordOf(running.server.system.ledger(), model as ModelId)
  return {
    url,
    running,
    mark,
    post: (path, body, init) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...init,
      }),
    get: (path, init) => fetch(url + path, init),
    reload(models, yaml = '') {
      text = typeof models === 'string' ? models : write(models, yaml)
      return running.server.reloader.reload()
    },
    stateOf: (model) => record(model)?.presence.state ?? 'unknown',
    leasesOf: (model) => record(model)?.leases.length ?? -1,
    async [Symbol.asyncDispose]() {
      await running.stop(1_000)
      await until('every child is gone', () => leftovers(mark).length === 0, 5_000)
    },
  }
}

export const chat = '/v1/chat/completions'

/** The error of an answer, whose envelope is checked. */
export async function readError(response: Response): Promise<{ message: string; type: string; code: string }> {
  const { src, error } = (await response.json()) as {
    src: string
    error: { message: string; type: string; code: string }
  }
  if (src !== 'hotseat') throw new Error(`not an error of hotseat's own: ${JSON.stringify(error)}`)
  return error
}
