import { type ClientRequest, get } from 'node:http'
import { smallJson } from './cases/json.ts'
import { setUp } from './cases/setting.ts'
import { pairwise, spread } from './measure/statistics.ts'
import { hotseat, hotseatWith } from './peers/routers.ts'

/*
 * What it costs a request that hotseat can be inspected, and that somebody watches: CPU time of the server per request, against
 * that of one without `--inspect`, measured in turn. Linux only.
 */

/** A page that takes what it is told. */
async function watch(port: number): Promise<ClientRequest> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const page = get({ port, path: '/inspect/events' }, (response) => {
    response.resume()
    if (response.statusCode === 200) resolve()
    else reject(new Error(`/inspect/events answers ${response.statusCode}`))
  }).once('error', reject)
  await promise
  page.off('error', reject).on('error', () => {})
  return page
}

const watched = hotseatWith('one page watches', '--inspect')
const unwatched = hotseatWith('nobody watches', '--inspect')
await using setting = await setUp([hotseat, unwatched, watched])
const page = await watch(setting.subjects.find(({ name }) => name === watched.name)!.port)

for (const clients of [1, 16, 64]) {
  const measurements = await smallJson(setting, { clients, ms: 1_000, rounds: 15 })
  const { values } = measurements.find(({ quantity }) => quantity === 'CPU per request')!
  for (const { name } of [unwatched, watched]) {
    const { median, low, high } = spread(pairwise(values.get(name) ?? [], values.get(hotseat.name) ?? []))
    const ratio = `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`
    console.log(`${String(clients).padStart(2)} clients, --inspect, ${name}: ${ratio} times the CPU time of a request`)
  }
}
page.destroy()
