/** Builds words from characters as they come. What is in quotes when the text ends is a word all the same. */
export interface Splitter {
  /** Inside quotes, where lines, comments and blanks are text. */
  readonly isQuoted: boolean
  put(text: string): void
  /** The words, once everything was put. */
  end(): readonly string[]
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

/** A carriage return separates too: files come from Windows editors (§18.25). */
const blanks = ' \t\n\r'

/** What a backslash takes its meaning from, inside double quotes. */
const escapable = '$`"\\\n'

/** As a POSIX shell quotes. */
export class PosixSplitter implements Splitter {
  readonly #words = new Words()
  #quote: '' | "'" | '"' = ''
  #isEscaped = false

  get isQuoted(): boolean {
    return this.#quote !== ''
  }

  put(text: string): void {
    for (const char of text) this.#put(char)
  }

  end(): readonly string[] {
    if (this.#isEscaped && this.isQuoted) this.#words.add('\\')
    this.#words.end()
    return this.#words.done
  }

  #put(char: string): void {
    if (this.#isEscaped) this.#escape(char)
    else if (char === '\\' && this.#quote !== "'") this.#isEscaped = true
    else if (char === this.#quote) this.#quote = ''
    else if (this.isQuoted) this.#words.add(char)
    else if (char === "'" || char === '"') {
      this.#quote = char
      this.#words.add('')
    } else if (blanks.includes(char)) this.#words.end()
    else this.#words.add(char)
  }

  #escape(char: string): void {
    this.#isEscaped = false
    if (this.isQuoted && !escapable.includes(char)) this.#words.add(`\\${char}`)
    else if (char !== '\n') this.#words.add(char)
  }
}

/** The rules of Microsoft's C runtime: backslashes mean something only before a quote, and `""` in quotes is a quote. */
export class WindowsSplitter implements Splitter {
  readonly #words = new Words()
  #quoted = false
  #hasJustClosed = false
  #backslashes = 0

  get isQuoted(): boolean {
    return this.#quoted
  }

  put(text: string): void {
    for (const char of text) this.#put(char)
  }

  end(): readonly string[] {
    this.#flush(this.#backslashes)
    this.#words.end()
    return this.#words.done
  }

  #put(char: string): void {
    const hasJustClosed = this.#hasJustClosed
    this.#hasJustClosed = false
    if (char === '\\') this.#backslashes++
    else if (char === '"') this.#quote(hasJustClosed)
    else {
      this.#flush(this.#backslashes)
      if (!this.#quoted && blanks.includes(char)) this.#words.end()
      else this.#words.add(char)
    }
  }

  #quote(hasJustClosed: boolean): void {
    const isLiteral = this.#backslashes % 2 === 1
    this.#flush(Math.floor(this.#backslashes / 2))
    if (isLiteral) this.#words.add('"')
    else {
      this.#words.add(hasJustClosed ? '"' : '')
      this.#hasJustClosed = this.#quoted
      this.#quoted = !this.#quoted
    }
  }

  #flush(backslashes: number): void {
    if (backslashes > 0) this.#words.add('\\'.repeat(backslashes))
    this.#backslashes = 0
  }
}
