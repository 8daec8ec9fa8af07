import { expect, test } from 'vitest'
import { chat, startHotseat, upstream } from '../support/hotseat.ts'

const yaml = `
matrix:
  vars: {v: org/voice}
  evict_costs: {v: 10}
  sets:
    pair: (big | small) & v
    both: big & small
`

test('models come and go as the matrix says, with real processes', async () => {
  await using hotseat = await startHotseat(
    { big: upstream(), small: upstream(), 'org/voice': upstream(), lone: upstream() },
    yaml,
  )
  const ask = async (model: string) => {
    const response = await hotseat.post(chat, { model, messages: [] })
    expect(response.status).toBe(200)
    await response.text()
    return ['big', 'small', 'org/voice', 'lone'].filter((name) => hotseat.stateOf(name) === 'ready')
  }
  expect(await ask('big')).toEqual(['big'])
  expect(await ask('org/voice')).toEqual(['big', 'org/voice'])
  expect(await ask('small')).toEqual(['small', 'org/voice'])
  expect(await ask('lone')).toEqual(['lone'])
  expect(await ask('big')).toEqual(['big'])
  expect(await ask('small')).toEqual(['big', 'small'])
})
