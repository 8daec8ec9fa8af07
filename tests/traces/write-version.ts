import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import type { Checkpoint } from '../../machines/trace/frame.ts'
import type { Input, Output } from '../../machines/trace/lines.ts'
import { formatVersion } from '../../machines/trace/upgrade.ts'
import { histories, live, worlds } from '../support/history.ts'
import { everyType, lineSchema, traceOf } from '../support/trace.ts'

/*
 * Writes what the current version of the format is held to: its schema, and a fixture of random histories, until every type
 * of line and both routers have occurred. Once a version is released, both stay as they are, and so does what is read.
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
const path = (suffix: string) => fileURLToPath(new URL(`versions/${formatVersion}${suffix}`, import.meta.url))
writeFileSync(path('.schema.json'), `${JSON.stringify(lineSchema(), null, 2)}\n`)
writeFileSync(path('.jsonl'), runs.join('{"type":"dropped","lines":7}\n'))
