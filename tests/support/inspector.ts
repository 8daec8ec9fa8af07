import type { Browser, Locator, Page } from 'playwright-core'
import { openPage, type ViewOptions, type Watched } from './browser.ts'
import { chat, type Hotseat, startHotseat, upstream } from './hotseat.ts'

/** A hotseat whose two models take turns, and which may be inspected. More of its configuration may follow as YAML. */
export function startInspected(yaml = ''): Promise<Hotseat> {
  return startHotseat({ poet: upstream(), pirate: upstream() }, yaml, { inspect: true })
}

/** Has the model answer so many requests, one after the other. */
export async function ask(hotseat: Hotseat, model: string, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) await (await hotseat.post(chat, { model })).text()
}

/** The inspector's page, once it shows who is there. */
export async function openInspector(browser: Browser, hotseat: Hotseat, view: ViewOptions = {}): Promise<Watched> {
  const watched = await openPage(browser, view)
  await watched.page.goto(`${hotseat.url}/inspect`)
  await watched.page.locator('.process .token').first().waitFor()
  return watched
}

/** The model's token in this state of its process. */
export function tokenIn(page: Page, state: string, model: string): Locator {
  return page.locator(`.process [data-path="${state}"] > .tokens button`, { hasText: model })
}
