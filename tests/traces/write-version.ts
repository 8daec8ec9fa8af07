import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import type { Checkpoint } from '../../machines/trace/frame.ts'
import type { Input, Output } from '../../machines/trace/lines.ts'
import { formatVersion } from '../../machines/trace/upgrade.ts'
import { histories, live, worlds } from '../support/history.ts'
import { everyType, traceOf } from '../support/trace.ts'

/*
 * Writes the fixture of the current version of the format: random histories, until every type of line and both routers
 * have occurred. Once a version is released, its fixture stays as it is, and so does what is read from it.
 */

const missing = new Set<string>([...everyType, 'group', 'matrix'])
const runs: string[] = []
for (const [settings, history] of fc.sample(fc.tuple(worlds, histories), 2_000)) {
  const lines: (Input | Output | Checkpoint)[] = []
  live(settings, history, undefined, (world) => {
    const noted = lines.filter(({ type }) => type !== 'checkpoint').length
    lines.push(...world.lines.slice(noted))
    if (noted === 0) lines.push(world.engine.checkpoint())
  })
  const types = [settings.routing.router.use, ...lines.map(({ type }) => type)]
  if (!types.some((type) => missing.has(type))) continue
  for (const type of types) missing.delete(type)
  runs.push(traceOf(lines, settings))
}
if (missing.size > 0) throw new Error(`no history had ${[...missing].join(', ')}`)
const path = fileURLToPath(new URL(`versions/${formatVersion}.jsonl`, import.meta.url))
writeFileSync(path, runs.join('{"type":"dropped","lines":7}\n'))
