import type { Engine } from '../engine.ts'
import type { Reply } from '../events.ts'
import type { RequestId, SwapId } from '../ids.ts'
import type { Ledger } from '../policy/ledger.ts'
import { standingOf } from '../policy/standing.ts'
import type { Line } from './frame.ts'
import type { Message } from './messages.ts'
import { isInput } from './parse.ts'
import type { ReplayOptions } from './replay.ts'
import { describeCause } from './words.ts'

/**
 * Draws what happened to one request: the messages that were about it, or about the swap that brought its model up. Hand
 * `options` to a replay; when it is over, `text` is the diagram.
 */
export class SequenceDiagram {
  readonly options: ReplayOptions = {
    onRun: (engine) => {
      this.#run++
      engine.observe((message) => this.#messages.push(message))
    },
    onLine: (line, engine) => this.#follow(line, engine),
  }
  readonly #request: RequestId
  readonly #actors = new Map<string, string>()
  readonly #steps: string[] = []
  /** The swaps that were for it, and the lives that those were about: by model and id. */
  readonly #swaps = new Set<SwapId>()
  readonly #lives = new Set<string>()
  #messages: Message[] = []
  #run = 0
  #begunIn = 0
  #begunAt = 0
  #isOver = false
  #obstacle = ''

  constructor(request: number) {
    this.#request = request as RequestId
  }

  /** Empty when there was no such request. */
  get text(): string {
    if (this.#begunIn === 0) return ''
    const participants = [...this.#actors].map(([name, alias]) => `  participant ${alias} as ${plain(name)}`)
    return ['sequenceDiagram', ...participants, ...this.#steps, ''].join('\n')
  }

  get #isDrawing(): boolean {
    return this.#begunIn > 0 && this.#begunIn === this.#run && !this.#isOver
  }

  #follow(line: Line, engine: Engine): void {
    const messages = this.#messages
    this.#messages = []
    if (line.type === 'grant.serve' || line.type === 'grant.error') this.#drawReply(line)
    if (!isInput(line)) return
    if (line.type === 'request' && line.request === this.#request && this.#begunIn === 0) {
      this.#begunIn = this.#run
      this.#begunAt = line.at
    }
    if (!this.#isDrawing) return
    const ledger = engine.ledger()
    for (const { id, waiters } of ledger.swaps) {
      if (waiters.some(({ request }) => request === this.#request)) this.#swaps.add(id)
    }
    for (const message of messages) this.#meet(message)
    this.#draw(
      messages.filter((message) => this.#concerns(message)),
      line.at,
    )
    this.#noteObstacle(ledger)
    const isLast = line.type === 'serve.done' || line.type === 'request.cancel'
    this.#isOver = isLast && line.request === this.#request
  }

  #isMine(event: Message['event']): boolean {
    return 'request' in event && event.request === this.#request
  }

  #concerns(message: Message): boolean {
    const { event } = message
    if (event.type.startsWith('xstate.')) return false
    if ('request' in event) return this.#isMine(event)
    if (event.type === 'child.stop') return [...this.#lives].some((life) => life.startsWith(`${modelOf(message)} `))
    return 'swap' in event && (this.#swaps.has(event.swap) || this.#lives.has(`${modelOf(message)} ${event.swap}`))
  }

  /** A swap that is for the request is about its victims too. */
  #meet({ event }: Message): void {
    if (event.type !== 'swap.start' || !('clear' in event) || !this.#swaps.has(event.swap)) return
    for (const { model, swap } of [...event.clear, { model: event.target, swap: event.swap }]) {
      this.#lives.add(`${model} ${swap}`)
    }
  }

  #draw(messages: readonly Message[], at: number): void {
    if (messages.length === 0) return
    if (this.#steps.length > 0) {
      this.#steps.push(`  Note over ${this.#alias('router')}: ${((at - this.#begunAt) / 1_000).toFixed(3)} s later`)
    }
    for (const message of messages) {
      this.#arrow(nameOf(message.from, message), nameOf(message.to, message), message.event)
    }
  }

  #arrow(from: string, to: string, event: Message['event']): void {
    this.#steps.push(`  ${this.#alias(from)}->>${this.#alias(to)}: ${label(event)}`)
  }

  #drawReply(reply: Reply): void {
    if (!this.#isDrawing || !this.#isMine(reply)) return
    this.#arrow('router', 'client', reply)
    this.#isOver = reply.type === 'grant.error'
  }

  /** Behind what it still waits, when that is news. */
  #noteObstacle(ledger: Ledger): void {
    const standing = standingOf(ledger, this.#request)
    const obstacle = standing?.position ? describeCause(standing.behind) : ''
    if (obstacle !== '' && obstacle !== this.#obstacle) {
      this.#steps.push(`  Note over ${this.#alias('scheduler')}: waits behind ${plain(obstacle)}`)
    }
    this.#obstacle = obstacle
  }

  #alias(name: string): string {
    const known = this.#actors.get(name)
    if (known) return known
    const alias = `a${this.#actors.size + 1}`
    this.#actors.set(name, alias)
    return alias
  }
}

/** The model that a message is about; for what passes between a process and its child, that process's. */
function modelOf({ from, to, event }: Message): string {
  if ('model' in event) return event.model
  return [from, to].find((id) => id.startsWith(process))?.slice(process.length) ?? ''
}

const process = 'process.'

/** Actors by their ids; children, and whoever is outside, by what they are. */
function nameOf(id: string, message: Message): string {
  if (id === 'outside') return 'client'
  return id === 'child' || id === 'readiness' ? `${id} of ${modelOf(message)}` : id
}

const shown = ['request', 'model', 'target', 'swap', 'state']

function label(event: Message['event']): string {
  const fields = Object.entries(event).filter(([key]) => shown.includes(key))
  const details = fields.map(([key, value]) => (key === event.type ? value : `${key} ${value}`))
  return `${event.type} ${plain(details.join(', '))}`.trimEnd()
}

/** Mermaid ends a statement at a semicolon, and begins an entity at a number sign. */
function plain(text: string): string {
  return text.replaceAll(/[#;]/g, (sign) => `#${sign.charCodeAt(0)};`)
}
