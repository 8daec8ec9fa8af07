import { type Dialect, splitCommand } from './command.ts'
import type { Model, ModelId } from './config.ts'
import type { Problem } from './problem.ts'
import type { ModelFields, Root } from './schema.ts'
import { problemAt, type Tree } from './tree.ts'

/** What is known of a model besides its own fields. */
export interface Surroundings {
  readonly root: Root
  readonly port: number | null
  readonly priority: number
  readonly dialect: Dialect
  readonly tree: Tree
}

/** Requests that one model may have when nothing else is said (§13.3). */
const defaultLimit = 10
const defaultUnloadSeconds = 10
const windowsStop = `taskkill /f /t /pid \${PID}`

/** Fills in what depends on the root, and checks what depends on more than one field. */
export function normaliseModel(
  id: ModelId,
  fields: ModelFields,
  { root, port, priority, dialect, tree }: Surroundings,
): { model: Model; problems: readonly Problem[] } {
  const problems: Problem[] = []
  const complain = (key: string, message: string) => problems.push(problemAt(tree, ['models', id, key], message))

  const argv = splitCommand(fields.cmd, dialect)
  if (argv.length === 0) complain('cmd', 'is empty: write the command that starts the model')
  if (fields.ttl < -1) complain('ttl', 'must be -1 (as globalTTL says), 0 (never) or a number of seconds')
  const proxy = fields.proxy ?? `http://localhost:${port}`
  if (!isHttpUrl(proxy)) complain('proxy', `\`${proxy}\` is not an http:// or https:// URL`)
  const cmdStop = fields.cmdStop ?? (dialect === 'windows' ? windowsStop : '')
  const stopArgv = splitCommand(cmdStop, dialect)
  const { checkEndpoint } = fields

  const model: Model = {
    id,
    cmd: fields.cmd,
    argv,
    stopArgv: stopArgv.length > 0 ? stopArgv : null,
    env: fields.env,
    proxy: proxy.replace(/\/+$/, ''),
    port,
    checkEndpoint: checkEndpoint.trim() === 'none' ? null : checkEndpoint,
    healthCheckTimeoutMs: (fields.healthCheckTimeout ?? root.healthCheckTimeout) * 1000,
    ttlMs: (fields.ttl === -1 ? root.globalTTL : fields.ttl) * 1000,
    unloadTimeoutMs: (fields.unloadTimeout || root.unloadTimeout || defaultUnloadSeconds) * 1000,
    concurrencyLimit: fields.concurrencyLimit > 0 ? fields.concurrencyLimit : defaultLimit,
    priority,
    aliases: fields.aliases.filter((alias) => alias !== id),
    name: fields.name,
    description: fields.description,
    unlisted: fields.unlisted,
  }
  return { model, problems }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}
