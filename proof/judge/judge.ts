import type { ModelId } from '../../config/config.ts'
import type { Command, Reply, SchedulerEvent, SwapDone } from '../../machines/events.ts'
import type { RequestId } from '../../machines/ids.ts'
import { recordOf } from '../../machines/policy/ledger.ts'
import type { Settings } from '../../machines/policy/settings.ts'
import type { Scene } from '../scene.ts'
import type { Actor, Effect, Message, Witness } from '../system/actor.ts'
import type { State, System } from '../system/system.ts'
import { ticketsOf } from '../tickets.ts'
import { checkAgreement } from './agreement.ts'
import { checkAdmission, checkQueue, checkRest, checkSwaps } from './order.ts'
import { Outsiders } from './outsiders.ts'
import { checkTurns, checkWaits } from './reasons.ts'
import { checkGranted, checkReload } from './reloads.ts'
import { checkServed, checkSpawn } from './room.ts'
import { demand } from './violation.ts'

/** More messages than any event can cause, unless they go round in circles. */
const manyMessages = 300

/**
 * Watches what comes of one event, as those see it who are not in the system, and holds it against the invariants of
 * `machines/README.md`, which are cited by number.
 */
export class Judge implements Witness {
  readonly #configs: readonly Settings[]
  readonly #outsiders = new Outsiders()
  #system: System | undefined
  #before!: Scene
  #config!: Settings
  #messages = 0
  /** Responses may be cut: somebody wants it so. */
  #mayCut = false
  #isReload = false
  /** The model whose timer has rung: if it drains, its drain may be over. */
  #rung: ModelId | null = null
  /** The model that somebody asks for, and whether too many do so already. */
  #arrival: ModelId | null = null
  #isTurnedAway = false
  readonly #commands: Command[] = []
  readonly #grants: Extract<Reply, { type: 'grant.serve' }>[] = []
  readonly #completed: { readonly done: SwapDone; readonly waiters: readonly RequestId[] }[] = []

  constructor(configs: readonly Settings[]) {
    this.#configs = configs
  }

  /** From now on something happens to this state. */
  begin(system: System, before: Scene): void {
    this.#system = system
    this.#before = before
    this.#config = this.#configs.find(({ routing }) => routing === before.ledger.routing)!
    this.#messages = 0
    this.#mayCut = before.scheduler !== 'open'
    this.#isReload = false
    this.#rung = null
    this.#arrival = null
    this.#isTurnedAway = false
    this.#commands.length = 0
    this.#grants.length = 0
    this.#completed.length = 0
    this.#outsiders.enter(before)
  }

  /** What the scheduler has commanded since. */
  get commands(): readonly Command[] {
    return this.#commands
  }

  sent(from: string, to: Actor, event: Message): void {
    this.#messages++
    demand('I6', this.#messages < manyMessages, () => `an event has caused ${this.#messages} messages`)
    if (from === 'outside') this.#hear(event as SchedulerEvent)
    else if (from === 'scheduler') this.#commands.push(event as Command)
    else if (to.id === 'scheduler' && event.type === 'swap.done') this.#complete(event as SwapDone)
    else if (to.id === 'router') this.#note(event as SchedulerEvent)
  }

  #hear(event: SchedulerEvent): void {
    const { waiting, served } = this.#outsiders
    if (event.type === 'request') {
      waiting.add(event.request)
      this.#arrival = event.model
    }
    if (event.type === 'request.cancel') waiting.delete(event.request)
    else if (event.type === 'serve.done') served.delete(event.request)
    else if (event.type === 'unload' || event.type === 'shutdown') this.#mayCut = true
    else if (event.type === 'config.changed' && this.#before.scheduler === 'open') {
      this.#config = event.settings
      this.#isReload = true
    }
  }

  #note(event: SchedulerEvent): void {
    if (event.type === 'process.idle') this.#rung = event.model
    if (event.type !== 'process.changed' || event.state !== 'stuck') return
    const child = this.#outsiders.children.get(event.model)
    if (child) child.wasStuck = true
  }

  #complete(done: SwapDone): void {
    const { ledger } = this.#system!
    const swap = ledger.swaps.find(({ id }) => id === done.swap)
    const isUp = recordOf(ledger, done.target)?.presence.state === 'ready'
    if (!swap || done.outcome.type !== 'ready' || !isUp) return
    this.#completed.push({ done, waiters: swap.waiters.map(({ request }) => request) })
  }

  replied(event: Message): void {
    const reply = event as Reply
    if (reply.type !== 'grant.serve' && reply.type !== 'grant.error') return
    const { waiting, served } = this.#outsiders
    demand('I1', waiting.delete(reply.request), () => `request ${reply.request} does not wait and gets a ${reply.type}`)
    if (reply.type === 'grant.error') {
      this.#isTurnedAway ||= reply.refusal.reason === 'concurrency limit'
      return
    }
    served.set(reply.request, { model: reply.model, isCut: false })
    this.#grants.push(reply)
    this.#checkGrant(reply)
  }

  /** A grant into a process that is not there, or that is told to end, will be cut. */
  #checkGrant({ model, swap, request }: Extract<Reply, { type: 'grant.serve' }>): void {
    const child = this.#outsiders.children.get(model)
    const { value, context } = this.#system!.processOf(model).state
    const isThere = child && value.startsWith('alive.ready') && context.swap === swap
    demand('I2', isThere === true, () => `${model} is ${value} and granted`)
    if (child) checkGranted(this.#config, model, child)
    const hasJoined = this.#completed.some(({ waiters }) => waiters.includes(request))
    if (!hasJoined) checkServed(this.#config, model, this.#outsiders.children)
  }

  child({ id }: Actor, { type, child }: Extract<Effect, { child: string }>): void {
    if (child !== 'child') return
    const model = id.slice('process.'.length) as ModelId
    const { children } = this.#outsiders
    switch (type) {
      case 'begin child': {
        checkSpawn(this.#config, model, children)
        const { fingerprint, port } = this.#config.models.find((settings) => settings.id === model)!
        children.set(model, { isTold: false, wasStuck: false, origin: { fingerprint, port } })
        return
      }
      case 'tell child':
        this.#checkStop(model)
        return
      case 'end child':
        this.#outsiders.end(model)
    }
  }

  /** Only who wants it so cuts responses, and the end of a drain. */
  #checkStop(model: ModelId): void {
    const child = this.#outsiders.children.get(model)
    if (!child || child.isTold) return
    child.isTold = true
    const responses = this.#outsiders.responses(model)
    if (this.#mayCut || responses === 0) return
    const presence = recordOf(this.#before.ledger, model)?.presence
    const until = presence?.state === 'ready' ? presence.drainUntil : null
    demand('I2', until !== null, () => `${model} is stopped and serves ${responses}`)
    demand(
      'I12',
      until! <= 0 && this.#rung === model,
      () => `${model} is stopped before its drain is over, and serves ${responses}`,
    )
  }

  dropped({ id }: Actor, event: Message): void {
    demand('I5', false, () => `${id} has no use for ${JSON.stringify(event)}`)
  }

  /** Judges what the event has led to. */
  end(state: State): Scene {
    checkAgreement(state, this.#outsiders)
    checkWaits(state.ledger)
    checkQueue(state.ledger)
    checkSwaps(state.ledger)
    checkRest(state)
    if (this.#arrival) checkAdmission(this.#before.ledger, this.#arrival, this.#isTurnedAway)
    for (const { done, waiters } of this.#completed) {
      const areServed = waiters.every((waiter) => this.#grants.some(({ request }) => request === waiter))
      demand(
        'I10',
        areServed,
        () => `swap ${done.swap} was completed, and of its waiters ${waiters} not all were served`,
      )
    }
    checkTurns(this.#before.ledger, state.ledger, this.#moved(state))
    if (this.#isReload) {
      checkReload(this.#before.ledger, state.ledger, this.#config, this.#outsiders.children, this.#commands)
    }
    return this.#outsiders.complete(state, this.#configs.length > 1)
  }

  /** Who was granted or has begun to load, but for those who were waiting for a load that is complete. */
  #moved({ ledger }: State) {
    const joined = this.#completed.flatMap(({ waiters }) => waiters)
    const granted = this.#grants.filter(({ request }) => !joined.includes(request))
    const isNew = (swap: { id: number }) => !this.#before.ledger.swaps.some(({ id }) => id === swap.id)
    return [...granted, ...ticketsOf({ ...ledger, queue: [], swaps: ledger.swaps.filter(isNew) })]
  }
}
