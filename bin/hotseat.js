#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `hotseat needs Node 22.18 or newer, and this is ${process.versions.node}. Install a current Node from https://nodejs.org and start again.`,
  )
  process.exit(1)
}
const { main } = await import('#main')
await main(process.argv.slice(2))
