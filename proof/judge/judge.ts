import type { ModelId } from '../../config/config.ts'
import type { Command, Reply, SchedulerEvent, SwapDone } from '../../machines/events.ts'
import type { Settings } from '../../machines/policy/settings.ts'
import type { Scene } from '../scene.ts'
import type { Actor, Effect, Message, Witness } from '../system/actor.ts'
import type { State, System } from '../system/system.ts'
import { checkAgreement } from './agreement.ts'
import { Happening } from './happening.ts'
import { checkAdmission, checkCompletions, checkFailures, checkQueue, checkSwaps } from './order.ts'
import { Outsiders } from './outsiders.ts'
import { checkTurns, checkWaits } from './reasons.ts'
import { checkGranted, checkReload, checkVictims } from './reloads.ts'
import { checkRelease, checkRest } from './rest.ts'
import { checkServed, checkSpawn, checkThere } from './room.ts'
import { checkStop } from './stops.ts'
import { checkForgiven, checkShutdown, checkUnloaded } from './unloads.ts'
import { demand } from './violation.ts'

/** More messages than any event can cause, unless they go round in circles. */
const manyMessages = 300

/**
 * Watches what comes of one event, as those see it who are not in the system, and holds it against the invariants of
 * `machines/README.md`, cited by number, and against the rules of scheduling, cited by section.
 */
export class Judge implements Witness {
  readonly #configs: readonly Settings[]
  readonly #outsiders = new Outsiders()
  readonly #happening = new Happening()
  #system!: System

  constructor(configs: readonly Settings[]) {
    this.#configs = configs
  }

  /** From now on something happens to this state. */
  begin(system: System, before: Scene): void {
    this.#system = system
    this.#happening.begin(before, this.#configs.find(({ routing }) => routing === before.ledger.routing)!)
    this.#outsiders.enter(before)
  }

  /** What the scheduler has commanded since. */
  get commands(): readonly Command[] {
    return this.#happening.commands
  }

  sent(from: string, to: Actor, event: Message): void {
    const happening = this.#happening
    happening.messages++
    demand('I6', happening.messages < manyMessages, () => `an event has caused ${happening.messages} messages`)
    if (from === 'outside') {
      happening.hear(event as SchedulerEvent)
      this.#outsiders.say(event as SchedulerEvent)
    } else if (from === 'scheduler') happening.commands.push(event as Command)
    else if (from === 'clock') happening.isBudgetSpent = true
    else if (to.id === 'scheduler' && event.type === 'swap.done') {
      happening.complete(event as SwapDone, this.#system.ledger)
    } else if (to.id === 'router') this.#note(event as SchedulerEvent)
  }

  #note(event: SchedulerEvent): void {
    if (event.type === 'process.idle') this.#happening.rung = event.model
    if (event.type === 'process.changed' && event.state === 'stuck') this.#outsiders.noteStuck(event.model)
  }

  replied(event: Message): void {
    const reply = event as Reply
    switch (reply.type) {
      case 'grant.serve':
        this.#outsiders.answer(reply)
        this.#outsiders.serve(reply)
        this.#checkGrant(reply)
        this.#happening.grants.push(reply)
        return
      case 'grant.error':
        this.#outsiders.answer(reply)
        this.#happening.refusals.push(reply)
        return
      case 'unload.done':
        checkUnloaded(reply, this.#happening, this.#system)
        return
      case 'shutdown.done':
        checkShutdown(reply, this.#outsiders.children)
    }
  }

  #checkGrant({ model, swap, request }: Extract<Reply, { type: 'grant.serve' }>): void {
    const { config } = this.#happening
    const { children } = this.#outsiders
    checkThere(this.#system.processOf(model).state, swap)
    checkGranted(config, model, children)
    // Whoever waited for a load is served when it is complete, whatever a reload has brought back beside it meanwhile.
    if (!this.#happening.hasJoined(request)) checkServed(config, model, children)
  }

  child({ id }: Actor, { type, child }: Extract<Effect, { child: string }>): void {
    if (child !== 'child') return
    const model = id.slice('process.'.length) as ModelId
    const { config } = this.#happening
    switch (type) {
      case 'begin child':
        checkSpawn(config, model, this.#outsiders.children)
        this.#outsiders.spawn(config, model)
        return
      case 'tell child':
        checkStop(model, this.#happening, this.#outsiders)
        this.#outsiders.tell(model)
        return
      case 'end child':
        this.#outsiders.end(model)
    }
  }

  dropped({ id }: Actor, event: Message): void {
    demand('I5', false, () => `${id} has no use for ${JSON.stringify(event)}`)
  }

  /** Judges what the event has led to. */
  end(state: State): Scene {
    const { ledger } = state
    const happening = this.#happening
    checkAgreement(state, this.#outsiders)
    checkWaits(state)
    checkQueue(ledger)
    checkSwaps(ledger)
    checkRest(state)
    checkRelease(ledger, happening)
    checkVictims(happening.before.ledger, ledger)
    checkAdmission(happening)
    checkCompletions(happening)
    checkFailures(ledger, happening)
    checkForgiven(ledger, happening)
    checkTurns(ledger, happening)
    checkReload(ledger, happening, this.#outsiders.children)
    return this.#outsiders.complete(state, this.#configs.length > 1)
  }
}
