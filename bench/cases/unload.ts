import { askRepeatedly } from '../load/answers.ts'
import { requestFor } from '../load/request.ts'
import { inTurn, type Measurement, type Sample, tabulate } from '../measure/measurement.ts'
import type { Router } from '../peers/peer.ts'
import { modelsThat, startCommand } from '../programs/models.ts'
import { freePair, freePort } from '../programs/program.ts'

const quantities = [
  { name: 'median at rest', unit: 'ms' },
  { name: 'median while another unloads', unit: 'ms' },
  { name: 'longest at rest', unit: 'ms' },
  { name: 'longest while another unloads', unit: 'ms' },
]

/** One client asks a loaded model again and again, at rest and while another model takes its time to stop. */
export async function unloading(
  routers: readonly Router[],
  { stopMs, rounds }: { stopMs: number; rounds: number },
): Promise<Measurement[]> {
  const measure = async (router: Router): Promise<Sample> => {
    const models = { m: { cmd: startCommand('') }, slow: { cmd: startCommand(`--stop-ms ${stopMs}`) } }
    const port = await freePort()
    await using _program = await router.serve(modelsThat('stand together', models, await freePair()), port)
    const post = (path: string, body: string) =>
      fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      }).then((response) => response.text())
    await post('/v1/chat/completions', '{"model":"slow"}')
    await post('/v1/chat/completions', '{"model":"m"}')

    const ask = (ms: number) => askRepeatedly(port, requestFor('-'), { clients: 1, ms })
    await ask(stopMs / 4)
    const resting = await ask(stopMs)
    const unloaded = post('/api/models/unload/slow', '')
    // Somewhat shorter than the stop, so that every request falls into it.
    const stopping = await ask(stopMs * 0.9)
    await unloaded
    return {
      'median at rest': resting.p50Ms,
      'median while another unloads': stopping.p50Ms,
      'longest at rest': resting.longestMs,
      'longest while another unloads': stopping.longestMs,
    }
  }
  const name = `a loaded model, while another takes ${stopMs / 1_000} s to stop`
  return tabulate(name, quantities, await inTurn(routers, rounds, measure))
}
