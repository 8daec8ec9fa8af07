import { Actor } from './actor.ts'

/** A text that is the same for equal values. Actors are known by their ids. */
export function keyOf(value: unknown): string {
  return JSON.stringify(value, (_name, part) => (part instanceof Actor ? `@${part.id}` : part)) ?? ''
}

/** The same for a message, which is short and flat: it is asked for with every message of the walk. */
export function keyOfMessage(event: object): string {
  let key = ''
  for (const name in event) {
    const part = event[name as never] as unknown
    key += typeof part === 'object' && part !== null ? `${name}=${JSON.stringify(part)};` : `${name}=${part};`
  }
  return key
}
