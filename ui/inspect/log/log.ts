import type { EventFrame } from '../../../machines/inspect/frames.ts'
import { element } from '../dom.ts'
import { timeOf } from '../format.ts'
import { type Entry, entryOf, type Filter, passedOn, passes } from './entry.ts'

/** Lines that are remembered, and as many that are shown. */
const most = 500
/** Closer to its end than this, the list stays at its end. */
const nearEndPx = 40

/** What happened, line by line: the last of it at the bottom. */
export class EventLog {
  readonly #list: HTMLElement
  #filter: Filter
  #entries: Entry[] = []
  /** That of the last entry that is shown. */
  #lastRow: HTMLElement | undefined
  #lastId = 0
  #skipped: { readonly row: HTMLElement; count: number } | null = null
  #isAtEnd = true

  constructor(list: HTMLElement, filter: Filter) {
    this.#list = list
    this.#filter = filter
    list.addEventListener('scroll', () => {
      this.#isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < nearEndPx
    })
  }

  clear(): void {
    this.#entries = []
    this.#show([])
  }

  add(frame: EventFrame): void {
    const last = this.#entries.at(-1)
    const longer = last && passedOn(last, frame)
    const entry = longer ?? entryOf(++this.#lastId, frame)
    if (longer) this.#entries.pop()
    else this.#skipped = null
    this.#entries.push(entry)
    this.#entries.splice(0, this.#entries.length - most)
    if (!passes(entry, this.#filter)) return
    const row = rowOf(entry)
    if (longer && this.#lastRow?.dataset.id === row.dataset.id) this.#lastRow?.replaceWith(row)
    else this.#list.append(row)
    this.#lastRow = row
    while (this.#list.childElementCount > most) this.#list.firstElementChild?.remove()
  }

  /** So many events of requests were left out here. */
  skip(count: number): void {
    if (!this.#filter.requests) return
    if (!this.#skipped) {
      this.#skipped = { row: element('li', { class: 'skipped' }), count: 0 }
      this.#list.append(this.#skipped.row)
    }
    this.#skipped.count += count
    this.#skipped.row.textContent = `${this.#skipped.count.toLocaleString('en')} more events of requests`
  }

  /** Of what is remembered. */
  filter(filter: Filter): void {
    this.#filter = filter
    this.#show(this.#entries.filter((entry) => passes(entry, filter)))
    this.#isAtEnd = true
  }

  /** After what was added is in place. */
  follow(): void {
    if (this.#isAtEnd) this.#list.scrollTop = this.#list.scrollHeight
  }

  /** Lines of a history, with that of the moment in the middle. Who picks one goes to its moment. */
  showAround(entries: readonly Entry[], current: number, onPick: (id: number) => void): void {
    this.#show(entries)
    entries.forEach(({ id }, index) => {
      const row = this.#list.children[index] as HTMLElement
      row.classList.toggle('later', id > current)
      if (id === current) row.setAttribute('aria-current', 'true')
      row.querySelector('time')?.addEventListener('click', (event) => {
        event.preventDefault()
        onPick(id)
      })
    })
    const row = this.#list.querySelector<HTMLElement>('[aria-current]')
    if (row) this.#list.scrollTop = row.offsetTop - this.#list.offsetTop - this.#list.clientHeight * 0.6
  }

  #show(entries: readonly Entry[]): void {
    this.#skipped = null
    const rows = entries.map(rowOf)
    this.#lastRow = rows.at(-1)
    this.#list.replaceChildren(...rows)
  }
}

function rowOf({ id, at, path, type, summary, event }: Entry): HTMLElement {
  const line = element('summary')
  line.append(
    element('time', { text: at === null ? '' : timeOf(at) }),
    element('b', { text: type }),
    element('span', { class: 'says', text: summary, title: summary }),
    element('span', { class: 'route', text: path.join(' → ') }),
  )
  const details = element('details', {}, line)
  // Written out when somebody looks.
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) {
      details.append(element('pre', { text: JSON.stringify(event, null, 2) }))
    }
  })
  return element('li', { data: { id: String(id) } }, details)
}
