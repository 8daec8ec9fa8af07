import type { AnyStateMachine } from 'xstate'
import { element, keep, say } from '../dom.ts'
import { commonOf, isWithin, leavesOf, outlineOf, type StateOutline, type Transition } from './outline.ts'
import { type Arrow, Rails } from './rails.ts'

/** An actor on the chart of its machine. */
export interface Token {
  readonly id: string
  readonly label: string
  /** What is counted at it; empty for nothing. */
  readonly badge: string
  readonly value: unknown
}

export interface BoardOptions {
  readonly title: string
  readonly subtitle: string
  /** Hears which event, or which actor, was picked. */
  onEvent(type: string): void
  onActor(id: string): void
}

interface Place {
  readonly outline: StateOutline
  readonly box: HTMLElement
  readonly tokens: HTMLElement
}

/** How long an event that was just taken stands out. */
const flashMs = 700

/** The chart of a machine: its states as boxes within boxes, what leads from one to another, and who is where. */
export class Board {
  readonly element: HTMLElement
  readonly #options: BoardOptions
  readonly #places: Place[] = []
  readonly #events: { readonly path: string; readonly transition: Transition; readonly button: HTMLElement }[] = []
  readonly #rails: Rails
  readonly #flashing = new Map<Element, number>()

  constructor(machine: AnyStateMachine, options: BoardOptions) {
    this.#options = options
    const outline = outlineOf(machine)
    const board = element('div', { class: 'board' })
    board.append(this.#state(outline))
    const boxes = new Map(this.#places.map(({ outline: { path }, box }) => [path, box]))
    const arrows = this.#events.flatMap(({ path, transition: { target }, button }): Arrow[] => {
      if (target === null || target === path) return []
      return [{ from: button, to: boxes.get(target)!, within: boxes.get(commonOf(path, target))! }]
    })
    this.#rails = new Rails(board, arrows)
    board.append(this.#rails.svg)
    const heading = element('h2', {}, options.title, element('small', { text: options.subtitle }))
    this.element = element('article', { class: `machine ${outline.name}` }, heading, board)
  }

  /** Puts everyone where they are. `picked` is whose states alone are lit; null for all of them. */
  place(tokens: readonly Token[], picked: string | null): void {
    const placed = tokens.map((token) => ({ token, leaves: leavesOf(token.value) }))
    const shown = placed.filter(({ token }) => picked === null || token.id === picked)
    for (const { outline, box, tokens } of this.#places) {
      const isLit = shown.some(({ leaves }) => leaves.some((leaf) => isWithin(leaf, outline.path)))
      box.classList.toggle('lit', isLit)
      const here = placed.filter(({ leaves }) => leaves.includes(outline.path)).map(({ token }) => token)
      keep(tokens, here, {
        key: ({ id }) => id,
        make: ({ id }) => this.#token(id),
        update: (made, token) => updateToken(made, token, picked),
      })
    }
    this.#rails.draw()
  }

  /** Lets an event stand out that has led to no other state of the actor that took it. */
  flash(value: unknown, eventType: string): void {
    this.#lightInnermost(leavesOf(value), ({ event, target }) => target === null && event === nameOf(eventType))
  }

  /** Lets the event stand out that has led from one state to another. */
  flashMove(before: unknown, after: unknown, eventType: string): void {
    const [from, to] = [leavesOf(before), leavesOf(after)]
    const leads = ({ target }: Transition) => target !== null && to.some((leaf) => isWithin(leaf, target))
    const isTaken = this.#lightInnermost(
      from,
      (transition) => transition.event === nameOf(eventType) && leads(transition),
    )
    if (!isTaken) this.#lightInnermost(from, (transition) => transition.kind === 'always' && leads(transition))
  }

  /** @returns whether there is such a transition in one of these states or around it */
  #lightInnermost(leaves: readonly string[], isIt: (transition: Transition) => boolean): boolean {
    const [innermost] = this.#events
      .filter(({ path, transition }) => isIt(transition) && leaves.some((leaf) => isWithin(leaf, path)))
      .sort((a, b) => b.path.length - a.path.length)
    if (!innermost) return false
    this.#light(innermost.button)
    const rail = this.#rails.pathOf(innermost.button)
    if (rail) this.#light(rail)
    return true
  }

  #light(target: Element): void {
    clearTimeout(this.#flashing.get(target))
    target.classList.add('taken')
    this.#flashing.set(
      target,
      window.setTimeout(() => target.classList.remove('taken'), flashMs),
    )
  }

  #state(outline: StateOutline): HTMLElement {
    const { path, name, description, isInitial, invokes, transitions, states } = outline
    const isRoot = path === ''
    const box = element('section', { class: isRoot ? 'root' : 'state', data: { path } })
    if (!isRoot) {
      const title = element('h3', { text: name, class: isInitial ? 'initial' : '' })
      const header = element('header', {}, title)
      if (description !== '') header.append(element('p', { text: description, title: description }))
      if (invokes.length > 0) header.append(element('span', { class: 'invokes', text: `runs ${invokes.join(', ')}` }))
      box.append(header)
    }
    const tokens = element('ul', { class: 'tokens', attributes: { 'aria-label': `in ${name}` } })
    if (states.length === 0 && !isRoot) box.append(tokens)
    this.#places.push({ outline, box, tokens })
    const leading = transitions.filter(({ target }) => target !== null && target !== path)
    const staying = transitions.filter((transition) => !leading.includes(transition))
    box.append(this.#list('leading', path, leading), this.#list('staying', path, merge(staying)))
    box.append(...states.map((state) => this.#state(state)))
    return box
  }

  #list(name: string, path: string, transitions: readonly Transition[]): HTMLElement {
    const list = element('ul', { class: `events ${name}` })
    for (const transition of transitions) {
      const button = this.#event(transition)
      this.#events.push({ path, transition, button })
      list.append(element('li', {}, button))
    }
    if (transitions.length === 0) list.hidden = true
    return list
  }

  #event(transition: Transition): HTMLElement {
    const { kind, event, guard, target, actions } = transition
    const button = element('button', { class: `event ${kind}`, attributes: { type: 'button' } })
    button.append(kind === 'event' ? event : kind === 'after' ? `after ${event}` : 'always')
    if (guard !== null) button.append(element('i', { text: ` ${guard}` }))
    if (target !== null) button.append(element('span', { class: 'hidden', text: ` to ${target}` }))
    if (actions.length > 0) button.title = actions.join(', ')
    if (kind !== 'always') button.addEventListener('click', () => this.#options.onEvent(event))
    return button
  }

  #token(id: string): HTMLElement {
    const button = element('button', { class: 'token', attributes: { type: 'button' } })
    button.append(element('b'), element('small'))
    button.addEventListener('click', () => this.#options.onActor(id))
    return element('li', {}, button)
  }
}

function updateToken(item: HTMLElement, { id, label, badge }: Token, picked: string | null): void {
  const button = item.firstElementChild as HTMLElement
  const [name, count] = button.children
  say(name!, label)
  say(count!, badge)
  button.title = label
  button.setAttribute('aria-pressed', String(id === picked))
  button.classList.toggle('other', picked !== null && id !== picked)
}

/** `xstate.after.idleTime.process.alive.ready.timed` is the delay `idleTime`. */
function nameOf(eventType: string): string {
  return /^xstate\.after\.([^.]+)/.exec(eventType)?.[1] ?? eventType
}

/** One of each event, however many guards it has: those that lead nowhere are only listed. */
function merge(transitions: readonly Transition[]): readonly Transition[] {
  const byEvent = Map.groupBy(transitions, ({ kind, event }) => `${kind} ${event}`)
  return [...byEvent.values()].map(([first, ...rest]) => {
    const actions = [first!, ...rest].flatMap((transition) => transition.actions)
    return { ...first!, guard: rest.length > 0 ? null : first!.guard, actions: [...new Set(actions)] }
  })
}
