#!/usr/bin/env node
// `exec` for shells that have none, such as that of Windows: a POSIX shell takes its own.
import { spawnSync } from 'node:child_process'

const [command, ...args] = process.argv.slice(2)
const { status } = spawnSync(command === 'node' ? process.execPath : command, args, { stdio: 'inherit' })
process.exit(status ?? 1)
