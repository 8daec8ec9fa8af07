import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserPath, openBrowser, openPage } from '../support/browser.ts'
import { ask, startInspected } from '../support/inspector.ts'
import { receivedBy, standInForStately } from '../support/stately.ts'
import { until } from '../support/until.ts'

function viewerOf(page: Page) {
  return page.frames().find((frame) => frame.url().startsWith('https://stately.ai'))
}

describe.skipIf(!browserPath)('the Stately inspector', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  test('is told in its frame who is there, and then each event and state of a swap', async () => {
    await using hotseat = await startInspected()
    await ask(hotseat, 'poet')
    const { page, errors } = await openPage(browser)
    await standInForStately(page)
    await page.goto(`${hotseat.url}/inspect/stately`)
    await page.locator('#status', { hasText: 'live' }).waitFor()
    const received = async () => receivedBy(viewerOf(page)!)
    await until('the actors are there', async () => (await received()).length >= 5)
    const actors = (await received()).slice(0, 4)
    expect(actors.map(({ type, sessionId, snapshot }) => [type, sessionId, snapshot?.value])).toEqual([
      ['@xstate.actor', 'router', {}],
      ['@xstate.actor', 'scheduler', 'open'],
      ['@xstate.actor', 'process.pirate', 'stopped'],
      ['@xstate.actor', 'process.poet', { alive: { ready: 'kept' } }],
    ])
    expect(JSON.parse(actors[2]!.definition ?? '')).toMatchObject({ id: 'process', initial: 'stopped' })

    await ask(hotseat, 'pirate')
    await until('the swap is told', async () => {
      const told = await received()
      const states = told.filter(({ type, sessionId }) => type === '@xstate.snapshot' && sessionId === 'process.pirate')
      return states.some(({ snapshot }) => JSON.stringify(snapshot?.value) === '{"alive":{"ready":"kept"}}')
    })
    const told = await received()
    expect(told.some(({ type, sessionId }) => type === '@xstate.actor' && sessionId === 'swap.pirate')).toBe(true)
    expect(told.map(({ event }) => event?.type)).toContain('swap.start')
    expect(errors).toEqual([])
    await page.close()
  })

  test('is loaded anew, and told everything again, after the connection was lost', async () => {
    await using hotseat = await startInspected()
    const { page } = await openPage(browser)
    await standInForStately(page)
    await page.goto(`${hotseat.url}/inspect/stately`)
    await until('the actors are there', async () => {
      const viewer = viewerOf(page)
      return viewer !== undefined && (await receivedBy(viewer)).length === 4
    })
    await viewerOf(page)!.evaluate('globalThis.isOld = true')
    hotseat.running.server.inspector?.close()
    await until('it is told again', async () => {
      const viewer = viewerOf(page)
      if (!viewer) return false
      const received = receivedBy(viewer)
      const isOld = viewer.evaluate('globalThis.isOld')
      // It is being loaded.
      const states = await Promise.all([received, isOld]).catch(() => null)
      return states !== null && states[0].length === 4 && !states[1]
    })
    await page.close()
  })

  test('can be used in a window of its own, where it may not be framed', async () => {
    await using hotseat = await startInspected()
    const { page } = await openPage(browser)
    await standInForStately(page)
    await page.goto(`${hotseat.url}/inspect/stately`)
    const opened = page.waitForEvent('popup')
    await page.getByRole('button', { name: 'Open in a window' }).click()
    const popup = await opened
    await until('the actors are there', async () => (await receivedBy(popup)).length === 4)
    await page.close()
  })
})
