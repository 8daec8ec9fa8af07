/** `${NAME}`: a macro (§6.3). What is written otherwise is text. */
export const macroReference = /\$\{([A-Za-z0-9_-]+)\}/g

/** `${env.NAME}`: a variable of the environment (§5). */
export const environmentReference = /\$\{env\.([A-Za-z_][A-Za-z0-9_]*)\}/g

/** Whether a text is a reference to a macro and nothing else. */
export function isOneReference(text: string): boolean {
  return /^\$\{[A-Za-z0-9_-]+\}$/.test(text)
}

/** How a macro is referred to. */
export function refer(name: string): string {
  return `\${${name}}`
}

/*
 * A brace ends a plain word inside `[…]` and `{…}`, so that `[${env.X}]` is no YAML; the reference reads it all the same
 * (§5). While YAML is read, two characters that mean nothing to it stand for the braces. Lengths stay, and so do places.
 */
const opening = '\uE000'
const closing = '\uE001'
const shielded = new RegExp(`\\$${opening}(env\\.[A-Za-z_][A-Za-z0-9_]*)${closing}`, 'g')

/** Makes references to the environment words that YAML can read anywhere. */
export function shield(yaml: string): string {
  return yaml.replace(environmentReference, (_, name: string) => `$${opening}env.${name}${closing}`)
}

/** What was written. */
export function unshield(text: string): string {
  return text.includes(opening) ? text.replace(shielded, (_, name: string) => refer(name)) : text
}
