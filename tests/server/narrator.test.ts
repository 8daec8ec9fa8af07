import { expect, test } from 'vitest'
import { chat, startHotseat, upstream } from '../support/hotseat.ts'
import { until } from '../support/until.ts'

test('the log tells which model comes, which goes, and why one ended or did not start', async () => {
  await using hotseat = await startHotseat({
    poet: upstream(),
    pirate: upstream(),
    broken: { cmd: upstream('--exit-code 3') },
  })
  const said = () => hotseat.running.server.logs.proxy.history().toString()

  await (await hotseat.post(chat, { model: 'poet' })).text()
  await (await hotseat.post(chat, { model: 'pirate' })).text()
  await hotseat.get('/upstream/pirate/exit?code=9').catch(() => {})
  await until('its end was noticed', () => said().includes('ended by itself'))
  await (await hotseat.post(chat, { model: 'broken' })).text()

  for (const line of [
    /Swap 1: loading poet\n/,
    /poet is ready after \d+\.\d\d s\n/,
    /Swap 2: loading pirate, once poet made room\n/,
    /\[WARN\] pirate ended by itself after \d+\.\d\d s: its process exited with code 9\n/,
    /\[WARN\] Swap \d+: broken did not start: its process exited with code 3\n/,
  ]) {
    expect(said()).toMatch(line)
  }
})
