import * as v from 'valibot'
import { byCodePoint } from '../../config/order.ts'
import { demandEverything } from '../auth/rights.ts'
import { JsonSyntaxError } from '../body/json.ts'
import { JsonScanner } from '../body/json-scanner.ts'
import { readBody } from '../body/read.ts'
import { meaningOf, namesFor } from '../destination/destination.ts'
import { ApiError, invalidJson } from '../errors.ts'
import { type Exchange, sendJson } from '../http/exchange.ts'
import type { Route } from '../route.ts'
import type { Server } from '../server.ts'

const active = v.nullable(v.string())

const list = v.object({
  active,
  profiles: v.array(
    v.object({
      id: v.string(),
      description: v.string(),
      pins: v.pipe(
        v.record(v.string(), v.string()),
        v.description('By requested name, what it means; empty: nothing.'),
      ),
    }),
  ),
})

const choice = v.object({
  name: v.pipe(v.nullable(v.string()), v.description('Id of the profile; null or empty for none.')),
})

export const profileRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/profiles',
    subject: 'Control',
    access: ['control', 'ui'],
    summary: 'The profiles, and which one is active.',
    answer: { type: 'json', schema: list },
    handle: listProfiles,
  },
  {
    method: 'PUT',
    path: '/api/profiles/active',
    subject: 'Control',
    access: ['control'],
    changes: true,
    summary: 'Makes a profile the active one, or none.',
    body: { type: 'json', schema: choice },
    answer: { type: 'json', schema: v.object({ active }) },
    handle: selectProfile,
  },
]

function listProfiles(server: Server, exchange: Exchange): void {
  const { config, profiles } = server
  const sorted = [...config.profiles.values()].sort((a, b) => byCodePoint(a.id, b.id))
  sendJson(exchange, {
    active: profiles.active?.id ?? null,
    profiles: sorted.map(({ id, description, pins }) => {
      const seen = [...pins].filter(([name, target]) => seesPin(server, exchange, name, target))
      return { id, description, pins: Object.fromEntries(seen) }
    }),
  })
}

/** Whoever may use the name or what it is pinned to. */
function seesPin(server: Server, { caller }: Exchange, name: string, target: string): boolean {
  if (caller.seesAll) return true
  const meaning = meaningOf(server, target)
  return caller.sees([name, target, ...(meaning ? namesFor(meaning) : [])])
}

/** So much is a name and what is around it at most. */
const mostBytes = 64 * 1024

async function selectProfile({ config, profiles }: Server, exchange: Exchange): Promise<void> {
  demandEverything(exchange.caller, 'This changes what names mean for every model')
  const name = nameIn(await readBody(exchange.incoming, mostBytes))
  if (!profiles.select(name === '' ? null : name)) {
    const known = [...config.profiles.keys()].map((id) => `"${id}"`).join(', ') || 'none'
    throw new ApiError('not_found', `There is no profile "${name}". Those of the configuration: ${known}.`)
  }
  sendJson(exchange, { active: profiles.active?.id ?? null })
}

function nameIn(body: Buffer): string | null {
  const { success, output } = v.safeParse(choice, parse(body))
  if (!success) throw new ApiError('bad_request', 'Send {"name": "ID"} to select a profile, {"name": null} for none.')
  return output.name
}

/** The first value of the body: what follows it is not looked at (server §23.2). */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8', 0, endOfFirst(body)))
  } catch (error) {
    throw error instanceof SyntaxError ? invalidJson(error) : error
  }
}

/** Where the text stops being JSON, if it does. */
function endOfFirst(body: Buffer): number {
  try {
    const scanner = new JsonScanner([])
    scanner.push(body)
    scanner.end()
    return body.length
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error.offset
    throw error
  }
}
