type Properties = {
  readonly class?: string
  readonly text?: string
  readonly title?: string
  readonly data?: Readonly<Record<string, string>>
  readonly attributes?: Readonly<Record<string, string>>
}

/** Makes an element. What it says is text: nothing in the name of a model is ever markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  { class: names = '', text, title, data = {}, attributes = {} }: Properties = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  if (names !== '') made.className = names
  if (text !== undefined) made.textContent = text
  if (title !== undefined) made.title = title
  Object.assign(made.dataset, data)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}

/** The element of the page with this id. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the page has no #${id}`)
  return found as E
}

/** Says something else, unless it is what is said already. */
export function say(place: Element, text: string): void {
  if (place.textContent !== text) place.textContent = text
}

interface Kept<T, E extends HTMLElement> {
  readonly key: (item: T) => string
  readonly make: (item: T) => E
  readonly update: (made: E, item: T) => void
}

/** Gives the parent one child for each item, in their order. Those that it has stay the elements that they are. */
export function keep<T, E extends HTMLElement>(
  parent: Element,
  items: readonly T[],
  { key, make, update }: Kept<T, E>,
): void {
  const present = new Map([...parent.children].map((child) => [(child as E).dataset.key ?? '', child as E]))
  let place = parent.firstElementChild
  for (const item of items) {
    const name = key(item)
    let child = present.get(name)
    if (!child) {
      child = make(item)
      child.dataset.key = name
    }
    present.delete(name)
    update(child, item)
    if (child === place) place = place.nextElementSibling
    else parent.insertBefore(child, place)
  }
  for (const child of present.values()) child.remove()
}
