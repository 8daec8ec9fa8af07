import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inTurn, type Measurement, type Sample, tabulate } from '../measure/measurement.ts'
import { median } from '../measure/statistics.ts'
import { folder } from '../peers/files.ts'
import type { Router } from '../peers/peer.ts'
import { modelsThat, startCommand } from '../programs/models.ts'
import { freePair, freePort, startProgram } from '../programs/program.ts'
import { upstreamProgram } from './setting.ts'

interface Plan {
  readonly count: number
  readonly rounds: number
}

/**
 * Two models take turns in one seat, and the target says when it listened. What is measured is what comes after: that
 * somebody notices, grants the request, passes it on and its answer back.
 */
export async function loads(
  routers: readonly Router[],
  { listenAfterMs, count, rounds }: Plan & { listenAfterMs: number },
): Promise<Measurement[]> {
  const quantity = 'listening → first answer'
  const measure = async (router: Router): Promise<Sample> => {
    const cmd = startCommand(`--listen-after-ms ${listenAfterMs}`)
    const config = modelsThat('take turns', { a: { cmd }, b: { cmd } }, await freePair())
    const port = await freePort()
    await using _program = await router.serve(config, port)
    const times: number[] = []
    for (let swap = 0; swap <= count; swap++) {
      const { listeningAt } = await ask(port, swap % 2 === 0 ? 'a' : 'b')
      if (swap > 0) times.push(now() - listeningAt)
    }
    return { [quantity]: median(times) }
  }
  const name = `load, ${listenAfterMs === 0 ? 'listening at once' : `listening after ${listenAfterMs} ms`}`
  return tabulate(name, [{ name: quantity, unit: 'ms' }], await inTurn(routers, rounds, measure))
}

/**
 * Two programs take turns that end at once when told to, and whose first instruction is to tell the time. What is measured is
 * the way from the request to there: the decision, the victim's signal, its end and what is looked at after it, the spawn.
 */
export async function handovers(routers: readonly Router[], { count, rounds }: Plan): Promise<Measurement[]> {
  const quantity = 'request → target spawned'
  await using upstream = startProgram(process.execPath, [upstreamProgram])
  const proxy = `http://127.0.0.1:${await upstream.line()}`
  const measure = async (router: Router): Promise<Sample> => {
    const file = (model: string) => join(folder, `spawned-${model}`)
    const fields = (model: string) => ({
      cmd: `/bin/sh -c 'date +%s%N > ${file(model)}; exec sleep 86400'`,
      checkEndpoint: 'none',
      proxy,
    })
    const port = await freePort()
    const config = modelsThat('take turns', { a: fields('a'), b: fields('b') }, await freePair())
    await using _program = await router.serve(config, port)
    const times: number[] = []
    for (let swap = 0; swap <= count; swap++) {
      const model = swap % 2 === 0 ? 'a' : 'b'
      const asked = now()
      await ask(port, model)
      await untilTold(file(model), asked)
      if (swap > 0) times.push(Number(readFileSync(file(model), 'latin1')) / 1e6 - asked)
    }
    return { [quantity]: median(times) }
  }
  return tabulate('swap', [{ name: quantity, unit: 'ms' }], await inTurn(routers, rounds, measure))
}

/** Milliseconds since the epoch, on the clock that the models read. */
function now(): number {
  return performance.timeOrigin + performance.now()
}

async function ask(port: number, model: string): Promise<{ listeningAt: number }> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model }),
  })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as { listeningAt: number }
}

/** The file holds a time that is not of an earlier life. */
async function untilTold(file: string, since: number): Promise<void> {
  const deadline = now() + 5_000
  while (!(timeIn(file) >= since - 1)) {
    if (now() > deadline) throw new Error(`waited 5 s in vain for the target's time in ${file}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

function timeIn(file: string): number {
  try {
    return Number(readFileSync(file, 'latin1') || Number.NaN) / 1e6
  } catch {
    return Number.NaN
  }
}
