import type { Matrix, ModelId, SetExpression } from '../config/config.ts'
import { matrixChooser } from '../machines/policy/matrix.ts'
import { chooseByEnumeration, countMembers } from '../tests/support/matrix.ts'

/*
 * How long the matrix engine takes to choose who must stop, against looking at every combination.
 * Both are asked in turn; each question is new to the engine, which would otherwise remember its answer.
 * Not measured: reading the configuration.
 */

interface Case {
  readonly name: string
  readonly matrix: Matrix
  readonly target: ModelId
  readonly resident: readonly ModelId[]
}

/** Beyond this many combinations one look at all of them takes minutes. */
const feasible = 1_000_000

const model = (name: string): SetExpression => ({ type: 'model', model: name as ModelId })
const one = (expression: SetExpression): Matrix => ({ sets: [{ id: 'set', expression }], costs: [] })

/** Models by number. */
function models(prefix: string, count: number): readonly ModelId[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}` as ModelId)
}

/** Places, each with its alternatives. */
function seats(count: number, alternatives: number): readonly (readonly ModelId[])[] {
  return Array.from({ length: count }, (_, seat) => models(`seat${seat}-`, alternatives))
}

function seated(name: string, places: readonly (readonly ModelId[])[], resident: readonly ModelId[]): Case {
  const of = places.map((place): SetExpression => ({ type: 'any', of: place.map(model) }))
  return { name, matrix: one({ type: 'all', of }), target: places[0]![0]!, resident }
}

function cases(): readonly Case[] {
  const [four, six, ten] = [seats(4, 10), seats(6, 10), seats(10, 10)]
  const oneEach = (places: typeof four) => places.map((place) => place[5]!)
  const many = models('m', 200)
  const list = Array.from({ length: 10_000 }, (_, index): SetExpression => {
    const three = [many[index % 10]!, many[10 + (index % 97)]!, many[107 + (index % 93)]!]
    return { type: 'all', of: three.map(model) }
  })
  return [
    seated('4 seats of 10, one of each runs', four, oneEach(four)),
    seated('4 seats of 10, all 39 others run', four, four.flat().slice(1)),
    seated('6 seats of 10, one of each runs', six, oneEach(six)),
    seated('6 seats of 10, all 59 others run', six, six.flat().slice(1)),
    seated('10 seats of 10, all 99 others run', ten, ten.flat().slice(1)),
    {
      name: '200 models in one set, 150 run',
      matrix: one({ type: 'all', of: many.map(model) }),
      target: many[199]!,
      resident: many.slice(0, 150),
    },
    {
      name: 'a list of 10,000 sets of three, 99 run',
      matrix: one({ type: 'any', of: list }),
      target: many[0]!,
      resident: many.slice(1, 100),
    },
    seated('any 10 of 30 models, too many to compare', Array(10).fill(many.slice(0, 30)), many.slice(1, 30)),
  ]
}

function millisecondsOf(run: () => void): number {
  const start = performance.now()
  run()
  return performance.now() - start
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function measure({ matrix, target, resident }: Case) {
  const isFeasible = countMembers(matrix) <= feasible
  const rounds = isFeasible && countMembers(matrix) > 100_000 ? 5 : 21
  const [solved, enumerated]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    const choose = matrixChooser(matrix)
    choose(target, [])
    solved.push(millisecondsOf(() => choose(target, resident)))
    if (isFeasible) enumerated.push(millisecondsOf(() => chooseByEnumeration(matrix, target, resident)))
  }
  return { engineMs: median(solved), enumerationMs: isFeasible ? median(enumerated) : null }
}

const digits = (value: number, places: number) => value.toLocaleString('en', { maximumFractionDigits: places })

console.log(
  `${'case'.padEnd(44)}${'combinations'.padStart(14)}${'engine ms'.padStart(12)}${'all ms'.padStart(12)}${'ratio'.padStart(12)}`,
)
for (const each of cases()) {
  const { engineMs, enumerationMs } = measure(each)
  const members = countMembers(each.matrix)
  const row = [
    members < 1e9 ? digits(members, 0) : members.toExponential(0),
    digits(engineMs, 3),
    enumerationMs === null ? '-' : digits(enumerationMs, 1),
    enumerationMs === null ? '-' : digits(engineMs / enumerationMs, 6),
  ]
  console.log(each.name.padEnd(44) + row.map((cell, index) => cell.padStart(index === 0 ? 14 : 12)).join(''))
}
