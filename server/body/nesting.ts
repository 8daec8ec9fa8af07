/** A bit each in a small integer. */
const mostPerWord = 30

/** Which objects and lists are open, at the price of a bit each: nothing but brackets costs no more than a text of that length. */
export class Nesting {
  readonly #outer: number[] = []
  #word = 0
  depth = 0
  /** Whether the innermost one is an object, and not a list. */
  isObject = false

  enter(isObject: boolean): void {
    if (this.depth > 0 && this.depth % mostPerWord === 0) this.#outer.push(this.#word)
    this.#word = ((this.#word << 1) | Number(isObject)) & (2 ** mostPerWord - 1)
    this.depth++
    this.isObject = isObject
  }

  leave(): void {
    this.depth--
    this.#word >>= 1
    if (this.depth > 0 && this.depth % mostPerWord === 0) this.#word = this.#outer.pop()!
    this.isObject = this.depth > 0 && (this.#word & 1) === 1
  }
}
