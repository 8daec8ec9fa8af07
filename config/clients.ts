import { isIP } from 'node:net'
import { list, section, struct } from './fields.ts'
import type { Problems } from './problems.ts'
import { text } from './scalars.ts'

/* Which clients are trusted with what, by where they are. */

export const clientEntries = {
  cors: section(
    struct({
      allowOrigins: list(
        text,
        'Origins whose pages may read answers, such as `https://chat.example`; `*` is every one. Those that are named may change something, too.',
        ['*'],
      ),
    }),
    'What pages of other origins may do.',
  ),
  trustedProxies: list(
    text,
    'Addresses and networks, such as `10.0.0.0/8`, whose X-Forwarded-For is believed. None by default: anyone can write it.',
  ),
}

/** Origins as browsers write them: lower case, without a path. */
export function normaliseOrigins(written: readonly string[], problems: Problems): readonly string[] {
  return written.map((origin, index) => {
    const trimmed = origin.trim().toLowerCase()
    if (trimmed !== '*' && !/^[a-z][a-z0-9+.-]*:\/\/[^/?#*\s]+$/.test(trimmed)) {
      const message = `\`${origin}\` is no origin: write \`*\`, or a scheme and a host such as \`https://chat.example\``
      problems.error(['cors', 'allowOrigins', index], message)
    }
    return trimmed
  })
}

export function normaliseTrustedProxies(written: readonly string[], problems: Problems): readonly string[] {
  return written.map((network, index) => {
    const trimmed = network.trim()
    const [, address = '', bits = '0'] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(trimmed) ?? []
    const version = isIP(address)
    if (version === 0 || address.includes('%') || Number(bits) > (version === 4 ? 32 : 128)) {
      const message = `\`${network}\` is neither an address nor a network such as \`10.0.0.0/8\``
      problems.error(['trustedProxies', index], message)
    }
    return trimmed
  })
}
