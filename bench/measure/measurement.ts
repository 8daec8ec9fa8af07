/** One quantity of one case: a value for each round, by who was measured. Lower is better, unless `isRate`. */
export interface Measurement {
  readonly case: string
  readonly quantity: string
  readonly unit: string
  readonly isRate?: boolean
  readonly values: ReadonlyMap<string, number[]>
}

/** What one turn of one peer gave, by quantity. */
export type Sample = Readonly<Record<string, number>>

export interface Quantity {
  readonly name: string
  readonly unit: string
  readonly isRate?: boolean
  /** Not what was measured, but what it is above the quantity of this name on the direct way, in the same round. */
  readonly above?: string
}

/**
 * Measures in turn, A B C and then C B A, so that whatever drifts meanwhile touches all alike. The first round warms up and
 * is not counted.
 */
export async function inTurn<T>(
  subjects: readonly T[],
  rounds: number,
  measure: (subject: T) => Promise<Sample>,
): Promise<Map<T, Sample[]>> {
  const samples = new Map<T, Sample[]>(subjects.map((subject) => [subject, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      const sample = await measure(subject)
      if (round > 0) samples.get(subject)!.push(sample)
    }
  }
  return samples
}

/** Turns the samples of named subjects into one measurement for each quantity. */
export function tabulate(
  name: string,
  quantities: readonly Quantity[],
  samples: ReadonlyMap<{ readonly name: string }, Sample[]>,
): Measurement[] {
  return quantities.map((quantity) => ({
    case: name,
    quantity: quantity.name,
    unit: quantity.unit,
    ...(quantity.isRate && { isRate: true }),
    values: new Map(
      [...samples]
        .map(([{ name: subject }, list]) => [subject, valuesOf(list, quantity, directly(samples))] as const)
        .filter(([, values]) => values.some((value) => !Number.isNaN(value))),
    ),
  }))
}

function valuesOf(list: readonly Sample[], { name, above }: Quantity, direct: readonly Sample[]): number[] {
  if (above === undefined) return list.map((sample) => sample[name] ?? Number.NaN)
  if (list === direct) return []
  return list.map((sample, round) => (sample[above] ?? Number.NaN) - (direct[round]?.[above] ?? Number.NaN))
}

function directly(samples: ReadonlyMap<{ readonly name: string }, Sample[]>): readonly Sample[] {
  return [...samples].find(([{ name }]) => name === 'direct')?.[1] ?? []
}
