/** A piece of an expression, and where it begins in the text. */
export type Token = { readonly at: number } & (
  | { readonly type: 'name'; readonly name: string }
  /** A reference to another set. */
  | { readonly type: 'set'; readonly name: string }
  | { readonly type: Sign | 'end' }
)
type Sign = '&' | '|' | '(' | ')'

/** A text is no expression. */
export class SyntaxFault extends Error {
  override readonly name = 'SyntaxFault'
  /** Where it stops being one. */
  readonly at: number

  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

const bare = String.raw`[\p{L}\p{Nd}_.-]+`
const name = `(?:${bare}|"[^"]*")`
const token = new RegExp(String.raw`\s*(?:\+(?<set>${name})|(?<name>${name})|(?<sign>[&|()])|(?<end>$))`, 'uy')

/**
 * Cuts an expression into tokens (§12.2). Quotes may hold every character but a quote.
 * @throws SyntaxFault
 */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  for (let from = 0; ; from = token.lastIndex) {
    token.lastIndex = from
    const at = from + blanks(text, from)
    const found = token.exec(text)?.groups
    if (!found) throw new SyntaxFault(at, explain(text, at))
    if (found.end !== undefined) return [...tokens, { type: 'end', at: text.trimEnd().length }]
    if (found.set !== undefined) tokens.push({ type: 'set', name: unquote(found.set), at })
    else if (found.name !== undefined) tokens.push({ type: 'name', name: unquote(found.name), at })
    else tokens.push({ type: found.sign as Sign, at })
  }
}

const isBare = new RegExp(`^${bare}$`, 'u')

/** A name as an expression writes it. */
export function quote(name: string): string {
  return isBare.test(name) ? name : `"${name}"`
}

/** How many characters after the first that is no blank. */
export function offsetOf(at: number, text: string): number {
  return [...text.slice(blanks(text, 0), at)].length
}

function unquote(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1) : written
}

function blanks(text: string, from: number): number {
  return text.length - from - text.slice(from).trimStart().length
}

function explain(text: string, at: number): string {
  const char = String.fromCodePoint(text.codePointAt(at)!)
  const where = `\`${char}\` at offset ${offsetOf(at, text)}`
  if (char === '"') return `the quote ${where} is never closed`
  if (char === '+') return `${where} must be followed at once by the name of a set, such as \`+base\``
  return `${where} cannot stand there: put a name with such characters in quotes, such as \`"org/model:tag"\``
}
