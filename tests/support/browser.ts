import { accessSync, constants } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const places = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Where a Chromium is on this machine; undefined when there is none. */
export const browserPath = places.find((path) => path !== undefined && isProgram(path))

/** What a test that needs one says when it is not run. */
export const noBrowser = 'no Chromium was found: install one (apt-get install chromium), or name it in CHROMIUM'

/** A page, and all that went wrong in it. */
export interface Watched {
  readonly page: Page
  readonly browser: Browser
  /** Errors of its scripts and of its policy. */
  readonly errors: readonly string[]
  /** Everything that it loaded. */
  readonly requests: readonly string[]
}

export interface ViewOptions {
  readonly width?: number
  readonly height?: number
  readonly dark?: boolean
  /** What it answers when it is asked for a password. */
  readonly httpCredentials?: { readonly username: string; readonly password: string }
}

/** Opens a browser of its own. */
export async function openBrowser(): Promise<Browser> {
  // Root, as CI is, has no sandbox; the pages are our own.
  return chromium.launch({ ...(browserPath && { executablePath: browserPath }), args: ['--no-sandbox'] })
}

export async function openPage(browser: Browser, view: ViewOptions = {}): Promise<Watched> {
  const { width = 1280, height = 800, dark = false, httpCredentials } = view
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    ...(httpCredentials && { httpCredentials }),
  })
  page.setDefaultTimeout(10_000)
  const errors: string[] = []
  const requests: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  page.on('console', (said) => said.type() === 'error' && errors.push(said.text()))
  page.on('request', (request) => requests.push(request.url()))
  return { page, browser, errors, requests }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
