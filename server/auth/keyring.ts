import { createHash, timingSafeEqual } from 'node:crypto'
import type { ApiKey } from '../../config/api-keys.ts'

/** The keys of a configuration, of which it keeps only hashes. */
export class Keyring {
  readonly #entries: readonly { readonly hash: Buffer; readonly key: ApiKey }[]

  constructor(keys: readonly ApiKey[]) {
    this.#entries = keys.map((key) => ({ hash: hashOf(key.key), key }))
  }

  /** In a time that depends on neither the secret nor the keys: hashes of one length, each compared to its end (W4). */
  find(secret: string): ApiKey | undefined {
    const hash = hashOf(secret)
    let found: ApiKey | undefined
    for (const entry of this.#entries) {
      if (timingSafeEqual(entry.hash, hash)) found ??= entry.key
    }
    return found
  }
}

const keyrings = new WeakMap<readonly ApiKey[], Keyring>()

/** Made once for each configuration. */
export function keyringOf(keys: readonly ApiKey[]): Keyring {
  let keyring = keyrings.get(keys)
  if (!keyring) {
    keyring = new Keyring(keys)
    keyrings.set(keys, keyring)
  }
  return keyring
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
