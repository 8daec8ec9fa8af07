/** How a command line is cut into words: as a POSIX shell quotes, or as Windows programs do. */
export type Dialect = 'posix' | 'windows'

/**
 * Splits a command into words, without a shell (§9): no globbing, no variables, no pipes. Lines that begin with `#` are
 * comments; a backslash at the end of a line continues it.
 */
export function splitCommand(command: string, dialect: Dialect): readonly string[] {
  const text = joinLines(command)
  return dialect === 'posix' ? splitPosix(text) : splitWindows(text)
}

/** Drops comment lines. */
export function withoutComments(command: string): string {
  return command
    .split('\n')
    .filter((line) => !line.trim().startsWith('#'))
    .join('\n')
}

function joinLines(command: string): string {
  return withoutComments(command)
    .split('\n')
    .map((line) => {
      const trimmed = line.trim()
      return trimmed.endsWith('\\') ? `${trimmed.slice(0, -1)} ` : line
    })
    .join('\n')
}

/** The words so far, and the one that is being built: null between words, so that `''` is an empty word. */
class Words {
  readonly done: string[] = []
  #word: string | null = null

  add(text: string): void {
    this.#word = (this.#word ?? '') + text
  }

  end(): void {
    if (this.#word !== null) this.done.push(this.#word)
    this.#word = null
  }
}

/** A carriage return separates too: files come from Windows editors (§18.25). An unclosed quote ends with the text. */
function splitPosix(text: string): readonly string[] {
  const words = new Words()
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    const next = text[i + 1]
    if (quote === "'") {
      if (char === quote) quote = ''
      else words.add(char)
    } else if (char === '\\' && (quote === '' || (next !== undefined && '$`"\\\n'.includes(next)))) {
      if (next !== undefined && next !== '\n') words.add(next)
      i++
    } else if (quote === '"') {
      if (char === quote) quote = ''
      else words.add(char)
    } else if (char === "'" || char === '"') {
      quote = char
      words.add('')
    } else if (' \t\n\r'.includes(char)) words.end()
    else words.add(char)
  }
  words.end()
  return words.done
}

/** The rules of Microsoft's C runtime: backslashes mean something only before a quote, and `""` in quotes is a quote. */
function splitWindows(text: string): readonly string[] {
  const words = new Words()
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (char === '\\') {
      let count = 1
      while (text[i + count] === '\\') count++
      i += count - 1
      if (text[i + 1] !== '"') words.add('\\'.repeat(count))
      else {
        words.add('\\'.repeat(Math.floor(count / 2)))
        if (count % 2 === 1) {
          words.add('"')
          i++
        }
      }
    } else if (char === '"') {
      if (quoted && text[i + 1] === '"') {
        words.add('"')
        i++
      } else {
        quoted = !quoted
        words.add('')
      }
    } else if (!quoted && ' \t\n\r'.includes(char)) words.end()
    else words.add(char)
  }
  words.end()
  return words.done
}
