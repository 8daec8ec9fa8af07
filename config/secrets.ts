import type { Environment } from './environment.ts'

/** What stands where a secret was. */
const mask = '***'

/** Words that make the name of a secret wherever they stand in it, and those that do as the last. */
const secretWords = new Set([
  'secret',
  'secrets',
  'password',
  'passwd',
  'passphrase',
  'credential',
  'credentials',
  'apikey',
])
const lastWords = new Set(['key', 'keys', 'token', 'pass', 'pwd', 'auth', 'authorization'])
/** What only says where a secret is. */
const pointers = new Set(['file', 'path', 'dir'])

/** Shorter ones are masked where they stand only: their letters may be part of anything. */
const leastTraced = 6

/** Whether a name, such as `HF_TOKEN`, `apiKeys` or `--api-key`, is that of a secret. */
export function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  const last = words.findLast((word) => !/^\d*$/.test(word)) ?? ''
  return lastWords.has(last) || (words.some((word) => secretWords.has(word)) && !pointers.has(last))
}

/**
 * A copy in which secrets are masked: whatever has the name of one, as a field, a forced parameter, an environment entry, a
 * flag of a command or a password in an address, or is the value of such a variable; and the same text wherever else it
 * stands. Keys of maps are the user's names and say nothing. Expressions become their source.
 */
export function maskSecrets(value: unknown, environment: Environment = {}): unknown {
  const variables = Object.entries(environment).filter(([name]) => isSecretName(name))
  const masking = new Masking(variables.map(([, content = '']) => content))
  return masking.trace(masking.value(value, ''))
}

/** `--api-key VALUE` in a command. */
const flagWithValue = /(?<=^|\s)(--?[A-Za-z][\w-]{1,60})(=|[ \t]+)("[^"]*"|'[^']*'|[^\s"']+)/g
const password = /(:\/\/[^/\s:@]{0,200}:)([^@/\s]{1,500})(?=@)/g

class Masking {
  readonly #secrets: Set<string>

  constructor(secrets: readonly string[]) {
    this.#secrets = new Set(secrets)
  }

  value(value: unknown, name: string): unknown {
    if (typeof value === 'string') return this.#text(value, name)
    if (Array.isArray(value)) return value.map((item, index) => this.#item(item, value[index - 1], name))
    const param = isParam(value) ? value.path.join('.') : undefined
    return mapEntries(value, (child, key) => this.value(child, (key === 'json' ? param : undefined) ?? key))
  }

  /** Masks what was found wherever else it stands. */
  trace(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.trace(item))
    if (typeof value !== 'string') return mapEntries(value, (child) => this.trace(child))
    const traced = [...this.#secrets].filter(({ length }) => length >= leastTraced)
    // The longest first: one may begin as another does.
    traced.sort((a, b) => b.length - a.length)
    return traced.reduce((text, secret) => text.replaceAll(secret, mask), value)
  }

  /** An item may be the value of a flag before it. */
  #item(item: unknown, before: unknown, name: string): unknown {
    const isFlag = typeof before === 'string' && /^--?[A-Za-z][\w-]*$/.test(before)
    return this.value(item, isFlag && isSecretName(before) ? before : name)
  }

  #text(text: string, name: string): string {
    if (isSecretName(name)) return this.#hide(unquote(text))
    const [, variable, content] = (name === 'env' && /^([^=]+)=(.*)$/s.exec(text)) || []
    if (variable !== undefined && isSecretName(variable)) return `${variable}=${this.#hide(content ?? '')}`
    return text
      .replace(password, (_, before: string, secret: string) => before + this.#hide(secret))
      .replace(flagWithValue, (all, flag: string, between: string, secret: string) =>
        isSecretName(flag) ? flag + between + this.#hide(unquote(secret)) : all,
      )
  }

  #hide(secret: string): string {
    this.#secrets.add(secret)
    return secret === '' ? '' : mask
  }
}

/** A forced parameter of requests. */
function isParam(value: unknown): value is { readonly path: readonly unknown[] } {
  return typeof value === 'object' && value !== null && 'json' in value && 'path' in value && Array.isArray(value.path)
}

function unquote(text: string): string {
  return text.replace(/^(["'])(.*)\1$/s, '$2')
}

function mapEntries(value: unknown, change: (child: unknown, key: string) => unknown): unknown {
  if (value instanceof Map) return new Map([...value].map(([key, child]) => [key, change(child, '')]))
  if (typeof value !== 'object' || value === null) return value
  if ('source' in value) return value.source
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, change(child, key)]))
}
