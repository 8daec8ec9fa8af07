import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserPath, noBrowser, openBrowser } from '../support/browser.ts'
import { chat } from '../support/hotseat.ts'
import { ask, openInspector, startInspected, tokenIn } from '../support/inspector.ts'

if (!browserPath) console.warn(`tests/ui: ${noBrowser}`)

describe.skipIf(!browserPath)('the inspector in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  })
  afterAll(() => browser.close())

  test('shows the machines, who is in which state, and a swap as it happens', async () => {
    await using hotseat = await startInspected()
    await ask(hotseat, 'poet')
    const { page, errors, requests } = await openInspector(browser, hotseat)
    await tokenIn(page, 'alive.ready.kept', 'poet').waitFor()
    await tokenIn(page, 'stopped', 'pirate').waitFor()
    expect(await page.locator('.process .state h3').allTextContents()).toEqual([
      'stopped',
      'alive',
      'starting',
      'ready',
      'kept',
      'timed',
      'stopping',
      'stuck',
    ])

    await ask(hotseat, 'pirate')
    await tokenIn(page, 'alive.ready.kept', 'pirate').waitFor()
    await tokenIn(page, 'stopped', 'poet').waitFor()
    await page.locator('#events summary', { hasText: 'swap.start' }).waitFor()
    await page.locator('#models li', { hasText: 'pirate' }).filter({ hasText: 'ready for' }).waitFor()
    await page.locator('#no-swaps').waitFor()
    expect(errors).toEqual([])
    expect(requests.filter((url) => !url.startsWith(hotseat.url) && !url.startsWith('data:'))).toEqual([])
    await page.close()
  })

  test('says who waits, for what', async () => {
    await using hotseat = await startInspected()
    await ask(hotseat, 'poet')
    const { page } = await openInspector(browser, hotseat)
    const leaving = new AbortController()
    const { signal } = leaving
    const serving = hotseat.post(chat, { model: 'poet', stream: true, chunks: 1_000, chunkMs: 50 }, { signal })
    await page.locator('#models li', { hasText: 'poet' }).filter({ hasText: 'serves 1' }).waitFor()
    const waiting = hotseat.post(chat, { model: 'pirate' }, { signal }).catch(() => {})
    await page.locator('#queue li', { hasText: 'poet must stop, and still serves' }).waitFor()
    leaving.abort()
    await Promise.allSettled([serving, waiting])
    await page.locator('#no-queue').waitFor()
    await page.close()
  })

  test('the log can be searched, by words, by a click on an event, and for one actor', async () => {
    await using hotseat = await startInspected()
    const { page } = await openInspector(browser, hotseat)
    await page.fill('#search', 'scheduler swap')
    await ask(hotseat, 'poet')
    await ask(hotseat, 'pirate')
    await page.locator('#events b', { hasText: 'swap.done' }).nth(1).waitFor()
    const routes = await page.locator('#events .route').allTextContents()
    expect(routes.filter((route) => !route.includes('scheduler'))).toEqual([])
    await page.fill('#search', '')
    const types = () => page.locator('#events b').allTextContents()
    await page.locator('#events b', { hasText: 'serve.done' }).nth(1).waitFor()

    await page.fill('#search', 'child.ready poet')
    expect(await types()).toEqual(['child.ready'])
    await page.fill('#search', '')
    await page.locator('.process [data-path="alive"] > .events button', { hasText: 'child.exited' }).click()
    expect(await types()).toEqual(['child.exited'])
    await page.fill('#search', '')
    await page.uncheck('#requests')
    expect(await types()).not.toContain('serve.done')

    await tokenIn(page, 'alive.ready.kept', 'pirate').click()
    const about = await page.locator('#events .route').allTextContents()
    expect(about.some((route) => route.includes('swap.poet'))).toBe(false)
    expect(about.some((route) => route.includes('child.pirate'))).toBe(true)
    await page.locator('#events summary').first().click()
    expect(await page.locator('#events pre').first().textContent()).toContain('"type":')
    await page.close()
  })

  test('can be used without a mouse, and fits a telephone', async () => {
    await using hotseat = await startInspected()
    const { page } = await openInspector(browser, hotseat, { width: 390, height: 844, dark: true })
    const token = tokenIn(page, 'stopped', 'poet')
    await token.focus()
    await page.keyboard.press('Enter')
    await page.locator('.token[aria-pressed=true]', { hasText: 'poet' }).waitFor()
    await page.getByRole('tab', { name: 'Machines' }).focus()
    for (const tab of ['Ledger', 'Events', 'Machines']) {
      await page.keyboard.press('ArrowRight')
      expect(await page.getByRole('tab', { name: tab }).getAttribute('aria-selected')).toBe('true')
      expect([tab, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([tab, 390])
    }

    await ask(hotseat, 'poet')
    await ask(hotseat, 'pirate')
    await page.locator('#events b', { hasText: 'serve.done' }).first().waitFor({ state: 'attached' })
    await page.getByRole('tab', { name: 'Events' }).click()
    const last = page.locator('#events li').last()
    expect((await last.boundingBox())?.y).toBeLessThan(844)
    await page.close()
  })

  test('keeps still under load: nothing moves that has not changed', async () => {
    await using hotseat = await startInspected()
    await ask(hotseat, 'poet')
    const { page } = await openInspector(browser, hotseat)
    await tokenIn(page, 'alive.ready.kept', 'poet').waitFor()
    await page.evaluate(`
      globalThis.moved = 0
      new PerformanceObserver((list) => {
        for (const { value } of list.getEntries()) moved += value
      }).observe({ type: 'layout-shift' })
    `)
    await Promise.all(Array.from({ length: 4 }, () => ask(hotseat, 'poet', 50)))
    await page.locator('#events .skipped', { hasText: 'more events of requests' }).first().waitFor()
    expect(await page.evaluate('moved')).toBeLessThan(0.02)
    expect(await page.locator('#events > li').count()).toBeLessThanOrEqual(500)
    await page.close()
  })

  test('needs but one password when the configuration has keys', async () => {
    await using hotseat = await startInspected('apiKeys: [sesame]')
    const httpCredentials = { username: 'anybody', password: 'sesame' }
    const { page, errors } = await openInspector(browser, hotseat, { httpCredentials })
    await tokenIn(page, 'stopped', 'poet').waitFor()
    await page.getByRole('button', { name: 'Look back' }).click()
    await page.locator('#problem', { hasText: 'nothing has happened' }).waitFor()
    expect(errors).toEqual([])
    await page.close()
  })

  test('goes on by itself when the server comes back', async () => {
    await using hotseat = await startInspected()
    const { page } = await openInspector(browser, hotseat)
    await page.locator('#status', { hasText: 'live' }).waitFor()
    hotseat.running.server.inspector?.close()
    await page.locator('#status', { hasText: 'connecting' }).waitFor()
    await page.locator('#status', { hasText: 'live' }).waitFor()
    await tokenIn(page, 'stopped', 'poet').waitFor()
    await page.close()
  })
})
