import { byId, say } from '../dom.ts'
import { timeOf } from '../format.ts'
import { around } from '../log/line.ts'
import type { EventLog } from '../log/log.ts'
import type { Stage } from '../stage.ts'
import { History } from './history.ts'
import { fetchFlight, readFile } from './source.ts'
import { drawStrip } from './strip.ts'

export interface PlayerOptions {
  /** Hears that a history is looked at, and no longer what happens. */
  onBegin(): void
  /** Hears that it is over. */
  onEnd(): void
}

/** Looks back: a slider over the lines of a history, and the machines as they were at each. */
export class Player {
  readonly #stage: Stage
  readonly #log: EventLog
  readonly #options: PlayerOptions
  readonly #slider = byId<HTMLInputElement>('line')
  readonly #strip = byId<HTMLCanvasElement>('strip')
  #history: History | null = null
  #isShowing = false

  constructor(stage: Stage, log: EventLog, options: PlayerOptions) {
    this.#stage = stage
    this.#log = log
    this.#options = options
    byId('look-back').addEventListener('click', () => this.#open('flight recorder', fetchFlight))
    byId('live').addEventListener('click', () => this.close())
    byId('earlier').addEventListener('click', () => this.#jump((swaps, line) => swaps.findLast((at) => at < line)))
    byId('later').addEventListener('click', () => this.#jump((swaps, line) => swaps.find((at) => at > line)))
    byId<HTMLInputElement>('file').addEventListener('change', ({ currentTarget }) => {
      const input = currentTarget as HTMLInputElement
      const [file] = input.files ?? []
      if (file) this.#open(file.name, () => readFile(file))
      input.value = ''
    })
    this.#slider.addEventListener('input', () => this.#showSoon())
    new ResizeObserver(() => this.#drawStrip()).observe(this.#strip)
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#drawStrip())
    this.#strip.addEventListener('click', ({ offsetX }) => {
      const end = this.#history?.end ?? 1
      this.#go(1 + Math.round((offsetX / this.#strip.clientWidth) * (end - 1)))
    })
    this.#acceptDrops()
  }

  /** The time of the moment that is shown; null while what happens is. */
  get now(): number | null {
    return this.#history?.timeOf(this.#line) ?? null
  }

  /** The moment at which the slider stands. */
  show(): void {
    const history = this.#history
    if (!history) return
    const line = this.#line
    this.#stage.scene.set(history.actorsAt(line))
    this.#stage.draw()
    this.#log.showAround(around(history, line, this.#stage.filter), line, (number) => this.#go(number))
    const count = history.end.toLocaleString('en')
    const where = `${timeOf(history.timeOf(line))} · line ${line.toLocaleString('en')} of ${count}`
    say(byId('where'), where)
    this.#slider.setAttribute('aria-valuetext', where)
  }

  close(): void {
    this.#history = null
    document.body.dataset.mode = 'live'
    this.#complain('')
    this.#options.onEnd()
  }

  /** With the next picture that the browser makes: a slider that is dragged passes more lines than can be seen. */
  #showSoon(): void {
    if (this.#isShowing) return
    this.#isShowing = true
    requestAnimationFrame(() => {
      this.#isShowing = false
      this.show()
    })
  }

  get #line(): number {
    return Number(this.#slider.value)
  }

  async #open(name: string, read: () => Promise<string>): Promise<void> {
    this.#complain('')
    say(byId('reading'), `reading ${name}`)
    try {
      const history = await History.read(await read(), (part) => {
        say(byId('reading'), `reading ${name}: ${Math.round(part * 100)} %`)
      })
      if (history.end === 0) throw new Error(history.problem ?? 'there is nothing in it')
      if (history.actorsAt(history.end).length === 0) throw new Error('nothing has happened yet')
      this.#begin(name, history)
    } catch (error) {
      this.#complain(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    }
    say(byId('reading'), '')
  }

  #begin(name: string, history: History): void {
    this.#options.onBegin()
    this.#history = history
    document.body.dataset.mode = 'past'
    byId('status').dataset.status = 'past'
    say(byId('status'), name)
    this.#slider.max = String(history.end)
    this.#go(history.end)
    this.#drawStrip()
    if (history.difference) {
      this.#complain(
        `from line ${history.difference.line} on the machines do something else: \`hotseat replay\` says what`,
      )
    } else if (history.problem) this.#complain(`not readable any further: ${history.problem}`)
  }

  #go(line: number): void {
    this.#slider.value = String(line)
    this.show()
  }

  #jump(find: (swaps: readonly number[], line: number) => number | undefined): void {
    const line = this.#history && find(this.#history.swaps, this.#line)
    if (line) this.#go(line)
  }

  #drawStrip(): void {
    if (this.#history) drawStrip(this.#strip, this.#history.lanes, this.#history.end)
  }

  #complain(text: string): void {
    say(byId('problem'), text)
    byId('problem').hidden = text === ''
  }

  #acceptDrops(): void {
    document.addEventListener('dragover', (event) => event.preventDefault())
    document.addEventListener('drop', (event) => {
      event.preventDefault()
      const [file] = event.dataTransfer?.files ?? []
      if (file) this.#open(file.name, () => readFile(file))
    })
  }
}
