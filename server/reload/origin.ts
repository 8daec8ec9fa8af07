import { createHash, randomUUID } from 'node:crypto'
import type { Model } from '../../config/config.ts'
import type { Origin } from '../../machines/policy/settings.ts'

/**
 * Whether a change of the field needs another process, or takes effect while the old one runs on (config §14.3). A field
 * that is not here does not compile: whoever adds one decides.
 */
const effects: Readonly<Record<keyof Model, 'process' | 'in place'>> = {
  id: 'process',
  cmd: 'in place', // `argv` says what is really run: a comment may change
  argv: 'process',
  stopArgv: 'process',
  env: 'process',
  proxy: 'process',
  port: 'process',
  checkEndpoint: 'process',
  timeouts: 'process',
  ignoreWebsockets: 'process',
  healthCheckTimeoutMs: 'in place',
  ttlMs: 'in place',
  unloadTimeoutMs: 'in place',
  concurrencyLimit: 'in place',
  priority: 'in place',
  aliases: 'in place',
  useModelName: 'in place',
  filters: 'in place',
  sendLoadingState: 'in place',
  capabilities: 'in place',
  metadata: 'in place',
  name: 'in place',
  description: 'in place',
  unlisted: 'in place',
}

const processFields = Object.entries(effects)
  .filter(([, effect]) => effect === 'process')
  .map(([field]) => field as keyof Model)

/** Anew in each run, so that nobody can guess at a command, or a key in it, from a trace. */
const salt = randomUUID()

/** What tells a process of this model from one of the model as it was or will be. */
export function originOf(model: Model): Origin {
  const fields = JSON.stringify(processFields.map((field) => model[field]))
  const fingerprint = createHash('sha256').update(salt).update(fields).digest('base64url').slice(0, 16)
  return { fingerprint, port: model.port ?? localPort(model.proxy) }
}

/** The port of a URL of this machine. */
function localPort(url: string): number | null {
  const { hostname, port, protocol } = new URL(url)
  if (!/^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname)) return null
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}
