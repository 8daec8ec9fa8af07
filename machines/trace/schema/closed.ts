import * as v from 'valibot'

export type Schema<T> = v.GenericSchema<unknown, T>

/** One schema for each member of the union `T`, by its `key`: a member without one does not compile. */
export type Members<T extends Record<K, string>, K extends string> = {
  readonly [Name in T[K]]: Schema<Extract<T, Record<K, Name>>>
}

/** Any member of the union. */
export function anyOf<T extends Record<K, string>, K extends string>(key: K, members: Members<T, K>): Schema<T> {
  const known = new Map<unknown, Schema<T>>(Object.entries(members) as [string, Schema<T>][])
  return v.lazy((input) => {
    const name = typeof input === 'object' && input !== null ? (input as Record<string, unknown>)[key] : undefined
    return (
      known.get(name) ?? v.never(`\`${key}\` is ${JSON.stringify(name)}, and may be ${[...known.keys()].join(', ')}`)
    )
  }) as unknown as Schema<T>
}

/** A brand exists for the compiler only. */
export function branded<T>(schema: v.GenericSchema): Schema<T> {
  return schema as unknown as Schema<T>
}
