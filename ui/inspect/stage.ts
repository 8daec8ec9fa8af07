import { processMachine } from '../../machines/process.ts'
import { routerMachine } from '../../machines/router.ts'
import { schedulerMachine } from '../../machines/scheduler.ts'
import { swapMachine } from '../../machines/swap.ts'
import { Board, type Token } from './chart/board.ts'
import { byId, say } from './dom.ts'
import { LedgerPanel } from './ledger/panel.ts'
import type { Filter } from './log/entry.ts'
import { type Actor, type MachineName, machineNames, modelOf, Scene } from './scene.ts'

/** What the page shows of one moment: the charts and the ledger, and what of it is looked at. */
export class Stage {
  readonly scene = new Scene()
  readonly boards: Readonly<Record<MachineName, Board>>
  /** Hears that something else is looked at. */
  onFilter: (filter: Filter) => void = () => {}
  readonly #ledger = new LedgerPanel((model) => this.#pick(`process.${model}`))
  readonly #search = byId<HTMLInputElement>('search')
  readonly #requests = byId<HTMLInputElement>('requests')
  readonly #now: () => number
  /** The actor that alone is looked at. */
  #picked: string | null = null
  #isDrawing = false

  /** @param now by the clock of what is shown */
  constructor(now: () => number) {
    this.#now = now
    const board = (machine: ConstructorParameters<typeof Board>[0], title: string, subtitle: string) =>
      new Board(machine, {
        title,
        subtitle,
        onEvent: (type) => this.#searchFor(type),
        onActor: (id) => this.#pick(id),
      })
    this.boards = {
      process: board(processMachine, 'process', 'one for each model'),
      swap: board(swapMachine, 'swap', 'one for each under way'),
      scheduler: board(schedulerMachine, 'scheduler', 'decides'),
      router: board(routerMachine, 'router', 'passes on'),
    }
    for (const name of machineNames) byId(name === 'process' ? 'first' : 'second').append(this.boards[name].element)
    this.#search.addEventListener('input', () => this.#filter())
    this.#requests.addEventListener('change', () => this.#filter())
    byId('picked').addEventListener('click', () => this.#picked && this.#pick(this.#picked))
  }

  get filter(): Filter {
    return { text: this.#search.value.trim(), requests: this.#requests.checked, actor: this.#picked }
  }

  /** With the next picture that the browser makes, however often it is asked to. */
  draw(): void {
    if (this.#isDrawing) return
    this.#isDrawing = true
    requestAnimationFrame(() => {
      this.#isDrawing = false
      this.#drawNow()
    })
  }

  #drawNow(): void {
    const { scene } = this
    const leases = new Map(scene.ledger?.models.map((record) => [record.settings.id as string, record.leases.length]))
    for (const name of machineNames) {
      const actors = scene.of(name)
      const picked = actors.some(({ id }) => id === this.#picked) ? this.#picked : null
      this.boards[name].place(
        actors.map((actor) => tokenOf(actor, leases)),
        picked,
      )
    }
    this.#ledger.show(scene.ledger, this.#now(), this.#picked && modelOf(this.#picked))
  }

  #pick(actor: string): void {
    this.#picked = this.#picked === actor ? null : actor
    this.#filter()
    this.draw()
  }

  #searchFor(text: string): void {
    this.#search.value = this.#search.value === text ? '' : text
    this.#filter()
  }

  #filter(): void {
    byId('picked').hidden = this.#picked === null
    say(byId('picked'), `only ${this.#picked ?? ''} ×`)
    this.onFilter(this.filter)
  }
}

function tokenOf({ id, machine, value, context }: Actor, leases: ReadonlyMap<string, number>): Token {
  switch (machine) {
    case 'process': {
      const count = leases.get(modelOf(id)) ?? 0
      return { id, label: modelOf(id), badge: count > 0 ? String(count) : '', value }
    }
    case 'swap':
      return { id, label: modelOf(id), badge: String((context as { swap: number }).swap), value }
    case 'scheduler':
    case 'router':
      return { id, label: id, badge: '', value }
  }
}
