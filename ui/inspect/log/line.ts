import type { Line } from '../../../machines/trace/frame.ts'
import type { History } from '../past/history.ts'
import { aboutOf, type Entry, type Filter, passes, summaryOf } from './entry.ts'

/** Lines that are shown before and after the current one, and how far to look for those that pass a filter. */
const before = 200
const after = 60
const furthest = 5_000

/** The lines around one of a history that pass the filter. */
export function around(history: History, current: number, filter: Filter): readonly Entry[] {
  const earlier: Entry[] = []
  for (let n = current; n > Math.max(0, current - furthest) && earlier.length < before; n--) {
    const entry = entryOfLine(history, n)
    if (passes(entry, filter) || n === current) earlier.unshift(entry)
  }
  const later: Entry[] = []
  for (let n = current + 1; n <= Math.min(history.end, current + furthest) && later.length < after; n++) {
    const entry = entryOfLine(history, n)
    if (passes(entry, filter)) later.push(entry)
  }
  return [...earlier, ...later]
}

function entryOfLine(history: History, number: number): Entry {
  const line = history.line(number)
  const path = pathOf(line)
  return {
    id: number,
    at: 'at' in line ? line.at : null,
    path,
    type: line.type,
    summary: line.type === 'trace' || line.type === 'checkpoint' ? '' : summaryOf(line),
    event: line,
    about: [...path, ...aboutOf(line)],
  }
}

/** Who said it to whom, at the edge of the actor system. */
function pathOf(line: Line): readonly string[] {
  switch (line.type) {
    case 'trace':
    case 'checkpoint':
    case 'dropped':
    case 'failed':
      return ['recorder']
    case 'timer':
      return [line.actor, line.actor]
    case 'child.spawned':
    case 'child.exited':
      return [`child.${line.model}`, `process.${line.model}`]
    case 'child.ready':
      return [`readiness.${line.model}`, `process.${line.model}`]
    case 'child.start':
    case 'child.stop':
      return [`process.${line.model}`, `child.${line.model}`]
    case 'child.probe':
      return [`process.${line.model}`, `readiness.${line.model}`]
    case 'request':
    case 'request.cancel':
    case 'serve.done':
    case 'unload':
    case 'config.changed':
    case 'shutdown':
      return ['outside', 'router', 'scheduler']
    case 'swap.start':
    case 'swap.abort':
    case 'processes.stop':
    case 'processes.configure':
    case 'processes.drop':
    case 'idle.wind':
      return ['scheduler', 'router']
    case 'grant.serve':
    case 'grant.error':
    case 'unload.done':
    case 'shutdown.done':
      return ['scheduler', 'router', 'outside']
    case 'process.changed':
    case 'process.idle':
      return [`process.${line.model}`, 'router', 'scheduler']
    case 'swap.done':
      return [`swap.${line.target}`, 'router', 'scheduler']
  }
}
