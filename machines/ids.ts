declare const brand: unique symbol

/** One request of a client, from its arrival to the end of its lease. Minted by the desk; never reused. */
export type RequestId = number & { readonly [brand]: 'RequestId' }

/**
 * One swap, and the one load of its target: both bear the same id, because a process is only ever started by a swap.
 * Minted by the scheduler; never reused, so that a late completion can be told from a current one (I5).
 */
export type SwapId = number & { readonly [brand]: 'SwapId' }

/** One unload that somebody awaits. Minted by the desk; never reused. */
export type UnloadId = number & { readonly [brand]: 'UnloadId' }
