import type { JsonSchema } from './json-schema.ts'

/*
 * Who may run together is said in one of two ways, groups or matrix, in one of two places, at the root or under
 * `routing.router` (§7.7). Empty groups say nothing, and no matrix says nothing.
 */

const some = { type: 'object', minProperties: 1 }
const nothing = (errorMessage: string) => ({ type: ['null', 'object'], maxProperties: 0, errorMessage })
const none = (errorMessage: string) => ({ type: 'null', errorMessage })

const hasGroups = { required: ['groups'], properties: { groups: some } }
const hasMatrix = { required: ['matrix'], properties: { matrix: { type: 'object' } } }
const usesMatrix = router({ required: ['use'], properties: { use: { const: 'matrix' } } })

const above = 'who may run together is said at the root as well: keep one of them'

export const oneEngine: readonly JsonSchema[] = [
  when(hasGroups, { properties: { matrix: none('there are `groups` as well: keep one of them') } }),
  when(
    { anyOf: [hasGroups, hasMatrix] },
    router({
      properties: {
        use: { enum: ['', null], errorMessage: above },
        settings: { properties: { groups: nothing(above), matrix: none(above) } },
      },
    }),
  ),
  when(
    { allOf: [usesMatrix, { not: { anyOf: [hasGroups, hasMatrix] } }] },
    router({
      required: ['settings'],
      properties: { settings: { required: ['matrix'], properties: { matrix: { type: 'object' } } } },
    }),
  ),
]

function when(condition: JsonSchema, consequence: JsonSchema): JsonSchema {
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON schema.
  return { if: condition, then: consequence }
}

function router(schema: JsonSchema): JsonSchema {
  return { properties: { routing: { properties: { router: schema } } } }
}
