import { expect, test } from 'vitest'
import { chat, readError, startHotseat, upstream } from '../support/hotseat.ts'
import { until } from '../support/until.ts'

/* Requests that nobody can serve, and that are told why (server §12.4). */

test('a selector of which every target is being stopped says when to come again', async () => {
  await using hotseat = await startHotseat(
    { deaf: upstream('--ignore-sigterm') },
    'selectors: {some: {strategy: spillover, targets: [deaf]}}',
  )
  expect((await hotseat.post(chat, { model: 'some' })).status).toBe(200)
  const unloaded = hotseat.post('/api/models/unload/deaf', '')
  await until('it is being stopped', () => hotseat.stateOf('deaf') === 'stopping')
  const response = await hotseat.post(chat, { model: 'some' })
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await readError(response)).toMatchObject({ type: 'server_error', code: 'service_unavailable' })
  await unloaded
})

test('who waits for a model when hotseat ends is told so', async () => {
  await using hotseat = await startHotseat({ slow: upstream('--silent-health') })
  const waiting = hotseat.post(chat, { model: 'slow' })
  await until('it loads', () => hotseat.stateOf('slow') === 'starting')
  const stopped = hotseat.running.stop(1_000)
  const response = await waiting
  expect([response.status, (await readError(response)).code]).toEqual([503, 'shutting_down'])
  await stopped
})
