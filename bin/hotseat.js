#!/usr/bin/env node
import module from 'node:module'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `hotseat needs Node 22.18 or newer, and this is ${process.versions.node}. Install a current Node from https://nodejs.org and start again.`,
  )
  process.exit(1)
}
// Compiled code is kept from one start to the next: the second one takes half the time.
module.enableCompileCache()
const { main } = await import('#main')
await main(process.argv.slice(2))
