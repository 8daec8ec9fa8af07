/** From where to where a vertical line runs. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A lane for each span, from 0 on the inside: those in one lane never touch. Short ones are inside, so that few lines cross. */
export function assignLanes(spans: readonly Span[]): readonly number[] {
  const taken: Span[][] = []
  const lanes = spans.map(() => 0)
  const byLength = spans.map((span, index) => ({ span, index })).sort((a, b) => length(a.span) - length(b.span))
  for (const { span, index } of byLength) {
    const lane = taken.findIndex((others) => others.every((other) => span.to < other.from || other.to < span.from))
    lanes[index] = lane < 0 ? taken.length : lane
    const others = taken[lanes[index]!] ?? []
    taken[lanes[index]!] = [...others, span]
  }
  return lanes
}

function length({ from, to }: Span): number {
  return to - from
}
