import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The embedded model: beside this file, compiled or not. */
const program = fileURLToPath(new URL(`./model${extname(import.meta.url)}`, import.meta.url))

/** What hotseat serves when it is given no configuration: three small models of which two share a seat. */
export const demoConfig = `
models:
  poet:
    name: Poet
    description: Speaks in verse, and shares a seat with the pirate
    cmd: ${command(1500, 25)}
    ttl: 300
  pirate:
    name: Pirate
    description: Talks like one, and shares a seat with the poet
    cmd: ${command(800, 40)}
    ttl: 300
  clerk:
    name: Clerk
    description: Small and always there
    cmd: ${command(200, 80)}
    aliases: [gpt-4o-mini]

groups:
  seat:
    members: [poet, pirate]
  desk:
    members: [clerk]
    exclusive: false
    persistent: true
`

/** The references are for the configuration's macros. */
function command(loadMs: number, tokensPerSecond: number): string {
  const words = [process.execPath, program, '--port', `\${PORT}`, '--model', `\${MODEL_ID}`]
  const flags = ['--load-ms', String(loadMs), '--tokens-per-second', String(tokensPerSecond)]
  return JSON.stringify([...words, ...flags].map((word) => (/[\s\\]/.test(word) ? `"${word}"` : word)).join(' '))
}
