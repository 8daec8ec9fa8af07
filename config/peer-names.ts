import type { ModelId } from './config.ts'
import type { NameTable } from './names.ts'
import type { Peer } from './peers.ts'
import type { Problems } from './problems.ts'
import type { Path } from './tree.ts'

/** A model of a peer. */
export interface PeerModel {
  readonly type: 'peer'
  /** Id of the peer. */
  readonly peer: string
  /** What the peer calls it. */
  readonly model: string
}

/** What the models of peers are called. */
export interface PeerNames {
  /** Every name that means one. */
  readonly models: ReadonlyMap<string, PeerModel>
  /** Says so when a name of something else is reserved for a model of a peer, `PEER/MODEL`. */
  reserve(name: string, path: Path): void
}

/** Gathers the names of all peers' models (§10.3). Local names win over bare ones. */
export function peerNames(
  peers: ReadonlyMap<string, Peer>,
  ids: readonly ModelId[],
  { resolve, places }: NameTable,
  problems: Problems,
): PeerNames {
  const models = new Map<string, PeerModel>()
  const offers = [...peers.values()].flatMap((peer) =>
    peer.models.map((model): PeerModel => ({ type: 'peer', peer: peer.id, model })),
  )
  for (const offer of offers) {
    const { peer, model } = offer
    const name = `${peer}/${model}`
    const other = models.get(name)
    if (other) {
      const path = ['peers', peer, 'models']
      problems.error(path, `\`${name}\` already is the model \`${other.model}\` of the peer \`${other.peer}\``)
    } else models.set(name, offer)
  }

  const qualified = new Set(models.keys())
  const reserve = (name: string, path: Path) => {
    const { peer, model } = models.get(name) ?? {}
    if (qualified.has(name)) {
      problems.error(path, `\`${name}\` is taken: it means the model \`${model}\` of the peer \`${peer}\``)
    }
  }
  for (const id of ids) reserve(id, ['models', id])
  for (const [alias, path] of places) reserve(alias, path)

  for (const [name, [offer, ...others]] of Map.groupBy(offers, ({ model }) => model)) {
    const isFree = others.length === 0 && !qualified.has(name) && resolve(name) === undefined
    if (offer && isFree) models.set(name, offer)
  }
  return { models, reserve }
}
