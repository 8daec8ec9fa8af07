import { expect, test } from 'vitest'
import { Parser, TraceError } from '../../../machines/trace/parse.ts'
import { id, settings } from '../../support/settings.ts'
import { replay, traceOf } from '../../support/trace.ts'
import { World } from '../../support/world.ts'

const header = traceOf([], settings('a')).trimEnd()

function complaint(...lines: string[]): string {
  try {
    replay(lines.join('\n'))
  } catch (error) {
    if (error instanceof TraceError) return error.message
    throw error
  }
  return 'none'
}

test.each([
  ['that is no JSON', 'garbage', `line 2: this is not JSON: Unexpected token 'g', "garbage" is not valid JSON`],
  ['that is cut off', '{"type":"request","requ', 'line 2, column 24: this is not JSON: Unterminated string'],
  ['that is no object', '[1]', 'line 2: expected an object with a `type`, and this is [1]'],
  ['of no type', '{"a":1}', 'line 2: the type nothing does not occur in version 1 of the format'],
  [
    'of an unknown type',
    '{"type":"__proto__"}',
    'line 2: the type "__proto__" does not occur in version 1 of the format',
  ],
  [
    'with a value of another kind',
    '{"type":"request","request":"1","model":"a","at":0}',
    'line 2: request.request: Invalid type: Expected number but received "1"',
  ],
  [
    'with a key that the format has not',
    '{"type":"request","request":1,"model":"a","at":0,"prompt":"hi"}',
    'line 2: request.prompt: Invalid key: Expected never but received "prompt"',
  ],
  [
    'with a part of an unknown kind',
    '{"type":"child.exited","model":"a","swap":1,"exit":{"type":"bored"},"at":0}',
    'line 2: child.exited.exit.type: it is "bored", and may be exited, killed, unspawned, port taken',
  ],
  [
    'after a gap',
    '{"type":"dropped","lines":3}\n{"type":"request","request":1,"model":"a","at":0}',
    'line 3: 3 lines are missing before this one, so nothing that follows can be replayed',
  ],
  [
    'that is a state which no system can have',
    '{"type":"checkpoint","actors":[{"id":"process.a","state":"asleep","context":{}}],"timers":[]}',
    'line 2: the run cannot begin from this state: ',
  ],
  [
    'that is the state of nobody',
    '{"type":"checkpoint","actors":[],"timers":[]}',
    'line 2: the run cannot begin from this state: Error: scheduler is missing',
  ],
])('a line %s is named, and why it cannot be read', (_what, line, message) => {
  expect(complaint(header, ...line.split('\n'))).toContain(message)
})

test('a state whose timers cannot run is refused', () => {
  const { timers: _, ...rest } = new World(settings('a')).engine.checkpoint()
  const timers = [{ actor: 'process.a', delay: 'idleTime', due: 1 }]
  expect(complaint(header, JSON.stringify({ ...rest, timers }))).toContain(
    'line 2: the run cannot begin from this state: Error: the delay idleTime of process.a does not run',
  )
})

test('what does not begin with a header is no trace', () => {
  expect(complaint('{"type":"request"}')).toBe(
    'line 1: a trace begins with a header, {"type":"trace",…}, and this is "request"',
  )
  expect(complaint('')).toBe('line 1: this is not JSON: Unexpected end of JSON input')
})

test.each([2, 0, '1', null])(
  'version %j of the format is refused, with who wrote it and what can be done',
  (version) => {
    const other = JSON.stringify({ ...JSON.parse(header), version, hotseat: '9.0.0' })
    const message = complaint(other)
    expect(message).toContain(`version ${JSON.stringify(version)} of the format, written by hotseat "9.0.0"`)
    expect(message).toContain('this hotseat reads version 1')
  },
)

test('every line that the machines produce is of the format', () => {
  const world = new World(settings('a'))
  world.load(id('a'))
  const parser = new Parser()
  for (const line of traceOf([...world.lines, world.engine.checkpoint()], settings('a'))
    .trimEnd()
    .split('\n')) {
    expect(parser.parse(line)).toEqual(JSON.parse(line))
  }
  expect(parser.line).toBe(9)
})
