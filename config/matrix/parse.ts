import { offsetOf, quote, SyntaxFault, type Token, tokenize } from './tokens.ts'

/** An expression as it is written: its names are not resolved yet, and know where they stand. */
export type Syntax =
  | { readonly type: 'name'; readonly name: string; readonly at: number }
  | { readonly type: 'set'; readonly name: string; readonly at: number }
  | { readonly type: 'any'; readonly of: readonly Syntax[] }
  | { readonly type: 'all'; readonly of: readonly Syntax[] }

/** How deep expressions may nest: far more than anybody writes, and far less than would overrun the stack. */
export const deepest = 200

/**
 * Reads an expression (§12.2). `&` binds more than `|`. Parentheses that change nothing leave no trace: neither kind of
 * list holds its own kind.
 * @throws SyntaxFault
 */
export function parseExpression(text: string): Syntax {
  if (text.trim() === '') {
    throw new SyntaxFault(0, 'is empty: write which models may run together, such as `chat & (tts | draw)`')
  }
  const parser = new Parser(text)
  const syntax = parser.parseAny(0)
  parser.take('end', 'expected `&`, `|` or the end')
  return syntax
}

class Parser {
  readonly #text: string
  readonly #tokens: readonly Token[]
  #place = 0

  constructor(text: string) {
    this.#text = text
    this.#tokens = tokenize(text)
  }

  parseAny(depth: number): Syntax {
    return this.#parseList('any', '|', () => this.#parseList('all', '&', () => this.#parseAtom(depth)))
  }

  /** The next token, which must be of this type. */
  take(type: Token['type'], expected: string): void {
    if (this.#next.type !== type) this.#fail(expected)
    this.#place++
  }

  /** The last token is the end, and is never passed. */
  get #next(): Token {
    return this.#tokens[this.#place]!
  }

  #parseList(type: 'any' | 'all', sign: '|' | '&', parsePart: () => Syntax): Syntax {
    const parts = [parsePart()]
    while (this.#next.type === sign) {
      this.#place++
      parts.push(parsePart())
    }
    if (parts.length === 1) return parts[0]!
    return { type, of: parts.flatMap((part) => (part.type === type ? part.of : [part])) }
  }

  #parseAtom(depth: number): Syntax {
    const token = this.#next
    switch (token.type) {
      case 'name':
      case 'set':
        this.#place++
        return token
      case '(': {
        if (depth === deepest) throw new SyntaxFault(token.at, `has more than ${deepest} parentheses within each other`)
        this.#place++
        const inner = this.parseAny(depth + 1)
        this.take(')', `${this.#describe(token)} is not closed: expected \`&\`, \`|\` or \`)\``)
        return inner
      }
      case ')':
      case '&':
      case '|':
      case 'end':
        return this.#fail('expected a model, a `+set` or `(`')
    }
  }

  #fail(expected: string): never {
    const token = this.#next
    const found = token.type === 'end' ? 'the expression ends' : `found ${this.#describe(token)}`
    throw new SyntaxFault(token.at, `${expected}, and ${found}`)
  }

  #describe(token: Token): string {
    const prefix = token.type === 'set' ? '+' : ''
    const word = 'name' in token ? quote(token.name) : token.type
    return `\`${prefix}${word}\` at offset ${offsetOf(token.at, this.#text)}`
  }
}
