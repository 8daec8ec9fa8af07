import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { histories, live, show, traceOfHistory, worlds } from '../support/history.ts'

const runs = 10_000

test(`I1-I8 and I10-I13 hold after every event of ${runs} random histories, and everyone is answered in the end`, {
  timeout: 300_000,
}, () => {
  let lived = 0
  fc.assert(
    fc.property(worlds, histories, (settings, history) => {
      live(settings, history)
      lived++
    }),
    {
      numRuns: runs,
      reporter: (details) => {
        if (!details.failed) return
        const [settings, history] = details.counterexample ?? []
        if (!settings || !history) throw new Error(String(details.errorInstance))
        const file = join(tmpdir(), `hotseat-history-${details.seed}.jsonl`)
        writeFileSync(file, traceOfHistory(settings, history))
        const world = JSON.stringify(settings.routing)
        throw new Error(
          `${show(history)}\nin ${world}\nseed ${details.seed}\n${details.errorInstance}\nIts trace is in ${file}: look at it with \`hotseat replay\`, keep it under tests/traces.`,
        )
      },
    },
  )
  console.info(`${lived} random histories`)
  expect(lived).toBe(runs)
})

test('the same events give the same messages, byte for byte (I8)', () => {
  fc.assert(
    fc.property(worlds, histories, (settings, history) => {
      const [one, two] = [live(settings, history), live(settings, history)]
      expect(JSON.stringify(one.commands('grant.serve'))).toBe(JSON.stringify(two.commands('grant.serve')))
      expect(one.messages.map(({ event }) => JSON.stringify(event.type))).toEqual(
        two.messages.map(({ event }) => JSON.stringify(event.type)),
      )
    }),
    { numRuns: 200 },
  )
})
