import { randomUUID } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logs } from '../logs/logs.ts'
import { textOf } from './feed.ts'
import type { FlightRecorder } from './flight.ts'

/** Saves what the flight recorder remembers, so that what happened can be replayed, and says where in the log. Never throws. */
export function dumpTrace({ flight, logs }: { flight: FlightRecorder; logs: Logs }, why: string): void {
  try {
    logs.warn(`${why}: the last events are in ${dump(flight)}. Look at them with: hotseat replay FILE`)
  } catch (error) {
    logs.error(`${why}, and the last events could not be saved: ${String(error)}`)
  }
}

/** Synchronous: it may be the last thing that this process does. */
function dump(flight: FlightRecorder): string {
  const time = new Date().toISOString().replaceAll(':', '-').replace(/\..*/, '')
  const path = join(tmpdir(), `hotseat-trace-${time}-${randomUUID().slice(0, 8)}.jsonl`)
  const file = openSync(path, 'wx', 0o600)
  try {
    for (const batch of flight.history()) writeSync(file, textOf(batch))
  } finally {
    closeSync(file)
  }
  return path
}
