import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatVersion } from '../../machines/trace/upgrade.ts'
import { browserPath, openBrowser } from '../support/browser.ts'
import { startHotseat, upstream } from '../support/hotseat.ts'
import { ask, openInspector, startInspected, tokenIn } from '../support/inspector.ts'

/** Every type of line, under both routers. */
const fixture = fileURLToPath(new URL(`../traces/versions/${formatVersion}.jsonl`, import.meta.url))

describe.skipIf(!browserPath)('looking back in a browser', () => {
  let browser: Browser
  let folder: string
  beforeAll(async () => {
    browser = await openBrowser()
    folder = await mkdtemp(join(tmpdir(), 'hotseat-'))
  })
  afterAll(async () => {
    await browser.close()
    await rm(folder, { recursive: true })
  })

  test('the slider shows the machines as they were at any line of the flight recorder', async () => {
    await using hotseat = await startInspected()
    await ask(hotseat, 'poet')
    await ask(hotseat, 'pirate')
    const { page, errors } = await openInspector(browser, hotseat)
    await page.getByRole('button', { name: 'Look back' }).click()
    const slider = page.getByRole('slider')
    await slider.waitFor()
    await tokenIn(page, 'alive.ready.kept', 'pirate').waitFor()

    await page.getByRole('button', { name: 'To the swap before' }).click()
    await tokenIn(page, 'alive.stopping', 'poet').waitFor()
    await page.locator('.swap [data-path="clearing"] .token', { hasText: 'pirate' }).waitFor()
    await page.locator('#swaps li', { hasText: 'swap 2 for request 2 · stops poet' }).waitFor()
    expect(await page.locator('#events [aria-current] b').textContent()).toBe('swap.start')

    await slider.press('ArrowLeft')
    await slider.press('ArrowLeft')
    await tokenIn(page, 'alive.ready.kept', 'poet').waitFor()
    await slider.press('Home')
    await slider.press('ArrowRight')
    await tokenIn(page, 'stopped', 'pirate').waitFor()
    await page.fill('#search', 'swap.start')
    await page.locator('#events li.later time').last().click()
    await tokenIn(page, 'alive.stopping', 'poet').waitFor()

    await page.getByRole('button', { name: 'Back to live' }).click()
    await tokenIn(page, 'alive.ready.kept', 'pirate').waitFor()
    await ask(hotseat, 'poet')
    await tokenIn(page, 'alive.ready.kept', 'poet').waitFor()
    expect(errors).toEqual([])
    await page.close()
  })

  test('a trace file is opened in the browser, compressed or not, and goes nowhere', async () => {
    await using recorded = await startHotseat({ hermit: upstream() })
    await ask(recorded, 'hermit')
    const trace = await (await recorded.get('/api/trace')).text()
    // As a recorder leaves it that was killed: a piece for each time it wrote, and half of one.
    const pieces = [trace.slice(0, 999), trace.slice(999), trace].map((text) => gzipSync(text))
    await writeFile(join(folder, 'week.jsonl.gz'), Buffer.concat(pieces).subarray(0, -pieces[2]!.length / 2))
    await writeFile(
      join(folder, 'altered.jsonl'),
      trace.replace('"type":"grant.serve","request":1', '"type":"grant.serve","request":7'),
    )
    await using hotseat = await startInspected()
    const { page, requests } = await openInspector(browser, hotseat)
    await tokenIn(page, 'stopped', 'poet').waitFor()

    await page.setInputFiles('#file', join(folder, 'week.jsonl.gz'))
    await tokenIn(page, 'alive.ready.kept', 'hermit').waitFor()
    expect(await page.locator('.token', { hasText: 'poet' }).count()).toBe(0)
    await page.setInputFiles('#file', join(folder, 'altered.jsonl'))
    await page.locator('#problem', { hasText: 'the machines do something else' }).waitFor()
    expect(requests.some((url) => url.includes('/api/'))).toBe(false)
    await page.close()
  })

  test('every type of line happens again in a browser', async () => {
    await using hotseat = await startInspected()
    const { page, errors } = await openInspector(browser, hotseat)
    await page.setInputFiles('#file', fixture)
    const lines = readFileSync(fixture, 'utf8').trimEnd().split('\n').length
    await page.locator('#where', { hasText: `line ${lines} of ${lines}` }).waitFor()
    expect([await page.locator('#problem').textContent(), ...errors]).toEqual([''])
    await page.close()
  })

  test('a file that is no trace changes nothing, and it is said why', async () => {
    await using hotseat = await startInspected()
    await writeFile(join(folder, 'notes.txt'), 'dear diary')
    const { page } = await openInspector(browser, hotseat)
    await tokenIn(page, 'stopped', 'poet').waitFor()
    await page.setInputFiles('#file', join(folder, 'notes.txt'))
    await page.locator('#problem', { hasText: 'notes.txt: line 1' }).waitFor()
    await ask(hotseat, 'poet')
    await tokenIn(page, 'alive.ready.kept', 'poet').waitFor()
    await page.close()
  })
})
