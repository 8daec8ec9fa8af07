import type { Model } from '../../config/config.ts'
import type { Peer } from '../../config/peers.ts'
import type { Selector, Target } from '../../config/selectors.ts'
import { admitted, recordOf, swapTo } from '../../machines/policy/ledger.ts'
import type { Caller } from '../auth/caller.ts'
import { namesOf, unknown } from '../auth/rights.ts'
import { modelRequired, noTarget } from '../errors.ts'
import type { Server } from '../server.ts'
import { type Candidate, choose } from './choose.ts'

/** Where a request goes. `name` is what it is called by on the way there: a profile or a selector may have changed it. */
export type Destination =
  | { readonly type: 'model'; readonly name: string; readonly model: Model }
  /** `model` is what the peer calls it. */
  | { readonly type: 'peer'; readonly name: string; readonly peer: Peer; readonly model: string }

export interface Destinations {
  /** The selector that chose; null when none did. */
  readonly selector: string | null
  /** In the order in which they are to be tried. Never empty. */
  readonly each: readonly [Destination, ...Destination[]]
}

/**
 * What a name means now (server §7): the active profile may pin it to another, a selector chooses among its targets, and
 * what is left is a model, by id or alias, or a peer's. Each step is taken once.
 * @throws ApiError 404 when it means nothing to this caller, 503 when a selector has nothing to choose
 */
export function destinationsOf(server: Server, caller: Caller, asked: string): Destinations {
  const pinned = pinOf(server, asked)
  const selector = server.config.selectors.get(pinned)
  if (!selector) return { selector: null, each: [destinationOf(server, caller, asked, pinned)] }

  const candidates = selector.targets.map((target) => candidateOf(server, target))
  const targets = choose(selector, candidates, server.turns.next(selector))
  const [first, ...others] = targets.map(({ name }) => destinationOf(server, caller, asked, name))
  if (!first) throw noTarget(selector.id)
  return { selector: selector.id, each: [first, ...others] }
}

/** The destination of a name that is neither pinned nor a selector's, as on `/upstream/...`; undefined when it means nothing. */
export function meaningOf({ config, names }: Server, name: string): Destination | undefined {
  const model = names.resolve(name)
  if (model) return { type: 'model', name, model }
  const remote = config.peerModels.get(name)
  const peer = remote && config.peers.get(remote.peer)
  return peer && { type: 'peer', name, peer, model: remote.model }
}

/** The names by which a key may see a destination. */
export function namesFor(destination: Destination): readonly string[] {
  switch (destination.type) {
    case 'model':
      return namesOf(destination.model)
    case 'peer':
      return [destination.name, `${destination.peer.id}/${destination.model}`]
  }
}

function pinOf({ profiles }: Server, asked: string): string {
  const pin = profiles.active?.pins.get(asked)
  // A pin to nothing: the name is switched off.
  if (pin === '') throw modelRequired()
  return pin ?? asked
}

/** Who may use what was asked for may use what that means. */
function destinationOf(server: Server, caller: Caller, asked: string, name: string): Destination {
  const destination = meaningOf(server, name)
  if (!destination || !caller.sees([asked, ...namesFor(destination)])) throw unknown(server, caller, asked)
  return destination
}

function candidateOf({ system, peerLoad }: Server, target: Target): Candidate {
  const { means } = target
  if (means.type === 'peer') {
    return { target, state: null, isComing: false, requests: peerLoad.of(`${means.peer}/${means.model}`) }
  }
  const ledger = system.ledger()
  const record = recordOf(ledger, means.model)
  return {
    target,
    state: record?.presence.state ?? 'stopped',
    isComing: swapTo(ledger, means.model)?.aborting === false,
    requests: record ? admitted(ledger, record) : 0,
  }
}

/** How often each selector has chosen, so that equals take turns. A reload begins anew. */
export class Turns {
  readonly #counts = new WeakMap<Selector, number>()

  next(selector: Selector): number {
    const count = this.#counts.get(selector) ?? 0
    this.#counts.set(selector, count + 1)
    return count
  }
}
