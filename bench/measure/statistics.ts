/** The value below which the fraction `q` of the values lies; NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  if (sorted.length === 0) return Number.NaN
  const place = (sorted.length - 1) * q
  const below = sorted[Math.floor(place)]!
  const above = sorted[Math.ceil(place)]!
  return below + (above - below) * (place - Math.floor(place))
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** A median, and where the middle half of the values lies: what the noise was. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), low: quantile(values, 0.25), high: quantile(values, 0.75) }
}

/** Of two that were measured in the same rounds: the ratio of each round, so that what disturbed both cancels out. */
export function pairwise(values: readonly number[], reference: readonly number[]): number[] {
  const rounds = Math.min(values.length, reference.length)
  return Array.from({ length: rounds }, (_, round) => values[round]! / reference[round]!).filter(Number.isFinite)
}
