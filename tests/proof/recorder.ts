import type { Actor, Effect, Message, Witness } from '../../proof/system/actor.ts'
import type { World } from '../support/world.ts'

/** Writes down who said what to whom, and lets another witness watch as well. */
export class Recorder implements Witness {
  readonly said: string[] = []
  readonly #next: Witness

  constructor(next: Witness) {
    this.#next = next
  }

  sent(from: string, to: Actor, event: Message): void {
    if (isOurs(event)) this.said.push(line(from, to.id, event))
    this.#next.sent(from, to, event)
  }

  child(actor: Actor, effect: Extract<Effect, { child: string }>): void {
    if (effect.type === 'tell child') this.said.push(line(actor.id, effect.child, effect.event))
    this.#next.child(actor, effect)
  }

  replied(event: Message): void {
    this.#next.replied(event)
  }

  dropped(actor: Actor, event: Message): void {
    this.#next.dropped(actor, event)
  }
}

/** What the real actors have said since. */
export function saidSince(real: World, count: number): readonly string[] {
  return real.messages
    .slice(count)
    .filter(({ event }) => isOurs(event))
    .map(({ from, to, event }) => line(from, to, event))
}

/** Neither the start of an actor, nor a timer of its own, which the walk rings by hand, nor the spawn, which changes nothing. */
function isOurs({ type }: Message): boolean {
  return !type.startsWith('xstate.') && type !== 'child.spawned'
}

const anew = new Set([
  'swap',
  'request',
  'unload',
  'at',
  'forMs',
  'graceMs',
  'failure',
  'retryAfterMs',
  'keep',
  'exit',
  'budgetMs',
])

/** All of a message but the ids, the times and what the walk takes for the same. */
function line(from: string, to: string, event: Message): string {
  return `${from} > ${to} ${JSON.stringify(event, (name, value) => (anew.has(name) ? undefined : value))}`
}
