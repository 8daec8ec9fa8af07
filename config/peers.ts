import type * as v from 'valibot'
import { field, list, required, section, struct } from './fields.ts'
import { type Filters, normaliseFilters, peerFiltersSchema } from './filters.ts'
import type { Problems } from './problems.ts'
import { httpUrl, notBlank, text } from './scalars.ts'
import { normaliseTimeouts, peerTimeoutsSchema, type Timeouts } from './timeouts.ts'
import { httpBase } from './url.ts'

/** Another server, whose models are served through this one (§7.16). */
export interface Peer {
  readonly id: string
  /** Base URL, without a trailing slash. */
  readonly url: string
  /** Takes the place of the client's credentials; null leaves those as they are. */
  readonly apiKey: string | null
  /** As the peer calls them. Never empty. */
  readonly models: readonly string[]
  readonly filters: Filters
  readonly timeouts: Timeouts
}

export const peerSchema = struct({
  proxy: required(field(httpUrl, '', 'Address of the peer, with http:// or https://.')),
  apiKey: field(text, '', "Sent to the peer in place of the client's own key."),
  models: required(list(notBlank, 'Models that the peer serves, as it calls them.')),
  filters: section(peerFiltersSchema, 'What is changed in requests before they are forwarded.'),
  timeouts: section(peerTimeoutsSchema, 'How long the parts of a request may take.'),
})

type PeerFields = v.InferOutput<typeof peerSchema>

export function normalisePeers(fields: ReadonlyMap<string, PeerFields>, problems: Problems): ReadonlyMap<string, Peer> {
  return new Map([...fields].map(([id, peer]) => [id, normalisePeer(id, peer, problems)]))
}

function normalisePeer(id: string, { proxy, apiKey, models, filters, timeouts }: PeerFields, problems: Problems): Peer {
  const path = ['peers', id]
  if (id.trim() === '') problems.error(path, 'a peer needs an id that is not empty')
  const url = httpBase(proxy)
  if (proxy === '') problems.error([...path, 'proxy'], 'is missing: write the address of the peer')
  else if (url === null) {
    problems.error([...path, 'proxy'], `\`${proxy}\` is not an address such as http://host:8080 or https://host`)
  }
  if (!/^[\x20-\x7e]*$/.test(apiKey)) {
    problems.error([...path, 'apiKey'], 'contains a character that cannot be sent in a header')
  }
  if (models.length === 0) problems.error([...path, 'models'], 'is empty: list the models that the peer serves')
  models.forEach((model, index) => {
    if (model.trim() === '') problems.error([...path, 'models', index], 'a model needs a name that is not empty')
  })
  return {
    id,
    url: url ?? proxy,
    apiKey: apiKey || null,
    models: [...new Set(models)],
    filters: normaliseFilters(filters, [...path, 'filters'], problems),
    timeouts: normaliseTimeouts(timeouts),
  }
}
