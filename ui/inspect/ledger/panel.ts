import type { Ledger } from '../../../machines/policy/ledger.ts'
import { byId, element, keep, say } from '../dom.ts'
import { inWords, type Said } from './words.ts'

/** The ledger in words. */
export class LedgerPanel {
  readonly #onModel: (model: string) => void

  /** @param onModel hears which model was picked */
  constructor(onModel: (model: string) => void) {
    this.#onModel = onModel
  }

  show(ledger: Ledger | undefined, now: number, picked: string | null): void {
    const words = ledger && inWords(ledger, now)
    this.#list('models', words?.models ?? [], picked)
    this.#list('swaps', words?.swaps ?? [], null)
    this.#list('queue', words?.queue ?? [], null)
    this.#list('unloads', words?.unloads ?? [], null)
  }

  #list(id: string, said: readonly Said[], picked: string | null): void {
    keep(byId(id), said, {
      key: ({ key }) => key,
      make: ({ name }) => this.#row(name),
      update: (row, { name, state, text }) => {
        const [button, says] = row.children
        row.dataset.state = state
        button!.setAttribute('aria-pressed', String(name === picked))
        say(button!, name)
        say(says!, text)
      },
    })
    byId(`no-${id}`).hidden = said.length > 0
  }

  #row(name: string): HTMLElement {
    const button = element('button', { attributes: { type: 'button' }, text: name, title: name })
    button.addEventListener('click', () => this.#onModel(button.textContent ?? ''))
    return element('li', {}, button, element('span'))
  }
}
