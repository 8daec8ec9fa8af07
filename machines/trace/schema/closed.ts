import * as v from 'valibot'

export type Schema<T> = v.GenericSchema<unknown, T>

/** One schema for each member of the union `T`, by its `key`: a member without one does not compile. */
export type Members<T extends Record<K, string>, K extends string> = {
  readonly [Name in T[K]]: Schema<Extract<T, Record<K, Name>>>
}

/** Any member of the union. */
export function anyOf<T extends Record<K, string>, K extends string>(key: K, members: Members<T, K>): Schema<T> {
  const names = Object.keys(members).join(', ')
  const options = Object.values(members) as v.VariantOptions<K>
  return v.variant(key, options, ({ received }) => `it is ${received}, and may be ${names}`) as unknown as Schema<T>
}

/** A brand exists for the compiler only. */
export function branded<T>(schema: v.GenericSchema): Schema<T> {
  return schema as unknown as Schema<T>
}
