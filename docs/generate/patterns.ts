/* What stands in values before macros and variables are put in, and what YAML in an editor takes for text and hotseat does not. */

/** `${NAME}` and `${env.NAME}`, anywhere in a text. */
export const reference = String.raw`\$\{(?:env\.)?[A-Za-z0-9_-]+\}`

/**
 * A value that becomes a number or a boolean: nothing but a macro, or a variable of the environment anywhere, since those are
 * put in before the value is read.
 */
export const typedReference = String.raw`^\$\{[A-Za-z0-9_-]+\}$|\$\{env\.[A-Za-z_][A-Za-z0-9_]*\}`

/** Spellings of whole numbers that only YAML 1.1 knows. */
export const oldNumber = String.raw`^[-+]?(?:0[bB][01_]+|\d+(?:_+\d+)+)$`

/** Spellings of booleans that only YAML 1.1 knows. */
export const oldBoolean = '^(?:[yY]|yes|Yes|YES|on|On|ON|[nN]|no|No|NO|off|Off|OFF)$'

export const duration = String.raw`^[-+]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$`

export function either(...patterns: readonly string[]): string {
  return patterns.join('|')
}

/** Any of some words, in any case and with blanks around it. */
export function looseWord(words: readonly string[]): string {
  const anyCase = (word: string) => word.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
  return String.raw`^\s*(?:${words.map(anyCase).join('|')})\s*$`
}
