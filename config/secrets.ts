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
 * A copy in which secrets are masked: whatever has the name of one, as a field, an environment entry, a flag of a command or
 * a password in an address, and the same text wherever else it stands. What is not data becomes text.
 */
export function maskSecrets(value: unknown): unknown {
  const masking = new Masking()
  return masking.trace(masking.value(value, ''))
}

/** `--api-key VALUE` in a command. */
const flagWithValue = /(?<=^|\s)(--?[A-Za-z][\w-]{1,60})(=|[ \t]+)("[^"]*"|'[^']*'|[^\s"']+)/g
const password = /(:\/\/[^/\s:@]{0,200}:)([^@/\s]{1,500})(?=@)/g

class Masking {
  readonly #secrets = new Set<string>()

  value(value: unknown, name: string): unknown {
    if (typeof value === 'string') return this.#text(value, name)
    if (Array.isArray(value)) return value.map((item, index) => this.#item(item, value[index - 1], name))
    return mapEntries(value, (child, key) => this.value(child, key))
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
    if (isSecretName(name)) return this.#hide(text)
    const [, variable, content] = (name === 'env' && /^([^=]+)=(.*)$/s.exec(text)) || []
    if (variable !== undefined && isSecretName(variable)) return `${variable}=${this.#hide(content ?? '')}`
    return text
      .replace(password, (_, before: string, secret: string) => before + this.#hide(secret))
      .replace(flagWithValue, (all, flag: string, between: string, secret: string) =>
        isSecretName(flag) ? flag + between + this.#hide(secret.replace(/^(["'])(.*)\1$/s, '$2')) : all,
      )
  }

  #hide(secret: string): string {
    this.#secrets.add(secret)
    return secret === '' ? '' : mask
  }
}

function mapEntries(value: unknown, change: (child: unknown, key: string) => unknown): unknown {
  if (value instanceof Map) return new Map([...value].map(([key, child]) => [key, change(child, String(key))]))
  if (typeof value !== 'object' || value === null) return value
  if (Object.getPrototypeOf(value) !== Object.prototype) return String(value)
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, change(child, key)]))
}
