/** Whatever goes from actor to actor. */
export interface Message {
  readonly type: string
}

/** What an actor wants done once it has taken a message, in this order. */
export type Effect =
  | { readonly type: 'send'; readonly to: Actor; readonly event: Message }
  | { readonly type: 'emit'; readonly event: Message }
  | { readonly type: 'spawn'; readonly actor: Actor }
  | { readonly type: 'stop'; readonly actor: Actor }
  /** To the operating system's process of a model, or to the probe of its readiness. */
  | { readonly type: 'begin child' | 'end child'; readonly child: string }
  | { readonly type: 'tell child'; readonly child: string; readonly event: Message }

/** An actor of the walk: a mailbox, and something that answers each message with effects. */
export abstract class Actor {
  readonly id: string
  readonly mailbox: Message[] = []
  /** It is taking a message, or its effects are being carried out: what comes now waits in the mailbox. */
  isBusy = false
  isGone = false

  constructor(id: string) {
    this.id = id
  }

  abstract start(): readonly Effect[]
  abstract receive(event: Message): readonly Effect[]
}

/** Watches the actors at work. */
export interface Witness {
  sent(from: string, to: Actor, event: Message): void
  replied(event: Message): void
  child(actor: Actor, effect: Extract<Effect, { child: string }>): void
  /** No state of the actor has a transition for the event. */
  dropped(actor: Actor, event: Message): void
}

/**
 * Delivers messages as XState does: an idle actor takes a message at once, within the `send`, and a busy one takes it when it is
 * done; the effects of a message are carried out in order, after the state has changed.
 */
export class Post {
  witness: Witness

  constructor(witness: Witness) {
    this.witness = witness
  }

  send(from: string, to: Actor, event: Message): void {
    this.witness.sent(from, to, event)
    if (to.isGone) return
    to.mailbox.push(event)
    if (!to.isBusy) this.#work(to)
  }

  start(actor: Actor): void {
    actor.isBusy = true
    this.#carryOut(actor, actor.start())
    this.#work(actor)
  }

  #work(actor: Actor): void {
    actor.isBusy = true
    const { mailbox } = actor
    for (let next = mailbox.shift(); next; next = mailbox.shift()) this.#carryOut(actor, actor.receive(next))
    actor.isBusy = false
  }

  #carryOut(actor: Actor, effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.type) {
        case 'send':
          this.send(actor.id, effect.to, effect.event)
          break
        case 'emit':
          this.witness.replied(effect.event)
          break
        case 'spawn':
          this.start(effect.actor)
          break
        case 'stop':
          effect.actor.isGone = true
          effect.actor.mailbox.length = 0
          break
        case 'begin child':
        case 'end child':
        case 'tell child':
          this.witness.child(actor, effect)
      }
    }
  }
}
